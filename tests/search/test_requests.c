/* Requests with recipes of their own, and what a hypothesis tells of itself. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trial.h"

/* --- recipes --- */

enum { KINDS = 6 };

/* Searches of all kinds. The scorer can tell its attention, which the last one needs. */
static void make_recipes(trial *t, s2s_search_recipe *recipes) {
    for (int i = 0; i < KINDS; i++) {
        recipes[i] = fake_recipe(4, 1 + trial_draw(t, 3), 3);
        recipes[i].max_decoding_length = 3 + trial_draw(t, 8);
        recipes[i].length_penalty = trial_draw(t, 3) * 0.5;
    }
    recipes[0].type = S2S_GREEDY;
    recipes[0].n_best = 1;
    recipes[1].type = S2S_SAMPLE;
    recipes[1].seed = trial_draw(t, 100);
    recipes[2].beam_groups = 2;
    recipes[3].beam_size = 7;
    recipes[3].no_repeat_ngram_size = 2;
    recipes[4].min_decoding_length = 4;
    recipes[4].repetition_penalty = 1.3;
    recipes[4].stopping = S2S_STOP_BOUND;
    recipes[5].coverage_penalty = 0.5;
}

typedef struct outputs {
    s2s_buf of[TRIAL_SENTENCES];
    int n;
} outputs;

static void keep_output(void *self, const reference_problem *p, const s2s_hypothesis *best, int n) {
    (void)p;
    outputs *o = self;
    assert_int_equal(fake_put(&o->of[o->n++], 0, best, n, NULL), S2S_OK);
}

static void outputs_release(outputs *o) {
    for (int i = 0; i < TRIAL_SENTENCES; i++) s2s_buf_release(&o->of[i]);
}

/* A sentence with a recipe of its own is searched as in a run with that recipe, whatever its neighbours ask for. */
static void test_own_recipes(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 150; i++) {
        trial t;
        s2s_search_recipe recipes[KINDS];
        trial_init(&t, i);
        trial_add_forbidden(&t, 1);
        trial_add_prefixes(&t);
        make_recipes(&t, recipes);
        trial mixed = t;
        outputs together = {.n = 0};
        for (int k = 0; k < TRIAL_SENTENCES; k++)
            mixed.requests[k].recipe = &recipes[((int)i + k) % KINDS];
        mixed.recipe = recipes[i % 2];
        mixed.recipe.batch_sentences = 1 + (int64_t)(i % 6);
        trial_each(&mixed, keep_output, &together);
        for (int k = 0; k < TRIAL_SENTENCES; k++) {
            outputs apart = {.n = 0};
            t.recipe = recipes[((int)i + k) % KINDS];
            trial_each(&t, keep_output, &apart);
            assert_same_bytes(&together.of[k], &apart.of[k]);
            outputs_release(&apart);
        }
        outputs_release(&together);
    }
}

static void test_own_recipes_with_workers(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        trial t;
        s2s_search_recipe recipes[KINDS];
        s2s_buf one, three;
        trial_init(&t, i);
        if (i & 1) fake_choose_few(&t.model); /* some rows are wanted as a whole, some not */
        make_recipes(&t, recipes);
        for (int k = 0; k < TRIAL_SENTENCES; k++)
            t.requests[k].recipe = &recipes[((int)i + k) % KINDS];
        t.requests[1].recipe = NULL; /* one like the others in the run */
        trial_run(&t, 1, &one);
        t.recipe.batch_sentences = 1;
        trial_run(&t, 3, &three);
        assert_same_bytes(&one, &three);
        s2s_buf_release(&one);
        s2s_buf_release(&three);
    }
}

/* --- what does not go together --- */

static void refuse(s2s_search_recipe recipe, bool constrained, const char *message) {
    fake f;
    s2s_err err = {0};
    fake_init(&f, 6);
    assert_int_equal(s2s_search_check(&f.scorer, &recipe, constrained, &err), S2S_USAGE);
    if (!strstr(err.message, message)) fail_msg("'%s' lacks '%s'", err.message, message);
    fake_release(&f);
}

static void test_phrases_need_a_beam(void **state) {
    (void)state;
    s2s_search_recipe recipe = fake_recipe(4, 1, 1);
    recipe.beam_groups = 2;
    refuse(recipe, true, "phrases that must come");
    recipe = fake_recipe(1, 1, 1);
    recipe.type = S2S_GREEDY;
    refuse(recipe, true, "phrases that must come");
    recipe.type = S2S_SAMPLE;
    refuse(recipe, true, "phrases that must come");
    recipe = fake_recipe(4, 1, 1);
    recipe.beam_groups = 3;
    refuse(recipe, false, "search.beam_groups is 3");
}

static void test_numbers_out_of_range(void **state) {
    (void)state;
    static const struct {
        size_t field;
        double bad;
        const char *key;
    } cases[] = {{offsetof(s2s_search_recipe, patience), 0, "search.patience"},
                 {offsetof(s2s_search_recipe, patience), NAN, "search.patience"},
                 {offsetof(s2s_search_recipe, temperature), 0, "search.temperature"},
                 {offsetof(s2s_search_recipe, temperature), INFINITY, "search.temperature"},
                 {offsetof(s2s_search_recipe, top_p), 0, "search.top_p"},
                 {offsetof(s2s_search_recipe, top_p), 1.1, "search.top_p"},
                 {offsetof(s2s_search_recipe, min_p), -0.1, "search.min_p"},
                 {offsetof(s2s_search_recipe, min_p), 1.1, "search.min_p"},
                 {offsetof(s2s_search_recipe, coverage_penalty), -1, "search.coverage_penalty"},
                 {offsetof(s2s_search_recipe, diversity_penalty), -1, "search.diversity_penalty"},
                 {offsetof(s2s_search_recipe, repetition_penalty), 0, "search.repetition_penalty"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s2s_search_recipe recipe = fake_recipe(2, 1, 1);
        *(double *)(void *)((char *)&recipe + cases[i].field) = cases[i].bad;
        refuse(recipe, false, cases[i].key);
    }
    s2s_search_recipe recipe = fake_recipe(2, 1, 1);
    recipe.top_k = -1;
    refuse(recipe, false, "search.top_k");
    recipe.top_k = 0;
    recipe.no_repeat_ngram_size = -1;
    refuse(recipe, false, "search.no_repeat_ngram_size");
}

/* --- what a hypothesis tells --- */

typedef struct endings {
    int of[S2S_ENDED_WITHOUT_CHOICE + 1];
} endings;

static void look_at_one(endings *seen, const reference_problem *p, const s2s_hypothesis *h) {
    double sum = 0;
    for (int k = 0; k < h->scored; k++) sum += h->log_probabilities[k];
    assert_true(sum == h->log_probability);
    assert_int_equal(h->scored, h->length + (h->ending == S2S_ENDED));
    assert_true(h->scored <= p->longest);
    for (int k = 0; k < h->length; k++) assert_int_not_equal(h->ids[k], FAKE_EOS);
    if (h->ending == S2S_ENDED_BY_LENGTH) assert_int_equal(h->length, p->longest);
    if (h->ending == S2S_ENDED_WITHOUT_CHOICE) {
        reference_text text = trial_text(h);
        s2s_token_score scores[REFERENCE_VOCABULARY];
        assert_int_equal(reference_next(p, &text, scores), 0);
    }
    if (h->ending == S2S_ENDED) assert_true(h->length >= p->recipe->min_decoding_length);
    seen->of[h->ending]++;
}

static void look_at_endings(void *self, const reference_problem *p, const s2s_hypothesis *best,
                            int n) {
    if (p->recipe->type == S2S_SAMPLE) assert_int_equal(n, p->recipe->n_best);
    for (int i = 0; i < n; i++) {
        look_at_one(self, p, &best[i]);
        if (i) assert_true(best[i - 1].score >= best[i].score);
    }
}

static void test_what_hypotheses_tell(void **state) {
    (void)state;
    endings seen = {{0}};
    for (uint64_t i = 0; i < 400; i++) {
        trial t;
        s2s_search_recipe recipes[KINDS];
        trial_init(&t, i);
        make_recipes(&t, recipes);
        t.recipe = recipes[i % KINDS];
        t.attention = true;
        /* A small vocabulary is soon used up; with pairs some samples are stuck before others. */
        if (i % 4 < 2) t.recipe.no_repeat_ngram_size = 1 + (int64_t)(i % 4);
        if (i % 4 < 2) t.recipe.min_decoding_length = 8;
        if (i % 4 == 1) t.model.scorer.vocabulary = 3;
        trial_each(&t, look_at_endings, &seen);
    }
    for (int i = 0; i <= S2S_ENDED_WITHOUT_CHOICE; i++) assert_true(seen.of[i] > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_recipes),
        cmocka_unit_test(test_own_recipes_with_workers),
        cmocka_unit_test(test_phrases_need_a_beam),
        cmocka_unit_test(test_numbers_out_of_range),
        cmocka_unit_test(test_what_hypotheses_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
