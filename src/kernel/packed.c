/* Packing, and products over packed weights; see packed.h. */
#include "kernel/packed.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "kernel/kernels.h"

enum {
    GROUP = 4,    /* inputs whose bytes lie together: what one instruction multiplies and adds up */
    RAISE = 128,  /* weights are unsigned bytes, since the instructions want one side so */
    LARGEST = 127 /* of a quantized number */
};

const char *const s2s_weight_type_names[S2S_WEIGHT_TYPES + 1] = {
    [S2S_WEIGHT_FLOAT32] = "float32", [S2S_WEIGHT_INT8] = "int8"};

bool s2s_weight_type_find(const char *name, s2s_weight_type *type) {
    for (int i = 0; i < S2S_WEIGHT_TYPES; i++)
        if (!strcmp(name, s2s_weight_type_names[i])) {
            *type = (s2s_weight_type)i;
            return true;
        }
    return false;
}

static int groups_of(int in) {
    return (in + GROUP - 1) / GROUP;
}

static int panels_of(int out) {
    return (out + S2S_PANEL - 1) / S2S_PANEL;
}

/* Where the scales of an int8 panel begin. */
static size_t int8_bytes(int in) {
    return (size_t)groups_of(in) * S2S_PANEL * GROUP;
}

size_t s2s_packed_panel_bytes(s2s_weight_type type, int in) {
    return type == S2S_WEIGHT_INT8 ? int8_bytes(in) + S2S_PANEL * sizeof(float)
                                   : (size_t)in * S2S_PANEL * sizeof(s2s_real);
}

size_t s2s_packed_bytes(s2s_weight_type type, int out, int in) {
    return (size_t)panels_of(out) * s2s_packed_panel_bytes(type, in);
}

static const unsigned char *panel_at(const s2s_packed *w, int panel) {
    return w->data + (size_t)panel * s2s_packed_panel_bytes(w->type, w->in);
}

/* --- packing --- */

/* Row `column` of the panel, which is an output's weights. */
static void pack_int8_row(unsigned char *panel, int column, const s2s_real *weight, int in) {
    s2s_real largest = 0;
    for (int i = 0; i < in; i++) largest = fmax(largest, fabs(weight[i]));
    float scale = (float)(largest / LARGEST);
    memcpy(panel + int8_bytes(in) + (size_t)column * sizeof scale, &scale, sizeof scale);
    for (int i = 0; i < in && scale > 0; i++)
        panel[((size_t)(i / GROUP) * S2S_PANEL + (size_t)column) * GROUP + (size_t)(i % GROUP)] =
            (unsigned char)(RAISE + lrint((double)weight[i] / (double)scale));
}

static void pack_int8(unsigned char *panel, const s2s_real *weight, int out, int in) {
    memset(panel, RAISE, int8_bytes(in)); /* a weight of zero, also where there is none */
    for (int column = 0; column < out; column++)
        pack_int8_row(panel, column, weight + (size_t)column * (size_t)in, in);
}

s2s_status s2s_packed_create(s2s_packed *packed, s2s_weight_type type, const s2s_real *weight,
                             int out, int in, s2s_err *err) {
    if (type == S2S_WEIGHT_INT8 && in > S2S_INT8_INPUTS)
        return s2s_fail(err, S2S_INPUT, "int8 products have at most %d inputs, not %d",
                        S2S_INT8_INPUTS, in);
    unsigned char *data = s2s_block_alloc(s2s_packed_bytes(type, out, in), err);
    if (!data) return S2S_MEMORY;
    for (int i = 0; i < panels_of(out); i++) {
        unsigned char *panel = data + (size_t)i * s2s_packed_panel_bytes(type, in);
        const s2s_real *rows = weight + (size_t)i * S2S_PANEL * (size_t)in;
        int used = out - i * S2S_PANEL < S2S_PANEL ? out - i * S2S_PANEL : S2S_PANEL;
        if (type == S2S_WEIGHT_INT8)
            pack_int8(panel, rows, used, in);
        else
            s2s_kernel()->transpose((s2s_real *)panel, S2S_PANEL, rows, in, used, in);
    }
    *packed = (s2s_packed){type, out, in, data, data};
    return S2S_OK;
}

s2s_packed s2s_packed_borrow(s2s_weight_type type, const void *data, int out, int in) {
    return (s2s_packed){type, out, in, data, NULL};
}

bool s2s_packed_is_sound(const s2s_packed *w) {
    for (int i = 0; w->type == S2S_WEIGHT_INT8 && i < panels_of(w->out); i++) {
        const float *scales = (const float *)(panel_at(w, i) + int8_bytes(w->in));
        for (int j = 0; j < S2S_PANEL; j++)
            if (!(scales[j] >= 0 && scales[j] < INFINITY)) return false;
    }
    return true;
}

void s2s_packed_release(s2s_packed *packed) {
    s2s_block_free(packed->owned, s2s_packed_bytes(packed->type, packed->out, packed->in));
    *packed = (s2s_packed){0};
}

/* --- one row --- */

static void int8_row(const unsigned char *panel, int column, int in, s2s_real *values) {
    float scale;
    memcpy(&scale, panel + int8_bytes(in) + (size_t)column * sizeof scale, sizeof scale);
    for (int i = 0; i < in; i++) {
        size_t group = (size_t)(i / GROUP) * S2S_PANEL + (size_t)column;
        values[i] = (s2s_real)(panel[group * GROUP + (size_t)(i % GROUP)] - RAISE) * scale;
    }
}

void s2s_packed_row(const s2s_packed *w, int row, s2s_real *values) {
    const unsigned char *panel = panel_at(w, row / S2S_PANEL);
    int column = row % S2S_PANEL;
    if (w->type == S2S_WEIGHT_INT8) {
        int8_row(panel, column, w->in, values);
        return;
    }
    const s2s_real *reals = (const s2s_real *)panel;
    for (int i = 0; i < w->in; i++) values[i] = reals[(size_t)i * S2S_PANEL + (size_t)column];
}

/* --- a weight made of another's rows --- */

s2s_status s2s_packed_extend(s2s_packed *packed, s2s_weight_type type, int out, int in,
                             s2s_err *err) {
    unsigned char *data = s2s_block_alloc(s2s_packed_bytes(type, out, in), err);
    if (!data) return S2S_MEMORY;
    if (packed->owned) {
        memcpy(data, packed->owned, s2s_packed_bytes(type, packed->out, in));
        s2s_packed_release(packed);
    }
    *packed = (s2s_packed){type, out, in, data, data};
    return S2S_OK;
}

static void copy_int8_row(unsigned char *to, int to_column, const unsigned char *from,
                          int from_column, int in) {
    for (int i = 0; i < groups_of(in); i++)
        memcpy(to + ((size_t)i * S2S_PANEL + (size_t)to_column) * GROUP,
               from + ((size_t)i * S2S_PANEL + (size_t)from_column) * GROUP, GROUP);
    memcpy(to + int8_bytes(in) + (size_t)to_column * sizeof(float),
           from + int8_bytes(in) + (size_t)from_column * sizeof(float), sizeof(float));
}

void s2s_packed_copy_row(s2s_packed *to, int to_row, const s2s_packed *from, int from_row) {
    const unsigned char *source = panel_at(from, from_row / S2S_PANEL);
    size_t panel = (size_t)(to_row / S2S_PANEL) * s2s_packed_panel_bytes(to->type, to->in);
    int to_column = to_row % S2S_PANEL, from_column = from_row % S2S_PANEL;
    if (to->type == S2S_WEIGHT_INT8) {
        copy_int8_row(to->owned + panel, to_column, source, from_column, to->in);
        return;
    }
    s2s_real *reals = (s2s_real *)(to->owned + panel);
    for (int i = 0; i < to->in; i++)
        reals[(size_t)i * S2S_PANEL + (size_t)to_column] =
            ((const s2s_real *)source)[(size_t)i * S2S_PANEL + (size_t)from_column];
}

/* --- products --- */

enum {
    TASK_ROWS = 96,     /* enough to use a panel many times while it is cached */
    QUANTIZE_ROWS = 8,  /* of a task; fewer rows than that are not worth waking threads */
    FEW_BYTES = 1 << 18 /* of weights, times rows / 8 + 1: likewise */
};

/* A quantized row takes its bytes, its scale and its sum. */
static size_t int8_row_bytes(int in) {
    return (size_t)groups_of(in) * GROUP + sizeof(s2s_real) + sizeof(int32_t);
}

size_t s2s_packed_scratch(const s2s_packed *w, int m) {
    if (w->type != S2S_WEIGHT_INT8) return 0;
    return ((size_t)m * int8_row_bytes(w->in) + sizeof(s2s_real) - 1) / sizeof(s2s_real);
}

static s2s_int8_rows rows_in_scratch(s2s_real *scratch, int m, int in) {
    s2s_real *scales = scratch;
    int32_t *sums = (int32_t *)(scales + m);
    return (s2s_int8_rows){(int8_t *)(sums + m), (size_t)groups_of(in) * GROUP, scales, sums};
}

static s2s_int8_rows from_row(s2s_int8_rows rows, int first) {
    return (s2s_int8_rows){rows.q + (size_t)first * rows.ld, rows.ld, rows.scale + first,
                           rows.sum + first};
}

static void quantize(s2s_int8_rows rows, int m, const s2s_real *a, int lda, int in) {
#pragma omp parallel for schedule(static) if (m > QUANTIZE_ROWS)
    for (int i = 0; i < m; i += QUANTIZE_ROWS) {
        s2s_int8_rows some = from_row(rows, i);
        s2s_kernel()->quantize(&some, a + (size_t)i * (size_t)lda, lda,
                               m - i < QUANTIZE_ROWS ? m - i : QUANTIZE_ROWS, in);
    }
}

void s2s_packed_input(int m, const s2s_real *a, int lda, const s2s_packed *w, s2s_real *scratch) {
    if (w->type == S2S_WEIGHT_INT8) quantize(rows_in_scratch(scratch, m, w->in), m, a, lda, w->in);
}

void s2s_packed_outputs(int m, const s2s_real *a, int lda, const s2s_packed *w,
                        const s2s_real *bias, int first, int columns, s2s_real *c, int ldc,
                        s2s_real *scratch) {
    int panels = panels_of(columns), blocks = (m + TASK_ROWS - 1) / TASK_ROWS;
    size_t bytes = (size_t)panels * s2s_packed_panel_bytes(w->type, w->in);
    s2s_int8_rows quantized = {0};
    if (w->type == S2S_WEIGHT_INT8) quantized = rows_in_scratch(scratch, m, w->in);
        /* A panel is done with before the next one is read: large weights come from memory only once. */
#pragma omp parallel for schedule(static) if (bytes * (size_t)(m / 8 + 1) >= FEW_BYTES)
    for (int task = 0; task < blocks * panels; task++) {
        int i = task % blocks * TASK_ROWS, j = task / blocks * S2S_PANEL;
        int rows = m - i < TASK_ROWS ? m - i : TASK_ROWS, panel = (first + j) / S2S_PANEL;
        int used = columns - j < S2S_PANEL ? columns - j : S2S_PANEL;
        const s2s_real *piece = bias ? bias + first + j : NULL;
        s2s_real *out = c + (size_t)i * (size_t)ldc + j;
        if (w->type == S2S_WEIGHT_INT8) {
            s2s_int8_rows some = from_row(quantized, i);
            s2s_kernel()->int8_product(rows, used, &some, panel_at(w, panel), piece, out, ldc);
        } else {
            s2s_kernel()->real_product(rows, used, w->in, a + (size_t)i * (size_t)lda, lda,
                                       (const s2s_real *)panel_at(w, panel), piece, out, ldc);
        }
    }
}

void s2s_gemm_packed(int m, const s2s_real *a, int lda, const s2s_packed *w, const s2s_real *bias,
                     s2s_real *c, int ldc, s2s_real *scratch) {
    s2s_packed_input(m, a, lda, w, scratch);
    s2s_packed_outputs(m, a, lda, w, bias, 0, w->out, c, ldc, scratch);
}
