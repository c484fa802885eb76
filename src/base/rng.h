/* Counter-based random numbers: Philox 4x32 with 10 rounds (Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"). A number depends only on key and counter, so that the outcome of
 * training does not depend on threads, and nothing needs to be stored to draw the same mask again.
 */
#ifndef S2S_BASE_RNG_H
#define S2S_BASE_RNG_H

#include <stdint.h>

/* Four words for counter (c0, c1) under a 64-bit key. */
void s2s_philox(uint64_t key, uint64_t c0, uint64_t c1, uint32_t out[4]);

/* A stream of numbers for code that draws one by one (shuffling, initial weights). */
typedef struct s2s_rng {
    uint64_t key, stream, next;
    uint32_t block[4];
    int used;
} s2s_rng;

s2s_rng s2s_rng_init(uint64_t seed, uint64_t stream);
uint32_t s2s_rng_u32(s2s_rng *rng);
/* Uniform in [0, bound), without bias; bound > 0. */
uint64_t s2s_rng_below(s2s_rng *rng, uint64_t bound);
double s2s_rng_uniform(s2s_rng *rng); /* uniform in [0, 1) */
double s2s_rng_normal(s2s_rng *rng);  /* mean 0, variance 1 (Box-Muller) */

/* Mixes two words into a key (the finaliser of SplitMix64). */
uint64_t s2s_rng_mix(uint64_t a, uint64_t b);

#endif
