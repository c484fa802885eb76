/* Translating lines: neighbours, order and sizes of batches change nothing; odd lines; limits of positions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/thread.h"
#include "scratch.h"
#include "task.h"
#include "translations.h"

/* Trained a little: right often enough to end lines, wrong often enough for beams to matter. */
static s2s_loaded_model model;

static int set_up(void **state) {
    s2s_threads_set(1);
    if (task_set_up(state)) return -1;
    task_learn("model", (task_settings){{"train.max_steps=200", "data.test=null"}});
    model = load_packed("model");
    return 0;
}

static int tear_down(void **state) {
    s2s_loaded_model_release(&model);
    return scratch_tear_down(state);
}

static s2s_search_recipe beam_of(int64_t beam_size) {
    s2s_search_recipe search = model.recipe->search;
    search.beam_size = beam_size;
    return search;
}

/* The test set, and lines of all lengths among it. */
static text_lines mixed_lines(void) {
    s2s_buf text = {0};
    s2s_err err = {0};
    text_lines plain = lines_read(scratch("test.source"));
    for (int i = 0; i < plain.n; i++) {
        s2s_buf_printf(&text, &err, "%s\n", plain.line[i]);
        if (i % 20 == 3) s2s_buf_printf(&text, &err, "\n");
        for (int k = 0; i % 20 == 7 && k <= 2 * i; k++)
            s2s_buf_printf(&text, &err, "%s%s", plain.line[k % plain.n], k < 2 * i ? " " : "\n");
    }
    text_lines mixed = lines_split(text.data, text.size);
    lines_release(&plain);
    s2s_buf_release(&text);
    return mixed;
}

static void expect_same(const text_lines *a, const text_lines *b) {
    assert_int_equal(lines_equal(a, b), a->n);
}

/* --- batches --- */

static void batches_do_not_matter(void **state) {
    (void)state;
    const int64_t sizes[][2] = {{1, 4096}, {7, 4096}, {64, 64}, {1000, 100000}};
    text_lines source = mixed_lines();
    s2s_search_recipe search = beam_of(4);
    search.n_best = 3;
    text_lines expected = translate_lines(&model, &search, &source, true, NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        search.batch_sentences = sizes[i][0];
        search.batch_tokens = sizes[i][1];
        text_lines found = translate_lines(&model, &search, &source, true, NULL);
        expect_same(&expected, &found);
        lines_release(&found);
    }
    lines_release(&expected);
    lines_release(&source);
}

/* The order that `places` gives: line i of the result is line places[i]. */
static text_lines reorder(const text_lines *lines, const int *places) {
    s2s_buf text = {0};
    s2s_err err = {0};
    for (int i = 0; i < lines->n; i++) s2s_buf_printf(&text, &err, "%s\n", lines->line[places[i]]);
    text_lines result = lines_split(text.data, text.size);
    s2s_buf_release(&text);
    return result;
}

static const text_lines *sorted_lines;

static int by_length(const void *a, const void *b) {
    const size_t *length = sorted_lines->length;
    int x = *(const int *)a, y = *(const int *)b;
    return length[x] != length[y] ? (length[x] < length[y] ? -1 : 1) : x - y;
}

static void expect_same_in_order(const text_lines *source, const text_lines *expected,
                                 const int *places) {
    s2s_search_recipe search = beam_of(4);
    text_lines moved = reorder(source, places), wanted = reorder(expected, places);
    text_lines found = translate_lines(&model, &search, &moved, true, NULL);
    expect_same(&wanted, &found);
    lines_release(&moved);
    lines_release(&wanted);
    lines_release(&found);
}

static void order_does_not_matter(void **state) {
    (void)state;
    text_lines source = mixed_lines();
    s2s_search_recipe search = beam_of(4);
    text_lines expected = translate_lines(&model, &search, &source, true, NULL);
    int *places = malloc((size_t)source.n * sizeof *places);
    for (int i = 0; i < source.n; i++) places[i] = source.n - 1 - i;
    expect_same_in_order(&source, &expected, places);
    sorted_lines = &source;
    qsort(places, (size_t)source.n, sizeof *places, by_length);
    expect_same_in_order(&source, &expected, places);
    free(places);
    lines_release(&source);
    lines_release(&expected);
}

static void threads_do_not_matter(void **state) {
    (void)state;
    text_lines source = mixed_lines();
    s2s_search_recipe search = beam_of(4);
    text_lines one = translate_lines(&model, &search, &source, true, NULL);
    for (int threads = 2; threads <= 4; threads += 2) {
        s2s_threads_set(threads);
        text_lines more = translate_lines(&model, &search, &source, true, NULL);
        expect_same(&one, &more);
        lines_release(&more);
    }
    s2s_threads_set(1);
    lines_release(&one);
    lines_release(&source);
}

/* --- searches --- */

static void a_beam_of_one_is_greedy(void **state) {
    (void)state;
    text_lines source = mixed_lines();
    s2s_search_recipe beam = beam_of(1), greedy = model.recipe->search;
    greedy.type = S2S_GREEDY;
    text_lines a = translate_lines(&model, &beam, &source, true, NULL);
    text_lines b = translate_lines(&model, &greedy, &source, true, NULL);
    expect_same(&a, &b);
    s2s_search_recipe wide = beam_of(8);
    text_lines c = translate_lines(&model, &wide, &source, true, NULL);
    assert_true(lines_equal(&a, &c) < a.n); /* the test can tell searches apart */
    lines_release(&a);
    lines_release(&b);
    lines_release(&c);
    lines_release(&source);
}

static void n_best_come_best_first(void **state) {
    (void)state;
    text_lines source = mixed_lines();
    s2s_search_recipe search = beam_of(6);
    search.n_best = 6;
    text_lines found = translate_lines(&model, &search, &source, true, NULL);
    for (int i = 0; i < found.n; i++) {
        int count = 0;
        double last = 0;
        for (char *at = found.line[i]; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
            double log_probability = strtod(at, &at), score = strtod(at, &at);
            assert_true(log_probability <= score && score <= 0);
            assert_true(!count++ || score <= last);
            last = score;
        }
        assert_true(source.length[i] ? count > 1 && count <= 6 : count == 1);
    }
    lines_release(&found);
    lines_release(&source);
}

/* --- odd lines --- */

static void odd_lines_give_lines(void **state) {
    (void)state;
    static const char odd[] = "\n"
                              "   \t \n"
                              "one\n"
                              "\xff\xfe\xfd one \x80\n"
                              "two \xe2\x82 three\n"
                              "nul \0 byte\n"
                              "carriage return\r\n"
                              "\xf0\x9f\x98\x80 \xd0\x96 unknown letters\n"
                              "one two\n";
    text_lines source = lines_split(odd, sizeof odd - 1);
    s2s_search_recipe search = beam_of(5);
    text_lines found = translate_lines(&model, &search, &source, false, NULL);
    assert_int_equal(found.length[0], 0);
    assert_int_equal(found.length[1], 0);
    assert_true(found.length[2] > 0 && found.length[8] > 0);
    for (int i = 0; i < found.n; i++)
        assert_true(s2s_utf8_check(found.line[i], found.length[i]) < 0);
    lines_release(&found);
    lines_release(&source);
}

/* Many more tokens than training ever saw, between two lines that must not notice. */
static void five_thousand_words(void **state) {
    (void)state;
    s2s_buf text = {0};
    s2s_err err = {0};
    s2s_buf_printf(&text, &err, "one two\n");
    for (int i = 0; i < 5000; i++)
        s2s_buf_printf(&text, &err, "%s%s", i % 3 ? "seven" : "four", i < 4999 ? " " : "\n");
    s2s_buf_printf(&text, &err, "one two\n");
    text_lines source = lines_split(text.data, text.size);
    s2s_search_recipe search = beam_of(5);
    uint64_t truncated;
    text_lines found = translate_lines(&model, &search, &source, false, &truncated);
    assert_int_equal(truncated, 0);
    assert_string_equal(found.line[0], found.line[2]);
    lines_release(&found);
    lines_release(&source);
    s2s_buf_release(&text);
}

static void no_lines_at_all(void **state) {
    (void)state;
    text_lines source = lines_split("", 0);
    s2s_search_recipe search = beam_of(5);
    text_lines found = translate_lines(&model, &search, &source, false, NULL);
    lines_release(&found);
    lines_release(&source);
}

/* --- the end of learned positions --- */

enum { POSITIONS = 24 };

/* Random weights, which hardly ever end a line by themselves. */
static s2s_loaded_model with_learned_positions(void) {
    char sets[2][64];
    const char *const set[] = {sets[0],
                               sets[1],
                               "encoder.positions=learned",
                               "data.max_length=24",
                               "search.max_decoding_length=20",
                               "train.validation.search.max_decoding_length=20"};
    snprintf(sets[0], sizeof sets[0], "encoder.max_positions=%d", POSITIONS);
    snprintf(sets[1], sizeof sets[1], "decoder.max_positions=%d", POSITIONS);
    s2s_loaded_model learned = model;
    s2s_err err = {0};
    int size = s2s_vocabulary_size(model.source);
    if (s2s_recipe_load(&learned.recipe, scratch("recipe.yaml"), set, 6, &err) ||
        s2s_model_create(&learned.model, learned.recipe, size, size, S2S_PARAMS_KEEP, &err))
        fail_msg("%s", err.message);
    s2s_params_initialize(&learned.model->params, 3);
    assert_int_equal(s2s_params_pack(&learned.model->params, S2S_WEIGHT_FLOAT32, &err), S2S_OK);
    return learned;
}

static int count_tokens(const s2s_vocabulary *vocabulary, const char *line, size_t length) {
    s2s_ids ids = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_encode(vocabulary, line, length, &ids, &err), S2S_OK);
    int n = (int)ids.size;
    s2s_ids_release(&ids);
    return n;
}

static void learned_positions_end(void **state) {
    (void)state;
    s2s_loaded_model learned = with_learned_positions();
    s2s_buf text = {0};
    s2s_err err = {0};
    const int words[] = {1, POSITIONS - 2, POSITIONS - 1, POSITIONS, 500, 2};
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < words[i]; k++)
            s2s_buf_printf(&text, &err, "six%s", k < words[i] - 1 ? " " : "\n");
    text_lines source = lines_split(text.data, text.size);
    assert_int_equal(count_tokens(model.source, source.line[3], source.length[3]), POSITIONS);
    s2s_search_recipe search = learned.recipe->search;
    search.max_decoding_length = 1000000; /* as a command line may ask */
    search.max_length_ratio = 0;
    uint64_t truncated;
    text_lines found = translate_lines(&learned, &search, &source, true, &truncated);
    assert_int_equal(truncated, 2); /* POSITIONS - 1 and the end symbol fit */
    expect_same(&(text_lines){.line = found.line + 2, .length = found.length + 2, .n = 1},
                &(text_lines){.line = found.line + 3, .length = found.length + 3, .n = 1});
    lines_release(&found);
    text_lines plain = translate_lines(&learned, &search, &source, false, NULL);
    for (int i = 0; i < plain.n; i++)
        assert_true(count_tokens(model.target, plain.line[i], plain.length[i]) <= 2 * POSITIONS);
    lines_release(&plain);
    lines_release(&source);
    s2s_buf_release(&text);
    s2s_model_free(learned.model);
    s2s_recipe_free(learned.recipe);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_do_not_matter),  cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(threads_do_not_matter),  cmocka_unit_test(a_beam_of_one_is_greedy),
        cmocka_unit_test(n_best_come_best_first), cmocka_unit_test(odd_lines_give_lines),
        cmocka_unit_test(five_thousand_words),    cmocka_unit_test(no_lines_at_all),
        cmocka_unit_test(learned_positions_end),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
