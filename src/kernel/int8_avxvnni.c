/* The int8 product with AVX-VNNI (processors without AVX-512, Intel's from 2021): see int8_vnni_body.h. */
#include <immintrin.h>

#define PRODUCT s2s_int8_product_avxvnni
#define S2S_LANES 8
#define ROWS 4 /* 4 x 2 sums, 2 weights and a group use 11 of 16 registers */
#define WIDE 2

#define v_dot(sum, weights, group)                                                                 \
    ((ivec)_mm256_dpbusd_avx_epi32((__m256i)(sum), (__m256i)(weights), (__m256i)(group)))
#define v_store_first(p, x, n) store_first((p), (__m256)(x), (n))

static inline void store_first(float *p, __m256 x, int n) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    _mm256_maskstore_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(n), lane), x);
}

#include "kernel/int8_vnni_body.h"
