/* Panels of bytes: [groups of 4 inputs] [S2S_PANEL] [4], each w / scale rounded and raised by 128; then the scales. */
#include <math.h>
#include <string.h>

#include "kernel/kernels.h"
#include "kernel/packed_type.h"

enum {
    GROUP = 4,    /* inputs whose bytes lie together: what one instruction multiplies and adds up */
    RAISE = 128,  /* weights are unsigned bytes, since the instructions want one side so */
    LARGEST = 127 /* of a quantized number */
};

static int groups_of(int in) {
    return (in + GROUP - 1) / GROUP;
}

/* Where the scales begin. */
static size_t weight_bytes(int in) {
    return (size_t)groups_of(in) * S2S_PANEL * GROUP;
}

static size_t panel_bytes(int in) {
    return weight_bytes(in) + S2S_PANEL * sizeof(float);
}

/* --- panels --- */

/* One output's weights. */
static void pack_row(unsigned char *panel, int column, const s2s_real *weight, int in) {
    s2s_real largest = 0;
    for (int i = 0; i < in; i++) largest = fmax(largest, fabs(weight[i]));
    float scale = (float)(largest / LARGEST);
    memcpy(panel + weight_bytes(in) + (size_t)column * sizeof scale, &scale, sizeof scale);
    for (int i = 0; i < in && scale > 0; i++)
        panel[((size_t)(i / GROUP) * S2S_PANEL + (size_t)column) * GROUP + (size_t)(i % GROUP)] =
            (unsigned char)(RAISE + lrint((double)weight[i] / (double)scale));
}

static void pack(unsigned char *panel, const s2s_real *weight, int used, int in) {
    memset(panel, RAISE, weight_bytes(in)); /* a weight of zero, also where there is none */
    for (int column = 0; column < used; column++)
        pack_row(panel, column, weight + (size_t)column * (size_t)in, in);
}

static void row(const unsigned char *panel, int column, int in, s2s_real *values) {
    float scale;
    memcpy(&scale, panel + weight_bytes(in) + (size_t)column * sizeof scale, sizeof scale);
    for (int i = 0; i < in; i++) {
        size_t group = (size_t)(i / GROUP) * S2S_PANEL + (size_t)column;
        values[i] = (s2s_real)(panel[group * GROUP + (size_t)(i % GROUP)] - RAISE) * scale;
    }
}

static void copy_row(unsigned char *to, int to_column, const unsigned char *from, int from_column,
                     int in) {
    for (int i = 0; i < groups_of(in); i++)
        memcpy(to + ((size_t)i * S2S_PANEL + (size_t)to_column) * GROUP,
               from + ((size_t)i * S2S_PANEL + (size_t)from_column) * GROUP, GROUP);
    memcpy(to + weight_bytes(in) + (size_t)to_column * sizeof(float),
           from + weight_bytes(in) + (size_t)from_column * sizeof(float), sizeof(float));
}

static bool is_sound(const unsigned char *panel, int in) {
    const float *scales = (const float *)(panel + weight_bytes(in));
    for (int j = 0; j < S2S_PANEL; j++)
        if (!(scales[j] >= 0 && scales[j] < INFINITY)) return false;
    return true;
}

/* --- products --- */

/* A row takes its bytes, its scale and its sum. */
static size_t scratch(int m, int in) {
    size_t bytes = (size_t)groups_of(in) * GROUP + sizeof(s2s_real) + sizeof(int32_t);
    return ((size_t)m * bytes + sizeof(s2s_real) - 1) / sizeof(s2s_real);
}

/* Scratch holds the scales, the sums and the bytes of all rows. */
static s2s_int8_rows quantized(const s2s_packed_rows *rows, int in) {
    s2s_real *scales = rows->scratch;
    int32_t *sums = (int32_t *)(scales + rows->all);
    size_t ld = (size_t)groups_of(in) * GROUP;
    return (s2s_int8_rows){(int8_t *)(sums + rows->all) + (size_t)rows->first * ld, ld,
                           scales + rows->first, sums + rows->first};
}

static void input(const s2s_packed_rows *rows, int in) {
    s2s_int8_rows made = quantized(rows, in);
    s2s_kernel()->quantize(&made, rows->a, rows->lda, rows->m, in);
}

static void product(const s2s_packed_rows *rows, int in, int columns, const unsigned char *panel,
                    const s2s_real *bias, s2s_real *c, int ldc) {
    s2s_int8_rows made = quantized(rows, in);
    s2s_kernel()->int8_product(rows->m, columns, &made, panel, bias, c, ldc);
}

const s2s_packed_type s2s_packed_int8 = {.panel_bytes = panel_bytes,
                                         .pack = pack,
                                         .row = row,
                                         .copy_row = copy_row,
                                         .is_sound = is_sound,
                                         .scratch = scratch,
                                         .input = input,
                                         .product = product};
