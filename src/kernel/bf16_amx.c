/* The bfloat16 product with AMX: one instruction multiplies 16 rows of 32 numbers with 16 columns. */
#include <immintrin.h>

#include "kernel/amx.h"
#include "kernel/bf16.h"

enum { SIDE = S2S_AMX_SIDE, PAIRS = 16 /* of a tile's row */, PANEL_BYTES = 4 * S2S_BF16_COLUMNS };

/* C's block of up to 2 SIDE rows and columns; `lower` and `right`: the tiles there are used. */
static void block(bool lower, bool right, int pairs, const s2s_bf16_pair *a, int lda,
                  const s2s_bf16_pair *b, float *c, int ldc, bool add) {
    size_t c_bytes = 4 * (size_t)ldc, a_bytes = 4 * (size_t)lda;
    float *c_lower = c + SIDE * (size_t)ldc;
    const s2s_bf16_pair *a_lower = a + SIDE * (size_t)lda;
    if (add) {
        _tile_loadd(0, c, c_bytes);
        if (right) _tile_loadd(1, c + SIDE, c_bytes);
        if (lower) _tile_loadd(2, c_lower, c_bytes);
        if (lower && right) _tile_loadd(3, c_lower + SIDE, c_bytes);
    } else {
        _tile_zero(0);
        if (right) _tile_zero(1);
        if (lower) _tile_zero(2);
        if (lower && right) _tile_zero(3);
    }
    for (int p = 0; p < pairs; p += PAIRS, b += PAIRS * S2S_BF16_COLUMNS) {
        _tile_loadd(4, a + p, a_bytes);
        _tile_loadd(6, b, PANEL_BYTES);
        _tile_dpbf16ps(0, 4, 6);
        if (right) {
            _tile_loadd(7, b + SIDE, PANEL_BYTES);
            _tile_dpbf16ps(1, 4, 7);
        }
        if (lower) {
            _tile_loadd(5, a_lower + p, a_bytes);
            _tile_dpbf16ps(2, 5, 6);
            if (right) _tile_dpbf16ps(3, 5, 7);
        }
    }
    _tile_stored(0, c, c_bytes);
    if (right) _tile_stored(1, c + SIDE, c_bytes);
    if (lower) _tile_stored(2, c_lower, c_bytes);
    if (lower && right) _tile_stored(3, c_lower + SIDE, c_bytes);
}

/* Asks for the lines of C that will be written next. Otherwise each store of a tile, 16 lines in 16 pages, waits for
 * memory: that took half of a product's time. */
static void fetch(int rows, int columns, float *c, int ldc) {
    for (int r = 0; r < rows; r++, c += ldc)
        for (int j = 0; j < columns; j += SIDE) __builtin_prefetch(c + j, 1);
}

static int at_most(int n, int most) {
    return n < 0 ? 0 : n < most ? n : most;
}

void s2s_bf16_product_amx(int m, int columns, int pairs, const s2s_bf16_pair *a, int lda,
                          const s2s_bf16_pair *b, float *c, int ldc, bool add) {
    for (int j = 0; j < columns; j += 2 * SIDE) {
        int right = at_most(columns - j - SIDE, SIDE);
        for (int row = 0; row < m; row += 2 * SIDE) {
            int lower = at_most(m - row - SIDE, SIDE);
            if (row == 0 || lower < SIDE) /* the first block, or a lower last one */
                s2s_amx_shapes(at_most(m - row, SIDE), lower, at_most(columns - j, SIDE), right);
            fetch(at_most(m - row - 2 * SIDE, 2 * SIDE), SIDE + right,
                  c + (size_t)(row + 2 * SIDE) * (size_t)ldc + j, ldc);
            block(lower > 0, right > 0, pairs, a + (size_t)row * (size_t)lda, lda, b + j,
                  c + (size_t)row * (size_t)ldc + j, ldc, add);
        }
    }
    _tile_release();
}
