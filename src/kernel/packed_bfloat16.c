/* Panels of bfloat16 numbers: [pairs of inputs] [S2S_PANEL] [2], the pairs filled up with zeros to a multiple of
 * S2S_BF16_DEPTH. Products round their input likewise and add up floats (bf16.h). */
#include <string.h>

#include "kernel/bf16.h"
#include "kernel/packed_type.h"

_Static_assert((int)S2S_PANEL == (int)S2S_BF16_COLUMNS, "a panel is what a product reads");

static int pairs_of(int in) {
    return ((in + 1) / 2 + S2S_BF16_DEPTH - 1) / S2S_BF16_DEPTH * S2S_BF16_DEPTH;
}

static size_t panel_bytes(int in) {
    return (size_t)pairs_of(in) * S2S_PANEL * sizeof(s2s_bf16_pair);
}

static void pack(unsigned char *panel, const s2s_real *weight, int used, int in) {
    s2s_bfloat16 *halves = (s2s_bfloat16 *)panel;
    memset(panel, 0, panel_bytes(in));
    for (int column = 0; column < used; column++, weight += in)
        for (int i = 0; i < in; i++)
            halves[2 * ((size_t)(i / 2) * S2S_PANEL + (size_t)column) + (size_t)(i % 2)] =
                s2s_bfloat16_nearest((float)weight[i]);
}

static void row(const unsigned char *panel, int column, int in, s2s_real *values) {
    const s2s_bfloat16 *halves = (const s2s_bfloat16 *)panel + 2 * (size_t)column;
    for (int i = 0; i < in; i++)
        values[i] = s2s_bfloat16_widen(halves[2 * (size_t)(i / 2) * S2S_PANEL + (size_t)(i % 2)]);
}

static void copy_row(unsigned char *to, int to_column, const unsigned char *from, int from_column,
                     int in) {
    s2s_bf16_pair *pairs = (s2s_bf16_pair *)to + to_column;
    const s2s_bf16_pair *source = (const s2s_bf16_pair *)from + from_column;
    for (int i = 0; i < pairs_of(in); i++)
        pairs[(size_t)i * S2S_PANEL] = source[(size_t)i * S2S_PANEL];
}

static size_t scratch(int m, int in) {
    size_t bytes = (size_t)m * (size_t)pairs_of(in) * sizeof(s2s_bf16_pair);
    return (bytes + sizeof(s2s_real) - 1) / sizeof(s2s_real);
}

static s2s_bf16_pair *pairs_in_scratch(const s2s_packed_rows *rows, int in) {
    return (s2s_bf16_pair *)(void *)rows->scratch + (size_t)rows->first * (size_t)pairs_of(in);
}

static void input(const s2s_packed_rows *rows, int in) {
    s2s_kernel()->pair_in_rows(pairs_in_scratch(rows, in), pairs_of(in), rows->a, rows->lda,
                               rows->m, in);
}

static void product(const s2s_packed_rows *rows, int in, int columns, const unsigned char *panel,
                    const s2s_real *bias, s2s_real *c, int ldc) {
    const s2s_kernels *kernel = s2s_kernel();
    kernel->bf16_product(rows->m, columns, pairs_of(in), pairs_in_scratch(rows, in), pairs_of(in),
                         (const s2s_bf16_pair *)panel, c, ldc, false);
    if (bias) kernel->add_row(c, ldc, bias, rows->m, columns);
}

const s2s_packed_type s2s_packed_bfloat16 = {.panel_bytes = panel_bytes,
                                             .pack = pack,
                                             .row = row,
                                             .copy_row = copy_row,
                                             .scratch = scratch,
                                             .input = input,
                                             .product = product};
