/* Edit distances of a hypothesis and its rearrangements from a reference, within a band around the
 * diagonal, as sacreBLEU's TER computes them.
 *
 * Cell (i, j) is where i words of the hypothesis and j of the reference are dealt with. A row knows
 * only the cells near its diagonal, so a distance can be greater than the true one; scores depend on
 * that. What a rearrangement leaves alone is not computed again: distances from the start end
 * where it begins, and distances to the end take over behind it. */
#ifndef S2S_METRIC_EDIT_GRID_H
#define S2S_METRIC_EDIT_GRID_H

#include <stdbool.h>

#include "metric/points.h"

/* All zero is valid and empty. Owner: the caller. */
typedef struct s2s_edit_grid {
    const s2s_points *hypothesis, *reference; /* of s2s_edit_grid_fill, borrowed */
    struct s2s_edit_row *rows;                /* [hypothesis->size + 1] */
    uint32_t *from_start, *to_end;            /* distances, row after row */
    uint32_t *spare[2];                       /* rows of a rearrangement */
    size_t rows_capacity, from_start_capacity, to_end_capacity, spare_capacity[2];
} s2s_edit_grid;

/* What the cheapest edits do with each word. */
typedef struct s2s_edit_trace {
    /* [reference words] words of the hypothesis up to and with the one that stands for this word, or
     * behind which this word was left out */
    s2s_points after;
    s2s_points wrong, reference_wrong; /* [words] 1: this word was inserted, left out or replaced */
} s2s_edit_trace;

/* Neither text is empty. */
s2s_status s2s_edit_grid_fill(s2s_edit_grid *grid, const s2s_points *hypothesis,
                              const s2s_points *reference, s2s_err *err);
uint32_t s2s_edit_grid_distance(const s2s_edit_grid *grid);
/* Of edits that cost the same, a replacement or match comes first, then a word of the hypothesis
 * too many, then one of the reference left out. */
s2s_status s2s_edit_grid_trace(const s2s_edit_grid *grid, s2s_edit_trace *trace, s2s_err *err);
/* The distance when the words from `begin` to `middle` and those from there to `end` (none of the
 * two empty) change places. */
uint32_t s2s_edit_grid_swapped(s2s_edit_grid *grid, size_t begin, size_t middle, size_t end);

void s2s_edit_grid_release(s2s_edit_grid *grid);
void s2s_edit_trace_release(s2s_edit_trace *trace);

#endif
