/* See trial.h. */
#include "trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- drawing --- */

int trial_draw(trial *t, int bound) {
    return (int)s2s_rng_below(&t->rng, (uint64_t)bound);
}

double trial_choose(trial *t, const double *values, int n) {
    return values[trial_draw(t, n)];
}

/* No eos and no bos. */
static int32_t draw_token(trial *t) {
    return 2 + trial_draw(t, t->model.scorer.vocabulary - 2);
}

void trial_init(trial *t, uint64_t number) {
    static const double penalties[] = {-0.5, 0, 0, 0.6, 1, 1.7}, ratios[] = {0, 0, 0.5, 1.5};
    *t = (trial){.rng = s2s_rng_init(2, number)};
    fake_init(&t->model, 4 + trial_draw(t, 7));
    if (trial_draw(t, 3) == 0) t->model.grain = 1; /* most candidates are equal */
    int beam = 1 + trial_draw(t, 5);
    t->recipe = fake_recipe(beam, 1 + trial_draw(t, beam), 1 + trial_draw(t, 4));
    t->recipe.length_penalty = trial_choose(t, penalties, 6);
    t->recipe.max_decoding_length = 1 + trial_draw(t, 9);
    t->recipe.max_length_ratio = trial_choose(t, ratios, 4);
    t->recipe.max_length_offset = trial_draw(t, 3);
    t->recipe.min_decoding_length = trial_draw(t, 3) ? 0 : trial_draw(t, 5);
    for (int i = 0; i < TRIAL_SENTENCES; i++) {
        trial_sentence *s = &t->sentences[i];
        t->requests[i] = (s2s_request){.ids = s->source, .n = 1 + trial_draw(t, TRIAL_SOURCE)};
        for (int k = 0; k < TRIAL_SOURCE; k++) s->source[k] = trial_draw(t, 1000);
    }
}

void trial_add_prefixes(trial *t) {
    for (int i = 0; i < TRIAL_SENTENCES; i++) {
        for (int k = 0; k < TRIAL_PREFIX; k++) t->sentences[i].prefix[k] = draw_token(t);
        t->requests[i].prefix = t->sentences[i].prefix;
        t->requests[i].prefix_n = trial_draw(t, TRIAL_PREFIX + 1);
    }
}

static s2s_phrases draw_phrases(trial *t, trial_sentence *s, int first, int most) {
    s2s_phrases phrases = {s->phrases + first, trial_draw(t, most + 1)};
    for (int i = first; i < first + phrases.n; i++) {
        s->phrases[i] = (s2s_phrase){s->ids[i], 1 + trial_draw(t, TRIAL_PHRASE)};
        for (int k = 0; k < TRIAL_PHRASE; k++) s->ids[i][k] = draw_token(t);
    }
    return phrases;
}

void trial_add_required(trial *t, int most) {
    for (int i = 0; i < TRIAL_SENTENCES; i++)
        t->requests[i].required = draw_phrases(t, &t->sentences[i], 0, most);
}

void trial_add_forbidden(trial *t, int most) {
    for (int i = 0; i < TRIAL_SENTENCES; i++)
        t->requests[i].forbidden = draw_phrases(t, &t->sentences[i], TRIAL_PHRASES, most);
}

/* --- searching --- */

static void search(const trial *t, int workers, s2s_search_io how) {
    enum { WORKERS_MOST = 3 };
    fake fakes[WORKERS_MOST];
    s2s_scorer scorers[WORKERS_MOST];
    s2s_err err = {0};
    assert_true(workers <= WORKERS_MOST);
    for (int i = 0; i < workers; i++) {
        fakes[i] = t->model;
        scorers[i] = t->model.scorer;
        scorers[i].self = &fakes[i];
    }
    if (s2s_search_run(scorers, workers, &t->recipe, how, &err) != S2S_OK)
        fail_msg("%s", err.message);
    for (int i = 0; i < workers; i++) fake_release(&fakes[i]);
}

void trial_run(const trial *t, int workers, s2s_buf *output) {
    fake_io io = {.requests = t->requests,
                  .sentences = TRIAL_SENTENCES,
                  .keep = true,
                  .attention = t->attention};
    search(t, workers, fake_io_make(&io));
    *output = io.output; /* now the caller's */
    io.output = (s2s_buf){0};
    fake_io_release(&io);
}

void trial_check(const trial *t) {
    s2s_buf found, expected = {0};
    trial_run(t, 1, &found);
    for (int i = 0; i < TRIAL_SENTENCES; i++) {
        reference_problem p = reference_open(&t->model, &t->recipe, &t->requests[i]);
        reference_search(&p, (uint64_t)i, t->attention, &expected);
    }
    assert_same_bytes(&found, &expected);
    s2s_buf_release(&found);
    s2s_buf_release(&expected);
}

typedef struct looking {
    fake_io io;
    const trial *t;
    trial_look *look;
    void *self;
} looking;

static s2s_status next_of(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    looking *l = self;
    return fake_io_make(&l->io).next(&l->io, request, more, err);
}

static s2s_status look_at(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                          s2s_err *err) {
    (void)err;
    looking *l = self;
    reference_problem p = reference_open(&l->t->model, &l->t->recipe, &l->t->requests[index]);
    l->look(l->self, &p, best, n);
    l->io.done++;
    return S2S_OK;
}

void trial_each(const trial *t, trial_look *look, void *self) {
    looking l = {.io = {.requests = t->requests, .sentences = TRIAL_SENTENCES},
                 .t = t,
                 .look = look,
                 .self = self};
    s2s_search_io io = {.self = &l, .attention = t->attention, .next = next_of, .done = look_at};
    search(t, 1, io);
    assert_int_equal(l.io.done, TRIAL_SENTENCES);
    fake_io_release(&l.io);
}

/* --- comparing --- */

reference_text trial_text(const s2s_hypothesis *h) {
    reference_text text = {.n = h->scored, .log_probability = h->log_probability};
    assert_true(h->scored <= REFERENCE_LONGEST);
    memcpy(text.ids, h->ids, (size_t)h->length * sizeof *text.ids);
    if (h->scored > h->length) text.ids[h->length] = FAKE_EOS;
    memcpy(text.each, h->log_probabilities, (size_t)h->scored * sizeof *text.each);
    return text;
}

void assert_close(double value, double expected) {
    if (!(fabs(value - expected) <= 1e-9)) fail_msg("%.12f is not %.12f", value, expected);
}

void assert_same_bytes(const s2s_buf *a, const s2s_buf *b) {
    assert_int_equal(a->size, b->size);
    assert_true(a->size > 0);
    assert_memory_equal(a->data, b->data, a->size);
}
