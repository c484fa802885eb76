/* The small parts by themselves: prefixes, stopping, limits, processors, what a recipe may say. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake.h"
#include "search/processor.h"
#include "search/stop.h"

static int32_t extend(s2s_prefixes *prefixes, int32_t parent, int32_t token) {
    s2s_prefix_node added = {.parent = parent, .token = token, .log_probability = -token};
    int32_t node;
    assert_int_equal(s2s_prefixes_extend(prefixes, &added, &node, NULL), S2S_OK);
    return node;
}

static void test_prefixes_share_what_they_have_in_common(void **state) {
    (void)state;
    s2s_prefixes prefixes = {0};
    int32_t ids[2];
    double worth[2];
    int32_t a = extend(&prefixes, S2S_EMPTY_PREFIX, 10);
    int32_t ab = extend(&prefixes, a, 11), ac = extend(&prefixes, a, 12);
    assert_int_equal(prefixes.n, 3);
    s2s_prefixes_read(&prefixes, ab, 2, ids, worth);
    assert_memory_equal(ids, ((int32_t[]){10, 11}), sizeof ids);
    s2s_prefixes_read(&prefixes, ac, 2, ids, worth);
    assert_memory_equal(ids, ((int32_t[]){10, 12}), sizeof ids);
    assert_memory_equal(worth, ((double[]){-10, -12}), sizeof worth);
    s2s_prefixes_read(&prefixes, S2S_EMPTY_PREFIX, 0, ids, worth);
    s2s_prefixes_clear(&prefixes);
    assert_int_equal(prefixes.n, 0);
    s2s_prefixes_release(&prefixes);
}

static void test_max_length(void **state) {
    (void)state;
    s2s_search_recipe recipe = {.max_decoding_length = 100};
    assert_int_equal(s2s_max_length(&recipe, 7), 100);
    recipe.max_length_ratio = 1.5;
    recipe.max_length_offset = 3;
    assert_int_equal(s2s_max_length(&recipe, 7), 14);
    assert_int_equal(s2s_max_length(&recipe, 5000), 100);
    recipe.max_length_offset = -50;
    assert_int_equal(s2s_max_length(&recipe, 7), 1);
    recipe = (s2s_search_recipe){.max_decoding_length = INT64_MAX};
    assert_true(s2s_max_length(&recipe, 7) > 1000000);
}

static bool stops(const s2s_stop_rule *rule, int finished, bool best_finished) {
    s2s_stop_state at = {.finished = &finished, .groups = 1, .best_finished = best_finished};
    return s2s_stop_now(rule, &at);
}

static void test_stopping(void **state) {
    (void)state;
    s2s_search_recipe recipe = fake_recipe(5, 2, 1);
    s2s_stop_rule by_number = s2s_stop_rule_make(&recipe, 5);
    assert_false(stops(&by_number, 4, true));
    assert_true(stops(&by_number, 5, false));
    recipe.patience = 1.5; /* rounded, ties away from zero */
    s2s_stop_rule patient = s2s_stop_rule_make(&recipe, 5);
    assert_false(stops(&patient, 7, true));
    assert_true(stops(&patient, 8, false));
    recipe.patience = 1;
    recipe.length_penalty = 0;
    s2s_stop_rule by_best = s2s_stop_rule_make(&recipe, 5);
    assert_false(stops(&by_best, 1, true));
    assert_false(stops(&by_best, 9, false));
    assert_true(stops(&by_best, 2, true));
}

static void test_min_length_forbids_eos(void **state) {
    (void)state;
    fake f;
    fake_init(&f, 4);
    s2s_search_recipe recipe = {.min_decoding_length = 2, .repetition_penalty = 1};
    const s2s_request nothing = {0};
    s2s_processors processors = {0};
    assert_int_equal(s2s_processors_init(&processors, &recipe, &f.scorer, NULL), S2S_OK);
    assert_int_equal(processors.n, 2); /* that for forbidden phrases is always there */
    for (int length = 0; length < 4; length++) {
        s2s_real logits[4] = {1, 2, 3, 4};
        s2s_history history = {.request = &nothing, .prefix = S2S_EMPTY_PREFIX, .length = length};
        s2s_processors_apply(&processors, &history, &(s2s_logits){logits, 4, 0, NULL});
        assert_true((logits[FAKE_EOS] == -INFINITY) == (length < 2));
        assert_memory_equal(logits + 1, ((s2s_real[]){2, 3, 4}), 3 * sizeof *logits);
        s2s_processors_apply(&processors, &history,
                             &(s2s_logits){logits + 1, 3, FAKE_EOS + 1, NULL});
        assert_memory_equal(logits + 1, ((s2s_real[]){2, 3, 4}), 3 * sizeof *logits);
    }
    s2s_processors_release(&processors);
    recipe.min_decoding_length = 0;
    assert_int_equal(s2s_processors_init(&processors, &recipe, &f.scorer, NULL), S2S_OK);
    assert_int_equal(processors.n, 1);
    s2s_processors_release(&processors);
    fake_release(&f);
}

/* All processors at once, on a whole row and on some of its tokens: the same logits. */
static void test_processors_find_tokens_among_some(void **state) {
    (void)state;
    enum { VOCABULARY = 12 };
    const int32_t some[] = {0, 1, 3, 4, 7, 8, 11}, forbidden[] = {8};
    const s2s_phrase phrase = {forbidden, 1};
    const s2s_request request = {.forbidden = {&phrase, 1}};
    fake f;
    fake_init(&f, VOCABULARY);
    f.scorer.unk = 1;
    s2s_search_recipe recipe = {.min_decoding_length = 9,
                                .repetition_penalty = 2,
                                .no_repeat_ngram_size = 2,
                                .suppress_unk = true};
    s2s_processors processors = {0};
    s2s_prefixes prefixes = {.marks_seen = true};
    assert_int_equal(s2s_processors_init(&processors, &recipe, &f.scorer, NULL), S2S_OK);
    int32_t at = S2S_EMPTY_PREFIX;
    const int32_t prefix[] = {3, 2, 4, 11,
                              3, 2, 3}; /* after 3 comes no 2, and repeated ones lose */
    for (int i = 0; i < 7; i++) at = extend(&prefixes, at, prefix[i]);
    s2s_history history = {.request = &request, .prefixes = &prefixes, .prefix = at, .length = 7};
    s2s_real whole[VOCABULARY], part[7];
    for (int t = 0; t < VOCABULARY; t++) whole[t] = (s2s_real)(t - 6);
    for (int i = 0; i < 7; i++) part[i] = whole[some[i]];
    s2s_processors_apply(&processors, &history, &(s2s_logits){whole, VOCABULARY, 0, NULL});
    s2s_processors_apply(&processors, &history, &(s2s_logits){part, 7, 0, some});
    const s2s_real expected[] = {-INFINITY, -INFINITY, -6, -4, 1, -INFINITY, 2.5f};
    for (int i = 0; i < 7; i++) {
        assert_true(part[i] == expected[i]);
        assert_true(part[i] == whole[some[i]]);
    }
    assert_true(whole[2] == -INFINITY);
    s2s_prefixes_release(&prefixes);
    s2s_processors_release(&processors);
    fake_release(&f);
}

static void refuse(s2s_search_recipe recipe, const char *key) {
    fake f;
    fake_io io = {.sentences = 1, .longest = 3};
    fake_init(&f, 8);
    s2s_err err = {0};
    assert_int_equal(s2s_search_run(&f.scorer, 1, &recipe, fake_io_make(&io), &err), S2S_USAGE);
    assert_non_null(strstr(err.message, key));
    assert_int_equal(io.read, 0);
    fake_io_release(&io);
    fake_release(&f);
}

static void test_recipes_that_contradict_themselves(void **state) {
    (void)state;
    s2s_search_recipe recipe = fake_recipe(4, 5, 2);
    refuse(recipe, "search.n_best is 5");
    recipe = fake_recipe(4, 2, 2);
    recipe.type = S2S_GREEDY;
    refuse(recipe, "greedy search finds 1");
    refuse(fake_recipe(0, 1, 2), "search.beam_size");
    refuse(fake_recipe(1, 0, 2), "search.n_best");
    refuse(fake_recipe(1, 1, -1), "search.batch_sentences");
    recipe = fake_recipe(1, 1, 1);
    recipe.batch_tokens = 0;
    refuse(recipe, "search.batch_tokens");
    recipe = fake_recipe(1, 1, 1);
    recipe.max_decoding_length = 0;
    refuse(recipe, "search.max_decoding_length");
    recipe = fake_recipe(1, 1, 1);
    recipe.length_penalty = NAN;
    refuse(recipe, "search.length_penalty");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes_share_what_they_have_in_common),
        cmocka_unit_test(test_max_length),
        cmocka_unit_test(test_stopping),
        cmocka_unit_test(test_min_length_forbids_eos),
        cmocka_unit_test(test_processors_find_tokens_among_some),
        cmocka_unit_test(test_recipes_that_contradict_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
