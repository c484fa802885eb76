/* See session.h.
 *
 * States of a sentence are a tree: each knows its parent and the cache row of its token. A step collects the
 * rows on the way to the root as the list that the hypothesis attends to. Rows go back to the pools when
 * nothing goes on from them any more, the rest when the sentence is closed. */
#include "search/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "op/op.h"
#include "search/output_layer.h"
#include "tensor/cache.h"
#include "tensor/run.h"

typedef struct state {
    int32_t parent, row, depth; /* depth: tokens before this one; row -1: given back */
    int32_t children;           /* states that go on from it and have their rows */
} state;

typedef struct sentence {
    int32_t *cross_rows;
    int cross_n;
    state *states;
    size_t states_n, states_capacity;
    size_t step_first;   /* of the last step's states */
    s2s_real *looked_at; /* [states x cross_n] when attention is kept */
    size_t looked_capacity;
    bool open;
} sentence;

/* A plan with memory for so many rows, made anew when more are needed. */
typedef struct stage {
    s2s_plan *plan;
    s2s_run *run;
    int rows, sequences;
    s2s_slot out;
} stage;

struct s2s_session {
    const s2s_model *model;
    s2s_ends ends;
    stage encode, step;
    s2s_pool self, cross;
    sentence *sentences;
    size_t sentences_n, sentences_capacity;
    /* of one call */
    int32_t *ids, *starts, *positions, *rows;
    size_t ids_capacity, starts_capacity, positions_capacity, rows_capacity;
    s2s_row_list *self_lists, *cross_lists;
    size_t self_capacity, cross_capacity;
    s2s_real **looked_at; /* [rows] of a step, when attention is kept */
    size_t looked_capacity;
    bool keeps_attention;
    s2s_batch batch; /* what the last step was bound to: the run still names it */
    s2s_cache cache;
    const s2s_shortlist *shortlist; /* or NULL */
    s2s_output_layer output;        /* made when the first sentence comes */
};

/* --- life --- */

static void stage_release(stage *st) {
    s2s_run_free(st->run);
    s2s_plan_free(st->plan);
    *st = (stage){0};
}

/* When the first sentence comes: of many workers' sessions some may never get one. */
static s2s_status make_plans(s2s_session *s, s2s_err *err) {
    if (s->step.plan) return S2S_OK;
    stage_release(&s->encode); /* of an attempt that failed */
    S2S_TRY(s2s_plan_create(&s->encode.plan, &s->model->params, err));
    s2s_decoder_emit_store(s->encode.plan, s->model, s2s_encoder_emit(s->encode.plan, s->model));
    S2S_TRY(s2s_plan_create(&s->step.plan, &s->model->params, err));
    s->step.out = s2s_decoder_emit_step(s->step.plan, s->model);
    return S2S_OK;
}

s2s_status s2s_session_create(s2s_session **created, const s2s_model *model, s2s_ends ends,
                              s2s_err *err) {
    *created = NULL;
    s2s_session *s = calloc(1, sizeof *s);
    if (!s) return s2s_fail_memory(err, sizeof *s);
    s->model = model;
    s->ends = ends;
    int layers = (int)model->recipe->decoder.layers, width = s2s_decoder_cache_width(model);
    s2s_pool_init(&s->self, layers, width);
    s2s_pool_init(&s->cross, layers, width);
    *created = s;
    return S2S_OK;
}

void s2s_session_use_shortlist(s2s_session *s, const s2s_shortlist *shortlist) {
    s2s_output_layer_release(&s->output);
    s->shortlist = shortlist;
}

void s2s_session_free(s2s_session *s) {
    if (!s) return;
    stage_release(&s->encode);
    stage_release(&s->step);
    s2s_pool_release(&s->self);
    s2s_pool_release(&s->cross);
    for (size_t i = 0; i < s->sentences_n; i++) {
        free(s->sentences[i].cross_rows);
        free(s->sentences[i].states);
        free(s->sentences[i].looked_at);
    }
    s2s_output_layer_release(&s->output);
    void *arrays[] = {s->sentences, s->ids,        s->starts,      s->positions,
                      s->rows,      s->self_lists, s->cross_lists, s->looked_at};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) free(arrays[i]);
    free(s);
}

/* Grows by half, so that one more row or sequence does not lay out memory each time. */
static int grown(int room, int wanted) {
    if (wanted <= room) return room;
    return wanted > room / 2 * 3 ? wanted : room / 2 * 3;
}

/* Room for `rows` rows and for all threads. */
static s2s_status stage_reserve(s2s_session *s, stage *st, int rows, int sequences, s2s_err *err) {
    bool fits = rows <= st->rows && sequences <= st->sequences;
    if (st->run && fits && s2s_threads() <= st->run->threads) return S2S_OK;
    st->rows = grown(st->rows, rows);
    st->sequences = grown(st->sequences, sequences);
    s2s_run_free(st->run);
    st->run = NULL;
    int most[S2S_ROWS_KINDS] = {0};
    most[S2S_ROWS_SOURCE] = most[S2S_ROWS_TARGET] = st->rows;
    most[S2S_ROWS_SEQUENCES] = st->sequences;
    return s2s_run_create(&st->run, st->plan, &s->model->params, S2S_KEEP_NOTHING, most, err);
}

int s2s_session_longest(const s2s_stack_recipe *stack) {
    bool ends = stack->positions == S2S_LEARNED && stack->max_positions < S2S_CACHE_KEYS;
    return ends ? (int)stack->max_positions : S2S_CACHE_KEYS;
}

void s2s_session_keep_attention(s2s_session *session, bool keep) {
    session->keeps_attention = keep;
}

s2s_run *s2s_session_step_run(s2s_session *session) {
    return session->step.run;
}

/* --- opening sentences --- */

/* Sources with their end symbols, end to end, in s->ids and s->starts. */
static s2s_status pack_sources(s2s_session *s, const int32_t *ids, const int32_t *starts, int n,
                               s2s_err *err) {
    size_t tokens = (size_t)starts[n] + (size_t)n;
    S2S_TRY(s2s_grow(&s->ids, &s->ids_capacity, tokens, sizeof *s->ids, err));
    S2S_TRY(s2s_grow(&s->rows, &s->rows_capacity, tokens, sizeof *s->rows, err));
    S2S_TRY(s2s_grow(&s->starts, &s->starts_capacity, (size_t)n + 1, sizeof *s->starts, err));
    int at = s->starts[0] = 0;
    for (int i = 0; i < n; i++) {
        int length = starts[i + 1] - starts[i];
        memcpy(s->ids + at, ids + starts[i], (size_t)length * sizeof *ids);
        at += length;
        s->ids[at++] = s->ends.source_eos;
        s->starts[i + 1] = at;
    }
    return S2S_OK;
}

/* A handle that no open sentence has. */
static s2s_status free_handle(s2s_session *s, int32_t *handle, s2s_err *err) {
    for (size_t i = 0; i < s->sentences_n; i++)
        if (!s->sentences[i].open) {
            *handle = (int32_t)i;
            return S2S_OK;
        }
    S2S_TRY(s2s_grow(&s->sentences, &s->sentences_capacity, s->sentences_n + 1,
                     sizeof *s->sentences, err));
    s->sentences[s->sentences_n] = (sentence){0};
    *handle = (int32_t)s->sentences_n++;
    return S2S_OK;
}

static void forget_sentence(s2s_session *s, int32_t handle) {
    sentence *closed = s->sentences + handle;
    s2s_pool_give(&s->cross, closed->cross_rows, closed->cross_n);
    for (size_t i = 0; i < closed->states_n; i++)
        if (closed->states[i].row >= 0) s2s_pool_give(&s->self, &closed->states[i].row, 1);
    closed->states_n = closed->step_first = 0;
    closed->cross_n = 0;
    closed->open = false;
}

static void close_sentence(void *self, int32_t handle) {
    s2s_session *s = self;
    s2s_output_layer_close(&s->output, handle);
    forget_sentence(s, handle);
}

/* Takes the next `n` of the rows that were reserved for the call. */
static s2s_status open_one(s2s_session *s, const int32_t *rows, int n, int32_t *handle,
                           s2s_err *err) {
    S2S_TRY(free_handle(s, handle, err));
    sentence *opened = s->sentences + *handle;
    int32_t *kept = realloc(opened->cross_rows, (size_t)n * sizeof *kept);
    if (!kept) return s2s_fail_memory(err, (size_t)n * sizeof *kept);
    memcpy(kept, rows, (size_t)n * sizeof *kept);
    opened->cross_rows = kept;
    opened->cross_n = n;
    opened->open = true;
    return S2S_OK;
}

static s2s_status open_all(s2s_session *s, int n, int32_t *handles, s2s_err *err) {
    for (int i = 0; i < n; i++) {
        int begin = s->starts[i];
        s2s_status status =
            open_one(s, s->rows + begin, s->starts[i + 1] - begin, handles + i, err);
        if (status == S2S_OK) continue;
        s2s_pool_give(&s->cross, s->rows + begin, s->starts[n] - begin);
        while (i-- > 0) forget_sentence(s, handles[i]);
        return status;
    }
    return S2S_OK;
}

static s2s_status open_output(s2s_session *s, const int32_t *ids, const int32_t *starts, int n,
                              const int32_t *handles, s2s_err *err) {
    s2s_status status = S2S_OK;
    if (!s->output.weight) status = s2s_output_layer_init(&s->output, s->model, s->shortlist, err);
    if (status == S2S_OK) status = s2s_output_layer_open(&s->output, ids, starts, handles, n, err);
    for (int i = 0; i < n && status != S2S_OK; i++) forget_sentence(s, handles[i]);
    return status;
}

static s2s_status open_sentences(void *self, const int32_t *ids, const int32_t *starts, int n,
                                 int32_t *handles, s2s_err *err) {
    s2s_session *s = self;
    S2S_TRY(make_plans(s, err));
    S2S_TRY(pack_sources(s, ids, starts, n, err));
    int tokens = s->starts[n];
    S2S_TRY(stage_reserve(s, &s->encode, tokens, n, err));
    s2s_batch batch = {0};
    batch.stream[S2S_SOURCE] =
        (s2s_stream){.ids = s->ids, .starts = s->starts, .sequences = n, .tokens = tokens};
    S2S_TRY(s2s_run_bind(s->encode.run, &batch, 0, err));
    S2S_TRY(s2s_pool_take(&s->cross, s->rows, tokens, err));
    S2S_TRY(open_all(s, n, handles, err));
    S2S_TRY(open_output(s, ids, starts, n, handles, err));
    s2s_cache cache = {.self = &s->self, .cross = &s->cross, .store = s->rows};
    s->encode.run->cache = &cache;
    s2s_run_forward(s->encode.run);
    return S2S_OK;
}

static s2s_status allow(void *self, int32_t handle, const int32_t *tokens, int n, s2s_err *err) {
    s2s_session *s = self;
    return s2s_output_layer_allow(&s->output, handle, tokens, n, err);
}

/* --- a step --- */

/* Adds the state that a row makes. */
static s2s_status add_state(s2s_session *s, s2s_step_row *row, s2s_err *err) {
    sentence *of = s->sentences + row->sentence;
    S2S_TRY(s2s_grow(&of->states, &of->states_capacity, of->states_n + 1, sizeof *of->states, err));
    int32_t depth = row->state < 0 ? 0 : of->states[row->state].depth + 1, place;
    S2S_TRY(s2s_pool_take(&s->self, &place, 1, err));
    row->next = (int32_t)of->states_n;
    of->states[of->states_n++] = (state){row->state, place, depth, 0};
    if (row->state >= 0) of->states[row->state].children++;
    return S2S_OK;
}

/* A prefix that nothing goes on from any more, and what led to it alone. */
static void drop_branch(s2s_session *s, sentence *of, int32_t at) {
    while (at >= 0 && !of->states[at].children) {
        state *dead = of->states + at;
        s2s_pool_give(&s->self, &dead->row, 1);
        dead->row = -1;
        at = dead->parent;
        if (at >= 0) of->states[at].children--;
    }
}

/* Rows go on from the step before alone, so that its states without a row now are at their end. A beam
 * leaves most of its prefixes soon. `first`: the first new state. */
static void drop_dead(s2s_session *s, sentence *of, size_t first) {
    for (size_t i = of->step_first; i < first; i++) drop_branch(s, of, (int32_t)i);
    of->step_first = first;
}

/* New states for all rows; those of a sentence lie together. */
static s2s_status add_states(s2s_session *s, s2s_step_row *rows, int n, s2s_err *err) {
    for (int i = 0; i < n;) {
        int32_t handle = rows[i].sentence;
        size_t first = s->sentences[handle].states_n;
        for (; i < n && rows[i].sentence == handle; i++) S2S_TRY(add_state(s, rows + i, err));
        drop_dead(s, s->sentences + handle, first);
    }
    return S2S_OK;
}

static s2s_status reserve_step(s2s_session *s, int n, s2s_err *err) {
    size_t rows = (size_t)n;
    S2S_TRY(stage_reserve(s, &s->step, n, n, err));
    S2S_TRY(s2s_grow(&s->ids, &s->ids_capacity, rows, sizeof *s->ids, err));
    S2S_TRY(s2s_grow(&s->starts, &s->starts_capacity, rows + 1, sizeof *s->starts, err));
    S2S_TRY(s2s_grow(&s->positions, &s->positions_capacity, rows, sizeof *s->positions, err));
    S2S_TRY(s2s_grow(&s->self_lists, &s->self_capacity, rows, sizeof *s->self_lists, err));
    return s2s_grow(&s->cross_lists, &s->cross_capacity, rows, sizeof *s->cross_lists, err);
}

/* The cache rows of all hypotheses, in s->rows and the lists. */
static s2s_status collect_rows(s2s_session *s, const s2s_step_row *rows, int n, s2s_err *err) {
    size_t total = 0;
    for (int i = 0; i < n; i++)
        total += (size_t)s->sentences[rows[i].sentence].states[rows[i].next].depth + 1;
    S2S_TRY(s2s_grow(&s->rows, &s->rows_capacity, total, sizeof *s->rows, err));
    int32_t *list = s->rows;
    for (int i = 0; i < n; i++) {
        const sentence *of = s->sentences + rows[i].sentence;
        int length = of->states[rows[i].next].depth + 1;
        int32_t at = rows[i].next;
        for (int k = length; k-- > 0; at = of->states[at].parent) list[k] = of->states[at].row;
        s->self_lists[i] = (s2s_row_list){list, length};
        s->cross_lists[i] = (s2s_row_list){of->cross_rows, of->cross_n};
        list += length;
    }
    return S2S_OK;
}

/* Where each row's attention goes: after that of the sentence's states so far. */
static s2s_status place_attention(s2s_session *s, const s2s_step_row *rows, int n, s2s_err *err) {
    if (!s->keeps_attention) return S2S_OK;
    S2S_TRY(s2s_grow(&s->looked_at, &s->looked_capacity, (size_t)n, sizeof *s->looked_at, err));
    for (int i = 0; i < n; i++) {
        sentence *of = s->sentences + rows[i].sentence;
        S2S_TRY(s2s_grow(&of->looked_at, &of->looked_capacity, of->states_n * (size_t)of->cross_n,
                         sizeof *of->looked_at, err));
    }
    for (int i = 0; i < n; i++) {
        const sentence *of = s->sentences + rows[i].sentence;
        s->looked_at[i] = of->looked_at + (size_t)rows[i].next * (size_t)of->cross_n;
    }
    return S2S_OK;
}

static void attention(void *self, int32_t handle, int32_t at, s2s_real weight, s2s_real *sums) {
    const s2s_session *s = self;
    const sentence *of = s->sentences + handle;
    const s2s_real *looked_at = of->looked_at + (size_t)at * (size_t)of->cross_n;
    for (int i = 0; i < of->cross_n; i++) sums[i] += weight * looked_at[i];
}

static s2s_logits possible(void *self, int row) {
    const s2s_session *s = self;
    return s2s_output_layer_possible(&s->output, row);
}

static s2s_status step(void *self, s2s_step_row *rows, int n, s2s_err *err) {
    s2s_session *s = self;
    S2S_TRY(reserve_step(s, n, err));
    S2S_TRY(add_states(s, rows, n, err));
    S2S_TRY(collect_rows(s, rows, n, err));
    S2S_TRY(place_attention(s, rows, n, err));
    for (int i = 0; i < n; i++) {
        s->ids[i] = rows[i].token;
        s->starts[i] = i;
        s->positions[i] = s->self_lists[i].n - 1;
    }
    s->starts[n] = n;
    s->batch.stream[S2S_TARGET] = (s2s_stream){
        .ids = s->ids, .starts = s->starts, .positions = s->positions, .sequences = n, .tokens = n};
    s->cache = (s2s_cache){.self = &s->self,
                           .cross = &s->cross,
                           .self_rows = s->self_lists,
                           .cross_rows = s->cross_lists,
                           .looked_at = s->keeps_attention ? s->looked_at : NULL};
    S2S_TRY(s2s_run_bind(s->step.run, &s->batch, 0, err));
    s->step.run->cache = &s->cache;
    s2s_run_forward(s->step.run);
    return s2s_output_layer_begin(&s->output, s2s_value(s->step.run, s->step.out), rows, err);
}

static s2s_status logits(void *self, int first, int tokens, s2s_real **out, s2s_err *err) {
    s2s_session *s = self;
    return s2s_output_layer_logits(&s->output, first, tokens, out, err);
}

s2s_scorer s2s_session_scorer(s2s_session *session) {
    return (s2s_scorer){.self = session,
                        .vocabulary = session->model->target_vocabulary,
                        .bos = session->ends.bos,
                        .eos = session->ends.target_eos,
                        .unk = session->ends.unk,
                        .right_to_left =
                            session->model->recipe->data.target_direction == S2S_RIGHT_TO_LEFT,
                        .attention = session->keeps_attention ? attention : NULL,
                        .open = open_sentences,
                        .step = step,
                        .logits = logits,
                        .allow = session->shortlist ? allow : NULL,
                        .possible = session->shortlist ? possible : NULL,
                        .close = close_sentence};
}
