/* See state.h. */
#include "state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/file.h"
#include "base/rng.h"
#include "kernel/bfloat16.h"

static const char yaml[] = "encoder: {layers: 1, width: 8, heads: 2, feed_forward: 12}\n"
                           "decoder: {}\n"
                           "train: {max_steps: 10, schedule: {warmup_steps: 1}}\n";

enum { VOCABULARY = 11 };

static void put_vocabulary(const char *output) {
    s2s_err err = {0};
    char path[1024];
    snprintf(path, sizeof path, "%s/vocab.model", output);
    assert_int_equal(s2s_make_folders(output, &err), S2S_OK);
    assert_int_equal(s2s_write_file(path, "pieces", 6, &err), S2S_OK);
}

static void make(test_state *state, const char *output, s2s_optimizer_type type,
                 s2s_moments moments, bool ema) {
    s2s_err err = {0};
    *state = (test_state){0};
    put_vocabulary(output);
    if (s2s_recipe_parse(&state->recipe, yaml, sizeof yaml - 1, "test.yaml", NULL, 0, &err))
        fail_msg("%s", err.message);
    state->recipe->train.optimizer.type = type;
    state->recipe->train.optimizer.moments = moments;
    assert_int_equal(s2s_model_create(&state->model, state->recipe, VOCABULARY, VOCABULARY,
                                      S2S_PARAMS_TRAIN, &err),
                     S2S_OK);
    s2s_params *params = &state->model->params;
    assert_int_equal(
        s2s_optimizer_init(&state->optimizer, &state->recipe->train.optimizer, params, 1, &err),
        S2S_OK);
    if (ema) state->ema = s2s_block_alloc(params->size * sizeof *state->ema, &err);
    state->all =
        (s2s_training_state){state->model, &state->optimizer, state->ema, &state->progress};
}

void state_make(test_state *state, const char *output, s2s_optimizer_type type, bool ema) {
    make(state, output, type, S2S_FLOAT32_MOMENTS, ema);
}

void state_make_bfloat16(test_state *state, const char *output, bool ema) {
    make(state, output, S2S_ADAM, S2S_BFLOAT16_MOMENTS, ema);
}

/* Padding between parameters is always zero. */
static void fill_block(s2s_real *block, const s2s_params *params, s2s_rng rng) {
    for (size_t i = 0; block && i < params->n; i++)
        for (size_t k = 0; k < s2s_param_size(params, (s2s_param)i); k++)
            block[params->items[i].offset + k] = (s2s_real)s2s_rng_normal(&rng);
}

static void fill_halves(s2s_bfloat16 *block, size_t n, s2s_rng rng) {
    for (size_t i = 0; i < n; i++) block[i] = s2s_bfloat16_nearest((float)s2s_rng_normal(&rng));
}

void state_fill(test_state *state, uint64_t key) {
    const s2s_params *params = &state->model->params;
    s2s_real *reals[] = {params->value, state->ema};
    void *moments[] = {state->optimizer.m, state->optimizer.v};
    for (uint64_t i = 0; i < 2; i++) {
        fill_block(reals[i], params, s2s_rng_init(key, i));
        if (s2s_optimizer_in_bfloat16(&state->optimizer))
            fill_halves(moments[i], params->size, s2s_rng_init(key, 2 + i));
        else
            fill_block(moments[i], params, s2s_rng_init(key, 2 + i));
    }
    int64_t n = (int64_t)key;
    state->optimizer.steps = 1000 + n;
    state->progress = (s2s_progress){.step = 2000 + n,
                                     .cursor = {3000 + key, 4000 + key},
                                     .validation_due = n % 2,
                                     .plateau = {1.0 / (double)(n + 3), 0.1 * (double)n, 5000 + n},
                                     .has_best = 1 - n % 2,
                                     .best_metric = S2S_METRIC_CHRF,
                                     .best = 1e300 / (double)(n + 7),
                                     .best_step = 6000 + n,
                                     .bad = 7000 + n,
                                     .seconds = 1e-5 * (double)n + 0.1,
                                     .labels = ((int64_t)1 << 53) + 1 + n};
}

static void expect_block(const void *a, const void *b, size_t bytes) {
    assert_int_equal(a == NULL, b == NULL);
    if (a) assert_memory_equal(a, b, bytes);
}

void state_expect_equal(const test_state *a, const test_state *b) {
    size_t n = a->model->params.size;
    assert_int_equal(n, b->model->params.size);
    size_t bytes = n * sizeof(s2s_real), moment = s2s_optimizer_moment_bytes(&a->optimizer);
    assert_int_equal(moment, s2s_optimizer_moment_bytes(&b->optimizer));
    expect_block(a->model->params.value, b->model->params.value, bytes);
    expect_block(a->optimizer.m, b->optimizer.m, moment);
    expect_block(a->optimizer.v, b->optimizer.v, moment);
    expect_block(a->ema, b->ema, bytes);
    assert_int_equal(a->optimizer.steps, b->optimizer.steps);
    /* All members are of 8 bytes: there is no padding to differ. */
    assert_memory_equal(&a->progress, &b->progress, sizeof a->progress);
}

void state_release(test_state *state) {
    if (state->ema) s2s_block_free(state->ema, state->model->params.size * sizeof *state->ema);
    s2s_optimizer_release(&state->optimizer);
    s2s_model_free(state->model);
    s2s_recipe_free(state->recipe);
}
