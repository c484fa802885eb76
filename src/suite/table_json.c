/* The board as JSON (table.h). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "suite/table.h"

static json_t *score_json(const s2s_board_row *row, const s2s_board_score *s) {
    json_t *object = json_pack("{ss, sf, s{sf, sf, sf}, ss, ss}", "metric", s->score.name, "score",
                               s->score.value, "interval", "low", s->interval.low, "high",
                               s->interval.high, "mean", s->interval.mean, "signature",
                               s->score.signature, "detail", s->score.detail);
    if (!object || row->against < 0) return object;
    json_object_set_new(object, "delta", json_real(s->delta));
    json_object_set_new(object, "p", json_real(s->p));
    json_object_set_new(object, "significant", json_boolean(s->significant));
    return object;
}

static json_t *scores_json(const s2s_board *board, const s2s_board_row *row) {
    json_t *list = json_array();
    for (int m = 0; m < board->metrics; m++)
        json_array_append_new(list, score_json(row, &row->scores[m]));
    return list;
}

static json_t *facts_json(const s2s_board_row *row) {
    const s2s_cell_facts *f = &row->facts;
    return json_pack("{sI, sI, sI, sI, sI, sf, sf, sf, sI, sI, ss, ss}", "lines",
                     (json_int_t)f->lines, "tokens", (json_int_t)f->tokens, "cut",
                     (json_int_t)f->cut, "truncated", (json_int_t)f->truncated, "taken_over",
                     (json_int_t)f->taken_over, "seconds", f->seconds, "load_seconds",
                     f->load_seconds, "tokens_per_second", s2s_board_speed(row), "peak_memory",
                     (json_int_t)f->peak_memory, "threads", (json_int_t)f->threads, "processor",
                     f->processor, "version", f->version);
}

static json_t *row_json(const s2s_board *board, const s2s_board_row *row) {
    const s2s_suite *suite = board->agenda->suite;
    const s2s_agenda_cell *cell = row->cell;
    json_t *object =
        json_pack("{ss, ss, ss, ss, ss}", "test", s2s_suite_test_at(suite, cell->test)->name,
                  "model", s2s_suite_model_at(suite, cell->model)->name, "search",
                  s2s_suite_search_at(suite, cell->search)->name, "key", cell->key.text, "state",
                  row->present    ? "done"
                  : cell->failure ? "failed"
                                  : "missing");
    if (!object) return NULL;
    if (cell->failure) json_object_set_new(object, "failure", json_string(cell->failure));
    if (!row->present) return object;
    json_object_set_new(object, "scores", scores_json(board, row));
    json_object_set_new(object, "facts", facts_json(row));
    if (row->against >= 0) json_object_set_new(object, "against", json_integer(row->against));
    return object;
}

s2s_status s2s_table_json(const s2s_board *board, s2s_buf *text, s2s_err *err) {
    json_t *rows = json_array();
    int failed = !rows;
    for (int i = 0; i < board->n && !failed; i++)
        failed = json_array_append_new(rows, row_json(board, &board->rows[i]));
    json_t *root =
        failed ? NULL : json_pack("{ss, so}", "suite", board->agenda->suite->name, "rows", rows);
    if (failed) json_decref(rows);
    char *dumped = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(root);
    if (!dumped) return s2s_fail_memory(err, 4096);
    s2s_status status = s2s_buf_printf(text, err, "%s\n", dumped);
    free(dumped);
    return status;
}
