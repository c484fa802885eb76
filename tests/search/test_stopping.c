/* When a beam ends: patience, the bound, and how much of all that is possible it has then found. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trial.h"

enum { TRIALS = 300 };

static void test_patience(void **state) {
    (void)state;
    static const double patiences[] = {0.2, 0.5, 1.5, 2, 3.3};
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.recipe.patience = trial_choose(&t, patiences, 5);
        trial_check(&t);
    }
}

static void test_bound(void **state) {
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.recipe.stopping = S2S_STOP_BOUND;
        if (i & 1) t.recipe.length_penalty_type = S2S_LENGTH_GNMT;
        if (i % 3 == 0) t.recipe.coverage_penalty = 0.3;
        trial_check(&t);
    }
}

/* What the bound stops at is what a search that never stops finds. */
static void test_bound_loses_nothing(void **state) {
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        s2s_buf bound, endless;
        trial_init(&t, i);
        t.recipe.stopping = S2S_STOP_BOUND;
        trial_run(&t, 1, &bound);
        t.recipe.stopping = S2S_STOP_COUNT;
        t.recipe.patience = 1000;
        trial_run(&t, 1, &endless);
        assert_same_bytes(&bound, &endless);
        s2s_buf_release(&bound);
        s2s_buf_release(&endless);
    }
}

/* --- everything there is --- */

typedef struct enumerated {
    uint64_t hypotheses;
} enumerated;

static void compare_with_all(void *self, const reference_problem *p, const s2s_hypothesis *best,
                             int n) {
    enum { MOST = 4096 };
    enumerated *e = self;
    reference_finished *all = test_calloc(MOST, sizeof *all);
    int count = reference_enumerate(p, all, MOST);
    assert_int_equal(n, count < p->recipe->n_best ? count : p->recipe->n_best);
    for (int i = 0; i < n; i++) assert_close(best[i].score, all[i].score);
    e->hypotheses += (uint64_t)count;
    test_free(all);
}

/* A beam that holds all there is, under the bound, gives the true best, with any rule and penalty. */
static void test_the_best_there_are(void **state) {
    (void)state;
    enumerated e = {0};
    for (uint64_t i = 0; i < 60; i++) {
        trial t;
        trial_init(&t, i);
        t.model.scorer.vocabulary = 4;
        t.model.scorer.unk = 3;
        t.recipe.beam_size = 100;
        t.recipe.n_best = 1 + trial_draw(&t, 12);
        t.recipe.stopping = S2S_STOP_BOUND;
        t.recipe.min_decoding_length = trial_draw(&t, 2); /* 2 may leave no way on */
        t.recipe.max_decoding_length = 2 + trial_draw(&t, 4);
        t.recipe.no_repeat_ngram_size = trial_draw(&t, 3);
        t.recipe.coverage_penalty = trial_draw(&t, 2) * 0.4;
        t.recipe.length_penalty_type = trial_draw(&t, 2) ? S2S_LENGTH_GNMT : S2S_LENGTH_POWER;
        t.recipe.repetition_penalty = trial_draw(&t, 2) ? 1 : 1.4;
        t.recipe.suppress_unk = trial_draw(&t, 4) == 0;
        trial_add_prefixes(&t);
        trial_each(&t, compare_with_all, &e);
    }
    assert_true(e.hypotheses > 5000); /* the trials are not all trivial */
}

/* --- how soon --- */

static int steps_of(trial *t) {
    fake f = t->model;
    fake_io io = {.requests = t->requests, .sentences = 1};
    f.scorer.self = &f;
    assert_int_equal(s2s_search_run(&f.scorer, 1, &t->recipe, fake_io_make(&io), NULL), S2S_OK);
    int steps = f.steps;
    fake_release(&f);
    fake_io_release(&io);
    return steps;
}

/* Not a step too many, nor one too few. */
static void test_steps_of_the_reference(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 2 * TRIALS; i++) {
        trial t;
        s2s_buf output = {0};
        trial_init(&t, i);
        if (i & 1) t.recipe.stopping = S2S_STOP_BOUND;
        if (i & 2) trial_add_prefixes(&t);
        if (i & 4) t.recipe.coverage_penalty = 0.2;
        reference_problem p = reference_open(&t.model, &t.recipe, &t.requests[0]);
        assert_int_equal(steps_of(&t), reference_search(&p, 0, false, &output));
        s2s_buf_release(&output);
    }
}

/* The bound is good for something: it ends searches before the maximum length, and more of them without a length
 * penalty, which promises nothing to longer ones. More patience takes more steps. */
static void test_steps(void **state) {
    (void)state;
    int plain = 0, penalized = 0, endless = 0, impatient = 0, patient = 0;
    for (uint64_t i = 0; i < 100; i++) {
        trial t;
        trial_init(&t, i);
        t.recipe = fake_recipe(4, 1, 1);
        t.recipe.max_decoding_length = 20;
        impatient += steps_of(&t);
        t.recipe.patience = 2;
        patient += steps_of(&t);
        t.recipe.patience = 1000;
        endless += steps_of(&t);
        t.recipe.stopping = S2S_STOP_BOUND;
        t.recipe.length_penalty = 0.5;
        penalized += steps_of(&t);
        t.recipe.length_penalty = 0;
        plain += steps_of(&t);
    }
    assert_true(impatient < patient && patient < endless);
    assert_true(plain < penalized && penalized < endless);
    assert_int_equal(endless, 20 * 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patience),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_bound_loses_nothing),
        cmocka_unit_test(test_the_best_there_are),
        cmocka_unit_test(test_steps_of_the_reference),
        cmocka_unit_test(test_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
