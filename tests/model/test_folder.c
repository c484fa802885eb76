/* Model folders: what is saved is loaded, and everything that does not fit is told, with what would
 * help. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "folders.h"
#include "sentences.h"
#include "tensor/safetensors.h"

static const char separate_recipe[] = "name: small\n"
                                      "text: {vocabulary: {shared: false}}\n"
                                      "encoder: {layers: 1, width: 16, heads: 4}\n"
                                      "decoder: {layers: 1, width: 8, heads: 2}\n";

/* Made once: a folder with vocabularies to copy, and a whole model folder in it. */
static char *root, *vocabulary_a, *vocabulary_b, *vocabulary_c, *whole;

static int set_up(void **state) {
    (void)state;
    root = make_folder();
    vocabulary_a = learn(root, "a.model", 300, 0);
    vocabulary_b = learn(root, "b.model", 280, 0);
    vocabulary_c = learn(root, "c.model", 300, 5000);
    whole = save_whole(root, "whole", vocabulary_a);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    free(vocabulary_a);
    free(vocabulary_b);
    free(vocabulary_c);
    free(whole);
    remove_folder(root);
    return 0;
}

/* --- files --- */

/* Without the waiting for the disk of s2s_write_file, which a test that runs often can do without.
 */
static void copy(const char *from, const char *folder, const char *name) {
    s2s_err err = {0};
    s2s_map map;
    char *to = in_folder(folder, name);
    must(s2s_map_open(&map, from, &err), &err);
    FILE *file = fopen(to, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(map.data, 1, map.size, file), map.size);
    assert_int_equal(fclose(file), 0);
    s2s_map_close(&map);
    free(to);
}

/* A copy of the whole folder, to be damaged. */
static char *clone_whole(const char *name) {
    static const char *const files[] = {S2S_WEIGHTS_FILE, S2S_RECIPE_FILE,
                                        S2S_SHARED_VOCABULARY_FILE};
    s2s_err err = {0};
    char *folder = in_folder(root, name);
    must(s2s_make_folders(folder, &err), &err);
    for (int i = 0; i < 3; i++) {
        char *from = in_folder(whole, files[i]);
        copy(from, folder, files[i]);
        free(from);
    }
    return folder;
}

static void delete_file(const char *folder, const char *name) {
    char *path = in_folder(folder, name);
    assert_int_equal(unlink(path), 0);
    free(path);
}

static void truncate_file(const char *folder, const char *name, size_t size) {
    char *path = in_folder(folder, name);
    assert_int_equal(truncate(path, (off_t)size), 0);
    free(path);
}

/* --- what is saved is loaded --- */

static void same_params(const s2s_params *a, const s2s_params *b) {
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->size, b->size);
    for (size_t i = 0; i < a->n; i++) {
        assert_string_equal(a->items[i].name, b->items[i].name);
        assert_memory_equal(s2s_param_value(a, (s2s_param)i), s2s_param_value(b, (s2s_param)i),
                            s2s_param_size(a, (s2s_param)i) * sizeof(s2s_real));
    }
}

static void same_recipe(const s2s_recipe *a, const s2s_recipe *b) {
    s2s_err err = {0};
    s2s_buf x = {0}, y = {0};
    must(s2s_recipe_write(a, &x, &err), &err);
    must(s2s_recipe_write(b, &y, &err), &err);
    assert_string_equal(x.data, y.data);
    s2s_buf_release(&x);
    s2s_buf_release(&y);
}

static void round_trip(const char *recipe_text, const char *source, const char *target,
                       int pieces) {
    s2s_err err = {0};
    s2s_loaded_model loaded;
    s2s_recipe *recipe = parse(recipe_text);
    s2s_model *model = make_model(recipe, 300, pieces);
    char *folder = in_folder(root, target ? "new/separate" : "new/shared");
    must(s2s_model_save(model, folder, source, target, &err), &err);
    must(s2s_model_load(&loaded, folder, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    same_params(&model->params, &loaded.model->params);
    same_recipe(recipe, loaded.recipe);
    assert_int_equal(s2s_vocabulary_size(loaded.source), 300);
    assert_int_equal(s2s_vocabulary_size(loaded.target), pieces);
    assert_int_equal(loaded.source == loaded.target, target == NULL);
    assert_null(loaded.model->params.gradient);
    s2s_loaded_model_release(&loaded);
    assert_null(loaded.model);
    free(folder);
    s2s_model_free(model);
    s2s_recipe_free(recipe);
}

static void saved_is_loaded_shared(void **state) {
    (void)state;
    round_trip(small_recipe, vocabulary_a, NULL, 300);
}

static void saved_is_loaded_separate(void **state) {
    (void)state;
    round_trip(separate_recipe, vocabulary_a, vocabulary_b, 280);
}

/* Training learns the vocabulary in the folder itself, and saves again and again. */
static void saves_over_itself(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_loaded_model loaded, again;
    char *folder = clone_whole("itself"), *own = in_folder(folder, S2S_SHARED_VOCABULARY_FILE);
    must(s2s_model_load(&loaded, folder, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    loaded.model->params.value[0] = 42;
    must(s2s_model_save(loaded.model, folder, own, own, &err), &err);
    must(s2s_model_load(&again, folder, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    same_params(&loaded.model->params, &again.model->params);
    s2s_loaded_model_release(&loaded);
    s2s_loaded_model_release(&again);
    free(own);
    free(folder);
}

enum { ROOM = 16384 }; /* bytes of a file: for a recipe and a vocabulary */

/* Where there is room for all files but the weights: nothing of the model that is there may be lost. */
static void a_full_disk_leaves_the_old_model(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_loaded_model loaded, old;
    const char *wider = "encoder.dropout=0.5";
    char *folder = clone_whole("full");
    must(s2s_model_load(&loaded, whole, &wider, 1, S2S_PARAMS_KEEP, &err), &err);
    loaded.model->params.value[0] = 42;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_true(loaded.model->params.size * sizeof(float) > ROOM);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ROOM, before.rlim_max}), 0);
    s2s_status status = s2s_model_save(loaded.model, folder, vocabulary_b, vocabulary_b, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, S2S_IO);
    refused(&err, S2S_WEIGHTS_FILE);
    must(s2s_model_load(&old, folder, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    assert_true(old.recipe->encoder.dropout < 0.5);
    assert_true(old.model->params.value[0] < 42);
    s2s_loaded_model_release(&old);
    s2s_loaded_model_release(&loaded);
    free(folder);
}

static void sets_lie_over_the_recipe(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_loaded_model loaded;
    const char *sets[] = {"search.beam_size=3", "encoder.dropout=0.5"};
    must(s2s_model_load(&loaded, whole, sets, 2, S2S_PARAMS_KEEP, &err), &err);
    assert_int_equal(loaded.recipe->search.beam_size, 3);
    s2s_loaded_model_release(&loaded);
    sets[0] = "search.beam_sice=3";
    assert_int_equal(s2s_model_load(&loaded, whole, sets, 2, S2S_PARAMS_KEEP, &err), S2S_USAGE);
    refused(&err, "did you mean search.beam_size?");
}

static void weights_alone(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_recipe *recipe = parse(small_recipe);
    s2s_model *model = make_model(recipe, 300, 300), *other = NULL;
    char *path = in_folder(root, "alone.safetensors");
    must(s2s_model_create(&other, recipe, 300, 300, S2S_PARAMS_TRAIN, &err), &err);
    must(s2s_model_save_weights(model, path, &err), &err);
    must(s2s_model_load_weights(other, path, &err), &err);
    same_params(&model->params, &other->params);
    assert_int_equal(s2s_model_load_weights(other, "/no/such/file", &err), S2S_IO);
    assert_int_equal(s2s_model_save_weights(model, "/dev/full", &err), S2S_IO);
    free(path);
    s2s_model_free(model);
    s2s_model_free(other);
    s2s_recipe_free(recipe);
}

/* --- what is missing --- */

static void missing_files_are_told(void **state) {
    (void)state;
    static const char *const files[] = {S2S_WEIGHTS_FILE, S2S_RECIPE_FILE,
                                        S2S_SHARED_VOCABULARY_FILE};
    char *absent = in_folder(root, "absent"), *empty = in_folder(root, "empty");
    for (int i = 0; i < 3; i++) {
        char part[100], *folder = clone_whole("missing");
        delete_file(folder, files[i]);
        snprintf(part, sizeof part, "%s is missing; it holds %s", files[i], files[i == 0]);
        load_refused(folder, NULL, part);
        free(folder);
    }
    load_refused(absent, NULL, "No such file");
    load_refused(vocabulary_a, NULL, "is a file, and a model is a folder");
    s2s_err err = {0};
    must(s2s_make_folders(empty, &err), &err);
    load_refused(empty, NULL, "it holds nothing");
    for (int i = 0; i < 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "file%d", i);
        copy(vocabulary_a, empty, name);
    }
    load_refused(empty, NULL, "file0, file1, file2, file3, file4, file5, file6, file7 and 2 more");
    free(absent);
    free(empty);
}

/* --- weights that do not fit --- */

static void contradictions_name_the_key(void **state) {
    (void)state;
    static const char *const contradictions[][2] = {
        {"encoder.layers=3", "of 61 tensors 12 are missing, the first is "
                             "\"encoder.layers.2.self_attention.qkv.weight\""},
        {"encoder.layers=3", "none are unexpected; the recipe's encoder.layers likely"},
        {"encoder.layers=1",
         "12 are unexpected, the first is \"encoder.layers.1.feed_forward.in.bias\"; "
         "the recipe's encoder.layers likely"},
        {"decoder.layers=2", "decoder.layers likely"},
        {"encoder.bias=false", "encoder.bias likely"},
        {"decoder.norm=post", "the recipe's decoder.norm likely"},
        {"decoder.norm_type=rms", "decoder.norm_type (or bias) likely"},
        {"encoder.embedding_norm=true", "encoder.embedding_norm likely"},
        {"decoder.output_bias=true", "decoder.output_bias likely"},
        {"encoder.positions=relative", "encoder.positions likely"},
        {"decoder.positions=learned", "decoder.positions likely"},
        {"decoder.tie=decoder", "decoder.tie likely"},
        {"decoder.tie=none", "decoder.tie likely"},
        {"encoder.feed_forward=32", "\"encoder.layers.0.feed_forward.in.weight\" has shape [24, "
                                    "16], and the recipe makes it [32, 16]; "
                                    "the recipe's encoder.feed_forward (or activation) likely"},
        {"decoder.activation=swiglu", "decoder.feed_forward (or activation) likely"},
        {"encoder.kv_heads=2", "has shape [48, 16], and the recipe makes it [32, 16]; the recipe's "
                               "encoder.kv_heads likely"},
    };
    for (size_t i = 0; i < sizeof contradictions / sizeof *contradictions; i++)
        load_refused(whole, contradictions[i][0], contradictions[i][1]);
}

static void a_width_is_told(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_loaded_model loaded;
    const char *sets[] = {"encoder.width=32", "decoder.width=32"};
    assert_int_equal(s2s_model_load(&loaded, whole, sets, 2, S2S_PARAMS_KEEP, &err), S2S_INPUT);
    refused(
        &err,
        "has shape [48, 16], and the recipe makes it [96, 32]; the recipe's encoder.width likely");
}

static void foreign_weights_are_told(void **state) {
    (void)state;
    char *folder = clone_whole("foreign");
    copy(S2S_FIXTURES "/tensor/library.safetensors", folder, S2S_WEIGHTS_FILE);
    load_refused(folder, NULL,
                 "is not a model of s2s: it holds 11 other tensors (the first is \"bytes\")");
    copy(S2S_FIXTURES "/tensor/nothing.safetensors", folder, S2S_WEIGHTS_FILE);
    load_refused(folder, NULL, "it holds 0 other tensors");
    copy(vocabulary_a, folder, S2S_WEIGHTS_FILE);
    load_refused(folder, NULL, "is no safetensors file");
    free(folder);
}

/* The file of `whole` with one value or note changed. */
static void change_weights(const char *folder, size_t element, s2s_real value, const char *format) {
    s2s_err err = {0};
    s2s_loaded_model loaded;
    char *path = in_folder(folder, S2S_WEIGHTS_FILE);
    must(s2s_model_load(&loaded, whole, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    const s2s_params *params = &loaded.model->params;
    params->value[element] = value;
    s2s_safetensors_entry entries[64];
    for (size_t i = 0; i < params->n; i++)
        entries[i] =
            (s2s_safetensors_entry){params->items[i].name, S2S_DTYPE_F32, params->items[i].rows,
                                    params->items[i].width, s2s_param_value(params, (s2s_param)i)};
    s2s_safetensors_note note = {"s2s_format", format};
    must(s2s_safetensors_write(path, entries, params->n, &note, 1, &err), &err);
    s2s_loaded_model_release(&loaded);
    free(path);
}

static void odd_values_and_versions_are_told(void **state) {
    (void)state;
    char *folder = clone_whole("odd");
    change_weights(folder, 3, (s2s_real)NAN, "1");
    load_refused(folder, NULL, "self_attention.qkv.weight\": element 3 is");
    change_weights(folder, 3, (s2s_real)INFINITY, "1");
    load_refused(folder, NULL, "element 3 is inf");
    change_weights(folder, 3, 0, "3");
    load_refused(folder, NULL, "format version 3, and this program reads versions 1 and 2");
    change_weights(folder, 3, 0, "1");
    s2s_err err = {0};
    s2s_loaded_model loaded;
    must(s2s_model_load(&loaded, folder, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    s2s_loaded_model_release(&loaded);
    free(folder);
}

static void truncated_files_are_refused(void **state) {
    (void)state;
    static const char *const files[] = {S2S_WEIGHTS_FILE, S2S_SHARED_VOCABULARY_FILE};
    static const size_t sizes[] = {0, 5, 100, 3000};
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            char *folder = clone_whole("truncated");
            truncate_file(folder, files[i], sizes[k]);
            load_refused(folder, NULL, files[i]);
            free(folder);
        }
    char *folder = clone_whole("truncated");
    truncate_file(folder, S2S_RECIPE_FILE, 0);
    load_refused(folder, NULL, S2S_RECIPE_FILE);
    free(folder);
}

/* --- vocabularies that do not fit --- */

static void other_vocabularies_are_told(void **state) {
    (void)state;
    char *folder = clone_whole("other");
    copy(vocabulary_b, folder, S2S_SHARED_VOCABULARY_FILE);
    load_refused(folder, NULL,
                 "the weights are for a vocabulary of 300 pieces, and the one given has 280");
    copy(vocabulary_c, folder, S2S_SHARED_VOCABULARY_FILE);
    load_refused(folder, NULL, "is not the vocabulary that the weights were saved with");
    copy(vocabulary_a, folder, S2S_SHARED_VOCABULARY_FILE);
    s2s_err err = {0};
    s2s_loaded_model loaded;
    must(s2s_model_load(&loaded, folder, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    s2s_loaded_model_release(&loaded);
    free(folder);
}

/* --- models of Transformers --- */

/* Rows of one parameter hold one number, which tools/fixtures/marian_folder.py gave to one tensor.
 */
static void rows_hold(const s2s_model *model, const char *name, int first, int rows,
                      double number) {
    s2s_param param = s2s_params_find(&model->params, name);
    assert_int_not_equal(param, S2S_NO_PARAM);
    const s2s_param_info *info = model->params.items + param;
    assert_in_range(first + rows, 1, info->rows == 1 ? info->width : info->rows);
    int width = info->rows == 1 ? 1 : info->width;
    for (int i = first * width; i < (first + rows) * width; i++)
        assert_true(s2s_param_value(&model->params, param)[i] == (s2s_real)number);
}

static void an_imported_model_is_loaded(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_loaded_model loaded;
    must(s2s_model_load(&loaded, S2S_FIXTURES "/model/marian", NULL, 0, S2S_PARAMS_KEEP, &err),
         &err);
    const s2s_model *m = loaded.model;
    assert_true(loaded.recipe->text.lowercase && loaded.recipe->encoder.norm == S2S_POST_NORM);
    for (int i = 0; i < 3; i++) {
        rows_hold(m, "encoder.layers.1.self_attention.qkv.weight", 8 * i, 8, 1001 + i);
        rows_hold(m, "decoder.layers.0.self_attention.qkv.bias", 8 * i, 8, 101.5 + i);
    }
    rows_hold(m, "decoder.layers.0.cross_attention.q.weight", 0, 8, 106);
    rows_hold(m, "decoder.layers.0.cross_attention.kv.weight", 0, 8, 107);
    rows_hold(m, "decoder.layers.0.cross_attention.kv.weight", 8, 8, 108);
    rows_hold(m, "decoder.layers.0.cross_attention.out.bias", 0, 8, 109.5);
    rows_hold(m, "encoder.layers.0.self_attention.norm.weight", 0, 8, 5);
    rows_hold(m, "encoder.layers.0.feed_forward.in.weight", 0, 12, 11);
    rows_hold(m, "encoder.layers.0.feed_forward.out.weight", 0, 8, 12);
    rows_hold(m, "encoder.layers.0.feed_forward.norm.bias", 0, 8, 13.5);
    rows_hold(m, "embedding.weight", 0, 40, 77);
    rows_hold(m, "output.bias", 7, 1, 7);
    s2s_loaded_model_release(&loaded);
}

/* --- saving that fails --- */

static void a_failed_save_leaves_no_weights(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_loaded_model loaded;
    char *half = in_folder(root, "half"), *below = in_folder(vocabulary_a, "folder");
    char *weights = in_folder(half, S2S_WEIGHTS_FILE);
    must(s2s_model_load(&loaded, whole, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    assert_int_equal(s2s_model_save(loaded.model, half, "/no/such/vocabulary", NULL, &err), S2S_IO);
    refused(&err, "/no/such/vocabulary");
    assert_false(s2s_file_exists(weights));
    assert_int_equal(s2s_model_save(loaded.model, below, vocabulary_a, NULL, &err), S2S_IO);
    s2s_loaded_model_release(&loaded);
    free(half);
    free(below);
    free(weights);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_is_loaded_shared),
        cmocka_unit_test(saved_is_loaded_separate),
        cmocka_unit_test(saves_over_itself),
        cmocka_unit_test(a_full_disk_leaves_the_old_model),
        cmocka_unit_test(sets_lie_over_the_recipe),
        cmocka_unit_test(weights_alone),
        cmocka_unit_test(missing_files_are_told),
        cmocka_unit_test(contradictions_name_the_key),
        cmocka_unit_test(a_width_is_told),
        cmocka_unit_test(foreign_weights_are_told),
        cmocka_unit_test(odd_values_and_versions_are_told),
        cmocka_unit_test(truncated_files_are_refused),
        cmocka_unit_test(other_vocabularies_are_told),
        cmocka_unit_test(an_imported_model_is_loaded),
        cmocka_unit_test(a_failed_save_leaves_no_weights),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
