/* See attention.h. */
#include "suite/attention.h"

#include <assert.h>
#include <string.h>

#include "model/folder.h"
#include "search/translator.h"

typedef struct job {
    s2s_attention *to;
    const s2s_board_row *row;
    const s2s_texts *sources;
    const s2s_loaded_model *model;
    size_t given, asked,
        done; /* lines of the test set; of `to`: those asked for, those that came back */
    s2s_ids ids;
} job;

/* --- lines in --- */

/* All others are empty ones, which are not searched: a sampling search goes by the place of a line in the input. */
static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    (void)err;
    job *j = self;
    *more = j->asked < j->to->n;
    if (!*more) return S2S_OK;
    bool wanted = j->given == j->to->lines[j->asked].line;
    s2s_segment text = s2s_texts_at(j->sources, j->given++);
    *line = text.text;
    *length = wanted ? text.length : 0;
    j->asked += wanted;
    return S2S_OK;
}

/* --- weights out --- */

/* The texts of ids, and of the end symbol where there is room for one more. */
static s2s_status keep_pieces(s2s_arena *arena, const s2s_vocabulary *vocabulary,
                              const int32_t *ids, int n, int room, const char ***pieces,
                              s2s_err *err) {
    *pieces = s2s_arena_alloc(arena, (size_t)room * sizeof **pieces, err);
    if (!*pieces) return S2S_MEMORY;
    for (int i = 0; i < room; i++) {
        int32_t id = i < n ? ids[i] : s2s_vocabulary_eos(vocabulary);
        const char *piece = s2s_vocabulary_piece(vocabulary, id);
        (*pieces)[i] = s2s_arena_strndup(arena, piece, strlen(piece), err);
        if (!(*pieces)[i]) return S2S_MEMORY;
    }
    return S2S_OK;
}

/* The source's pieces as the search had them: a source that was cut, by whatever limit, was cut to as many. */
static s2s_status keep_source(job *j, s2s_attention_line *line, const s2s_hypothesis *h,
                              s2s_err *err) {
    const s2s_search_recipe *search = &j->model->recipe->search;
    s2s_cut cut = {.keep = search->long_sources,
                   .most = (size_t)h->source_tokens - 1,
                   .head_share = search->head_share};
    s2s_segment text = s2s_texts_at(j->sources, line->line);
    bool was_cut;
    j->ids.size = 0;
    S2S_TRY(s2s_vocabulary_encode_cut(j->model->source, text.text, text.length, &cut, &j->ids,
                                      &was_cut, err));
    assert((int)j->ids.size == h->source_tokens - 1);
    line->source_n = h->source_tokens;
    return keep_pieces(&j->to->arena, j->model->source, j->ids.data, (int)j->ids.size,
                       line->source_n, &line->source, err);
}

static s2s_status keep_line(job *j, s2s_attention_line *line, const s2s_translation *best,
                            s2s_err *err) {
    const s2s_hypothesis *h = best->hypothesis;
    s2s_segment kept = s2s_texts_at(&j->row->output, line->line);
    line->differs = kept.length != best->length || memcmp(kept.text, best->text, kept.length) != 0;
    if (line->differs || !h->attention) return S2S_OK;
    S2S_TRY(keep_source(j, line, h, err));
    S2S_TRY(keep_pieces(&j->to->arena, j->model->target, h->ids, h->length, h->scored,
                        &line->target, err));
    size_t weights = (size_t)h->scored * (size_t)h->source_tokens;
    line->weights = s2s_arena_alloc(&j->to->arena, weights * sizeof *line->weights, err);
    if (!line->weights) return S2S_MEMORY;
    for (size_t i = 0; i < weights; i++) line->weights[i] = (float)h->attention[i];
    line->target_n = h->scored;
    return S2S_OK;
}

static s2s_status line_done(void *self, uint64_t index, const s2s_translation *best, int n,
                            s2s_err *err) {
    (void)n;
    job *j = self;
    s2s_attention_line *line = &j->to->lines[j->done];
    if (index != line->line) return S2S_OK;
    j->done++;
    return keep_line(j, line, best, err);
}

/* --- the work --- */

static s2s_status translate(job *j, s2s_err *err) {
    const s2s_loaded_model *m = j->model;
    s2s_translator *translator;
    S2S_TRY(s2s_translator_create(&translator, m->model, m->source, m->target, err));
    s2s_translator_io io = {.self = j, .attention = true, .next = next_line, .done = line_done};
    s2s_status status = s2s_translator_run(translator, &m->recipe->search, io, err);
    s2s_translator_free(translator);
    s2s_ids_release(&j->ids);
    return status;
}

static s2s_status read_lines(s2s_attention *attention, const s2s_board *board, int row,
                             s2s_err *err) {
    const s2s_agenda *agenda = board->agenda;
    const s2s_agenda_cell *cell = board->rows[row].cell;
    const s2s_suite_search *search = s2s_suite_search_at(agenda->suite, cell->search);
    s2s_loaded_model model;
    S2S_TRY(s2s_model_load(&model, s2s_suite_model_at(agenda->suite, cell->model)->folder,
                           search->sets, search->sets_n, S2S_PARAMS_DECODE, err));
    job j = {.to = attention,
             .row = &board->rows[row],
             .sources = &agenda->sets[cell->test].source,
             .model = &model};
    s2s_status status = translate(&j, err);
    s2s_loaded_model_release(&model);
    return status;
}

s2s_status s2s_attention_read(s2s_attention *attention, const s2s_board *board, int row,
                              const size_t *lines, size_t n, s2s_err *err) {
    *attention = (s2s_attention){.n = n};
    if (!n) return S2S_OK;
    size_t size = n * sizeof *attention->lines;
    attention->lines = s2s_arena_alloc(&attention->arena, size, err);
    if (!attention->lines) return S2S_MEMORY;
    for (size_t i = 0; i < n; i++) attention->lines[i] = (s2s_attention_line){.line = lines[i]};
    s2s_status status = read_lines(attention, board, row, err);
    if (status != S2S_OK) s2s_attention_release(attention);
    return status;
}

const s2s_attention_line *s2s_attention_of(const s2s_attention *attention, size_t line) {
    for (size_t i = 0; i < attention->n; i++)
        if (attention->lines[i].line == line) return &attention->lines[i];
    return NULL;
}

void s2s_attention_release(s2s_attention *attention) {
    s2s_arena_release(&attention->arena);
    *attention = (s2s_attention){0};
}
