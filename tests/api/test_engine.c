/* The public API on a small model with random weights: its translations are nonsense, but the same
 * by every way to ask for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/folder.h"
#include "s2s/s2s.h"

static const char *const lines[] = {"one two three", "", "four five", "six",
                                    "seven eight nine ten"};
enum { LINES = sizeof lines / sizeof *lines, REPEATS = 40 };

static const char recipe_text[] = "text: {vocabulary: {size: 23}}\n"
                                  "encoder: {layers: 1, width: 16, heads: 2, feed_forward: 32}\n"
                                  "decoder: {}\n"
                                  "search: {max_decoding_length: 12}\n";

static void must(s2s_status status, const s2s_err *err) {
    if (status != S2S_OK) fail_msg("%s", err->message);
}

static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    (void)err;
    int *given = self;
    *more = *given < LINES * REPEATS;
    *line = lines[*given % LINES];
    *length = strlen(*line);
    ++*given;
    return S2S_OK;
}

static void make_model(const char *folder, const char *text) {
    s2s_err err = {0};
    s2s_recipe *recipe;
    s2s_model *model;
    s2s_vocabulary *vocabulary;
    char path[256];
    int given = 0;
    snprintf(path, sizeof path, "%s/vocab.model", folder);
    must(s2s_recipe_parse(&recipe, text, strlen(text), "r.yaml", NULL, 0, &err), &err);
    must(s2s_vocabulary_train(&recipe->text, next_line, &given, path, &err), &err);
    must(s2s_vocabulary_load(&vocabulary, path, &recipe->text, &err), &err);
    int size = s2s_vocabulary_size(vocabulary);
    must(s2s_model_create(&model, recipe, size, size, S2S_PARAMS_KEEP, &err), &err);
    s2s_params_initialize(&model->params, 3);
    must(s2s_model_save(model, folder, path, NULL, &err), &err);
    s2s_vocabulary_free(vocabulary);
    s2s_model_free(model);
    s2s_recipe_free(recipe);
}

static void remove_model(const char *folder) {
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

typedef struct listener {
    int given, done;
    char *expected[LINES];
} listener;

static s2s_status same_as_alone(void *self, uint64_t index, const char *text, size_t length,
                                double score, s2s_err *err) {
    (void)err;
    listener *l = self;
    const char *expected = l->expected[index % LINES];
    assert_int_equal(index, l->done++);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(text, expected, length);
    assert_true(score <= 0);
    return S2S_OK;
}

static void test_one_by_one_equals_many(void **state) {
    (void)state;
    char folder[] = "/tmp/s2s-api-XXXXXX";
    assert_non_null(mkdtemp(folder));
    make_model(folder, recipe_text);
    s2s_err err = {0};
    s2s_engine *engine;
    listener l = {0};
    must(s2s_engine_open(&engine, folder, NULL, &err), &err);
    for (int i = 0; i < LINES; i++)
        must(s2s_engine_translate(engine, lines[i], &l.expected[i], &err), &err);
    assert_string_equal(l.expected[1], "");
    s2s_engine_io io = {&l, next_line, same_as_alone};
    must(s2s_engine_run(engine, io, &err), &err);
    assert_int_equal(l.done, LINES * REPEATS);
    for (int i = 0; i < LINES; i++) s2s_text_free(l.expected[i]);
    s2s_engine_close(engine);
    remove_model(folder);
}

static void test_settings_and_mistakes(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_engine *engine;
    assert_int_not_equal(s2s_engine_open(&engine, "/nowhere/at/all", NULL, &err), S2S_OK);
    assert_null(engine);
    assert_non_null(strstr(err.message, "/nowhere/at/all"));
    s2s_engine_close(NULL);
    s2s_text_free(NULL);
}

/* A model that has no decoder, or no encoder, does not translate: the message says what it is. */
static void test_other_objectives(void **state) {
    (void)state;
    static const char *const recipes[][2] = {
        {"masked_lm", "text: {vocabulary: {size: 24}}\nobjective: {type: masked_lm}\n"
                      "encoder: {layers: 1, width: 16, heads: 2}\n"},
        {"causal_lm", "text: {vocabulary: {size: 23}}\nobjective: {type: causal_lm}\n"
                      "decoder: {layers: 1, width: 16, heads: 2}\n"}};
    for (int i = 0; i < 2; i++) {
        char folder[] = "/tmp/s2s-api-XXXXXX";
        s2s_engine *engine = NULL;
        s2s_err err = {0};
        assert_non_null(mkdtemp(folder));
        make_model(folder, recipes[i][1]);
        assert_int_equal(s2s_engine_open(&engine, folder, NULL, &err), S2S_USAGE);
        assert_null(engine);
        assert_non_null(strstr(err.message, recipes[i][0]));
        assert_non_null(strstr(err.message, "objective.type translation"));
        remove_model(folder);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_by_one_equals_many),
        cmocka_unit_test(test_settings_and_mistakes),
        cmocka_unit_test(test_other_objectives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
