/* The int8 product with AVX-512 VNNI: see int8_vnni_body.h. */
#include <immintrin.h>

#define PRODUCT s2s_int8_product_avx512vnni
#define S2S_LANES 16
#define ROWS 6 /* 6 x 4 sums, 4 weights and a group use 29 of 32 registers */
#define WIDE 4

#define v_dot(sum, weights, group)                                                                 \
    ((ivec)_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(weights), (__m512i)(group)))
#define v_store_first(p, x, n) store_first((p), (__m512)(x), (n))

static inline void store_first(float *p, __m512 x, int n) {
    __mmask16 mask = n >= S2S_LANES ? 0xFFFF : n < 1 ? 0 : (__mmask16)((1u << n) - 1);
    _mm512_mask_storeu_ps(p, mask, x);
}

#include "kernel/int8_vnni_body.h"
