/* The bfloat16 product with AVX512-BF16: an instruction adds two products to each of 16 sums. */
#include <immintrin.h>

#include "kernel/bf16.h"

enum {
    WIDE = 4,
    LANES = 16,
    ROWS = 6 /* 6 x 4 sums, 4 columns and a broadcast use 29 of 32 registers */
};

static __mmask16 used_lanes(int columns, int vector) {
    int left = columns - vector * LANES;
    return left >= LANES ? 0xFFFF : left < 1 ? 0 : (__mmask16)((1u << left) - 1);
}

static inline __attribute__((always_inline)) void stripe(int rows, int columns, int pairs,
                                                         const s2s_bf16_pair *a, int lda,
                                                         const s2s_bf16_pair *b, float *c, int ldc,
                                                         bool add) {
    __m512 sum[ROWS][WIDE];
    for (int r = 0; r < rows; r++)
        for (int w = 0; w < WIDE; w++)
            sum[r][w] = add ? _mm512_maskz_loadu_ps(used_lanes(columns, w),
                                                    c + (size_t)r * (size_t)ldc + w * LANES)
                            : _mm512_setzero_ps();
    for (int p = 0; p < pairs; p++, b += S2S_BF16_COLUMNS) {
        __m512i column[WIDE];
        for (int w = 0; w < WIDE; w++) column[w] = _mm512_loadu_si512(b + w * LANES);
        for (int r = 0; r < rows; r++) {
            __m512i pair = _mm512_set1_epi32((int)a[(size_t)r * (size_t)lda + (size_t)p]);
            for (int w = 0; w < WIDE; w++)
                sum[r][w] = _mm512_dpbf16_ps(sum[r][w], (__m512bh)pair, (__m512bh)column[w]);
        }
    }
    for (int r = 0; r < rows; r++)
        for (int w = 0; w < WIDE; w++)
            _mm512_mask_storeu_ps(c + (size_t)r * (size_t)ldc + w * LANES, used_lanes(columns, w),
                                  sum[r][w]);
}

void s2s_bf16_product_avx512(int m, int columns, int pairs, const s2s_bf16_pair *a, int lda,
                             const s2s_bf16_pair *b, float *c, int ldc, bool add) {
    int row = 0;
    for (; row + ROWS <= m; row += ROWS)
        stripe(ROWS, columns, pairs, a + (size_t)row * (size_t)lda, lda, b,
               c + (size_t)row * (size_t)ldc, ldc, add);
    for (; row < m; row++)
        stripe(1, columns, pairs, a + (size_t)row * (size_t)lda, lda, b,
               c + (size_t)row * (size_t)ldc, ldc, add);
}
