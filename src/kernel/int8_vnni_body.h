/* The int8 product on processors that multiply four unsigned by four signed bytes and add them up in one
 * instruction. Before including this file int8_avxvnni.c and int8_avx512vnni.c define
 *
 *   S2S_LANES, ROWS, WIDE         columns in a register; rows and registers of a tile
 *   PRODUCT                       the name of the function that is made
 *   v_dot(sum, weights, group)
 *   v_store_first(p, x, n)        the first n lanes; all when n is S2S_LANES or more, none below 1 */
#include <string.h>

#include "kernel/int8.h"

#define INLINE static inline __attribute__((always_inline))

typedef float vec __attribute__((vector_size(4 * S2S_LANES)));
typedef int ivec __attribute__((vector_size(4 * S2S_LANES)));

INLINE vec v_load(const float *p) {
    vec x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* Sums to reals: (sum - 128 sum of the row) scale of the row, scale of the column, + bias. */
INLINE void finish(ivec sum, int32_t row_sum, float row_scale, const float *scales,
                   const float *bias, float *c, int columns) {
    vec value = __builtin_convertvector(sum - 128 * row_sum, vec) * (row_scale * v_load(scales));
    if (bias && columns >= S2S_LANES) value += v_load(bias);
    if (bias && columns < S2S_LANES)
        for (int i = 0; i < columns; i++) value[i] += bias[i];
    v_store_first(c, value, columns);
}

/* `rows` (a constant) rows times WIDE registers of columns. */
INLINE void tile(int rows, int columns, const s2s_int8_rows *a, int row, const unsigned char *panel,
                 const float *scales, const float *bias, float *c, ptrdiff_t ldc) {
    ivec sum[ROWS][WIDE] = {{{0}}};
    const int8_t *q = a->q + (size_t)row * a->ld;
    for (size_t i = 0; i < a->ld; i += 4, panel += 4 * S2S_PANEL) {
        ivec weights[WIDE];
#pragma GCC unroll 4
        for (int v = 0; v < WIDE; v++) memcpy(weights + v, panel + v * 4 * S2S_LANES, sizeof(ivec));
#pragma GCC unroll 8
        for (int r = 0; r < rows; r++) {
            int32_t bytes;
            memcpy(&bytes, q + (size_t)r * a->ld + i, sizeof bytes);
            ivec group = bytes - (ivec){0};
#pragma GCC unroll 4
            for (int v = 0; v < WIDE; v++) sum[r][v] = v_dot(sum[r][v], weights[v], group);
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
        for (int v = 0; v < WIDE; v++)
            finish(sum[r][v], a->sum[row + r], a->scale[row + r], scales + v * S2S_LANES,
                   bias ? bias + v * S2S_LANES : NULL, c + r * ldc + v * S2S_LANES,
                   columns - v * S2S_LANES);
}

/* All rows of WIDE registers of columns. */
INLINE void stripe(int m, int columns, const s2s_int8_rows *a, const unsigned char *panel,
                   const float *scales, const float *bias, float *c, ptrdiff_t ldc) {
    int row = 0;
    for (; row + ROWS <= m; row += ROWS)
        tile(ROWS, columns, a, row, panel, scales, bias, c + row * ldc, ldc);
    for (; row + 2 <= m; row += 2)
        tile(2, columns, a, row, panel, scales, bias, c + row * ldc, ldc);
    if (row < m) tile(1, columns, a, row, panel, scales, bias, c + row * ldc, ldc);
}

void PRODUCT(int m, int columns, const s2s_int8_rows *a, const unsigned char *panel,
             const float *bias, float *c, int ldc) {
    const float *scales = s2s_int8_scales(a, panel);
    for (int j = 0; j < columns; j += WIDE * S2S_LANES)
        stripe(m, columns - j, a, panel + (size_t)j * 4, scales + j, bias ? bias + j : NULL, c + j,
               ldc);
}
