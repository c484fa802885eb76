/* Random numbers as numpy.random.default_rng(seed) draws them, so that a resampled score or a p-value
 * equals sacreBLEU's to the printed digit. Nothing else in the program should use it: base/rng.h is
 * for that, whose numbers do not depend on the order in which they are asked for.
 *
 * The generator is PCG64, XSL-RR over 128 bits (O'Neill 2014, "PCG: a family of simple fast
 * space-efficient statistically good algorithms for random number generation"), its state spread
 * from the seed as numpy's SeedSequence does; integers below a bound by Lemire's method (2019, "Fast
 * random integer generation in an interval"). */
#ifndef S2S_METRIC_PCG_H
#define S2S_METRIC_PCG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 s2s_u128;

typedef struct s2s_pcg {
    s2s_u128 state, increment;
    uint32_t kept; /* the upper half of the last 64 bits, while only the lower was given out */
    bool has_kept;
} s2s_pcg;

s2s_pcg s2s_pcg_init(uint64_t seed);
uint32_t s2s_pcg_u32(s2s_pcg *pcg);

/* n numbers from 0 to bound - 1, bound at least 1: rng.choice(bound, size=n), or
 * rng.integers(bound, size=n). A draw in several parts is the same as one of all. */
void s2s_pcg_below(s2s_pcg *pcg, uint32_t bound, uint32_t *numbers, size_t n);

/* n bytes of 0 or 1: rng.integers(2, size=n, dtype=bool). Each draw begins with fresh bits: drawing in
 * parts is the same as one of all where all parts but the last are a multiple of 32. */
void s2s_pcg_bits(s2s_pcg *pcg, uint8_t *bits, size_t n);

#endif
