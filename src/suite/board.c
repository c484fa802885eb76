/* See board.h. */
#include "suite/board.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "suite/compare.h"

/* --- a row: facts, output, scores --- */

static s2s_status take_output(void *self, const s2s_record *record, s2s_err *err) {
    return s2s_texts_add(self, record->text, record->length, err);
}

static s2s_status read_row(s2s_board *board, s2s_board_row *row, s2s_arena *arena, s2s_err *err) {
    const char *folder = row->cell->folder;
    const char *output = s2s_path_join(arena, folder, S2S_CELL_OUTPUT, err);
    const char *result = s2s_path_join(arena, folder, S2S_CELL_RESULT, err);
    if (!output || !result) return S2S_MEMORY;
    S2S_TRY(s2s_facts_read(&row->facts, result, err));
    S2S_TRY(s2s_records_read(output, false, take_output, &row->output, NULL, err));
    size_t lines = board->agenda->sets[row->cell->test].source.n;
    if (row->output.n == lines) return S2S_OK;
    return s2s_fail(err, S2S_INPUT,
                    "%s: %zu lines, but the test set has %zu; remove the folder that it is in, and "
                    "what it holds is made again",
                    output, row->output.n, lines);
}

/* --- metrics: each is told all lines of all rows, then gives each line's statistics --- */

typedef s2s_status line_taker(s2s_metric *metric, s2s_segment output, const s2s_segment *references,
                              int n, double *statistics, s2s_err *err);

static s2s_status learn(s2s_metric *metric, s2s_segment output, const s2s_segment *references,
                        int n, double *statistics, s2s_err *err) {
    (void)statistics;
    return s2s_metric_learn(metric, output, references, n, err);
}

/* Gives all lines of an output to `take`; `statistics` [lines x width] or NULL. */
static s2s_status walk_lines(const s2s_testset *set, const s2s_texts *output, s2s_metric *metric,
                             line_taker *take, double *statistics, s2s_err *err) {
    s2s_segment *references = calloc((size_t)set->references_n, sizeof *references);
    if (!references) return s2s_fail_memory(err, 4096);
    size_t step = statistics ? (size_t)s2s_metric_width(metric) : 0;
    s2s_status status = S2S_OK;
    for (size_t i = 0; i < output->n && status == S2S_OK; i++) {
        for (int r = 0; r < set->references_n; r++)
            references[r] = s2s_texts_at(&set->references[r], i);
        status = take(metric, s2s_texts_at(output, i), references, set->references_n,
                      statistics ? statistics + i * step : NULL, err);
    }
    free(references);
    return status;
}

static s2s_board_metric *metric_of(const s2s_board *board, const s2s_board_row *row, int m) {
    return &board->kinds[row->cell->test * board->metrics + m];
}

static s2s_status create_metrics(s2s_board *board, s2s_err *err) {
    const s2s_suite *suite = board->agenda->suite;
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    options.lowercase = board->agenda->lowercase;
    options.tokenizer = (s2s_bleu_tokenizer)suite->tokenize;
    int n = suite->tests.n * board->metrics;
    board->kinds = calloc((size_t)n, sizeof *board->kinds);
    if (!board->kinds) return s2s_fail_memory(err, (size_t)n * sizeof *board->kinds);
    for (int i = 0; i < n; i++) {
        s2s_metric_type type = (s2s_metric_type)suite->metrics[i % board->metrics];
        options.effective_order = false;
        S2S_TRY(s2s_metric_create(&board->kinds[i].corpus, type, &options, err));
        options.effective_order = true;
        S2S_TRY(s2s_metric_create(&board->kinds[i].line, type, &options, err));
    }
    return S2S_OK;
}

static s2s_status learn_row(s2s_board *board, s2s_board_row *row, s2s_err *err) {
    const s2s_testset *set = &board->agenda->sets[row->cell->test];
    for (int m = 0; m < board->metrics; m++)
        S2S_TRY(walk_lines(set, &row->output, metric_of(board, row, m)->corpus, learn, NULL, err));
    return S2S_OK;
}

/* --- scores --- */

static s2s_status sum_lines(s2s_board_score *score, size_t lines, s2s_err *err) {
    size_t width = (size_t)s2s_metric_width(score->metric);
    double *sum = calloc(width, sizeof *sum);
    if (!sum) return s2s_fail_memory(err, width * sizeof *sum);
    for (size_t i = 0; i < lines; i++)
        for (size_t k = 0; k < width; k++) sum[k] += score->segments[i * width + k];
    score->score = s2s_metric_score(score->metric, sum);
    free(sum);
    return S2S_OK;
}

static s2s_status score_row(s2s_board *board, s2s_board_row *row, s2s_err *err) {
    const s2s_testset *set = &board->agenda->sets[row->cell->test];
    for (int m = 0; m < board->metrics; m++) {
        s2s_board_score *score = &row->scores[m];
        s2s_board_metric *kind = metric_of(board, row, m);
        score->metric = kind->corpus;
        score->line = s2s_metric_is_of_classes(kind->corpus) ? kind->corpus : kind->line;
        size_t size = row->output.n * (size_t)s2s_metric_width(kind->corpus);
        score->segments = calloc(size, sizeof *score->segments);
        if (!score->segments) return s2s_fail_memory(err, size * sizeof(double));
        S2S_TRY(walk_lines(set, &row->output, kind->corpus, s2s_metric_statistics, score->segments,
                           err));
        S2S_TRY(sum_lines(score, row->output.n, err));
        score->p = 1;
    }
    return S2S_OK;
}

/* --- all of them --- */

static s2s_status fill_row(s2s_board *board, int i, s2s_arena *arena, s2s_err *err) {
    s2s_board_row *row = &board->rows[i];
    row->cell = &board->agenda->cells[i];
    row->against = -1;
    row->scores = calloc((size_t)board->metrics, sizeof *row->scores);
    if (!row->scores) return s2s_fail_memory(err, 4096);
    if (!row->cell->done) return S2S_OK;
    S2S_TRY(read_row(board, row, arena, err));
    row->present = true;
    return learn_row(board, row, err);
}

static s2s_status fill(s2s_board *board, s2s_err *err) {
    s2s_arena arena = {0};
    s2s_status status = create_metrics(board, err);
    for (; board->n < board->agenda->n && status == S2S_OK; board->n++)
        status = fill_row(board, board->n, &arena, err);
    s2s_arena_release(&arena);
    for (int i = 0; i < board->n && status == S2S_OK; i++)
        if (board->rows[i].present) status = score_row(board, &board->rows[i], err);
    return status == S2S_OK ? s2s_board_compare(board, err) : status;
}

s2s_status s2s_board_create(s2s_board *board, const s2s_agenda *agenda, s2s_err *err) {
    *board = (s2s_board){.agenda = agenda, .metrics = agenda->suite->metrics_n};
    board->rows = calloc((size_t)agenda->n, sizeof *board->rows);
    if (!board->rows) return s2s_fail_memory(err, (size_t)agenda->n * sizeof *board->rows);
    s2s_status status = fill(board, err);
    if (status != S2S_OK) s2s_board_release(board);
    return status;
}

void s2s_board_release(s2s_board *board) {
    for (int i = 0; i < board->n; i++) {
        s2s_board_row *row = &board->rows[i];
        for (int m = 0; row->scores && m < board->metrics; m++) free(row->scores[m].segments);
        free(row->scores);
        s2s_texts_release(&row->output);
    }
    int kinds = board->kinds ? board->agenda->suite->tests.n * board->metrics : 0;
    for (int i = 0; i < kinds; i++) {
        s2s_metric_free(board->kinds[i].corpus);
        s2s_metric_free(board->kinds[i].line);
    }
    free(board->kinds);
    free(board->rows);
    *board = (s2s_board){0};
}

double s2s_board_line(const s2s_board_score *score, size_t line) {
    size_t width = (size_t)s2s_metric_width(score->metric);
    return s2s_metric_value(score->line, score->segments + line * width);
}

double s2s_board_speed(const s2s_board_row *row) {
    return row->facts.seconds > 0 ? (double)row->facts.tokens / row->facts.seconds : 0;
}
