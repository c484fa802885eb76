/* See rng.h. */
#include "base/rng.h"

#include <math.h>

void s2s_philox(uint64_t key, uint64_t c0, uint64_t c1, uint32_t out[4]) {
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    uint32_t x0 = (uint32_t)c0, x1 = (uint32_t)(c0 >> 32);
    uint32_t x2 = (uint32_t)c1, x3 = (uint32_t)(c1 >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * x0, p1 = (uint64_t)0xCD9E8D57u * x2;
        uint32_t y0 = (uint32_t)(p1 >> 32) ^ x1 ^ k0, y2 = (uint32_t)(p0 >> 32) ^ x3 ^ k1;
        x0 = y0, x1 = (uint32_t)p1, x2 = y2, x3 = (uint32_t)p0;
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    out[0] = x0, out[1] = x1, out[2] = x2, out[3] = x3;
}

uint64_t s2s_rng_mix(uint64_t a, uint64_t b) {
    uint64_t z = a + 0x9E3779B97F4A7C15u * (b + 1);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

s2s_rng s2s_rng_init(uint64_t seed, uint64_t stream) {
    return (s2s_rng){.key = s2s_rng_mix(seed, 0), .stream = stream, .used = 4};
}

uint32_t s2s_rng_u32(s2s_rng *rng) {
    if (rng->used == 4) {
        s2s_philox(rng->key, rng->next++, rng->stream, rng->block);
        rng->used = 0;
    }
    return rng->block[rng->used++];
}

static uint64_t rng_u64(s2s_rng *rng) {
    uint64_t high = s2s_rng_u32(rng);
    return high << 32 | s2s_rng_u32(rng);
}

uint64_t s2s_rng_below(s2s_rng *rng, uint64_t bound) {
    uint64_t unfair =
        -bound % bound; /* 2^64 mod bound: below it, some residues come up once more */
    uint64_t draw;
    do draw = rng_u64(rng);
    while (draw < unfair);
    return draw % bound;
}

double s2s_rng_uniform(s2s_rng *rng) {
    return (double)(rng_u64(rng) >> 11) * 0x1p-53;
}

double s2s_rng_normal(s2s_rng *rng) {
    double radius = sqrt(-2.0 * log(1.0 - s2s_rng_uniform(rng)));
    return radius * cos(6.283185307179586 * s2s_rng_uniform(rng));
}
