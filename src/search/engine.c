/* The engine: continuous batching. Each round opens waiting sentences where places are free, takes
 * one step with a row for every live hypothesis of all open sentences, and closes those that are
 * done.
 *
 * What a sentence's result is follows from its own rows alone (sentence.c); who sits in the batch,
 * and when, is decided here and changes no result. So there may be several engines at work, each
 * with a scorer of its own, that take sentences from one exchange: with as many workers as threads
 * nobody waits for another at every step, as the threads of one product do. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/thread.h"
#include "search/exchange.h"
#include "search/rank.h"
#include "search/sentence.h"

/* Places are filled when at least 1/8 of them are free: larger groups encode faster. Open sentences
 * may hold 4 times batch_tokens together. */
enum { REFILL_SHARE = 8, OPEN_GROUPS = 4 };

/* Sentences that are opened together. */
typedef struct group {
    int32_t *ids, *starts, *handles; /* [capacity], [places + 1], [places] */
    size_t capacity;
    int n;
} group;

/* Whose row it is: live hypothesis `live` of a sentence. */
typedef struct owner {
    const s2s_sentence *sentence;
    int live;
    size_t tokens; /* where its best tokens begin */
} owner;

typedef struct engine {
    const s2s_scorer *scorer;
    int worker; /* its number */
    s2s_search_rules rules;
    const s2s_search_recipe *recipe;
    s2s_exchange *exchange;
    s2s_selection selection;
    s2s_sentence *sentences; /* [places]; the first `open` of them are open */
    int places, open;
    int64_t open_tokens;
    group group;
    s2s_step_row *rows;      /* one for each live hypothesis, those of a sentence together */
    owner *owners;           /* [rows] */
    s2s_token_score *tokens; /* of each row as many as its sentence looks at */
    s2s_topk *best;          /* [rows] */
    int *counts;             /* [rows] */
    s2s_real *whole;         /* whole rows of logits, of those sentences that want them */
    size_t rows_capacity, owners_capacity, tokens_capacity, best_capacity, counts_capacity;
    size_t whole_capacity;
    s2s_arena arena;
} engine;

/* --- opening --- */

static s2s_status append_source(engine *e, uint64_t index, s2s_request *request, s2s_err *err) {
    group *g = &e->group;
    size_t used = (size_t)g->starts[g->n], n = (size_t)request->n;
    S2S_TRY(s2s_sentence_begin(&e->sentences[e->open + g->n], index, request, &e->rules, e->scorer,
                               err));
    S2S_TRY(s2s_grow(&g->ids, &g->capacity, used + n, sizeof *g->ids, err));
    memcpy(g->ids + used, request->ids, n * sizeof *g->ids);
    g->starts[++g->n] = (int32_t)(used + n);
    return S2S_OK;
}

static bool fits(const engine *e, int tokens) {
    int64_t in_group = e->group.starts[e->group.n];
    if (e->group.n && in_group + tokens > e->recipe->batch_tokens) return false;
    bool alone = !e->group.n && !e->open;
    return alone || e->open_tokens + in_group + tokens <= OPEN_GROUPS * e->recipe->batch_tokens;
}

static s2s_status fill_group(engine *e, s2s_err *err) {
    for (int share = 1; e->open + e->group.n < e->places && e->group.n < share;) {
        uint64_t index;
        const s2s_window_slot *slot;
        bool idle = !e->open && !e->group.n;
        S2S_TRY(s2s_exchange_next(e->exchange, idle, &slot, &index, err));
        if (!slot || !fits(e, slot->request->n)) break;
        if (!e->group.n) share = s2s_exchange_share(e->exchange);
        S2S_TRY(append_source(e, index, s2s_window_pop(&e->exchange->window), err));
    }
    return S2S_OK;
}

static s2s_status gather_group(engine *e, s2s_err *err) {
    e->group.n = 0;
    s2s_exchange_enter(e->exchange);
    s2s_status status = fill_group(e, err);
    s2s_exchange_leave(e->exchange);
    return status;
}

/* What a sentence is asked to have must be possible. */
static s2s_status allow_asked(const s2s_scorer *scorer, const s2s_sentence *sentence,
                              s2s_err *err) {
    const s2s_request *asked = sentence->request;
    if (!scorer->allow) return S2S_OK;
    if (asked->prefix_n)
        S2S_TRY(scorer->allow(scorer->self, sentence->handle, asked->prefix, asked->prefix_n, err));
    for (int i = 0; i < asked->required.n; i++)
        S2S_TRY(scorer->allow(scorer->self, sentence->handle, asked->required.items[i].ids,
                              asked->required.items[i].n, err));
    return S2S_OK;
}

static s2s_status admit(engine *e, s2s_err *err) {
    int free_places = e->places - e->open;
    if (e->open && free_places < (e->places + REFILL_SHARE - 1) / REFILL_SHARE) return S2S_OK;
    do {
        S2S_TRY(gather_group(e, err));
        const group *g = &e->group;
        if (!g->n) return S2S_OK;
        S2S_TRY(e->scorer->open(e->scorer->self, g->ids, g->starts, g->n, g->handles, err));
        for (int i = 0; i < g->n; i++) e->sentences[e->open++].handle = g->handles[i];
        e->open_tokens += g->starts[g->n];
        for (int i = e->open - g->n; i < e->open; i++)
            S2S_TRY(allow_asked(e->scorer, &e->sentences[i], err));
    } while (e->exchange->workers == 1); /* others shall have their share */
    return S2S_OK;
}

/* --- a step --- */

/* What the rows of all sentences need together. */
typedef struct row_needs {
    size_t rows, tokens, whole;
} row_needs;

static row_needs count_rows(const engine *e) {
    row_needs n = {0};
    for (int i = 0; i < e->open; i++) {
        const s2s_sentence *sentence = &e->sentences[i];
        size_t rows = (size_t)sentence->live_n;
        n.rows += rows;
        n.tokens += rows * (size_t)s2s_sentence_rules(sentence)->selector.per_row;
        if (s2s_sentence_wants_rows(sentence)) n.whole += rows;
    }
    return n;
}

static s2s_status reserve_rows(engine *e, row_needs n, s2s_err *err) {
    size_t logits = n.whole * (size_t)e->scorer->vocabulary;
    S2S_TRY(s2s_grow(&e->rows, &e->rows_capacity, n.rows, sizeof *e->rows, err));
    S2S_TRY(s2s_grow(&e->owners, &e->owners_capacity, n.rows, sizeof *e->owners, err));
    S2S_TRY(s2s_grow(&e->tokens, &e->tokens_capacity, n.tokens, sizeof *e->tokens, err));
    S2S_TRY(s2s_grow(&e->best, &e->best_capacity, n.rows, sizeof *e->best, err));
    if (logits) S2S_TRY(s2s_grow(&e->whole, &e->whole_capacity, logits, sizeof *e->whole, err));
    return s2s_grow(&e->counts, &e->counts_capacity, n.rows, sizeof *e->counts, err);
}

static s2s_status gather_rows(engine *e, int *n, s2s_err *err) {
    S2S_TRY(reserve_rows(e, count_rows(e), err));
    size_t tokens = 0;
    s2s_real *whole = e->whole;
    *n = 0;
    for (int i = 0; i < e->open; i++) {
        const s2s_sentence *sentence = &e->sentences[i];
        int per_row = s2s_sentence_rules(sentence)->selector.per_row;
        bool wants = s2s_sentence_wants_rows(sentence);
        for (int j = 0; j < sentence->live_n; j++, ++*n) {
            const s2s_live *live = &sentence->live[j];
            e->owners[*n] = (owner){sentence, j, tokens};
            e->rows[*n] = (s2s_step_row){sentence->handle, live->state, live->token, -1};
            e->best[*n] = s2s_topk_begin(e->tokens + tokens, per_row);
            if (wants) e->best[*n].row = whole;
            if (wants) whole += e->scorer->vocabulary;
            tokens += (size_t)per_row;
        }
    }
    return S2S_OK;
}

/* Before these logits of a row are looked at. */
static void process_row(void *self, int row, const s2s_logits *logits) {
    engine *e = self;
    const s2s_sentence *sentence = e->owners[row].sentence;
    if (s2s_sentence_is_forced(sentence)) return; /* nothing is chosen */
    s2s_history history = s2s_sentence_history(sentence, e->owners[row].live);
    s2s_processors_apply(&s2s_sentence_rules(sentence)->processors, &history, logits);
}

static s2s_status score_rows(engine *e, int n, s2s_err *err) {
    S2S_TRY(s2s_rank(e->scorer, n, e->best, process_row, e, err));
    for (int i = 0; i < n; i++) e->counts[i] = s2s_topk_end(e->best + i);
    for (int i = 0; i < n; i++)
        if (e->counts[i] < 0)
            return s2s_fail(
                err, S2S_NUMERIC,
                "the model's scores for sentence %" PRIu64
                " are not finite numbers: its weights are damaged, or training diverged",
                e->owners[i].sentence->index + 1);
    return S2S_OK;
}

/* --- closing --- */

static void close_sentence(engine *e, int i) {
    s2s_sentence closed = e->sentences[i];
    e->scorer->close(e->scorer->self, closed.handle);
    e->open_tokens -= closed.request->n;
    e->open--;
    e->sentences[i] = e->sentences[e->open];
    e->sentences[e->open] = closed; /* its memory serves the next one */
}

/* Outside the lock, since what the caller does with it may take longer than the search. */
static s2s_status make_result(engine *e, s2s_sentence *sentence, s2s_result **made, s2s_err *err) {
    const s2s_search_io *io = &e->exchange->io;
    s2s_result *result;
    S2S_TRY(s2s_sentence_result(sentence, io->attention, &result, err));
    s2s_status status =
        io->found ? io->found(io->self, e->worker, result->best, &result->n, err) : S2S_OK;
    if (status == S2S_OK)
        *made = result;
    else
        free(result);
    return status;
}

static s2s_status finish_sentence(engine *e, int i, s2s_err *err) {
    s2s_result *result;
    S2S_TRY(make_result(e, &e->sentences[i], &result, err));
    s2s_exchange_enter(e->exchange);
    s2s_window_finish(&e->exchange->window, e->sentences[i].index, result);
    s2s_exchange_leave(e->exchange);
    close_sentence(e, i);
    return S2S_OK;
}

/* From the last sentence to the first, so that the one that moves into a closed one's place is
 * advanced already. */
static s2s_status advance_all(engine *e, int rows, s2s_err *err) {
    int row = rows;
    for (int i = e->open - 1; i >= 0; i--) {
        s2s_sentence *sentence = &e->sentences[i];
        row -= sentence->live_n;
        s2s_step_scores scores = {e->tokens + e->owners[row].tokens, e->counts + row, e->best + row,
                                  e->rows + row};
        bool done;
        S2S_TRY(s2s_sentence_advance(sentence, &scores, &e->selection, &done, err));
        if (done) S2S_TRY(finish_sentence(e, i, err));
    }
    return S2S_OK;
}

static s2s_status step(engine *e, s2s_err *err) {
    int n;
    S2S_TRY(gather_rows(e, &n, err));
    S2S_TRY(e->scorer->step(e->scorer->self, e->rows, n, err));
    S2S_TRY(score_rows(e, n, err));
    return advance_all(e, n, err);
}

/* --- the run --- */

static s2s_status start(engine *e, s2s_err *err) {
    S2S_TRY(s2s_search_rules_init(&e->rules, e->recipe, false, e->scorer, err));
    size_t places = (size_t)s2s_search_batch(e->recipe);
    e->group.starts = s2s_arena_alloc(&e->arena, (places + 1) * sizeof *e->group.starts, err);
    e->group.handles = s2s_arena_alloc(&e->arena, places * sizeof *e->group.handles, err);
    e->sentences = s2s_arena_alloc(&e->arena, places * sizeof *e->sentences, err);
    if (!e->group.starts || !e->group.handles || !e->sentences) return S2S_MEMORY;
    for (; e->places < (int)places; e->places++) e->sentences[e->places] = (s2s_sentence){0};
    return S2S_OK;
}

static s2s_status deliver(engine *e, s2s_err *err) {
    s2s_exchange_enter(e->exchange);
    s2s_status status = s2s_exchange_deliver(e->exchange, err);
    s2s_exchange_leave(e->exchange);
    return status;
}

static s2s_status run(engine *e, s2s_err *err) {
    S2S_TRY(start(e, err));
    while (!e->exchange->stopped) {
        if (s2s_interrupted()) return s2s_fail(err, S2S_INTERRUPTED, "interrupted");
        S2S_TRY(admit(e, err));
        if (!e->open) break;
        S2S_TRY(step(e, err));
        S2S_TRY(deliver(e, err));
    }
    return S2S_OK;
}

static void release(engine *e) {
    while (e->open) close_sentence(e, e->open - 1);
    for (int i = 0; i < e->places; i++) s2s_sentence_release(&e->sentences[i]);
    s2s_search_rules_release(&e->rules);
    free(e->group.ids);
    free(e->rows);
    free(e->owners);
    free(e->tokens);
    free(e->best);
    free(e->counts);
    free(e->whole);
    s2s_selection_release(&e->selection);
    s2s_arena_release(&e->arena);
}

/* --- workers --- */

/* What all of them work on. */
typedef struct job {
    const s2s_scorer *scorers;
    const s2s_search_recipe *recipe;
    s2s_exchange *exchange;
} job;

static s2s_status work(void *self, int worker, s2s_err *err) {
    const job *j = self;
    engine e = {.scorer = j->scorers + worker,
                .worker = worker,
                .recipe = j->recipe,
                .exchange = j->exchange};
    s2s_status status = run(&e, err);
    release(&e);
    if (status != S2S_OK) s2s_exchange_stop(j->exchange);
    return status;
}

/* As many workers as there are scorers; where there will never be a sentence for each, the threads work
 * together on each step. */
static s2s_status run_workers(const s2s_scorer *scorers, const s2s_search_recipe *recipe,
                              s2s_exchange *exchange, s2s_err *err) {
    const s2s_window_slot *slot;
    uint64_t index;
    s2s_exchange_enter(exchange);
    s2s_status status = s2s_exchange_next(exchange, true, &slot, &index, err);
    s2s_exchange_leave(exchange);
    S2S_TRY(status);
    if (s2s_window_is_last(&exchange->window, exchange->workers)) exchange->workers = 1;
    job j = {scorers, recipe, exchange};
    return exchange->workers > 1 ? s2s_threads_each(exchange->workers, work, &j, err)
                                 : work(&j, 0, err);
}

s2s_status s2s_search_check(const s2s_scorer *scorer, const s2s_search_recipe *recipe,
                            bool constrained, s2s_err *err) {
    s2s_search_rules rules = {0};
    s2s_status status = s2s_search_rules_init(&rules, recipe, constrained, scorer, err);
    s2s_search_rules_release(&rules);
    return status;
}

s2s_status s2s_search_run(const s2s_scorer *scorers, int n, const s2s_search_recipe *recipe,
                          s2s_search_io io, s2s_err *err) {
    s2s_exchange exchange;
    /* Before anything is read. */
    S2S_TRY(s2s_search_check(scorers, recipe, false, err));
    s2s_status status = s2s_exchange_init(&exchange, recipe, io, n, err);
    if (status == S2S_OK) status = run_workers(scorers, recipe, &exchange, err);
    s2s_exchange_release(&exchange);
    return status;
}
