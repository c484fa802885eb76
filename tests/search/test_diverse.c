/* Diverse beam search: against the reference, and by what groups promise. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trial.h"

enum { TRIALS = 400 };

static void make_groups(trial *t, int groups, int width) {
    t->recipe.beam_groups = groups;
    t->recipe.beam_size = (int64_t)groups * width;
}

static void test_reference(void **state) {
    (void)state;
    static const double penalties[] = {0, 0.5, 1, 3};
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        make_groups(&t, 2 + trial_draw(&t, 3), 1 + trial_draw(&t, 3));
        t.recipe.n_best = 1 + trial_draw(&t, (int)t.recipe.beam_size);
        t.recipe.diversity_penalty = trial_choose(&t, penalties, 4);
        if (i % 5 == 0) t.recipe.stopping = S2S_STOP_BOUND;
        if (i % 5 == 1) t.recipe.patience = 2;
        if (i % 3 == 0) trial_add_prefixes(&t);
        if (i % 7 == 0) t.recipe.no_repeat_ngram_size = 2;
        trial_check(&t);
    }
}

static void look_for_copies(void *self, const reference_problem *p, const s2s_hypothesis *best,
                            int n) {
    (void)self;
    assert_int_equal(n, p->recipe->beam_groups);
    for (int i = 1; i < n; i++) {
        assert_int_equal(best[i].length, best[0].length);
        assert_memory_equal(best[i].ids, best[0].ids, (size_t)best[0].length * sizeof(int32_t));
        assert_true(best[i].score == best[0].score);
    }
}

/* Without a penalty every group is the same beam search. */
static void test_groups_without_penalty_are_equal(void **state) {
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        make_groups(&t, 3, 1 + trial_draw(&t, 3));
        t.model.grain = 0; /* of equal ones each group would have several */
        t.recipe.n_best = 3;
        t.recipe.diversity_penalty = 0;
        trial_each(&t, look_for_copies, NULL);
    }
}

static void look_for_difference(void *self, const reference_problem *p, const s2s_hypothesis *best,
                                int n) {
    int *pairs = self;
    for (int i = 0; i < n; i++) {
        reference_text text = trial_text(&best[i]);
        assert_true(fabs(reference_score(p, &text) - best[i].score) < 1e-12);
        for (int k = 0; k < i; k++, ++*pairs) {
            reference_text other = trial_text(&best[k]);
            assert_int_not_equal(text.ids[0], other.ids[0]);
        }
    }
}

/* With a great one each group of one begins with another token; that costs a hypothesis nothing. */
static void test_groups_avoid_each_other(void **state) {
    (void)state;
    int pairs = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        make_groups(&t, 4, 1);
        t.model.scorer.vocabulary = 9;
        t.recipe.n_best = 4;
        t.recipe.diversity_penalty = 100;
        t.recipe.min_decoding_length = 1; /* eos is no prefix that others could avoid */
        trial_each(&t, look_for_difference, &pairs);
    }
    assert_true(pairs > 6 * TRIALS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_groups_without_penalty_are_equal),
        cmocka_unit_test(test_groups_avoid_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
