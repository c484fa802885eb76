/* Optimizers against plain loops in double precision, written from the papers' formulas. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"
#include "base/thread.h"
#include "kernel/bfloat16.h"
#include "train/optimizer.h"

enum { STEPS = 20, MATRIX_ROWS = 301, WIDTH = 333 }; /* above one piece of work, and odd */
enum { SEED = 3 };

static const double SCALE = 0.25; /* as if a batch had four labels */

/* What the optimizer should have: values and moments of the matrix and the vector, end to end. */
typedef struct reference {
    double *value, *m, *v;
    size_t n, matrix; /* elements in all, and of the matrix */
} reference;

static s2s_params make_params(void) {
    s2s_params params = {0};
    s2s_err err = {0};
    s2s_params_add(&params, MATRIX_ROWS, WIDTH, S2S_INIT_NORMAL, 0.5, "matrix");
    s2s_params_add(&params, 1, WIDTH, S2S_INIT_NORMAL, 0.5, "vector");
    assert_int_equal(s2s_params_allocate(&params, S2S_PARAMS_TRAIN, &err), S2S_OK);
    s2s_params_initialize(&params, 5);
    return params;
}

/* Zeros. */
static s2s_params make_vector(int n) {
    s2s_params params = {0};
    s2s_err err = {0};
    s2s_params_add(&params, 1, n, S2S_INIT_ZERO, 0, "vector");
    assert_int_equal(s2s_params_allocate(&params, S2S_PARAMS_TRAIN, &err), S2S_OK);
    return params;
}

static s2s_real *element(s2s_real *block, const s2s_params *params, const reference *r, size_t i) {
    return i < r->matrix ? block + i : block + params->items[1].offset + (i - r->matrix);
}

static reference make_reference(const s2s_params *params) {
    reference r = {.matrix = s2s_param_size(params, 0)};
    r.n = r.matrix + s2s_param_size(params, 1);
    r.value = calloc(r.n, sizeof *r.value);
    r.m = calloc(r.n, sizeof *r.m);
    r.v = calloc(r.n, sizeof *r.v);
    for (size_t i = 0; i < r.n; i++) r.value[i] = (double)*element(params->value, params, &r, i);
    return r;
}

static void release_reference(reference *r) {
    free(r->value);
    free(r->m);
    free(r->v);
}

/* The gradient of a step, in the parameters; it falls over time as a gradient would. */
static void draw_gradient(s2s_params *params, const reference *r, int step) {
    s2s_rng rng = s2s_rng_init(11, (uint64_t)step);
    for (size_t i = 0; i < r->n; i++)
        *element(params->gradient, params, r, i) = (s2s_real)(s2s_rng_normal(&rng) / step);
}

static double plain_norm(s2s_params *params, const reference *r) {
    double sum = 0;
    for (size_t i = 0; i < r->n; i++) {
        double g = SCALE * (double)*element(params->gradient, params, r, i);
        sum += g * g;
    }
    return sqrt(sum);
}

static void plain_step(reference *r, const s2s_optimizer_recipe *o, s2s_params *params, double rate,
                       int t) {
    double norm = plain_norm(params, r);
    double clip = o->clip_norm > 0 && norm > o->clip_norm ? o->clip_norm / norm : 1;
    double beta1 = o->adam_betas[0], beta2 = o->adam_betas[1];
    for (size_t i = 0; i < r->n; i++) {
        double decay = i < r->matrix ? o->weight_decay : 0; /* vectors do not decay */
        double g = clip * SCALE * (double)*element(params->gradient, params, r, i);
        double *x = r->value + i, *m = r->m + i, *v = r->v + i;
        if (o->type == S2S_ADAMW)
            *x -= rate * decay * *x;
        else
            g += decay * *x;
        if (o->type == S2S_SGD) {
            *x -= rate * g;
            continue;
        }
        *m = beta1 * *m + (1 - beta1) * g;
        *v = beta2 * *v + (1 - beta2) * g * g;
        double m_hat = *m / (1 - pow(beta1, t)), v_hat = *v / (1 - pow(beta2, t));
        *x -= rate * m_hat / (sqrt(v_hat) + o->adam_eps);
    }
}

static double largest_difference(const s2s_params *params, const reference *r) {
    double largest = 0;
    for (size_t i = 0; i < r->n; i++)
        largest = fmax(largest, fabs((double)*element(params->value, params, r, i) - r->value[i]));
    return largest;
}

/* The way of 20 steps with a rate that changes. */
static void compare_within(s2s_optimizer_recipe recipe, double tolerance) {
    s2s_params params = make_params();
    reference r = make_reference(&params);
    s2s_optimizer optimizer;
    s2s_err err = {0};
    assert_int_equal(s2s_optimizer_init(&optimizer, &recipe, &params, SEED, &err), S2S_OK);
    for (int t = 1; t <= STEPS; t++) {
        double rate = 0.01 / sqrt(t);
        draw_gradient(&params, &r, t);
        plain_step(&r, &recipe, &params, rate, t);
        double norm = s2s_gradient_norm(&params, SCALE);
        assert_float_equal(norm, plain_norm(&params, &r), 1e-6 * norm);
        s2s_optimizer_step(&optimizer, rate, SCALE, norm);
        for (size_t i = 0; i < params.size; i++) assert_true(params.gradient[i] == 0);
    }
    assert_int_equal(optimizer.steps, STEPS);
    assert_true(largest_difference(&params, &r) < tolerance);
    s2s_optimizer_release(&optimizer);
    s2s_params_release(&params);
    release_reference(&r);
}

static void compare(s2s_optimizer_recipe recipe) {
    compare_within(recipe, 2e-6);
}

static s2s_optimizer_recipe recipe_of(s2s_optimizer_type type) {
    return (s2s_optimizer_recipe){.type = type, .adam_betas = {0.9, 0.98}, .adam_eps = 1e-9};
}

static void adam(void **state) {
    (void)state;
    compare(recipe_of(S2S_ADAM));
    s2s_optimizer_recipe recipe = recipe_of(S2S_ADAM);
    recipe.weight_decay = 0.1;
    recipe.adam_eps = 1e-3;
    compare(recipe);
}

static void adamw(void **state) {
    (void)state;
    s2s_optimizer_recipe recipe = recipe_of(S2S_ADAMW);
    compare(recipe);
    recipe.weight_decay = 0.1;
    compare(recipe);
}

static void sgd(void **state) {
    (void)state;
    s2s_optimizer_recipe recipe = recipe_of(S2S_SGD);
    compare(recipe);
    recipe.weight_decay = 0.1;
    compare(recipe);
}

/* Norms of the steps fall from about 79 to 4, so that a limit of 10 cuts some and leaves others. */
static void clipping(void **state) {
    (void)state;
    for (int type = S2S_ADAM; type <= S2S_SGD; type++) {
        s2s_optimizer_recipe recipe = recipe_of((s2s_optimizer_type)type);
        recipe.clip_norm = 10;
        compare(recipe);
    }
}

/* A way of one step of Adam by hand: the first step is the rate times the gradient's sign. */
static void first_step_of_adam(void **state) {
    (void)state;
    s2s_params params = {0};
    s2s_err err = {0};
    s2s_params_add(&params, 1, 2, S2S_INIT_ONE, 0, "vector");
    assert_int_equal(s2s_params_allocate(&params, S2S_PARAMS_TRAIN, &err), S2S_OK);
    s2s_params_initialize(&params, 1);
    s2s_optimizer_recipe recipe = recipe_of(S2S_ADAM);
    s2s_optimizer optimizer;
    assert_int_equal(s2s_optimizer_init(&optimizer, &recipe, &params, SEED, &err), S2S_OK);
    params.gradient[0] = 4;
    params.gradient[1] = (s2s_real)-0.5;
    s2s_optimizer_step(&optimizer, 0.125, 1, s2s_gradient_norm(&params, 1));
    assert_float_equal(params.value[0], 0.875, 1e-6);
    assert_float_equal(params.value[1], 1.125, 1e-6);
    s2s_optimizer_release(&optimizer);
    s2s_params_release(&params);
}

/* --- moments in bfloat16 --- */

/* The values go about 0.07 in all; moments are wrong by 0.8 % at most after each rounding. */
static void bfloat16_follows(void **state) {
    (void)state;
    s2s_optimizer_recipe recipe = recipe_of(S2S_ADAM);
    recipe.moments = S2S_BFLOAT16_MOMENTS;
    compare_within(recipe, 1e-3);
    recipe.type = S2S_ADAMW;
    recipe.weight_decay = 0.1;
    compare_within(recipe, 1e-3);
}

/* With a gradient of 1, v comes closer to 1 by a thousandth of the way each step, which is less than half of the
 * distance of two bfloat16 from 0.25 on: rounding to the nearest would stay there. */
static void small_changes_are_not_lost(void **state) {
    (void)state;
    enum { N = 4096, TIMES = 1000 };
    s2s_err err = {0};
    s2s_params params = make_vector(N);
    s2s_optimizer_recipe recipe = recipe_of(S2S_ADAM);
    recipe.moments = S2S_BFLOAT16_MOMENTS;
    recipe.adam_betas[0] = recipe.adam_betas[1] = 0.999;
    s2s_optimizer optimizer;
    assert_int_equal(s2s_optimizer_init(&optimizer, &recipe, &params, SEED, &err), S2S_OK);
    for (int t = 0; t < TIMES; t++) {
        for (int i = 0; i < N; i++) params.gradient[i] = i % 2 ? -1 : 1;
        s2s_optimizer_step(&optimizer, 1e-3, 1, 1);
    }
    const s2s_bfloat16 *m = optimizer.m, *v = optimizer.v;
    double expected = 1 - pow(0.999, TIMES), first = 0, second = 0;
    for (int i = 0; i < N; i++) {
        first += (double)s2s_bfloat16_widen(m[i]) * (i % 2 ? -1 : 1) / N;
        second += (double)s2s_bfloat16_widen(v[i]) / N;
        assert_float_equal(s2s_bfloat16_widen(v[i]), expected, 0.25); /* none is left behind */
    }
    assert_float_equal(first, expected, 0.003);
    assert_float_equal(second, expected, 0.003);
    s2s_optimizer_release(&optimizer);
    s2s_params_release(&params);
}

/* Three steps; the moments' bits, to be freed. Both moments, one behind the other. */
static s2s_bfloat16 *moments_after(uint64_t seed, int threads, double weight_decay) {
    s2s_params params = make_params();
    reference r = make_reference(&params);
    s2s_optimizer_recipe recipe = recipe_of(S2S_ADAMW);
    recipe.moments = S2S_BFLOAT16_MOMENTS;
    recipe.weight_decay = weight_decay;
    s2s_optimizer optimizer;
    s2s_err err = {0};
    assert_int_equal(s2s_optimizer_init(&optimizer, &recipe, &params, seed, &err), S2S_OK);
    s2s_threads_set(threads);
    for (int t = 1; t <= 3; t++) {
        draw_gradient(&params, &r, t);
        s2s_optimizer_step(&optimizer, 0.01, SCALE, 1);
    }
    s2s_threads_set(0);
    s2s_bfloat16 *all = malloc(2 * params.size * sizeof *all);
    assert_non_null(all);
    memcpy(all, optimizer.m, params.size * sizeof *all);
    memcpy(all + params.size, optimizer.v, params.size * sizeof *all);
    s2s_optimizer_release(&optimizer);
    s2s_params_release(&params);
    release_reference(&r);
    return all;
}

static void rounding_knows_the_seed_and_no_threads(void **state) {
    (void)state;
    const size_t bytes = (size_t)2 * MATRIX_ROWS * WIDTH * sizeof(s2s_bfloat16);
    for (int decays = 0; decays < 2; decays++) {
        s2s_bfloat16 *one = moments_after(SEED, 1, 0.1 * decays);
        for (int threads = 2; threads <= 4; threads++) {
            s2s_bfloat16 *more = moments_after(SEED, threads, 0.1 * decays);
            assert_memory_equal(one, more, bytes);
            free(more);
        }
        s2s_bfloat16 *other = moments_after(SEED + 1, 1, 0.1 * decays);
        assert_memory_not_equal(one, other, bytes);
        free(other);
        free(one);
    }
}

/* An element takes its own numbers in each step: two steps with the same sum round differently, and so do
 * elements at the same place of two pieces. */
static void numbers_differ_by_step_and_piece(void **state) {
    (void)state;
    enum { PIECE = 1 << 16, N = 2 * PIECE };
    s2s_err err = {0};
    s2s_params params = make_vector(N);
    s2s_optimizer_recipe recipe = recipe_of(S2S_ADAM);
    recipe.moments = S2S_BFLOAT16_MOMENTS;
    s2s_bfloat16 *m[2];
    for (int steps = 0; steps < 2; steps++) {
        s2s_optimizer optimizer;
        assert_int_equal(s2s_optimizer_init(&optimizer, &recipe, &params, SEED, &err), S2S_OK);
        optimizer.steps = 100 + steps;
        for (int i = 0; i < N; i++) params.gradient[i] = (s2s_real)1.2345678;
        s2s_optimizer_step(&optimizer, 1e-3, 1, 1);
        m[steps] = malloc(N * sizeof **m);
        assert_non_null(m[steps]);
        memcpy(m[steps], optimizer.m, N * sizeof **m);
        s2s_optimizer_release(&optimizer);
    }
    int by_step = 0, by_piece = 0;
    for (int i = 0; i < PIECE; i++)
        by_step += m[0][i] != m[1][i], by_piece += m[0][i] != m[0][PIECE + i];
    /* the sum lies at a share p between two bfloat16, so that two draws differ in 2 p (1 - p) */
    double sum = (1 - 0.9f) * 1.2345678f,
           below = (double)s2s_bfloat16_widen(s2s_bfloat16_round((float)sum, 0));
    double p = (sum - below) / (ldexp(1, ilogb(sum) - 7)), expected = 2 * p * (1 - p);
    assert_true(expected > 0.1);
    assert_float_equal(by_step / (double)PIECE, expected, 0.01);
    assert_float_equal(by_piece / (double)PIECE, expected, 0.01);
    free(m[0]);
    free(m[1]);
    s2s_params_release(&params);
}

/* --- the norm --- */

static void norm_does_not_know_threads(void **state) {
    (void)state;
    s2s_params params = make_params();
    reference r = make_reference(&params);
    draw_gradient(&params, &r, 1);
    s2s_threads_set(1);
    double one = s2s_gradient_norm(&params, SCALE);
    for (int threads = 2; threads <= 4; threads++) {
        s2s_threads_set(threads);
        double more = s2s_gradient_norm(&params, SCALE);
        assert_memory_equal(&one, &more, sizeof one);
    }
    s2s_threads_set(0);
    s2s_params_release(&params);
    release_reference(&r);
}

static void norm_tells_what_is_no_number(void **state) {
    (void)state;
    const s2s_real bad[] = {(s2s_real)NAN, (s2s_real)INFINITY, (s2s_real)-INFINITY};
    s2s_params params = make_params();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        params.gradient[params.items[1].offset + 7] = bad[i];
        assert_false(isfinite(s2s_gradient_norm(&params, SCALE)));
    }
    s2s_params_release(&params);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adam),
        cmocka_unit_test(adamw),
        cmocka_unit_test(sgd),
        cmocka_unit_test(clipping),
        cmocka_unit_test(first_step_of_adam),
        cmocka_unit_test(bfloat16_follows),
        cmocka_unit_test(small_changes_are_not_lost),
        cmocka_unit_test(rounding_knows_the_seed_and_no_threads),
        cmocka_unit_test(numbers_differ_by_step_and_piece),
        cmocka_unit_test(norm_does_not_know_threads),
        cmocka_unit_test(norm_tells_what_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
