/* Adam with moments in bfloat16: rounded by the numbers that kernels.h defines, in every kernel; a mean that stays
 * true; and the step of the float kernel in all else. */
#include <math.h>
#include <string.h>

#include "trial.h"

enum { MOST = 1000 };

/* --- by its definition --- */

static uint32_t number_of(const s2s_rounding *rounding, uint32_t i) {
    uint32_t x = i ^ rounding->key[0];
    x ^= x >> 16;
    x *= 0x7FEB352D;
    x ^= (x >> 15) ^ rounding->key[1];
    x *= 0x846CA68B;
    x ^= x >> 16;
    return x;
}

/* Room for n of them that ends at a page that must not be touched. */
static s2s_bfloat16 *guarded_halves(size_t n) {
    return (s2s_bfloat16 *)(void *)(guarded(MOST) + MOST) - n;
}

/* Moments of zero and betas of a half: the new ones are exact but for the rounding of g * g, which is the same
 * everywhere. */
static void check_size(const s2s_kernels *kernels, size_t n) {
    const s2s_adam adam = {.beta1 = 0.5, .beta2 = 0.5, .eps = 1, .root = 1, .gradient_scale = 1};
    const s2s_rounding rounding = {{0x12345678, 0x9ABCDEF0}};
    static s2s_real original[MOST];
    fill_uniform(original, n, 3);
    s2s_real *value = guarded(MOST) + MOST - n, *gradient = guarded(MOST) + MOST - n;
    s2s_bfloat16 *m = guarded_halves(n), *v = guarded_halves(n);
    for (size_t i = 0; i < n; i++) gradient[i] = original[i] = (float)original[i];
    kernels->adam_bfloat16(value, gradient, m, v, n, &adam, &rounding);
    for (size_t i = 0; i < n; i++) {
        float g = (float)original[i], square = g * g;
        uint32_t number = number_of(&rounding, (uint32_t)i);
        s2s_bfloat16 first = s2s_bfloat16_round(g / 2, number & 0xFFFF);
        s2s_bfloat16 second = s2s_bfloat16_round(square / 2, number >> 16);
        if (m[i] != first || v[i] != second)
            fail_msg("%s, n %zu, element %zu: %04x %04x, expected %04x %04x", kernels->name, n, i,
                     m[i], v[i], first, second);
    }
}

static void numbers_are_the_defined_ones(void **state) {
    (void)state;
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++) {
        for (size_t n = 1; n <= 70; n++) check_size(kernels.items[k], n);
        check_size(kernels.items[k], MOST);
    }
}

static void rounding_goes_to_a_neighbour(void **state) {
    (void)state;
    const float x = 1 + 0x1p-7f / 4; /* a quarter of the way from 1 to the next bfloat16 */
    assert_true(s2s_bfloat16_widen(s2s_bfloat16_round(x, 0)) == 1);
    assert_true(s2s_bfloat16_widen(s2s_bfloat16_round(x, 0xBFFF)) == 1);
    assert_true(s2s_bfloat16_widen(s2s_bfloat16_round(x, 0xC000)) == 1 + 0x1p-7f);
    assert_true(s2s_bfloat16_widen(s2s_bfloat16_round(-x, 0xBFFF)) == -1);
    assert_true(s2s_bfloat16_widen(s2s_bfloat16_round(-x, 0xFFFF)) == -1 - 0x1p-7f);
    assert_true(s2s_bfloat16_widen(s2s_bfloat16_nearest(x)) == 1);
    assert_true(s2s_bfloat16_widen(s2s_bfloat16_round(0, 0xFFFF)) == 0);
    assert_true(s2s_bfloat16_widen(s2s_bfloat16_round(1.5f, 0xFFFF)) == 1.5f);
    assert_true(isinf(s2s_bfloat16_widen(s2s_bfloat16_round(INFINITY, 0xFFFF))));
    assert_true(isnan(s2s_bfloat16_widen(s2s_bfloat16_round(NAN, 0xFFFF))));
}

/* --- its quality --- */

/* How often each moment of N elements is rounded up, both, and two neighbours' first, where the share that is cut
 * off is `share`: p, p, p p and p p of independent draws. */
static void check_shares(double share, uint32_t key0, uint32_t key1) {
    enum { N = 1 << 16 };
    const s2s_rounding rounding = {{key0, key1}};
    int up[2] = {0}, both = 0, neighbours = 0;
    bool before = false;
    for (uint32_t i = 0; i < N; i++) {
        uint32_t number = number_of(&rounding, i);
        bool first = (number & 0xFFFF) + share * 65536 >= 65536;
        bool second = (number >> 16) + share * 65536 >= 65536;
        up[0] += first, up[1] += second, both += first && second, neighbours += first && before;
        before = first;
    }
    double square = share * share, sigma = sqrt(share * (1 - share) / N);
    double sigma_both = sqrt(square * (1 - square) / N);
    assert_float_equal(up[0] / (double)N, share, 5 * sigma);
    assert_float_equal(up[1] / (double)N, share, 5 * sigma);
    assert_float_equal(both / (double)N, square, 5 * sigma_both);
    assert_float_equal(neighbours / (double)N, square, 5 * sqrt(3) * sigma_both);
}

static void means_stay_true(void **state) {
    (void)state;
    const double shares[] = {1.0 / 64, 0.25, 0.5, 0.9};
    for (int s = 0; s < 4; s++)
        for (uint32_t key = 0; key < 40; key++)
            check_shares(shares[s], key * 0x9E3779B9u, key * key * 0x85EBCA6Bu);
}

/* --- the step itself --- */

static void fill_halves(s2s_bfloat16 *halves, s2s_real *same, uint64_t stream, bool squared) {
    fill_uniform(same, MOST, stream);
    for (int i = 0; i < MOST; i++) {
        float x = (float)(squared ? same[i] * same[i] : same[i]);
        halves[i] = s2s_bfloat16_nearest(x);
        same[i] = s2s_bfloat16_widen(halves[i]);
    }
}

/* From the same moments, values change as with the float kernel: rounding comes after. */
static void values_are_those_of_floats(void **state) {
    (void)state;
    const s2s_adam adam = trial_adam(true, true);
    const s2s_rounding rounding = {{5, 6}};
    static s2s_real value[2][MOST], gradient[2][MOST], m[MOST], v[MOST];
    static s2s_bfloat16 half_m[MOST], half_v[MOST];
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++) {
        fill_halves(half_m, m, 1, false);
        fill_halves(half_v, v, 2, true);
        for (int i = 0; i < 2; i++)
            fill_uniform(value[i], MOST, 3), fill_uniform(gradient[i], MOST, 4);
        kernels.items[k]->adam(value[0], gradient[0], m, v, MOST, &adam);
        kernels.items[k]->adam_bfloat16(value[1], gradient[1], half_m, half_v, MOST, &adam,
                                        &rounding);
        for (int i = 0; i < MOST; i++) {
            assert_float_equal(value[0][i], value[1][i], 1e-6);
            assert_true(gradient[1][i] == 0);
            assert_float_equal(s2s_bfloat16_widen(half_m[i]), m[i], fabs((double)m[i]) / 128);
            assert_float_equal(s2s_bfloat16_widen(half_v[i]), v[i], fabs((double)v[i]) / 128);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_defined_ones),
        cmocka_unit_test(rounding_goes_to_a_neighbour),
        cmocka_unit_test(means_stay_true),
        cmocka_unit_test(values_are_those_of_floats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
