/* A whole training step of a model that is large enough for several pieces of everything: the same
 * bits with any number of threads, with shared memory as without, and the steps of a run do not
 * disturb each other. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "fixture.h"
#include "op/unshared.h"
#include "train/optimizer.h"

/* Ways of the same three steps. */
typedef struct way {
    s2s_train_precision precision;
    s2s_recompute recompute;
} way;

static const way ways[] = {{S2S_TRAIN_FLOAT32, S2S_RECOMPUTE_NONE},
                           {S2S_TRAIN_FLOAT32, S2S_RECOMPUTE_CHEAP},
                           {S2S_TRAIN_FLOAT32, S2S_RECOMPUTE_LAYERS},
                           {S2S_TRAIN_BFLOAT16, S2S_RECOMPUTE_CHEAP}};
enum { WAYS = sizeof ways / sizeof *ways };

/* Three steps on `threads` threads; a copy of the parameters and the sum of the losses. */
typedef struct outcome {
    s2s_real *values;
    size_t bytes;
    double loss;
} outcome;

/* Three steps; memory is laid out for the threads at the beginning. */
static outcome train(way w, int threads_before, int threads) {
    fixture f;
    pass p;
    s2s_optimizer optimizer;
    s2s_err err;
    s2s_threads_set(threads_before);
    fixture_make_large(&f);
    f.recipe->train.precision = w.precision;
    f.recipe->train.recompute = w.recompute;
    pass_create(&p, &f, true);
    s2s_threads_set(threads);
    assert_int_equal(s2s_run_threads(p.run), threads < threads_before ? threads : threads_before);
    s2s_params *params = &f.model->params;
    assert_int_equal(s2s_optimizer_init(&optimizer, &f.recipe->train.optimizer, params, 1, &err),
                     S2S_OK);
    outcome o = {.bytes = params->size * sizeof(s2s_real)};
    for (int step = 0; step < 3; step++) {
        f.batch.index = (uint64_t)step;
        assert_int_equal(s2s_run_bind(p.run, &f.batch, 7, &err), S2S_OK);
        s2s_run_forward(p.run);
        s2s_run_backward(p.run);
        double scale = 1.0 / f.batch.labels_n;
        s2s_optimizer_step(&optimizer, 1e-3, scale, s2s_gradient_norm(params, scale));
        o.loss += p.run->loss;
    }
    o.values = malloc(o.bytes);
    assert_non_null(o.values);
    memcpy(o.values, params->value, o.bytes);
    s2s_optimizer_release(&optimizer);
    pass_free(&p);
    fixture_close(&f);
    return o;
}

static void check_same(const outcome *one, const outcome *other, const char *what, int way) {
    if (one->loss != other->loss || memcmp(one->values, other->values, one->bytes))
        fail_msg("other bits with %s, way %d", what, way);
}

static void check_threads(int i) {
    outcome one = train(ways[i], 1, 1);
    assert_true(isfinite(one.loss) && one.loss > 0);
    for (int threads = 2; threads <= 5; threads++)
        for (int before = 1; before <= threads; before += threads - 1) {
            char what[48];
            snprintf(what, sizeof what, "%d threads, %d before", threads, before);
            outcome many = train(ways[i], before, threads);
            check_same(&one, &many, what, i);
            free(many.values);
        }
    free(one.values);
}

static void threads_do_not_matter(void **state) {
    (void)state;
    for (int i = 0; i < WAYS; i++) check_threads(i);
}

static void what_is_kept_does_not_matter(void **state) {
    (void)state;
    outcome all = train(ways[0], 2, 2);
    for (int i = 1; i < WAYS; i++) {
        outcome less = train(ways[i], 2, 2);
        if (ways[i].precision == S2S_TRAIN_FLOAT32) check_same(&all, &less, "less kept", i);
        free(less.values);
    }
    free(all.values);
}

/* Rounding the inputs of products changes the loss by little, but changes it. */
static void bfloat16_is_near(void **state) {
    (void)state;
    outcome real = train(ways[0], 2, 2), half = train(ways[WAYS - 1], 2, 2);
    double difference = fabs(real.loss - half.loss) / real.loss;
    assert_true(difference > 0 && difference < 2e-3);
    free(real.values);
    free(half.values);
}

static void sharing_changes_no_bit(void **state) {
    (void)state;
    fixture f;
    pass p;
    s2s_threads_set(2);
    fixture_make_large(&f);
    pass_create(&p, &f, true);
    check_sharing(p.run, &f.model->params, "large");
    pass_free(&p);
    fixture_close(&f);
}

/* The numbers of a step depend on seed and batch index, and on nothing else that happened before.
 */
static void dropout_follows_the_key(void **state) {
    (void)state;
    fixture f;
    pass p;
    s2s_err err;
    s2s_threads_set(2);
    fixture_make_large(&f);
    pass_create(&p, &f, true);
    double losses[4];
    const uint64_t seeds[] = {1, 2, 1, 1}, indices[] = {5, 5, 6, 5};
    for (int i = 0; i < 4; i++) {
        f.batch.index = indices[i];
        assert_int_equal(s2s_run_bind(p.run, &f.batch, seeds[i], &err), S2S_OK);
        s2s_run_forward(p.run);
        losses[i] = p.run->loss;
    }
    assert_true(losses[0] != losses[1] && losses[0] != losses[2] && losses[0] == losses[3]);
    pass_free(&p);
    fixture_close(&f);
}

/* What was bound before stays, so that nothing is written beyond the memory. */
static void a_batch_too_large_is_refused(void **state) {
    (void)state;
    fixture f;
    pass p;
    s2s_err err = {0};
    fixture_make_large(&f);
    pass_create(&p, &f, true);
    s2s_batch larger = f.batch;
    larger.stream[S2S_TARGET].tokens++;
    assert_int_equal(s2s_run_bind(p.run, &larger, 7, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "target tokens does not fit"));
    assert_ptr_equal(p.run->batch, &f.batch);
    assert_int_equal(p.run->rows[S2S_ROWS_TARGET], f.batch.stream[S2S_TARGET].tokens);
    pass_free(&p);
    fixture_close(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_matter),   cmocka_unit_test(what_is_kept_does_not_matter),
        cmocka_unit_test(bfloat16_is_near),        cmocka_unit_test(sharing_changes_no_bit),
        cmocka_unit_test(dropout_follows_the_key), cmocka_unit_test(a_batch_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
