/* See table.h: what the columns are. */
#include "suite/table.h"

#include <stdio.h>

const char *const s2s_table_formats[] = {[S2S_TABLE_TEXT] = "text",
                                         [S2S_TABLE_MARKDOWN] = "markdown",
                                         [S2S_TABLE_CSV] = "csv",
                                         [S2S_TABLE_JSON] = "json",
                                         NULL};

/* The metric's own name, "chrF2++", where a row is there to tell it; else the suite's. */
static const char *metric_name(const s2s_board *board, int m) {
    for (int i = 0; i < board->n; i++)
        if (board->rows[i].present) return board->rows[i].scores[m].score.name;
    return s2s_metric_names[board->agenda->suite->metrics[m]];
}

static s2s_status put_names(const s2s_board *board, const s2s_board_row *row, s2s_grid *grid,
                            s2s_err *err) {
    const s2s_suite *suite = board->agenda->suite;
    S2S_TRY(s2s_grid_add(grid, err, "%s", s2s_suite_test_at(suite, row->cell->test)->name));
    S2S_TRY(s2s_grid_add(grid, err, "%s", s2s_suite_model_at(suite, row->cell->model)->name));
    return s2s_grid_add(grid, err, "%s", s2s_suite_search_at(suite, row->cell->search)->name);
}

/* --- for people --- */

static s2s_status put_heading(const s2s_board *board, s2s_grid *grid, s2s_err *err) {
    static const char *const first[] = {"test", "model", "search"}, *const last[] = {"tokens/s",
                                                                                     "MB"};
    grid->columns = 3 + board->metrics + 2;
    for (int c = 3; c < grid->columns; c++) grid->right |= 1UL << c;
    for (int c = 0; c < 3; c++) S2S_TRY(s2s_grid_add(grid, err, "%s", first[c]));
    for (int m = 0; m < board->metrics; m++)
        S2S_TRY(s2s_grid_add(grid, err, "%s", metric_name(board, m)));
    for (int c = 0; c < 2; c++) S2S_TRY(s2s_grid_add(grid, err, "%s", last[c]));
    return S2S_OK;
}

/* "40.47 ± 1.20 +": the mark's place is kept where there is none, so that the figures stand in a column. */
static s2s_status put_score(const s2s_board *board, const s2s_board_score *score, s2s_grid *grid,
                            s2s_err *err) {
    const char *mark = !board->compared     ? ""
                       : score->significant ? score->delta > 0 ? " +" : " -"
                                            : "  ";
    return s2s_grid_add(grid, err, "%.2f ± %.2f%s", score->score.value, score->interval.half, mark);
}

static s2s_status put_row(const s2s_board *board, const s2s_board_row *row, s2s_grid *grid,
                          s2s_err *err) {
    S2S_TRY(put_names(board, row, grid, err));
    if (!row->present) {
        for (int c = 3; c < grid->columns; c++)
            S2S_TRY(s2s_grid_add(grid, err, "%s", c == 3 && row->cell->failure ? "failed" : "-"));
        return S2S_OK;
    }
    for (int m = 0; m < board->metrics; m++) S2S_TRY(put_score(board, &row->scores[m], grid, err));
    S2S_TRY(s2s_grid_add(grid, err, "%.0f", s2s_board_speed(row)));
    if (!row->facts.peak_memory) return s2s_grid_add(grid, err, "-");
    return s2s_grid_add(grid, err, "%.0f", (double)row->facts.peak_memory / 1e6);
}

s2s_status s2s_table_legend(const s2s_board *board, s2s_buf *text, s2s_err *err) {
    const s2s_suite *suite = board->agenda->suite;
    const s2s_suite_significance *s = &suite->significance;
    if (board->compared) {
        const s2s_suite_baseline *b = &suite->baseline;
        S2S_TRY(s2s_buf_printf(
            text, err,
            "+ and - mark scores significantly higher and lower than those of %s with %s (p < %g, "
            "%s).\n",
            b->model >= 0 ? b->model_name : "the same model",
            b->search >= 0 ? b->search_name : "the same search", s->level,
            s->method == S2S_SUITE_BOOTSTRAP ? "paired bootstrap" : "approximate randomisation"));
    }
    return s2s_buf_printf(
        text, err,
        "± is half of the 95%% interval (bootstrap, %lld samples).\ntokens/s counts "
        "pieces of the output while searching, without loading the model.\nMB is "
        "the peak of physical memory of a process that did this row alone.",
        (long long)s->samples);
}

static s2s_status write_for_people(const s2s_board *board, bool markdown, s2s_buf *text,
                                   s2s_err *err) {
    s2s_grid grid = {0};
    s2s_status status = put_heading(board, &grid, err);
    for (int i = 0; i < board->n && status == S2S_OK; i++)
        status = put_row(board, &board->rows[i], &grid, err);
    if (status == S2S_OK)
        status = markdown ? s2s_grid_markdown(&grid, text, err) : s2s_grid_text(&grid, text, err);
    s2s_grid_release(&grid);
    if (status == S2S_OK) status = s2s_buf_append(text, "\n", 1, err);
    if (status == S2S_OK) status = s2s_table_legend(board, text, err);
    return status == S2S_OK ? s2s_buf_append(text, "\n", 1, err) : status;
}

/* --- CSV --- */

static s2s_status put_csv_heading(const s2s_board *board, s2s_grid *grid, s2s_err *err) {
    static const char *const parts[] = {"", " low", " high", " delta", " p"};
    static const char *const first[] = {"test", "model", "search", "state", "lines"};
    static const char *const last[] = {
        "tokens", "seconds", "tokens per second", "peak memory bytes", "threads", "key"};
    grid->columns = 5 + 5 * board->metrics + 6;
    for (int c = 0; c < 5; c++) S2S_TRY(s2s_grid_add(grid, err, "%s", first[c]));
    for (int m = 0; m < board->metrics; m++)
        for (int k = 0; k < 5; k++)
            S2S_TRY(s2s_grid_add(grid, err, "%s%s", metric_name(board, m), parts[k]));
    for (int c = 0; c < 6; c++) S2S_TRY(s2s_grid_add(grid, err, "%s", last[c]));
    return S2S_OK;
}

static s2s_status put_csv_score(const s2s_board_row *row, int m, s2s_grid *grid, s2s_err *err) {
    const s2s_board_score *s = &row->scores[m];
    bool compared = row->present && row->against >= 0;
    const double values[] = {s->score.value, s->interval.low, s->interval.high, s->delta, s->p};
    for (int k = 0; k < 5; k++)
        S2S_TRY(row->present && (k < 3 || compared) ? s2s_grid_add(grid, err, "%.10g", values[k])
                                                    : s2s_grid_add(grid, err, "%s", ""));
    return S2S_OK;
}

static s2s_status put_csv_row(const s2s_board *board, const s2s_board_row *row, s2s_grid *grid,
                              s2s_err *err) {
    const s2s_cell_facts *f = &row->facts;
    S2S_TRY(put_names(board, row, grid, err));
    const char *state = row->present ? "done" : row->cell->failure ? "failed" : "missing";
    S2S_TRY(s2s_grid_add(grid, err, "%s", state));
    S2S_TRY(s2s_grid_add(grid, err, "%llu", (unsigned long long)f->lines));
    for (int m = 0; m < board->metrics; m++) S2S_TRY(put_csv_score(row, m, grid, err));
    S2S_TRY(s2s_grid_add(grid, err, "%llu", (unsigned long long)f->tokens));
    S2S_TRY(s2s_grid_add(grid, err, "%.6g", f->seconds));
    S2S_TRY(s2s_grid_add(grid, err, "%.6g", s2s_board_speed(row)));
    S2S_TRY(s2s_grid_add(grid, err, "%lld", (long long)f->peak_memory));
    S2S_TRY(s2s_grid_add(grid, err, "%lld", (long long)f->threads));
    return s2s_grid_add(grid, err, "%s", row->cell->key.text);
}

static s2s_status write_csv(const s2s_board *board, s2s_buf *text, s2s_err *err) {
    s2s_grid grid = {0};
    s2s_status status = put_csv_heading(board, &grid, err);
    for (int i = 0; i < board->n && status == S2S_OK; i++)
        status = put_csv_row(board, &board->rows[i], &grid, err);
    if (status == S2S_OK) status = s2s_grid_csv(&grid, text, err);
    s2s_grid_release(&grid);
    return status;
}

s2s_status s2s_table_write(const s2s_board *board, s2s_table_format format, s2s_buf *text,
                           s2s_err *err) {
    switch (format) {
    case S2S_TABLE_CSV:
        return write_csv(board, text, err);
    case S2S_TABLE_JSON:
        return s2s_table_json(board, text, err);
    case S2S_TABLE_TEXT:
    case S2S_TABLE_MARKDOWN:
        break;
    }
    return write_for_people(board, format == S2S_TABLE_MARKDOWN, text, err);
}
