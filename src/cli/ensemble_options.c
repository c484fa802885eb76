/* See ensemble_options.h. */
#include "cli/ensemble_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same_vocabulary(const s2s_vocabulary *a, const s2s_vocabulary *b) {
    char left[33], right[33];
    s2s_vocabulary_digest(a, left);
    s2s_vocabulary_digest(b, right);
    return strcmp(left, right) == 0;
}

static s2s_status load_other(s2s_loaded_model *other, const s2s_loaded_model *first,
                             const char *folder, s2s_err *err) {
    S2S_TRY(s2s_model_load(other, folder, NULL, 0, S2S_PARAMS_DECODE, err));
    if (same_vocabulary(other->source, first->source) &&
        same_vocabulary(other->target, first->target))
        return S2S_OK;
    return s2s_fail(err, S2S_INPUT,
                    "--ensemble=%s: its vocabulary is not that of --model; models that translate "
                    "together must share it",
                    folder);
}

/* Exactly n numbers above 0, parted by commas. */
static s2s_status read_weights(const char *text, double *weights, int n, s2s_err *err) {
    for (int i = 0; i < n; i++) {
        char *end;
        weights[i] = strtod(text, &end);
        bool last = i == n - 1;
        if (end == text || !(weights[i] > 0) || !isfinite(weights[i]) ||
            *end != (last ? '\0' : ','))
            return s2s_fail(
                err, S2S_USAGE,
                "--ensemble-weights: expected %d numbers above 0, parted by commas, one "
                "for each model",
                n);
        text = end + 1;
    }
    return S2S_OK;
}

static s2s_status make_translator(s2s_loaded_ensemble *e, const s2s_loaded_model *first,
                                  const char *weights, s2s_err *err) {
    size_t n = (size_t)e->n + 1;
    const s2s_model **models = malloc(n * sizeof *models);
    double *numbers = malloc(n * sizeof *numbers);
    s2s_status status =
        models && numbers ? S2S_OK : s2s_fail_memory(err, n * (sizeof *models + sizeof *numbers));
    if (status == S2S_OK && weights) status = read_weights(weights, numbers, (int)n, err);
    if (status == S2S_OK) {
        models[0] = first->model;
        for (int i = 0; i < e->n; i++) models[i + 1] = e->others[i].model;
        s2s_ensemble_models all = {models, weights ? numbers : NULL, (int)n};
        status =
            s2s_translator_create_ensemble(&e->translator, all, first->source, first->target, err);
    }
    free((void *)models);
    free(numbers);
    return status;
}

s2s_status s2s_ensemble_load(s2s_loaded_ensemble *e, const s2s_loaded_model *first,
                             const s2s_ensemble_options *options, s2s_err *err) {
    *e = (s2s_loaded_ensemble){0};
    if (options->weights && !options->folders.n)
        return s2s_fail(err, S2S_USAGE, "--ensemble-weights goes with --ensemble");
    size_t n = options->folders.n;
    e->others = calloc(n + 1, sizeof *e->others);
    if (!e->others) return s2s_fail_memory(err, (n + 1) * sizeof *e->others);
    for (size_t i = 0; i < n; i++) {
        s2s_status status = load_other(&e->others[i], first, options->folders.items[i], err);
        e->n++; /* also one that does not fit is to be released */
        S2S_TRY(status);
    }
    return make_translator(e, first, options->weights, err);
}

void s2s_loaded_ensemble_release(s2s_loaded_ensemble *e) {
    s2s_translator_free(e->translator);
    for (int i = 0; i < e->n; i++) s2s_loaded_model_release(&e->others[i]);
    free(e->others);
    *e = (s2s_loaded_ensemble){0};
}
