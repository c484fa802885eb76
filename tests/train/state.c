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

void state_make(test_state *state, const char *output, s2s_optimizer_type type, bool ema) {
    s2s_err err = {0};
    *state = (test_state){0};
    put_vocabulary(output);
    if (s2s_recipe_parse(&state->recipe, yaml, sizeof yaml - 1, "test.yaml", NULL, 0, &err))
        fail_msg("%s", err.message);
    state->recipe->train.optimizer.type = type;
    assert_int_equal(s2s_model_create(&state->model, state->recipe, VOCABULARY, VOCABULARY,
                                      S2S_PARAMS_TRAIN, &err),
                     S2S_OK);
    s2s_params *params = &state->model->params;
    assert_int_equal(
        s2s_optimizer_init(&state->optimizer, &state->recipe->train.optimizer, params, &err),
        S2S_OK);
    if (ema) state->ema = s2s_block_alloc(params->size * sizeof *state->ema, &err);
    state->all =
        (s2s_training_state){state->model, &state->optimizer, state->ema, &state->progress};
}

/* Padding between parameters is always zero. */
static void fill_block(s2s_real *block, const s2s_params *params, s2s_rng rng) {
    for (size_t i = 0; block && i < params->n; i++)
        for (size_t k = 0; k < s2s_param_size(params, (s2s_param)i); k++)
            block[params->items[i].offset + k] = (s2s_real)s2s_rng_normal(&rng);
}

void state_fill(test_state *state, uint64_t key) {
    const s2s_params *params = &state->model->params;
    s2s_real *blocks[] = {params->value, state->optimizer.m, state->optimizer.v, state->ema};
    for (uint64_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        fill_block(blocks[i], params, s2s_rng_init(key, i));
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

static void expect_block(const s2s_real *a, const s2s_real *b, size_t n) {
    assert_int_equal(a == NULL, b == NULL);
    if (a) assert_memory_equal(a, b, n * sizeof *a);
}

void state_expect_equal(const test_state *a, const test_state *b) {
    size_t n = a->model->params.size;
    assert_int_equal(n, b->model->params.size);
    expect_block(a->model->params.value, b->model->params.value, n);
    expect_block(a->optimizer.m, b->optimizer.m, n);
    expect_block(a->optimizer.v, b->optimizer.v, n);
    expect_block(a->ema, b->ema, n);
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
