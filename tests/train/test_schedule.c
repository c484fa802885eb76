/* Learning rates against values worked out by hand, and what a plateau remembers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "train/schedule.h"

static s2s_train_recipe recipe_of(s2s_schedule_type type, int64_t warmup_steps) {
    return (s2s_train_recipe){
        .optimizer.learning_rate = 0.008,
        .schedule = {.type = type, .warmup_steps = warmup_steps, .decay_steps = 500}};
}

static void expect_rate(const s2s_train_recipe *recipe, int64_t step, double expected) {
    s2s_plateau none = {.factor = 1};
    assert_float_equal(s2s_learning_rate(recipe, &none, step), expected, 1e-12);
}

static void warmup_is_a_line_to_the_peak(void **state) {
    (void)state;
    for (int type = S2S_INVERSE_SQRT; type <= S2S_PLATEAU; type++) {
        s2s_train_recipe recipe = recipe_of((s2s_schedule_type)type, 100);
        expect_rate(&recipe, 1, 0.00008);
        expect_rate(&recipe, 50, 0.004);
        expect_rate(&recipe, 100, 0.008);
    }
}

static void inverse_sqrt(void **state) {
    (void)state;
    s2s_train_recipe recipe = recipe_of(S2S_INVERSE_SQRT, 100);
    expect_rate(&recipe, 400, 0.004);
    expect_rate(&recipe, 10000, 0.0008);
    recipe.schedule.min_learning_rate = 0.002;
    expect_rate(&recipe, 10000, 0.002);
    expect_rate(&recipe, 1, 0.00008); /* the warm-up begins below the least */
    recipe = recipe_of(S2S_INVERSE_SQRT, 0);
    expect_rate(&recipe, 1, 0.008);
    expect_rate(&recipe, 16, 0.002);
}

static void linear(void **state) {
    (void)state;
    s2s_train_recipe recipe = recipe_of(S2S_LINEAR, 100);
    recipe.schedule.min_learning_rate = 0.002;
    expect_rate(&recipe, 200, 0.0065);
    expect_rate(&recipe, 300, 0.005);
    expect_rate(&recipe, 500, 0.002);
    expect_rate(&recipe, 9000, 0.002);
}

static void linear_ends_at_max_steps(void **state) {
    (void)state;
    s2s_train_recipe recipe = recipe_of(S2S_LINEAR, 0);
    recipe.schedule.decay_steps = 0;
    recipe.max_steps = 200;
    expect_rate(&recipe, 50, 0.006);
    expect_rate(&recipe, 200, 0);
}

static void cosine(void **state) {
    (void)state;
    s2s_train_recipe recipe = recipe_of(S2S_COSINE, 100);
    recipe.schedule.min_learning_rate = 0.002;
    expect_rate(&recipe, 200, 0.005 + 0.003 * 0.70710678118654752); /* a quarter of the way */
    expect_rate(&recipe, 300, 0.005);
    expect_rate(&recipe, 500, 0.002);
    expect_rate(&recipe, 501, 0.002);
}

static void constant(void **state) {
    (void)state;
    s2s_train_recipe recipe = recipe_of(S2S_CONSTANT, 10);
    expect_rate(&recipe, 11, 0.008);
    expect_rate(&recipe, 1000000, 0.008);
}

static void plateau_falls_after_patience(void **state) {
    (void)state;
    s2s_train_recipe recipe = recipe_of(S2S_PLATEAU, 0);
    recipe.schedule.plateau_factor = 0.5;
    recipe.schedule.plateau_patience = 2;
    s2s_plateau plateau = {.factor = 1};
    const struct {
        double loss, rate;
    } validations[] = {{3.0, 0.008}, {2.5, 0.008}, {2.5, 0.008}, {2.6, 0.004}, {2.4, 0.004},
                       {2.7, 0.004}, {2.3, 0.004}, {2.9, 0.004}, {2.8, 0.002}, {2.7, 0.002}};
    for (size_t i = 0; i < sizeof validations / sizeof *validations; i++) {
        s2s_plateau_update(&plateau, &recipe.schedule, validations[i].loss);
        assert_float_equal(s2s_learning_rate(&recipe, &plateau, 7), validations[i].rate, 1e-12);
    }
    recipe.schedule.min_learning_rate = 0.003;
    assert_float_equal(s2s_learning_rate(&recipe, &plateau, 7), 0.003, 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warmup_is_a_line_to_the_peak),
        cmocka_unit_test(inverse_sqrt),
        cmocka_unit_test(linear),
        cmocka_unit_test(linear_ends_at_max_steps),
        cmocka_unit_test(cosine),
        cmocka_unit_test(constant),
        cmocka_unit_test(plateau_falls_after_patience),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
