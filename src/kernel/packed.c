/* Packing, and products over packed weights, whatever their type; see packed.h. */
#include "kernel/packed.h"

#include <string.h>

#include "base/memory.h"
#include "kernel/packed_type.h"

static const s2s_packed_type *const types[S2S_WEIGHT_TYPES] = {
    [S2S_WEIGHT_FLOAT32] = &s2s_packed_float32,
    [S2S_WEIGHT_INT8] = &s2s_packed_int8,
    [S2S_WEIGHT_BFLOAT16] = &s2s_packed_bfloat16};

const char *const s2s_weight_type_names[S2S_WEIGHT_TYPES + 1] = {[S2S_WEIGHT_FLOAT32] = "float32",
                                                                 [S2S_WEIGHT_INT8] = "int8",
                                                                 [S2S_WEIGHT_BFLOAT16] =
                                                                     "bfloat16"};

bool s2s_weight_type_find(const char *name, s2s_weight_type *type) {
    for (int i = 0; i < S2S_WEIGHT_TYPES; i++)
        if (!strcmp(name, s2s_weight_type_names[i])) {
            *type = (s2s_weight_type)i;
            return true;
        }
    return false;
}

static int panels_of(int out) {
    return (out + S2S_PANEL - 1) / S2S_PANEL;
}

size_t s2s_packed_panel_bytes(s2s_weight_type type, int in) {
    return types[type]->panel_bytes(in);
}

size_t s2s_packed_bytes(s2s_weight_type type, int out, int in) {
    return (size_t)panels_of(out) * s2s_packed_panel_bytes(type, in);
}

static size_t panel_offset(const s2s_packed *w, int panel) {
    return (size_t)panel * s2s_packed_panel_bytes(w->type, w->in);
}

/* --- packing --- */

s2s_status s2s_packed_create(s2s_packed *packed, s2s_weight_type type, const s2s_real *weight,
                             int out, int in, s2s_err *err) {
    if (type == S2S_WEIGHT_INT8 && in > S2S_INT8_INPUTS)
        return s2s_fail(err, S2S_INPUT, "int8 products have at most %d inputs, not %d",
                        S2S_INT8_INPUTS, in);
    unsigned char *data = s2s_block_alloc(s2s_packed_bytes(type, out, in), err);
    if (!data) return S2S_MEMORY;
    *packed = (s2s_packed){type, out, in, data, data};
    for (int i = 0; i < panels_of(out); i++) {
        int used = out - i * S2S_PANEL < S2S_PANEL ? out - i * S2S_PANEL : S2S_PANEL;
        types[type]->pack(data + panel_offset(packed, i),
                          weight + (size_t)i * S2S_PANEL * (size_t)in, used, in);
    }
    return S2S_OK;
}

s2s_packed s2s_packed_borrow(s2s_weight_type type, const void *data, int out, int in) {
    return (s2s_packed){type, out, in, data, NULL};
}

bool s2s_packed_is_sound(const s2s_packed *w) {
    const s2s_packed_type *type = types[w->type];
    for (int i = 0; type->is_sound && i < panels_of(w->out); i++)
        if (!type->is_sound(w->data + panel_offset(w, i), w->in)) return false;
    return true;
}

void s2s_packed_release(s2s_packed *packed) {
    s2s_block_free(packed->owned, s2s_packed_bytes(packed->type, packed->out, packed->in));
    *packed = (s2s_packed){0};
}

void s2s_packed_row(const s2s_packed *w, int row, s2s_real *values) {
    types[w->type]->row(w->data + panel_offset(w, row / S2S_PANEL), row % S2S_PANEL, w->in, values);
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

void s2s_packed_copy_row(s2s_packed *to, int to_row, const s2s_packed *from, int from_row) {
    types[to->type]->copy_row(to->owned + panel_offset(to, to_row / S2S_PANEL), to_row % S2S_PANEL,
                              from->data + panel_offset(from, from_row / S2S_PANEL),
                              from_row % S2S_PANEL, to->in);
}

/* --- products --- */

enum {
    TASK_ROWS = 96,     /* enough to use a panel many times while it is cached */
    INPUT_ROWS = 8,     /* of a task; fewer rows than that are not worth waking threads */
    FEW_BYTES = 1 << 18 /* of weights, times rows / 8 + 1: likewise */
};

size_t s2s_packed_scratch(const s2s_packed *w, int m) {
    return types[w->type]->scratch ? types[w->type]->scratch(m, w->in) : 0;
}

static s2s_packed_rows rows_from(int first, int most, int m, const s2s_real *a, int lda,
                                 s2s_real *scratch) {
    int rows = m - first < most ? m - first : most;
    return (s2s_packed_rows){rows, a + (size_t)first * (size_t)lda, lda, scratch, first, m};
}

void s2s_packed_input(int m, const s2s_real *a, int lda, const s2s_packed *w, s2s_real *scratch) {
    if (!types[w->type]->input) return;
#pragma omp parallel for schedule(static) if (m > INPUT_ROWS)
    for (int i = 0; i < m; i += INPUT_ROWS) {
        s2s_packed_rows rows = rows_from(i, INPUT_ROWS, m, a, lda, scratch);
        types[w->type]->input(&rows, w->in);
    }
}

void s2s_packed_outputs(int m, const s2s_real *a, int lda, const s2s_packed *w,
                        const s2s_real *bias, int first, int columns, s2s_real *c, int ldc,
                        s2s_real *scratch) {
    int panels = panels_of(columns), blocks = (m + TASK_ROWS - 1) / TASK_ROWS;
    size_t bytes = (size_t)panels * s2s_packed_panel_bytes(w->type, w->in);
    /* A panel is done with before the next one is read: large weights come from memory only once. */
#pragma omp parallel for schedule(static) if (bytes * (size_t)(m / 8 + 1) >= FEW_BYTES)
    for (int task = 0; task < blocks * panels; task++) {
        int i = task % blocks * TASK_ROWS, j = task / blocks * S2S_PANEL;
        int used = columns - j < S2S_PANEL ? columns - j : S2S_PANEL;
        s2s_packed_rows rows = rows_from(i, TASK_ROWS, m, a, lda, scratch);
        types[w->type]->product(
            &rows, w->in, used, w->data + panel_offset(w, (first + j) / S2S_PANEL),
            bias ? bias + first + j : NULL, c + (size_t)i * (size_t)ldc + j, ldc);
    }
}

void s2s_gemm_packed(int m, const s2s_real *a, int lda, const s2s_packed *w, const s2s_real *bias,
                     s2s_real *c, int ldc, s2s_real *scratch) {
    s2s_packed_input(m, a, lda, w, scratch);
    s2s_packed_outputs(m, a, lda, w, bias, 0, w->out, c, ldc, scratch);
}
