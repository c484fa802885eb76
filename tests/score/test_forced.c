/* Forced decoding against the search's own scorer, stepped token by token, and against what the search reports of its
 * hypotheses; other pairs in the batch, batch sizes and threads change no bit. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "fixture.h"
#include "score/forced.h"
#include "search/search.h"
#include "search/session.h"

enum { BOS = 1, EOS = 2, MOST_PAIRS = 24, MOST_TOKENS = 2000 };

/* A model and the pairs of its batch, as the search sees them: without symbols, and short enough for these. */
typedef struct task {
    fixture f;
    s2s_example pairs[MOST_PAIRS];
    int n;
    size_t tokens; /* of all targets, with end symbols */
    s2s_forced *forced;
    s2s_session *session;
} task;

static void must(s2s_status status, const s2s_err *err) {
    if (status != S2S_OK) fail_msg("%s", err->message);
}

static int shorter(const s2s_stream *stream, int b) {
    int n = stream->starts[b + 1] - stream->starts[b];
    return n > 1 ? n - 1 : n;
}

/* The last target is empty. */
static void take_pairs(task *t) {
    const s2s_stream *source = t->f.batch.stream + S2S_SOURCE,
                     *target = t->f.batch.stream + S2S_TARGET;
    t->n = source->sequences;
    assert_true(t->n > 1 && t->n <= MOST_PAIRS);
    t->tokens = 0;
    for (int b = 0; b < t->n; b++) {
        t->pairs[b] = (s2s_example){.source = source->ids + source->starts[b],
                                    .target = target->ids + target->starts[b],
                                    .source_length = shorter(source, b),
                                    .target_length = b < t->n - 1 ? shorter(target, b) : 0};
        t->tokens += (size_t)t->pairs[b].target_length + 1;
    }
    assert_true(t->tokens < MOST_TOKENS);
}

/* Of a fixture that is open. */
static void begin(task *t, s2s_weight_type type) {
    s2s_err err = {0};
    take_pairs(t);
    must(s2s_params_pack(&t->f.model->params, type, &err), &err);
    must(s2s_forced_create(&t->forced, t->f.model,
                           (s2s_translation_symbols){EOS, BOS, EOS, S2S_LEFT_TO_RIGHT}, &err),
         &err);
    must(s2s_session_create(&t->session, t->f.model, (s2s_ends){BOS, EOS, EOS}, &err), &err);
}

static void end(task *t) {
    s2s_forced_free(t->forced);
    s2s_session_free(t->session);
    fixture_close(&t->f);
}

/* log p of n pairs, a copy into found. */
static void force(const task *t, const s2s_example *pairs, int n, s2s_real *found) {
    s2s_err err = {0};
    const s2s_real *made;
    size_t tokens = 0;
    for (int i = 0; i < n; i++) tokens += (size_t)pairs[i].target_length + 1;
    must(s2s_forced_run(t->forced, pairs, n, &made, &err), &err);
    memcpy(found, made, tokens * sizeof *made);
}

/* --- the reference --- */

static double log_softmax(const s2s_real *logits, int n, int entry) {
    double largest = -INFINITY, sum = 0;
    for (int i = 0; i < n; i++) largest = fmax(largest, (double)logits[i]);
    for (int i = 0; i < n; i++) sum += exp((double)logits[i] - largest);
    return (double)logits[entry] - largest - log(sum);
}

/* One token after the other; fills expected [target_length + 1]. */
static void step_through(const task *t, const s2s_example *pair, double *expected) {
    s2s_err err = {0};
    s2s_scorer scorer = s2s_session_scorer(t->session);
    const int32_t starts[] = {0, pair->source_length};
    s2s_step_row row = {.state = -1, .token = BOS};
    must(scorer.open(scorer.self, pair->source, starts, 1, &row.sentence, &err), &err);
    for (int i = 0; i <= pair->target_length; i++) {
        int label = i < pair->target_length ? pair->target[i] : EOS;
        s2s_real *logits;
        must(scorer.step(scorer.self, &row, 1, &err), &err);
        must(scorer.logits(scorer.self, 0, scorer.vocabulary, &logits, &err), &err);
        expected[i] = log_softmax(logits, scorer.vocabulary, label);
        row.state = row.next;
        row.token = label;
    }
    scorer.close(scorer.self, row.sentence);
}

static void check_steps(const task *t, double tolerance) {
    static s2s_real found[MOST_TOKENS];
    static double expected[MOST_TOKENS];
    const s2s_real *at = found;
    force(t, t->pairs, t->n, found);
    for (int b = 0; b < t->n; b++) {
        step_through(t, t->pairs + b, expected);
        for (int i = 0; i <= t->pairs[b].target_length; i++, at++)
            if (!(fabs((double)*at - expected[i]) <= tolerance))
                fail_msg("%s: pair %d, token %d: log p %.9g, stepped %.9g", t->f.name, b, i,
                         (double)*at, expected[i]);
    }
}

static void equals_steps(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; fixture_names[i]; i++) {
        task t;
        fixture_open(&t.f, fixture_names[i], NULL, 0);
        begin(&t, S2S_WEIGHT_FLOAT32);
        check_steps(&t, 2e-5);
        end(&t);
    }
}

/* Numbers that differ in the last bit may be quantized to neighbours. */
static void equals_steps_in_int8(void **state) {
    (void)state;
    for (int i = 0; fixture_names[i]; i++) {
        task t;
        fixture_open(&t.f, fixture_names[i], NULL, 0);
        begin(&t, S2S_WEIGHT_INT8);
        check_steps(&t, 0.05);
        end(&t);
    }
}

/* More rows than a chunk of the output layer has, and several tiles of the vocabulary. */
static void equals_steps_in_chunks(void **state) {
    (void)state;
    task t;
    fixture_make_large(&t.f);
    begin(&t, S2S_WEIGHT_FLOAT32);
    assert_true((int)t.tokens > s2s_cross_entropy_rows(t.f.model->target_vocabulary));
    check_steps(&t, 2e-5);
    end(&t);
}

/* --- what the search reports --- */

typedef struct comparison {
    const task *t;
    s2s_request request;
    int given, hypotheses, longest;
    double worst;
} comparison;

static s2s_status next_source(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    comparison *c = self;
    (void)err;
    *more = c->given < c->t->n;
    if (!*more) return S2S_OK;
    const s2s_example *pair = &c->t->pairs[c->given++];
    c->request = (s2s_request){.ids = pair->source, .n = pair->source_length};
    *request = &c->request;
    return S2S_OK;
}

/* The log p of a hypothesis that was cut has no end symbol. */
static s2s_status compare(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                          s2s_err *err) {
    comparison *c = self;
    for (int i = 0; i < n; i++, c->hypotheses++) {
        s2s_example pair = c->t->pairs[index];
        const s2s_real *found;
        pair.target = best[i].ids;
        pair.target_length = best[i].length;
        S2S_TRY(s2s_forced_run(c->t->forced, &pair, 1, &found, err));
        double sum = 0;
        for (int k = 0; k < best[i].scored; k++) {
            sum += (double)found[k];
            c->worst = fmax(c->worst, fabs((double)found[k] - best[i].log_probabilities[k]));
        }
        c->worst = fmax(c->worst, fabs(sum - best[i].log_probability));
        if (best[i].length > c->longest) c->longest = best[i].length;
    }
    return S2S_OK;
}

static void agrees_with_the_search(void **state) {
    (void)state;
    for (int i = 0; fixture_names[i]; i++) {
        task t;
        s2s_err err = {0};
        fixture_open(&t.f, fixture_names[i], NULL, 0);
        begin(&t, S2S_WEIGHT_FLOAT32);
        s2s_search_recipe search = t.f.recipe->search;
        search.type = S2S_BEAM;
        search.beam_size = 5;
        search.n_best = 4;
        search.max_decoding_length = 8;
        s2s_scorer scorer = s2s_session_scorer(t.session);
        comparison c = {.t = &t};
        must(s2s_search_run(&scorer, 1, &search,
                            (s2s_search_io){.self = &c, .next = next_source, .done = compare},
                            &err),
             &err);
        assert_true(c.hypotheses > t.n && c.longest > 1);
        if (!(c.worst <= 1e-4)) fail_msg("%s: log p is off by %g", t.f.name, c.worst);
        end(&t);
    }
}

/* --- batches --- */

static void check_batches(s2s_weight_type type) {
    static s2s_real alone[MOST_TOKENS], together[MOST_TOKENS], backwards[MOST_TOKENS];
    task t;
    fixture_make_large(&t.f);
    s2s_threads_set(1);
    begin(&t, type);
    s2s_real *at = alone;
    for (int b = 0; b < t.n; b++) {
        force(&t, t.pairs + b, 1, at);
        at += t.pairs[b].target_length + 1;
    }
    for (int threads = 1; threads <= 3; threads++) {
        s2s_threads_set(threads);
        force(&t, t.pairs, t.n, together);
        assert_memory_equal(alone, together, t.tokens * sizeof *alone);
    }
    s2s_example reversed[MOST_PAIRS];
    for (int b = 0; b < t.n; b++) reversed[b] = t.pairs[t.n - 1 - b];
    force(&t, reversed, t.n, backwards);
    const s2s_real *last = backwards + t.tokens;
    at = alone;
    for (int b = 0; b < t.n; b++) {
        size_t tokens = (size_t)t.pairs[b].target_length + 1;
        last -= tokens;
        assert_memory_equal(at, last, tokens * sizeof *at);
        at += tokens;
    }
    s2s_threads_set(2);
    end(&t);
}

static void batches_do_not_matter(void **state) {
    (void)state;
    check_batches(S2S_WEIGHT_FLOAT32);
    check_batches(S2S_WEIGHT_INT8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_steps),           cmocka_unit_test(equals_steps_in_int8),
        cmocka_unit_test(equals_steps_in_chunks), cmocka_unit_test(agrees_with_the_search),
        cmocka_unit_test(batches_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
