/* Required phrases and forced prefixes: against the reference, against all hypotheses there are, and by what they
 * promise. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "search/lane.h"
#include "trial.h"

enum { TRIALS = 300 };

/* --- lanes --- */

static int draw(s2s_rng *rng, int bound) {
    return (int)s2s_rng_below(rng, (uint64_t)bound);
}

/* Of two letters, so that phrases overlap in every way; what has come is looked for from scratch. */
static void test_lanes_see_every_phrase(void **state) {
    (void)state;
    enum { PHRASES = 4, LONGEST = 5, TOKENS = 24 };
    s2s_rng rng = s2s_rng_init(3, 0);
    for (int trial = 0; trial < 400; trial++) {
        int32_t ids[PHRASES][LONGEST];
        s2s_phrase items[PHRASES];
        s2s_phrases required = {items, 1 + draw(&rng, PHRASES)};
        for (int i = 0; i < PHRASES; i++) {
            items[i] = (s2s_phrase){ids[i], 1 + draw(&rng, LONGEST)};
            for (int k = 0; k < LONGEST; k++) ids[i][k] = 2 + draw(&rng, 2);
        }
        s2s_lane lane = {.number = 7};
        reference_text text = {.n = 0};
        while (text.n < TOKENS) {
            text.ids[text.n++] = 2 + draw(&rng, 2);
            lane = s2s_lane_after(lane, required, text.ids[text.n - 1]);
            for (int i = 0; i < required.n; i++)
                assert_int_equal(lane.met >> i & 1, reference_has(&text, items[i]));
            assert_int_equal(s2s_lane_is_done(lane, required), reference_has_all(&text, required));
            assert_int_equal(lane.number, 7);
        }
    }
}

/* --- required phrases --- */

static void test_required(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 2 * TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        trial_add_required(&t, 1 + trial_draw(&t, TRIAL_PHRASES));
        if (i % 2) trial_add_prefixes(&t);
        if (i % 3 == 0) trial_add_forbidden(&t, 2);
        if (i % 5 == 0) t.recipe.stopping = S2S_STOP_BOUND;
        if (i % 5 == 1) t.recipe.patience = 1.5;
        if (i % 7 == 0) t.recipe.no_repeat_ngram_size = 2;
        trial_check(&t);
    }
}

static void look_for_required(void *self, const reference_problem *p, const s2s_hypothesis *best,
                              int n) {
    int *with = self;
    bool lacks = false;
    for (int i = 0; i < n; i++) {
        reference_text text = trial_text(&best[i]);
        bool has = reference_has_all(&text, p->request->required);
        assert_true(has || best[i].ending != S2S_ENDED);
        assert_false(has && lacks); /* those that lack one are the last */
        lacks = !has;
        *with += has && p->request->required.n;
    }
}

static void test_what_is_required_comes(void **state) {
    (void)state;
    int with = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        t.recipe.max_length_ratio = 0;
        t.recipe.max_decoding_length = 14;
        trial_add_required(&t, TRIAL_PHRASES);
        trial_each(&t, look_for_required, &with);
    }
    assert_true(with > TRIALS);
}

/* Phrases that the prefix has are no more than none: the places then go as in any beam. */
static void test_phrases_that_are_there_change_nothing(void **state) {
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        s2s_buf without, with;
        trial_init(&t, i);
        trial_add_prefixes(&t);
        trial_run(&t, 1, &without);
        for (int k = 0; k < TRIAL_SENTENCES; k++) {
            s2s_request *request = &t.requests[k];
            if (!request->prefix_n) continue;
            int begin = trial_draw(&t, request->prefix_n);
            s2s_phrase there = {request->prefix + begin,
                                1 + trial_draw(&t, request->prefix_n - begin)};
            t.sentences[k].phrases[0] = there;
            request->required = (s2s_phrases){t.sentences[k].phrases, 1};
        }
        trial_run(&t, 1, &with);
        if (t.recipe.max_length_ratio == 0 && t.recipe.max_decoding_length > TRIAL_PREFIX)
            assert_same_bytes(&without, &with);
        s2s_buf_release(&without);
        s2s_buf_release(&with);
    }
}

static bool may_end(const reference_problem *p, const reference_finished *f) {
    return f->ending != S2S_ENDED || reference_has_all(&f->text, p->request->required);
}

/* The best of all with the phrases, then the best of those that were cut before they had them. */
static void compare_with_all(void *self, const reference_problem *p, const s2s_hypothesis *best,
                             int n) {
    enum { MOST = 4096 };
    int *compared = self, at = 0;
    reference_finished *all = test_calloc(MOST, sizeof *all);
    int count = reference_enumerate(p, all, MOST);
    for (int lacking = 0; lacking < 2; lacking++)
        for (int i = 0; i < count && at < n; i++) {
            bool lacks = !reference_has_all(&all[i].text, p->request->required);
            if (lacks != lacking || !may_end(p, &all[i])) continue;
            assert_close(best[at++].score, all[i].score);
        }
    assert_int_equal(at, n);
    *compared += n;
    test_free(all);
}

static void test_the_best_there_are(void **state) {
    (void)state;
    int compared = 0;
    for (uint64_t i = 0; i < 60; i++) {
        trial t;
        trial_init(&t, i);
        t.model.scorer.vocabulary = 4;
        t.recipe.beam_size = 350;
        t.recipe.n_best = 1 + trial_draw(&t, 20);
        t.recipe.stopping = S2S_STOP_BOUND;
        t.recipe.min_decoding_length = 0;
        t.recipe.max_length_ratio = 0;
        t.recipe.max_decoding_length = 2 + trial_draw(&t, 4);
        for (int k = 0; k < TRIAL_SENTENCES; k++) { /* tokens that the smaller vocabulary has */
            t.requests[k].required = (s2s_phrases){t.sentences[k].phrases, trial_draw(&t, 3)};
            for (int j = 0; j < 2; j++) {
                t.sentences[k].phrases[j] = (s2s_phrase){t.sentences[k].ids[j], 1 + j};
                for (int m = 0; m < 2; m++) t.sentences[k].ids[j][m] = 2 + trial_draw(&t, 2);
            }
        }
        trial_each(&t, compare_with_all, &compared);
    }
    assert_true(compared > 1000);
}

static void compare_with_example(void *self, const reference_problem *p, const s2s_hypothesis *best,
                                 int n) {
    static const int32_t expected[] = {1, 2, 3};
    (void)self;
    (void)p;
    assert_int_equal(n, 1);
    assert_int_equal(best->length, 3);
    assert_memory_equal(best->ids, expected, sizeof expected);
    assert_true(fabs(best->log_probability - log(.7 * .9 * .9 * .9)) < 1e-5);
}

/* c must come. "c" ends in the second step with .27, and leads those that have it; but "ab" has .63 then, and comes
 * to .51 with "abc": without penalties the search may end only when nothing that is better lives. */
static void test_one_that_lacks_a_phrase_may_come_to_more(void **state) {
    (void)state;
    static const fake_entry table[] = {{"", {0, .7f, 0, .3f}},        {"c", {.9f, .05f, .05f, 0}},
                                       {"a", {0, .05f, .9f, .05f}},   {"ab", {0, .05f, .05f, .9f}},
                                       {"ac", {.1f, .9f, 0, 0}},      {"abc", {.9f, .1f, 0, 0}},
                                       {"aba", {.1f, .1f, .1f, .7f}}, {"abb", {.1f, .1f, .1f, .7f}},
                                       {"aca", {.1f, .1f, .1f, .7f}}, {0}};
    static const int32_t c = 3;
    static const s2s_phrase phrase = {&c, 1};
    trial t;
    trial_init(&t, 0);
    t.model.scorer.vocabulary = 4;
    t.model.grain = 0;
    t.model.table = table;
    t.recipe = fake_recipe(2, 1, 1);
    t.recipe.length_penalty = 0;
    for (int i = 0; i < TRIAL_SENTENCES; i++) t.requests[i].required = (s2s_phrases){&phrase, 1};
    trial_each(&t, compare_with_example, NULL);
}

/* --- prefixes --- */

static void test_prefixes(void **state) {
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        trial_add_prefixes(&t);
        t.attention = i & 1;
        if (i & 2) t.recipe.type = S2S_GREEDY, t.recipe.beam_size = t.recipe.n_best = 1;
        if (i & 4) t.recipe.repetition_penalty = 1.5;
        trial_check(&t);
    }
}

static void compare_with_given(void *self, const reference_problem *p, const s2s_hypothesis *best,
                               int n) {
    static const int32_t expected[] = {2, 3, 1};
    (void)self;
    (void)p;
    assert_int_equal(n, 1);
    assert_int_equal(best->length, 3);
    assert_memory_equal(best->ids, expected, sizeof expected);
    assert_true(fabs(best->log_probability - log(.1 * .7 * .5 * .5)) < 1e-5);
    assert_true(fabs(best->score - log(.5)) < 1e-5); /* (log .5 + log .5) / 2 */
}

/* "bc" is given, and unlikely; the two tokens after it have a half each. */
static void test_a_prefix_is_no_part_of_the_score(void **state) {
    (void)state;
    static const fake_entry table[] = {{"", {.1f, .5f, .1f, .3f}},
                                       {"b", {.1f, .1f, .1f, .7f}},
                                       {"bc", {.2f, .5f, .2f, .1f}},
                                       {"bca", {.5f, .1f, .2f, .2f}},
                                       {0}};
    trial t;
    trial_init(&t, 0);
    t.model.scorer.vocabulary = 4;
    t.model.grain = 0;
    t.model.table = table;
    t.recipe = fake_recipe(1, 1, 1);
    for (int i = 0; i < TRIAL_SENTENCES; i++) {
        t.sentences[i].prefix[0] = 2;
        t.sentences[i].prefix[1] = 3;
        t.requests[i].prefix = t.sentences[i].prefix;
        t.requests[i].prefix_n = 2;
    }
    trial_each(&t, compare_with_given, NULL);
}

/* Also of samples and groups; what is given has the probability that the model gives it. */
static void look_for_prefix(void *self, const reference_problem *p, const s2s_hypothesis *best,
                            int n) {
    int *tokens = self;
    reference_text prefix = reference_prefix(p);
    for (int i = 0; i < n; i++) {
        assert_true(best[i].length >= prefix.n);
        assert_memory_equal(best[i].ids, prefix.ids, (size_t)prefix.n * sizeof *prefix.ids);
        assert_memory_equal(best[i].log_probabilities, prefix.each,
                            (size_t)prefix.n * sizeof *prefix.each);
        *tokens += prefix.n;
    }
}

static void test_outputs_begin_with_the_prefix(void **state) {
    (void)state;
    int tokens = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        trial_init(&t, i);
        trial_add_prefixes(&t);
        if (i % 3 == 0) t.recipe.type = S2S_SAMPLE;
        if (i % 3 == 1) t.recipe.beam_groups = t.recipe.beam_size;
        trial_each(&t, look_for_prefix, &tokens);
    }
    assert_true(tokens > TRIALS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lanes_see_every_phrase),
        cmocka_unit_test(test_required),
        cmocka_unit_test(test_what_is_required_comes),
        cmocka_unit_test(test_phrases_that_are_there_change_nothing),
        cmocka_unit_test(test_the_best_there_are),
        cmocka_unit_test(test_one_that_lacks_a_phrase_may_come_to_more),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_a_prefix_is_no_part_of_the_score),
        cmocka_unit_test(test_outputs_begin_with_the_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
