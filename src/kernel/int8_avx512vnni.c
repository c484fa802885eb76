/* The int8 product with AVX-512 VNNI: see int8_vnni_body.h. */
#include <immintrin.h>

#define S2S_LANES 16
#define ROWS 6 /* 6 x 4 sums, 4 weights and a group use 29 of 32 registers */
#define WIDE 4

typedef float vec __attribute__((vector_size(64)));
typedef int ivec __attribute__((vector_size(64)));

#define v_load(p) ((vec)_mm512_loadu_ps(p))
#define v_group(bytes) ((ivec)_mm512_set1_epi32(bytes))
#define v_dot(sum, weights, group)                                                                 \
    ((ivec)_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(weights), (__m512i)(group)))
#define v_float(x) ((vec)_mm512_cvtepi32_ps((__m512i)(x)))
#define v_store_first(p, x, n) store_first((p), (__m512)(x), (n))

static inline void store_first(float *p, __m512 x, int n) {
    __mmask16 mask = n >= S2S_LANES ? 0xFFFF : n < 1 ? 0 : (__mmask16)((1u << n) - 1);
    _mm512_mask_storeu_ps(p, mask, x);
}

#include "kernel/int8_vnni_body.h"

void s2s_int8_product_avx512vnni(int m, int columns, const s2s_int8_rows *a,
                                 const unsigned char *panel, const float *bias, float *c, int ldc) {
    product(m, columns, a, panel, bias, c, ldc);
}
