/* See folders.h. */
#include "folders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sentences.h"

const char small_recipe[] = "name: small\n"
                            "encoder: {layers: 2, width: 16, heads: 4, feed_forward: 24}\n"
                            "decoder: {layers: 1}\n";

void must(s2s_status status, const s2s_err *err) {
    if (status != S2S_OK) fail_msg("%s", err->message);
}

void refused(const s2s_err *err, const char *part) {
    if (!strstr(err->message, part)) fail_msg("\"%s\" lacks \"%s\"", err->message, part);
}

char *learn(const char *root, const char *name, int64_t size, size_t first) {
    s2s_err err = {0};
    s2s_text_recipe recipe = plain_text_recipe(size);
    line_source lines = {.n = first + 2000, .at = first};
    char *path = in_folder(root, name);
    must(s2s_vocabulary_train(&recipe, next_source_line, &lines, path, &err), &err);
    return path;
}

s2s_recipe *parse(const char *text) {
    s2s_err err = {0};
    s2s_recipe *recipe = NULL;
    must(s2s_recipe_parse(&recipe, text, strlen(text), "/small.yaml", NULL, 0, &err), &err);
    return recipe;
}

s2s_model *make_model(const s2s_recipe *recipe, int source, int target) {
    s2s_err err = {0};
    s2s_model *model = NULL;
    must(s2s_model_create(&model, recipe, source, target, S2S_PARAMS_KEEP, &err), &err);
    s2s_params_initialize(&model->params, 5);
    for (size_t i = 0; i < model->params.size; i++) /* biases too; and what a float holds */
        model->params.value[i] =
            (float)(model->params.value[i] + (s2s_real)0.01 * (s2s_real)(i % 7));
    return model;
}

char *save_whole(const char *root, const char *name, const char *vocabulary) {
    s2s_err err = {0};
    s2s_recipe *recipe = parse(small_recipe);
    s2s_model *model = make_model(recipe, 300, 300);
    char *folder = in_folder(root, name);
    must(s2s_model_save(model, folder, vocabulary, NULL, &err), &err);
    s2s_model_free(model);
    s2s_recipe_free(recipe);
    return folder;
}

void load_refused(const char *folder, const char *set, const char *part) {
    s2s_err err = {0};
    s2s_loaded_model loaded;
    assert_int_not_equal(s2s_model_load(&loaded, folder, &set, set != NULL, S2S_PARAMS_KEEP, &err),
                         S2S_OK);
    refused(&err, part);
    refused(&err, folder);
    assert_null(loaded.model);
    assert_null(loaded.recipe);
    assert_null(loaded.source);
}
