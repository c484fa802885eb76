/* Panels of real numbers: [in] [S2S_PANEL]. */
#include "kernel/kernels.h"
#include "kernel/packed_type.h"

static size_t panel_bytes(int in) {
    return (size_t)in * S2S_PANEL * sizeof(s2s_real);
}

static void pack(unsigned char *panel, const s2s_real *weight, int used, int in) {
    s2s_kernel()->transpose((s2s_real *)panel, S2S_PANEL, weight, in, used, in);
}

static void row(const unsigned char *panel, int column, int in, s2s_real *values) {
    const s2s_real *reals = (const s2s_real *)panel;
    for (int i = 0; i < in; i++) values[i] = reals[(size_t)i * S2S_PANEL + (size_t)column];
}

static void copy_row(unsigned char *to, int to_column, const unsigned char *from, int from_column,
                     int in) {
    s2s_real *reals = (s2s_real *)to + to_column;
    const s2s_real *source = (const s2s_real *)from + from_column;
    for (int i = 0; i < in; i++) reals[(size_t)i * S2S_PANEL] = source[(size_t)i * S2S_PANEL];
}

static void product(const s2s_packed_rows *rows, int in, int columns, const unsigned char *panel,
                    const s2s_real *bias, s2s_real *c, int ldc) {
    s2s_kernel()->real_product(rows->m, columns, in, rows->a, rows->lda, (const s2s_real *)panel,
                               bias, c, ldc);
}

const s2s_packed_type s2s_packed_float32 = {
    .panel_bytes = panel_bytes, .pack = pack, .row = row, .copy_row = copy_row, .product = product};
