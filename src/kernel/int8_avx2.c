/* The int8 product with AVX2 alone. Its instruction for unsigned times signed bytes rounds sums off at 16 bits,
 * so bytes are widened first: the price of the same integers everywhere. */
#include <immintrin.h>
#include <string.h>

#include "kernel/int8.h"

enum { LANES = 8, ROWS = 6 }; /* 6 x 2 sums, 2 weights and a group use 15 of 16 registers */

#define INLINE static inline __attribute__((always_inline))

/* Four signed bytes as 16-bit numbers, four times. */
INLINE __m256i widen_group(const int8_t *q) {
    int32_t bytes;
    memcpy(&bytes, q, sizeof bytes);
    return _mm256_broadcastq_epi64(_mm_cvtepi8_epi16(_mm_cvtsi32_si128(bytes)));
}

/* Each column's sum lies in two neighbours, four columns in a register. */
INLINE __m256i join(__m256i low, __m256i high) {
    return _mm256_permute4x64_epi64(_mm256_hadd_epi32(low, high), 0xD8);
}

INLINE void finish(__m256i sum, int32_t row_sum, float row_scale, const float *scales,
                   const float *bias, float *c, int columns) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i used = _mm256_cmpgt_epi32(_mm256_set1_epi32(columns), lane);
    sum = _mm256_sub_epi32(sum, _mm256_set1_epi32(128 * row_sum));
    __m256 scale = _mm256_mul_ps(_mm256_set1_ps(row_scale), _mm256_loadu_ps(scales));
    __m256 value = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), scale);
    if (bias) value = _mm256_add_ps(value, _mm256_maskload_ps(bias, used));
    _mm256_maskstore_ps(c, used, value);
}

/* `rows` (a constant) rows times eight columns. */
INLINE void tile(int rows, int columns, const s2s_int8_rows *a, int row, const unsigned char *panel,
                 const float *scales, const float *bias, float *c, ptrdiff_t ldc) {
    __m256i low[ROWS], high[ROWS];
    const int8_t *q = a->q + (size_t)row * a->ld;
    for (int r = 0; r < rows; r++) low[r] = high[r] = _mm256_setzero_si256();
    for (size_t i = 0; i < a->ld; i += 4, panel += 4 * S2S_PANEL) {
        __m256i first = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)panel));
        __m256i second = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(panel + 16)));
#pragma GCC unroll 8
        for (int r = 0; r < rows; r++) {
            __m256i group = widen_group(q + (size_t)r * a->ld + i);
            low[r] = _mm256_add_epi32(low[r], _mm256_madd_epi16(first, group));
            high[r] = _mm256_add_epi32(high[r], _mm256_madd_epi16(second, group));
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++)
        finish(join(low[r], high[r]), a->sum[row + r], a->scale[row + r], scales, bias, c + r * ldc,
               columns);
}

void s2s_int8_product_avx2(int m, int columns, const s2s_int8_rows *a, const unsigned char *panel,
                           const float *bias, float *c, int ldc) {
    const float *scales = s2s_int8_scales(a, panel);
    for (int j = 0; j < columns; j += LANES) {
        const unsigned char *weights = panel + (size_t)j * 4;
        const float *piece = bias ? bias + j : NULL;
        int row = 0;
        for (; row + ROWS <= m; row += ROWS)
            tile(ROWS, columns - j, a, row, weights, scales + j, piece,
                 c + (ptrdiff_t)row * ldc + j, ldc);
        for (; row < m; row++)
            tile(1, columns - j, a, row, weights, scales + j, piece, c + (ptrdiff_t)row * ldc + j,
                 ldc);
    }
}
