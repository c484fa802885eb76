/* The int8 product with AMX: one instruction multiplies 16 rows of 64 bytes with 16 columns. */
#define _GNU_SOURCE /* syscall */
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/amx.h"
#include "kernel/int8.h"

enum { SIDE = S2S_AMX_SIDE, DEPTH = 64 /* inputs in a tile */ };

bool s2s_amx_allow(void) {
    enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };
    return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
}

/* The sums of up to 2 SIDE rows and 2 SIDE columns. */
static void add_up(int32_t sums[2 * SIDE][2 * SIDE], bool lower, const s2s_int8_rows *a, int row,
                   const unsigned char *panel) {
    enum { STRIDE = 4 * S2S_PANEL };
    const int8_t *q = a->q + (size_t)row * a->ld;
    _tile_zero(0);
    _tile_zero(1);
    if (lower) {
        _tile_zero(2);
        _tile_zero(3);
    }
    for (size_t i = 0; i < a->ld; i += DEPTH, panel += DEPTH * S2S_PANEL) {
        _tile_loadd(4, q + i, a->ld);
        _tile_loadd(6, panel, STRIDE);
        _tile_loadd(7, panel + DEPTH, STRIDE);
        _tile_dpbsud(0, 4, 6);
        _tile_dpbsud(1, 4, 7);
        if (!lower) continue;
        _tile_loadd(5, q + SIDE * a->ld + i, a->ld);
        _tile_dpbsud(2, 5, 6);
        _tile_dpbsud(3, 5, 7);
    }
    _tile_stored(0, sums[0], sizeof sums[0]);
    _tile_stored(1, sums[0] + SIDE, sizeof sums[0]);
    if (!lower) return;
    _tile_stored(2, sums[SIDE], sizeof sums[0]);
    _tile_stored(3, sums[SIDE] + SIDE, sizeof sums[0]);
}

/* Sums to reals; at most SIDE columns. */
static void finish(const int32_t *sum, int32_t row_sum, float row_scale, const float *scales,
                   const float *bias, float *c, int columns) {
    __mmask16 used = columns >= SIDE ? 0xFFFF : columns < 1 ? 0 : (__mmask16)((1u << columns) - 1);
    __m512i exact = _mm512_sub_epi32(_mm512_loadu_si512(sum), _mm512_set1_epi32(128 * row_sum));
    __m512 scale = _mm512_mul_ps(_mm512_set1_ps(row_scale), _mm512_loadu_ps(scales));
    __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(exact), scale);
    if (bias) value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(used, bias));
    _mm512_mask_storeu_ps(c, used, value);
}

static void stripe(int rows, int columns, const s2s_int8_rows *a, int row,
                   const unsigned char *panel, const float *scales, const float *bias, float *c,
                   ptrdiff_t ldc) {
    int32_t sums[2 * SIDE][2 * SIDE];
    add_up(sums, rows > SIDE, a, row, panel);
    for (int r = 0; r < rows; r++, c += ldc)
        for (int j = 0; j < columns; j += SIDE)
            finish(sums[r] + j, a->sum[row + r], a->scale[row + r], scales + j,
                   bias ? bias + j : NULL, c + j, columns - j);
}

void s2s_int8_product_amx(int m, int columns, const s2s_int8_rows *a, const unsigned char *panel,
                          const float *bias, float *c, int ldc) {
    enum { FEW = 4 }; /* rows for which filling tiles is not worth it */
    if (m <= FEW || a->ld % DEPTH) {
        s2s_int8_product_avx512vnni(m, columns, a, panel, bias, c, ldc);
        return;
    }
    const float *scales = s2s_int8_scales(a, panel);
    for (int row = 0; row < m; row += 2 * SIDE) {
        int rows = m - row < 2 * SIDE ? m - row : 2 * SIDE;
        if (row == 0 || rows < 2 * SIDE)
            s2s_amx_shapes(rows < SIDE ? rows : SIDE, rows > SIDE ? rows - SIDE : 0, SIDE, SIDE);
        for (int j = 0; j < columns; j += 2 * SIDE)
            stripe(rows, columns - j < 2 * SIDE ? columns - j : 2 * SIDE, a, row,
                   panel + (size_t)j * 4, scales + j, bias ? bias + j : NULL,
                   c + (ptrdiff_t)row * ldc + j, ldc);
    }
    _tile_release();
}
