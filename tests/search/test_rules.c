/* Rules for what may follow, and penalties: against the reference, and by what they promise. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "search/penalty.h"
#include "trial.h"

enum { TRIALS = 300 };

/* --- penalties --- */

static void test_penalties(void **state) {
    (void)state;
    static const double coverages[] = {0, 0.1, 1, 5};
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.recipe.length_penalty_type = i & 1 ? S2S_LENGTH_GNMT : S2S_LENGTH_POWER;
        t.recipe.coverage_penalty = trial_choose(&t, coverages, 4);
        if (i & 2) t.recipe.type = S2S_GREEDY, t.recipe.beam_size = t.recipe.n_best = 1;
        trial_check(&t);
    }
}

/* Against figures worked out by hand: log p -6 of 4 tokens. */
static void test_formulas(void **state) {
    (void)state;
    s2s_search_recipe recipe = fake_recipe(1, 1, 1);
    const s2s_real looked[] = {1.5f, 0.5f, 1, 0.25f};
    recipe.length_penalty = 0.5;
    s2s_penalty penalty = s2s_penalty_make(&recipe);
    assert_close(s2s_penalty_score(&penalty, -6, 4, NULL, 0), -3);
    recipe.length_penalty_type = S2S_LENGTH_GNMT;
    recipe.length_penalty = 2;
    penalty = s2s_penalty_make(&recipe);
    assert_close(s2s_penalty_score(&penalty, -6, 4, NULL, 0), -6 / 2.25);
    recipe.coverage_penalty = 2;
    penalty = s2s_penalty_make(&recipe);
    assert_close(s2s_penalty_score(&penalty, -6, 4, looked, 4),
                 -6 / 2.25 - 2 * 3 * 0.69314718055994531); /* 2 (log 1/2 + log 1/4) */
    assert_close(s2s_penalty_bound(&penalty, -6, 4, 13), -6. / 9);
}

/* --- rules --- */

static void test_each_rule(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 4 * TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.model.scorer.unk = 2;
        if (i % 4 == 0) t.recipe.no_repeat_ngram_size = 1 + trial_draw(&t, 4);
        if (i % 4 == 1) t.recipe.repetition_penalty = 0.5 + 0.3 * trial_draw(&t, 6);
        if (i % 4 == 2) t.recipe.suppress_unk = true;
        if (i % 4 == 3) trial_add_forbidden(&t, TRIAL_PHRASES);
        trial_check(&t);
    }
}

static void test_all_rules(void **state) {
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.model.scorer.unk = trial_draw(&t, 2) ? -1 : 3;
        t.recipe.no_repeat_ngram_size = trial_draw(&t, 4);
        t.recipe.repetition_penalty = trial_draw(&t, 2) ? 1 : 1.3;
        t.recipe.suppress_unk = trial_draw(&t, 2);
        trial_add_prefixes(&t);
        trial_add_forbidden(&t, TRIAL_PHRASES);
        trial_check(&t);
    }
}

/* Rows that come as their possible tokens alone. */
static void test_scorers_of_few_tokens(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 2 * TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.model.scorer.unk = 3;
        fake_choose_few(&t.model);
        t.recipe.no_repeat_ngram_size = trial_draw(&t, 3);
        t.recipe.repetition_penalty = trial_draw(&t, 2) ? 1 : 1.3;
        t.recipe.suppress_unk = trial_draw(&t, 2);
        trial_add_forbidden(&t, TRIAL_PHRASES);
        trial_check(&t);
    }
}

/* Logits far from 0 on both sides: a penalty must make either kind less likely. */
static void test_repetition_penalty_of_either_sign(void **state) {
    (void)state;
    static const fake_entry table[] = {
        {"", {.1f, .5f, .3f, .1f}}, {"a", {.1f, .5f, .3f, .1f}}, {0}};
    fake f;
    fake_init(&f, 4);
    f.table = table; /* logits are log p: negative */
    s2s_search_recipe recipe = fake_recipe(1, 1, 1);
    s2s_request request = {.ids = (const int32_t[]){5}, .n = 1};
    reference_problem p = reference_open(&f, &recipe, &request);
    recipe.repetition_penalty = 2; /* log .5 becomes log .25, and all sum to .75 */
    reference_text text = {.ids = {1}, .n = 1};
    s2s_token_score next[REFERENCE_VOCABULARY];
    assert_int_equal(reference_next(&p, &text, next), 4);
    assert_int_equal(next[0].token, 2);
    assert_true(fabs(next[0].log_probability - log(.3 / .75)) < 1e-6);
    fake_release(&f);
}

/* --- what they promise --- */

static bool has_repeated(const int32_t *ids, int n, int size) {
    for (int i = 0; i + size <= n; i++)
        for (int j = i + 1; j + size <= n; j++)
            if (memcmp(ids + i, ids + j, (size_t)size * sizeof *ids) == 0) return true;
    return false;
}

static void look_for_forbidden(void *self, const reference_problem *p, const s2s_hypothesis *best,
                               int n) {
    uint64_t *tokens = self;
    for (int i = 0; i < n; i++) {
        reference_text text = trial_text(&best[i]);
        assert_false(
            has_repeated(best[i].ids, best[i].length, (int)p->recipe->no_repeat_ngram_size));
        for (int k = 0; k < best[i].length; k++)
            assert_int_not_equal(best[i].ids[k], p->f->scorer.unk);
        for (int k = 0; k < p->request->forbidden.n; k++)
            assert_false(reference_has(&text, p->request->forbidden.items[k]));
        *tokens += (uint64_t)best[i].length;
    }
}

static void test_what_is_forbidden_never_comes(void **state) {
    (void)state;
    uint64_t tokens = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.model.scorer.unk = 2;
        t.model.ending = 0;
        t.recipe.type = i % 3 == 0 ? S2S_SAMPLE : S2S_BEAM;
        t.recipe.max_decoding_length = 12;
        t.recipe.no_repeat_ngram_size = 2;
        t.recipe.suppress_unk = true;
        trial_add_forbidden(&t, TRIAL_PHRASES);
        trial_each(&t, look_for_forbidden, &tokens);
    }
    assert_true(tokens > 5000);
}

/* --- attention --- */

static void test_attention_of_hypotheses(void **state) {
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.attention = true;
        if (i & 1) t.recipe.coverage_penalty = 1;
        if (i & 2) trial_add_prefixes(&t);
        if (i & 4) t.recipe.type = S2S_GREEDY, t.recipe.beam_size = t.recipe.n_best = 1;
        trial_check(&t);
    }
}

static void test_coverage_needs_attention(void **state) {
    (void)state;
    fake f;
    s2s_err err = {0};
    s2s_search_recipe recipe = fake_recipe(2, 1, 1);
    fake_init(&f, 5);
    f.scorer.attention = NULL;
    recipe.coverage_penalty = 0.1;
    assert_int_equal(s2s_search_check(&f.scorer, &recipe, false, &err), S2S_USAGE);
    assert_non_null(strstr(err.message, "search.coverage_penalty"));
    recipe.coverage_penalty = 0;
    assert_int_equal(s2s_search_check(&f.scorer, &recipe, false, &err), S2S_OK);
    fake_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_penalties),
        cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_each_rule),
        cmocka_unit_test(test_all_rules),
        cmocka_unit_test(test_scorers_of_few_tokens),
        cmocka_unit_test(test_repetition_penalty_of_either_sign),
        cmocka_unit_test(test_what_is_forbidden_never_comes),
        cmocka_unit_test(test_attention_of_hypotheses),
        cmocka_unit_test(test_coverage_needs_attention),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
