/* See levenshtein.h.
 *
 * Row i of the table has the distances of the first i symbols of a from the first 0, 1, ... of b. Along
 * it a cell differs from the one to its left by -1, 0 or 1, so a row is kept as two rows of bits: where
 * it rises and where it falls. */
#include "metric/levenshtein.h"

#include <stdlib.h>
#include <string.h>

/* 64 cells of the next row. `down`: how the cell to their left differs from the one above it, -1, 0 or
 * 1. Returns the same for the cell that `last` has a bit for. Myers has the table on its side, and
 * calls match Eq, rises Pv, falls Mv, rises_down Ph and falls_down Mh. */
static int next_cells(uint64_t match, uint64_t *rises, uint64_t *falls, int down, uint64_t last) {
    uint64_t along = match | *falls;
    if (down < 0) match |= 1;
    uint64_t diagonal = (((match & *rises) + *rises) ^ *rises) | match;
    uint64_t rises_down = *falls | ~(diagonal | *rises), falls_down = *rises & diagonal;
    int next = (rises_down & last ? 1 : 0) - (falls_down & last ? 1 : 0);
    rises_down = rises_down << 1 | (down > 0);
    falls_down = falls_down << 1 | (down < 0);
    *rises = falls_down | ~(along | rises_down);
    *falls = rises_down & along;
    return next;
}

/* The change of the last cell from one row to the next. */
static int next_row(s2s_levenshtein *self, uint32_t symbol, uint64_t last_cell) {
    const uint64_t *match = s2s_columns_of(&self->columns, symbol);
    const uint64_t top = (uint64_t)1 << (S2S_ROW_BITS - 1);
    size_t last = self->columns.width - 1;
    int down = 1; /* the first column counts symbols of a */
    for (size_t k = 0; k < last; k++)
        down = next_cells(match[k], self->rises + k, self->falls + k, down, top);
    return next_cells(match[last], self->rises + last, self->falls + last, down, last_cell);
}

s2s_status s2s_levenshtein_distance(s2s_levenshtein *self, s2s_sequence a, s2s_sequence b,
                                    size_t *distance, s2s_err *err) {
    *distance = b.size ? b.size : a.size;
    if (!b.size) return S2S_OK;
    S2S_TRY(s2s_columns_set(&self->columns, b, err));
    size_t width = self->columns.width;
    S2S_TRY(s2s_grow(&self->rises, &self->rises_capacity, width, sizeof *self->rises, err));
    S2S_TRY(s2s_grow(&self->falls, &self->falls_capacity, width, sizeof *self->falls, err));
    memset(self->rises, 0xFF, width * sizeof *self->rises);
    memset(self->falls, 0, width * sizeof *self->falls);
    uint64_t last_cell = (uint64_t)1 << ((b.size - 1) % S2S_ROW_BITS);
    for (size_t i = 0; i < a.size; i++) {
        int change = next_row(self, a.data[i], last_cell);
        *distance = change < 0 ? *distance - 1 : *distance + (size_t)change;
    }
    return S2S_OK;
}

void s2s_levenshtein_release(s2s_levenshtein *self) {
    s2s_columns_release(&self->columns);
    free(self->rises);
    free(self->falls);
    *self = (s2s_levenshtein){0};
}
