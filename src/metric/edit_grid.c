/* See edit_grid.h. */
#include "metric/edit_grid.h"

#include <math.h>
#include <stdlib.h>

enum { REACH = 25 }; /* how far from the diagonal a row goes, at least */
static const uint32_t far =
    UINT32_MAX / 2; /* of cells outside the band; one more is still greater */

/* Columns `first` to `end` - 1 are in the band. A row is stored from column `from` - 1 on, with `far`
 * where a neighbouring row has cells and this one has none, so that no cell's computation asks
 * whether its neighbours exist. */
typedef struct s2s_edit_row {
    size_t first, end;
    size_t from, width; /* as stored */
    size_t at;          /* of the first stored cell, in from_start and to_end */
} edit_row;

/* --- shape --- */

/* Rows of very different texts are so far apart that they would not overlap without more reach. */
static double reach_of(double ratio) {
    return REACH < ratio / 2 ? ceil(ratio / 2 + REACH) : REACH;
}

static void place_rows(edit_row *rows, size_t n, size_t columns) {
    double ratio = (double)columns / (double)n, reach = reach_of(ratio);
    rows[0] = (edit_row){.end = columns + 1};
    for (size_t i = 1; i <= n; i++) {
        double diagonal = floor((double)i * ratio), end = diagonal + reach;
        bool whole = i == n || end > (double)columns;
        rows[i].first = diagonal > reach ? (size_t)(diagonal - reach) : 0;
        rows[i].end = whole ? columns + 1 : (size_t)end;
    }
}

/* Returns how many cells all rows have as stored. */
static size_t store_rows(edit_row *rows, size_t n) {
    size_t cells = 0;
    for (size_t i = 0; i <= n; i++) {
        size_t end = rows[i < n ? i + 1 : n].end; /* the next row reads so far, less one */
        if (rows[i].end > end) end = rows[i].end;
        rows[i].from = rows[i ? i - 1 : 0].first; /* the row before reads from there */
        rows[i].width = end + 2 - rows[i].from;
        rows[i].at = cells;
        cells += rows[i].width;
    }
    return cells;
}

static s2s_status reserve(s2s_edit_grid *grid, s2s_err *err) {
    size_t n = grid->hypothesis->size, columns = grid->reference->size;
    S2S_TRY(s2s_grow(&grid->rows, &grid->rows_capacity, n + 1, sizeof *grid->rows, err));
    place_rows(grid->rows, n, columns);
    size_t cells = store_rows(grid->rows, n);
    S2S_TRY(s2s_grow(&grid->from_start, &grid->from_start_capacity, cells, sizeof *grid->from_start,
                     err));
    S2S_TRY(s2s_grow(&grid->to_end, &grid->to_end_capacity, cells, sizeof *grid->to_end, err));
    for (int i = 0; i < 2; i++)
        S2S_TRY(s2s_grow(&grid->spare[i], &grid->spare_capacity[i], columns + 3,
                         sizeof *grid->spare[i], err));
    return S2S_OK;
}

/* --- distances --- */

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* Where column j of a row is stored. */
static size_t cell_of(const edit_row *row, size_t j) {
    return j + 1 - row->from;
}

static void pad(const edit_row *row, uint32_t *cells) {
    for (size_t k = 0; k < cell_of(row, row->first); k++) cells[k] = far;
    for (size_t k = cell_of(row, row->end); k < row->width; k++) cells[k] = far;
}

/* The row behind one more word, from the row `above`. */
static void row_from_start(const edit_row *row, const s2s_points *reference, uint32_t word,
                           const uint32_t *above, uint32_t *cells) {
    pad(row, cells);
    const uint32_t *diagonal = above + cell_of(row - 1, row->first) - 1;
    uint32_t *here = cells + cell_of(row, row->first), left = far;
    for (size_t j = row->first; j < row->end; j++, here++, diagonal++) {
        uint32_t cost = least(diagonal[1], left) + 1;
        if (j > 0) cost = least(cost, diagonal[0] + (word != reference->data[j - 1]));
        *here = left = cost;
    }
}

/* The distances to the end before one more word, from the row below. */
static void row_to_end(const edit_row *row, const s2s_points *reference, uint32_t word,
                       const uint32_t *below, uint32_t *cells) {
    pad(row, cells);
    for (size_t j = row->end; j-- > row->first;) {
        const uint32_t *behind = below + cell_of(row + 1, j);
        uint32_t *here = cells + cell_of(row, j);
        *here = least(behind[0], here[1]) + 1;
        if (j < reference->size) *here = least(*here, behind[1] + (word != reference->data[j]));
    }
}

s2s_status s2s_edit_grid_fill(s2s_edit_grid *grid, const s2s_points *hypothesis,
                              const s2s_points *reference, s2s_err *err) {
    grid->hypothesis = hypothesis;
    grid->reference = reference;
    S2S_TRY(reserve(grid, err));
    const edit_row *rows = grid->rows, *last = rows + hypothesis->size;
    pad(rows, grid->from_start);
    pad(last, grid->to_end + last->at);
    for (size_t j = rows->first; j < rows->end; j++)
        grid->from_start[cell_of(rows, j)] = (uint32_t)j;
    for (size_t j = last->first; j < last->end; j++)
        grid->to_end[last->at + cell_of(last, j)] = (uint32_t)(reference->size - j);
    for (size_t i = 1; i <= hypothesis->size; i++)
        row_from_start(rows + i, reference, hypothesis->data[i - 1],
                       grid->from_start + rows[i - 1].at, grid->from_start + rows[i].at);
    for (size_t i = hypothesis->size; i-- > 1;) /* no rearrangement ends before the first word */
        row_to_end(rows + i, reference, hypothesis->data[i], grid->to_end + rows[i + 1].at,
                   grid->to_end + rows[i].at);
    return S2S_OK;
}

static uint32_t cell(const s2s_edit_grid *grid, size_t i, size_t j) {
    const edit_row *row = grid->rows + i;
    return j >= row->first && j < row->end ? grid->from_start[row->at + cell_of(row, j)] : far;
}

uint32_t s2s_edit_grid_distance(const s2s_edit_grid *grid) {
    return cell(grid, grid->hypothesis->size, grid->reference->size);
}

uint32_t s2s_edit_grid_swapped(s2s_edit_grid *grid, size_t begin, size_t middle, size_t end) {
    const edit_row *rows = grid->rows;
    const uint32_t *words = grid->hypothesis->data, *above = grid->from_start + rows[begin].at;
    for (size_t i = begin, from = middle; i < end; i++, from++) {
        if (from == end) from = begin;
        uint32_t *cells = grid->spare[i % 2];
        row_from_start(rows + i + 1, grid->reference, words[from], above, cells);
        above = cells;
    }
    /* Any way to the end passes the row behind the two parts. */
    const edit_row *row = rows + end;
    const uint32_t *to_end = grid->to_end + row->at;
    uint32_t distance = far;
    for (size_t k = cell_of(row, row->first); k < cell_of(row, row->end); k++)
        distance = least(distance, above[k] + to_end[k]);
    return distance;
}

/* --- trace --- */

static s2s_status clear(s2s_points *points, size_t n, s2s_err *err) {
    points->size = 0;
    for (size_t i = 0; i < n; i++) S2S_TRY(s2s_points_push(points, 0, err));
    return S2S_OK;
}

s2s_status s2s_edit_grid_trace(const s2s_edit_grid *grid, s2s_edit_trace *trace, s2s_err *err) {
    const s2s_points *hypothesis = grid->hypothesis, *reference = grid->reference;
    S2S_TRY(clear(&trace->after, reference->size, err));
    S2S_TRY(clear(&trace->reference_wrong, reference->size, err));
    S2S_TRY(clear(&trace->wrong, hypothesis->size, err));
    for (size_t i = hypothesis->size, j = reference->size; i > 0 || j > 0;) {
        uint32_t here = cell(grid, i, j);
        bool differ = i > 0 && j > 0 && hypothesis->data[i - 1] != reference->data[j - 1];
        if (j > 0) trace->after.data[j - 1] = (uint32_t)i;
        if (i > 0 && j > 0 && cell(grid, i - 1, j - 1) + differ == here) {
            trace->wrong.data[--i] = trace->reference_wrong.data[--j] = differ;
        } else if (i > 0 && cell(grid, i - 1, j) + 1 == here) {
            trace->wrong.data[--i] = 1;
        } else {
            trace->reference_wrong.data[--j] = 1;
        }
    }
    return S2S_OK;
}

/* --- lifetime --- */

void s2s_edit_grid_release(s2s_edit_grid *grid) {
    free(grid->rows);
    free(grid->from_start);
    free(grid->to_end);
    free(grid->spare[0]);
    free(grid->spare[1]);
    *grid = (s2s_edit_grid){0};
}

void s2s_edit_trace_release(s2s_edit_trace *trace) {
    s2s_points_release(&trace->after);
    s2s_points_release(&trace->wrong);
    s2s_points_release(&trace->reference_wrong);
}
