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

/* --- scores: all rows are tallied before any is scored (tally.h) --- */

static const s2s_measure *measure_of(const s2s_board *board, const s2s_board_row *row, int m) {
    return s2s_measure_of(&board->agenda->measures, row->cell->test, m);
}

static s2s_status tally_lines(const s2s_testset *set, const s2s_texts *output, s2s_metric *metric,
                              s2s_tally *tally, s2s_err *err) {
    s2s_segment *references = calloc((size_t)set->references_n, sizeof *references);
    if (!references) return s2s_fail_memory(err, 4096);
    tally->keep = true;
    s2s_status status = S2S_OK;
    for (size_t i = 0; i < output->n && status == S2S_OK; i++) {
        s2s_testset_references(set, i, references);
        status = s2s_tally_add(tally, metric, s2s_texts_at(output, i), references,
                               set->references_n, err);
        if (status != S2S_OK) s2s_fail_within(err, "line %zu", i + 1);
    }
    free(references);
    return status;
}

static s2s_status tally_row(s2s_board *board, s2s_board_row *row, s2s_err *err) {
    const s2s_testset *set = &board->agenda->sets[row->cell->test];
    for (int m = 0; m < board->metrics; m++) {
        s2s_status status = tally_lines(set, &row->output, measure_of(board, row, m)->corpus,
                                        &row->scores[m].tally, err);
        if (status != S2S_OK)
            return s2s_fail_within(err, "%s: %s", s2s_agenda_name(board->agenda, row->cell).text,
                                   s2s_metric_names[board->agenda->suite->metrics[m]]);
    }
    return S2S_OK;
}

static s2s_status score_row(s2s_board *board, s2s_board_row *row, s2s_err *err) {
    for (int m = 0; m < board->metrics; m++) {
        s2s_board_score *score = &row->scores[m];
        const s2s_measure *kind = measure_of(board, row, m);
        S2S_TRY(s2s_tally_finish(&score->tally, kind->corpus, err));
        score->metric = kind->corpus;
        score->line = s2s_metric_is_of_classes(kind->corpus) ? kind->corpus : kind->line;
        score->score = s2s_tally_score(&score->tally, kind->corpus);
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
    return tally_row(board, row, err);
}

static s2s_status fill(s2s_board *board, s2s_err *err) {
    s2s_arena arena = {0};
    s2s_status status = S2S_OK;
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
        for (int m = 0; row->scores && m < board->metrics; m++)
            s2s_tally_release(&row->scores[m].tally);
        free(row->scores);
        s2s_texts_release(&row->output);
    }
    free(board->rows);
    *board = (s2s_board){0};
}

const double *s2s_board_segment(const s2s_board_score *score, size_t line) {
    return score->tally.rows + line * (size_t)score->tally.width;
}

double s2s_board_line(const s2s_board_score *score, size_t line) {
    return s2s_metric_value(score->line, s2s_board_segment(score, line));
}

double s2s_board_speed(const s2s_board_row *row) {
    return row->facts.seconds > 0 ? (double)row->facts.tokens / row->facts.seconds : 0;
}
