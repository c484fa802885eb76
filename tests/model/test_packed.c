/* Packed weights in a model folder: they are mapped as they were written, and what does not fit is told. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folders.h"
#include "sentences.h"
#include "tensor/safetensors.h"

static char *root, *whole; /* made once */

static int set_up(void **state) {
    (void)state;
    root = make_folder();
    char *vocabulary = learn(root, "a.model", 300, 0);
    whole = save_whole(root, "whole", vocabulary);
    free(vocabulary);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    free(whole);
    remove_folder(root);
    return 0;
}

/* The model of the folder `whole`, packed, in a folder of its own. */
static char *save_packed(const char *name, s2s_weight_type type) {
    s2s_err err = {0};
    s2s_loaded_model loaded;
    char *folder = in_folder(root, name);
    must(s2s_model_load(&loaded, whole, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    must(s2s_params_pack(&loaded.model->params, type, &err), &err);
    must(s2s_model_save_beside(loaded.model, folder, whole, &err), &err);
    s2s_loaded_model_release(&loaded);
    return folder;
}

/* Each parameter of the model for translating is that of the original, packed as `type`. */
static void same_when_packed(const s2s_params *decoding, const s2s_params *original,
                             s2s_weight_type type, bool borrowed) {
    s2s_err err = {0};
    for (size_t i = 0; i < original->n; i++) {
        const s2s_param_info *info = original->items + i;
        const s2s_packed *packed = s2s_param_packed(decoding, (s2s_param)i);
        const s2s_real *values = s2s_param_value(original, (s2s_param)i);
        assert_int_equal(packed != NULL, info->packs);
        if (!packed) {
            assert_memory_equal(s2s_param_value(decoding, (s2s_param)i), values,
                                s2s_param_size(original, (s2s_param)i) * sizeof *values);
            continue;
        }
        s2s_packed expected;
        must(s2s_packed_create(&expected, type, values, info->rows, info->width, &err), &err);
        assert_int_equal(packed->type, type);
        assert_int_equal(packed->owned == NULL, borrowed);
        assert_memory_equal(packed->data, expected.data,
                            s2s_packed_bytes(type, info->rows, info->width));
        s2s_packed_release(&expected);
    }
}

static void check_packed(const char *folder, s2s_weight_type type, bool borrowed) {
    s2s_err err = {0};
    s2s_loaded_model original, decoding;
    must(s2s_model_load(&original, whole, NULL, 0, S2S_PARAMS_KEEP, &err), &err);
    must(s2s_model_load(&decoding, folder, NULL, 0, S2S_PARAMS_DECODE, &err), &err);
    assert_true(decoding.model->params.size < original.model->params.size / 4);
    same_when_packed(&decoding.model->params, &original.model->params, type, borrowed);
    s2s_loaded_model_release(&original);
    s2s_loaded_model_release(&decoding);
}

static void packed_weights_are_borrowed(void **state) {
    (void)state;
    const char *names[S2S_WEIGHT_TYPES] = {"packed-float32", "packed-int8", "packed-bfloat16"};
    for (int type = 0; type < S2S_WEIGHT_TYPES; type++) {
        char *folder = save_packed(names[type], (s2s_weight_type)type);
        check_packed(folder, (s2s_weight_type)type, true);
        free(folder);
    }
}

static void plain_weights_are_packed(void **state) {
    (void)state;
    check_packed(whole, S2S_WEIGHT_FLOAT32, false);
}

static void packed_weights_serve_translating_alone(void **state) {
    (void)state;
    char *folder = save_packed("packed-alone", S2S_WEIGHT_INT8);
    load_refused(folder, NULL, "packed weights (int8), which serve only for translating");
    free(folder);
}

/* Where the tensors begin is not told, but the first of them is there. */
static const unsigned char *begin_of_tensors(const s2s_safetensors *file) {
    const unsigned char *begin = s2s_safetensors_at(file, 0)->data;
    for (size_t i = 1; i < s2s_safetensors_count(file); i++)
        if (s2s_safetensors_at(file, i)->data < begin) begin = s2s_safetensors_at(file, i)->data;
    return begin;
}

/* Changes the last scale of the embedding's first panel, which ends with it. */
static void change_scale(const char *folder, float scale) {
    s2s_err err = {0};
    s2s_safetensors *file;
    char *path = in_folder(folder, S2S_WEIGHTS_FILE);
    must(s2s_safetensors_open(&file, path, &err), &err);
    const s2s_stored_tensor *embedding = s2s_safetensors_find(file, "embedding.weight");
    long panel_end = (long)(embedding->data - begin_of_tensors(file)) + (long)embedding->shape[1];
    s2s_safetensors_close(file);
    uint64_t header;
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fread(&header, sizeof header, 1, f), 1);
    long at = (long)(sizeof header + header) + panel_end - (long)sizeof scale;
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    assert_int_equal(fwrite(&scale, sizeof scale, 1, f), 1);
    assert_int_equal(fclose(f), 0);
    free(path);
}

static void odd_scales_are_told(void **state) {
    (void)state;
    const float odd[] = {NAN, INFINITY, -1};
    for (int i = 0; i < 3; i++) {
        s2s_err err = {0};
        s2s_loaded_model loaded;
        char *folder = save_packed("packed-odd", S2S_WEIGHT_INT8);
        change_scale(folder, odd[i]);
        assert_int_equal(s2s_model_load(&loaded, folder, NULL, 0, S2S_PARAMS_DECODE, &err),
                         S2S_NUMERIC);
        refused(&err, "\"embedding.weight\" has a scale that is none");
        free(folder);
    }
}

static void packed_weights_must_fit(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_loaded_model loaded;
    const char *sets[] = {"encoder.feed_forward=100"};
    char *folder = save_packed("packed-other", S2S_WEIGHT_INT8);
    assert_int_equal(s2s_model_load(&loaded, folder, sets, 1, S2S_PARAMS_DECODE, &err), S2S_INPUT);
    refused(&err, "feed_forward.in.weight\" holds ");
    refused(&err, "quantize the model again");
    free(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_weights_are_borrowed),
        cmocka_unit_test(plain_weights_are_packed),
        cmocka_unit_test(packed_weights_serve_translating_alone),
        cmocka_unit_test(packed_weights_must_fit),
        cmocka_unit_test(odd_scales_are_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
