/* See compare.h. Rows that share a baseline are tested in one call, so that all of them meet the same draws. */
#include "suite/compare.h"

#include <stdlib.h>

static s2s_resample_options options_of(const s2s_suite_significance *s, bool paired) {
    s2s_resample_options options = {.samples = (int)s->samples, .seed = (uint64_t)s->seed};
    if (paired && s->method == S2S_SUITE_RANDOMIZATION) {
        options.samples = (int)s->trials;
        options.interval = (int)s->samples;
    }
    return options;
}

/* The row that row i is compared with, or -1. */
static int find_baseline(const s2s_board *board, int i) {
    const s2s_suite_baseline *b = &board->agenda->suite->baseline;
    const s2s_agenda_cell *cell = board->rows[i].cell;
    if (b->model < 0 && b->search < 0) return -1;
    int model = b->model < 0 ? cell->model : b->model;
    int search = b->search < 0 ? cell->search : b->search;
    for (int k = 0; k < board->n; k++) {
        const s2s_agenda_cell *other = board->rows[k].cell;
        bool is_it = other->test == cell->test && other->model == model && other->search == search;
        if (is_it) return k != i && board->rows[k].present ? k : -1;
    }
    return -1;
}

static void take(s2s_board *board, int row, int metric, const s2s_comparison *result) {
    s2s_board_score *score = &board->rows[row].scores[metric];
    int against = board->rows[row].against;
    score->interval = result->interval;
    if (against < 0) return;
    score->delta = score->score.value - board->rows[against].scores[metric].score.value;
    score->p = result->p;
    score->significant = result->p < board->agenda->suite->significance.level && score->delta != 0;
}

/* Row `base` and those that are compared with it. `rows`: [n] their indices, the baseline first. */
static s2s_status compare_group(s2s_board *board, const int *rows, int n, int metric,
                                s2s_err *err) {
    const s2s_suite_significance *s = &board->agenda->suite->significance;
    s2s_resample_options options = options_of(s, n > 1);
    s2s_segment_rows *systems = calloc((size_t)n, sizeof *systems);
    s2s_comparison *results = calloc((size_t)n, sizeof *results);
    s2s_status status = S2S_OK;
    if (!systems || !results) status = s2s_fail_memory(err, (size_t)n * sizeof *systems);
    for (int i = 0; i < n && status == S2S_OK; i++) {
        const s2s_board_score *score = &board->rows[rows[i]].scores[metric];
        systems[i] = s2s_tally_rows(&score->tally, score->metric);
    }
    if (status == S2S_OK && n == 1)
        status = s2s_bootstrap(systems, &options, &results->interval, err);
    else if (status == S2S_OK && s->method == S2S_SUITE_BOOTSTRAP)
        status = s2s_paired_bootstrap(systems, n, &options, results, err);
    else if (status == S2S_OK)
        status = s2s_paired_randomization(systems, n, &options, results, err);
    for (int i = 0; i < n && status == S2S_OK; i++) take(board, rows[i], metric, &results[i]);
    free(systems);
    free(results);
    return status;
}

/* The group that row i heads, if it does: it is nobody's rival. */
static s2s_status compare_from(s2s_board *board, int i, int *rows, s2s_err *err) {
    int n = 0;
    rows[n++] = i;
    for (int k = 0; k < board->n; k++)
        if (board->rows[k].present && board->rows[k].against == i) rows[n++] = k;
    for (int m = 0; m < board->metrics; m++) S2S_TRY(compare_group(board, rows, n, m, err));
    return S2S_OK;
}

s2s_status s2s_board_compare(s2s_board *board, s2s_err *err) {
    const s2s_suite_baseline *b = &board->agenda->suite->baseline;
    board->compared = b->model >= 0 || b->search >= 0;
    int *rows = calloc((size_t)board->n, sizeof *rows);
    if (!rows) return s2s_fail_memory(err, (size_t)board->n * sizeof *rows);
    for (int i = 0; i < board->n; i++)
        if (board->rows[i].present) board->rows[i].against = find_baseline(board, i);
    s2s_status status = S2S_OK;
    for (int i = 0; i < board->n && status == S2S_OK; i++)
        if (board->rows[i].present && board->rows[i].against < 0)
            status = compare_from(board, i, rows, err);
    free(rows);
    return status;
}
