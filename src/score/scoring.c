/* See scoring.h. */
#include "score/scoring.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/longest_first.h"
#include "base/memory.h"
#include "base/thread.h"
#include "score/forced.h"
#include "search/session.h"

/* A window has so many batches, or with many workers so many for each. */
enum { WINDOW_BATCHES = 16, WORKER_BATCHES = 4 };

/* A side of a pair: ids[first] .. ids[first + n - 1]; behind a target's stands its end symbol. */
typedef struct side {
    size_t first;
    int n;
    bool cut;
} side;

typedef struct pair {
    side source, target;
    size_t at; /* of its first log p */
} pair;

typedef struct worker {
    s2s_forced *forced;    /* NULL before its first batch */
    s2s_example *examples; /* of a batch */
    size_t capacity;
} worker;

struct s2s_scoring {
    const s2s_model *model;
    const s2s_vocabulary *source, *target;
    worker *workers; /* [workers_n] one for each thread */
    int workers_n;
    s2s_scoring_io io;
    s2s_cut cut_source, cut_target;    /* of what is longer, without symbols */
    int64_t batch_tokens, batch_pairs; /* batch_pairs 0: no such limit */
    uint64_t delivered, cut;
    /* of the window */
    s2s_ids ids;
    pair *pairs;
    int *lines;         /* pairs of each line */
    s2s_waiting *order; /* of those that are to be scored, the longest first */
    s2s_real *log_probabilities;
    size_t pairs_n, lines_n, order_n, tokens_n;
    int64_t length; /* of all pairs, by their longer sides */
    size_t next;    /* place of the order where the next batch begins */
    bool stopped;   /* a worker has failed */
    size_t pairs_capacity, lines_capacity, order_capacity, tokens_capacity;
    s2s_target_score *scores; /* of one line */
    size_t scores_capacity;
};

/* --- life --- */

s2s_status s2s_scoring_create(s2s_scoring **created, const s2s_model *model,
                              const s2s_vocabulary *source, const s2s_vocabulary *target,
                              s2s_err *err) {
    *created = NULL;
    S2S_TRY(s2s_recipe_needs_targets(model->recipe, err));
    s2s_scoring *s = calloc(1, sizeof *s);
    if (!s) return s2s_fail_memory(err, sizeof *s);
    *s = (s2s_scoring){
        .model = model, .source = source, .target = target, .workers_n = s2s_threads()};
    s->workers = calloc((size_t)s->workers_n, sizeof *s->workers);
    if (!s->workers) {
        free(s);
        return s2s_fail_memory(err, sizeof *s->workers);
    }
    *created = s;
    return S2S_OK;
}

void s2s_scoring_free(s2s_scoring *s) {
    if (!s) return;
    for (int i = 0; i < s->workers_n; i++) {
        s2s_forced_free(s->workers[i].forced);
        free(s->workers[i].examples);
    }
    s2s_ids_release(&s->ids);
    void *arrays[] = {s->workers, s->pairs, s->lines, s->order, s->log_probabilities, s->scores};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) free(arrays[i]);
    free(s);
}

uint64_t s2s_scoring_cut(const s2s_scoring *scoring) {
    return scoring->cut;
}

/* --- reading a window --- */

static s2s_status encode(s2s_scoring *s, const s2s_vocabulary *vocabulary, const char *text,
                         size_t length, const s2s_cut *cut, side *made, s2s_err *err) {
    made->first = s->ids.size;
    S2S_TRY(s2s_vocabulary_encode_cut(vocabulary, text, length, cut, &s->ids, &made->cut, err));
    made->n = (int)(s->ids.size - made->first);
    s->cut += made->cut;
    return S2S_OK;
}

/* `before`: the pair before it in its line, or NULL. */
static s2s_status add_pair(s2s_scoring *s, const s2s_pair *texts, const s2s_pair *before,
                           s2s_err *err) {
    S2S_TRY(s2s_grow(&s->pairs, &s->pairs_capacity, s->pairs_n + 1, sizeof *s->pairs, err));
    pair *p = s->pairs + s->pairs_n;
    *p = before ? p[-1] : (pair){0};
    if (!before || before->source != texts->source)
        S2S_TRY(encode(s, s->source, texts->source, texts->source_length, &s->cut_source,
                       &p->source, err));
    if (!before || before->target != texts->target) {
        S2S_TRY(encode(s, s->target, texts->target, texts->target_length, &s->cut_target,
                       &p->target, err));
        S2S_TRY(s2s_ids_push(&s->ids, s2s_vocabulary_eos(s->target), err));
    }
    p->at = s->tokens_n;
    s->tokens_n += (size_t)p->target.n + 1;
    s->pairs_n++;
    return S2S_OK;
}

/* Tokens of the longer side, with its symbol. */
static int length_of(const pair *p) {
    return (p->source.n > p->target.n ? p->source.n : p->target.n) + 1;
}

static s2s_status read_line(s2s_scoring *s, bool *more, s2s_err *err) {
    const s2s_pair *texts;
    int n;
    S2S_TRY(s->io.next(s->io.self, &texts, &n, more, err));
    if (!*more) return S2S_OK;
    S2S_TRY(s2s_grow(&s->lines, &s->lines_capacity, s->lines_n + 1, sizeof *s->lines, err));
    s->lines[s->lines_n++] = n;
    for (int i = 0; i < n; i++) {
        S2S_TRY(add_pair(s, texts + i, i ? texts + i - 1 : NULL, err));
        s->length += length_of(s->pairs + s->pairs_n - 1);
    }
    s->length += !n; /* no line is free */
    return S2S_OK;
}

static s2s_status read_window(s2s_scoring *s, bool *more, s2s_err *err) {
    int64_t batches = WORKER_BATCHES * s->workers_n;
    if (batches < WINDOW_BATCHES) batches = WINDOW_BATCHES;
    int64_t most = s->batch_pairs == 1 ? 1 : batches * s->batch_tokens;
    s->ids.size = 0;
    s->pairs_n = s->lines_n = s->tokens_n = 0;
    s->length = 0;
    while (*more && s->length < most) S2S_TRY(read_line(s, more, err));
    return s2s_grow(&s->log_probabilities, &s->tokens_capacity, s->tokens_n,
                    sizeof *s->log_probabilities, err);
}

/* --- scoring it --- */

/* What the model is not asked about: see scoring.h. */
static bool is_certain(const pair *p) {
    return p->source.n == 0 && p->target.n == 0;
}

static s2s_status sort_pairs(s2s_scoring *s, s2s_err *err) {
    S2S_TRY(s2s_grow(&s->order, &s->order_capacity, s->pairs_n, sizeof *s->order, err));
    s->order_n = 0;
    for (size_t i = 0; i < s->pairs_n; i++) {
        const pair *p = s->pairs + i;
        if (is_certain(p))
            s->log_probabilities[p->at] = 0;
        else
            s->order[s->order_n++] = (s2s_waiting){i, length_of(p)};
    }
    s2s_sort_longest_first(s->order, s->order_n);
    return S2S_OK;
}

/* How many pairs of the order, from `first` on, make the next batch. */
static int batch_size(const s2s_scoring *s, size_t first) {
    int64_t source = 0, target = 0;
    size_t end = first;
    for (; end < s->order_n; end++) {
        const pair *p = s->pairs + s->order[end].index;
        source += p->source.n + 1;
        target += p->target.n + 1;
        bool full = source > s->batch_tokens || target > s->batch_tokens ||
                    (s->batch_pairs && end - first == (size_t)s->batch_pairs);
        if (full && end > first) break;
    }
    return (int)(end - first);
}

/* The next batch for a worker; 0: there is none. */
static int take_batch(s2s_scoring *s, const s2s_waiting **order) {
    int n = 0;
#pragma omp critical(s2s_scoring_batch)
    if (!s->stopped) {
        n = batch_size(s, s->next);
        *order = s->order + s->next;
        s->next += (size_t)n;
    }
    return n;
}

static s2s_status make_forced(const s2s_scoring *s, worker *w, s2s_err *err) {
    s2s_translation_symbols symbols =
        s2s_translation_symbols_of(s->model->recipe, s->source, s->target);
    return w->forced ? S2S_OK : s2s_forced_create(&w->forced, s->model, symbols, err);
}

static bool goes_from_right_to_left(const s2s_scoring *s) {
    return s->model->recipe->data.target_direction == S2S_RIGHT_TO_LEFT;
}

/* log p of a pair's tokens, as they were written, to the order of the text; the end symbol is the last in both. */
static void put_in_order(const s2s_scoring *s, const pair *p, const s2s_real *found) {
    size_t n = (size_t)p->target.n;
    s2s_real *to = s->log_probabilities + p->at;
    memcpy(to, found, (n + 1) * sizeof *to);
    if (goes_from_right_to_left(s)) s2s_reverse(to, n, sizeof *to);
}

static s2s_status score_batch(const s2s_scoring *s, worker *w, const s2s_waiting *order, int n,
                              s2s_err *err) {
    const s2s_real *found;
    S2S_TRY(make_forced(s, w, err));
    S2S_TRY(s2s_grow(&w->examples, &w->capacity, (size_t)n, sizeof *w->examples, err));
    for (int i = 0; i < n; i++) {
        const pair *p = s->pairs + order[i].index;
        w->examples[i] = (s2s_example){.source = s->ids.data + p->source.first,
                                       .target = s->ids.data + p->target.first,
                                       .source_length = p->source.n,
                                       .target_length = p->target.n};
    }
    S2S_TRY(s2s_forced_run(w->forced, w->examples, n, &found, err));
    for (int i = 0; i < n; i++) {
        const pair *p = s->pairs + order[i].index;
        put_in_order(s, p, found);
        found += p->target.n + 1;
    }
    return S2S_OK;
}

static s2s_status score_batches(s2s_scoring *s, worker *w, s2s_err *err) {
    const s2s_waiting *order;
    for (int n; (n = take_batch(s, &order)) > 0;) {
        if (s2s_interrupted()) return s2s_fail(err, S2S_INTERRUPTED, "interrupted");
        S2S_TRY(score_batch(s, w, order, n, err));
    }
    return S2S_OK;
}

static s2s_status work(void *self, int i, s2s_err *err) {
    s2s_scoring *s = self;
    s2s_status status = score_batches(s, s->workers + i, err);
    if (status == S2S_OK) return S2S_OK;
#pragma omp critical(s2s_scoring_batch)
    s->stopped = true;
    return status;
}

/* With a batch for each, workers do not wait for each other; with less, the threads share each product. Either way the
 * scores are the same, bit for bit (forced.h). */
static s2s_status score_window(s2s_scoring *s, s2s_err *err) {
    S2S_TRY(sort_pairs(s, err));
    s->next = 0;
    s->stopped = false;
    bool many = s->workers_n > 1 && s->length >= s->workers_n * s->batch_tokens;
    return many ? s2s_threads_each(s->workers_n, work, s, err) : work(s, 0, err);
}

/* --- giving it out --- */

static s2s_target_score score_of(const s2s_scoring *s, const pair *p) {
    s2s_target_score score = {.ids = s->ids.data + p->target.first,
                              .log_probabilities = s->log_probabilities + p->at,
                              .tokens = p->target.n + !p->target.cut,
                              .cut = p->target.cut};
    for (int i = 0; i < score.tokens; i++)
        score.log_probability += (double)score.log_probabilities[i];
    return score;
}

static s2s_status deliver_line(s2s_scoring *s, const pair *pairs, int n, s2s_err *err) {
    S2S_TRY(s2s_grow(&s->scores, &s->scores_capacity, (size_t)n, sizeof *s->scores, err));
    for (int i = 0; i < n; i++) {
        s->scores[i] = score_of(s, pairs + i);
        if (!isfinite(s->scores[i].log_probability))
            return s2s_fail(err, S2S_NUMERIC,
                            "the model's score of line %" PRIu64
                            " is not a finite number: its weights are damaged, or training "
                            "diverged",
                            s->delivered + 1);
    }
    return s->io.done(s->io.self, s->delivered++, s->scores, n, err);
}

static s2s_status deliver_window(s2s_scoring *s, s2s_err *err) {
    const pair *next = s->pairs;
    for (size_t i = 0; i < s->lines_n; i++) {
        S2S_TRY(deliver_line(s, next, s->lines[i], err));
        next += s->lines[i];
    }
    return S2S_OK;
}

/* Tokens that a stack reads at most, besides the symbol. */
static size_t longest_side(const s2s_stack_recipe *stack) {
    return (size_t)s2s_session_longest(stack) - 1;
}

/* Sources are read as the search reads them. A target is there already: all of it is scored, or as much as the decoder
 * has positions for, from where it begins to write. */
static void set_cuts(s2s_scoring *s, const s2s_search_recipe *search) {
    const s2s_recipe *recipe = s->model->recipe;
    size_t source = longest_side(&recipe->encoder), asked = (size_t)search->max_source_length;
    s->cut_source = (s2s_cut){.keep = search->long_sources,
                              .most = asked < source ? asked : source,
                              .head_share = search->head_share};
    s->cut_target = (s2s_cut){.keep = goes_from_right_to_left(s) ? S2S_LONG_TAIL : S2S_LONG_HEAD,
                              .most = longest_side(&recipe->decoder)};
}

s2s_status s2s_scoring_run(s2s_scoring *s, const s2s_search_recipe *search, s2s_scoring_io io,
                           s2s_err *err) {
    s->io = io;
    s->batch_tokens = search->batch_tokens;
    s->batch_pairs = search->batch_sentences;
    set_cuts(s, search);
    s->delivered = 0;
    for (bool more = true; more;) {
        S2S_TRY(read_window(s, &more, err));
        S2S_TRY(score_window(s, err));
        S2S_TRY(deliver_window(s, err));
    }
    return S2S_OK;
}
