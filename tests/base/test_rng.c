/* Philox against the published vectors, and the streams against what chance allows. Every stream
 * here is fixed, so a bound that holds once holds always; the bounds are five standard deviations
 * or more. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

/* Random123, examples/kat_vectors, lines "philox4x32 10": counter, key, result. */
static void philox_gives_the_published_vectors(void **state) {
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], result[4];
    } vectors[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const uint32_t *c = vectors[i].counter, *k = vectors[i].key;
        uint32_t out[4];
        s2s_philox((uint64_t)k[1] << 32 | k[0], (uint64_t)c[1] << 32 | c[0],
                   (uint64_t)c[3] << 32 | c[2], out);
        assert_memory_equal(out, vectors[i].result, sizeof out);
    }
}

/* The generator of Steele, Lea and Flood (2014) with these seeds gives these outputs. */
static void mix_is_splitmix64(void **state) {
    (void)state;
    assert_true(s2s_rng_mix(0, 0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(s2s_rng_mix(1234567, 0) == UINT64_C(6457827717110365317));
    assert_true(s2s_rng_mix(1234567, 1) == UINT64_C(3203168211198807973));
    assert_true(s2s_rng_mix(1234567, 4) == UINT64_C(16408922859458223821));
}

static void a_stream_is_the_blocks_of_its_counter(void **state) {
    (void)state;
    s2s_rng rng = s2s_rng_init(42, 7);
    for (uint64_t block = 0; block < 100; block++) {
        uint32_t out[4];
        s2s_philox(s2s_rng_mix(42, 0), block, 7, out);
        for (int i = 0; i < 4; i++) assert_int_equal(s2s_rng_u32(&rng), out[i]);
    }
}

static void a_copy_goes_on_alike(void **state) {
    (void)state;
    s2s_rng a = s2s_rng_init(1, 1);
    for (int i = 0; i < 7; i++) s2s_rng_u32(&a);
    s2s_rng b = a;
    for (int i = 0; i < 20; i++) assert_int_equal(s2s_rng_u32(&a), s2s_rng_u32(&b));
}

/* Bits that agree between two generators: half of them, give or take. */
static void expect_independent(s2s_rng a, s2s_rng b) {
    enum { WORDS = 1 << 14 };
    long agree = 0;
    for (int i = 0; i < WORDS; i++)
        agree += 32 - __builtin_popcount(s2s_rng_u32(&a) ^ s2s_rng_u32(&b));
    double deviations = fabs((double)agree - 16.0 * WORDS) / sqrt(32.0 * WORDS / 4);
    assert_true(deviations < 5);
}

static void seeds_and_streams_are_independent(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        expect_independent(s2s_rng_init(i, 0), s2s_rng_init(i + 1, 0));
        expect_independent(s2s_rng_init(i, 0), s2s_rng_init(i, 1));
        expect_independent(s2s_rng_init(0, i), s2s_rng_init(0, i + 1));
        expect_independent(s2s_rng_init(0, (uint64_t)1 << i), s2s_rng_init((uint64_t)1 << i, 0));
    }
}

static void every_bit_is_fair(void **state) {
    (void)state;
    enum { WORDS = 1 << 16 };
    s2s_rng rng = s2s_rng_init(3, 0);
    int ones[32] = {0};
    for (int i = 0; i < WORDS; i++) {
        uint32_t word = s2s_rng_u32(&rng);
        for (int j = 0; j < 32; j++) ones[j] += word >> j & 1;
    }
    for (int j = 0; j < 32; j++) assert_true(fabs(ones[j] - WORDS / 2.0) < 5 * sqrt(WORDS / 4.0));
}

static void below_keeps_its_bound(void **state) {
    (void)state;
    const uint64_t bounds[] = {1,         2, 3, 1000, UINT64_C(1) << 32, (UINT64_C(1) << 63) + 1,
                               UINT64_MAX};
    s2s_rng rng = s2s_rng_init(5, 0);
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        uint64_t largest = 0;
        for (int j = 0; j < 2000; j++) {
            uint64_t draw = s2s_rng_below(&rng, bounds[i]);
            assert_true(draw < bounds[i]);
            if (draw > largest) largest = draw;
        }
        assert_true((double)largest >=
                    0.99 * (double)(bounds[i] - 1)); /* all of the range is used */
    }
}

/* Chi-square with bound - 1 degrees of freedom: mean bound - 1, variance twice that. */
static void below_is_uniform(void **state) {
    (void)state;
    enum { BOUND = 7, DRAWS = 70000 };
    s2s_rng rng = s2s_rng_init(6, 0);
    int count[BOUND] = {0};
    for (int i = 0; i < DRAWS; i++) count[s2s_rng_below(&rng, BOUND)]++;
    double chi = 0;
    for (int i = 0; i < BOUND; i++) {
        double off = count[i] - (double)DRAWS / BOUND;
        chi += off * off / ((double)DRAWS / BOUND);
    }
    assert_true(chi < (BOUND - 1) + 5 * sqrt(2.0 * (BOUND - 1)));
}

/* With a bound of 3 * 2^62 a plain remainder would give the lower third twice as often. */
static void below_has_no_bias(void **state) {
    (void)state;
    const uint64_t bound = UINT64_C(3) << 62;
    enum { DRAWS = 30000 };
    s2s_rng rng = s2s_rng_init(8, 0);
    int low = 0;
    for (int i = 0; i < DRAWS; i++) low += s2s_rng_below(&rng, bound) < bound / 3;
    assert_true(fabs(low - DRAWS / 3.0) < 5 * sqrt(DRAWS * 2.0 / 9));
}

static void uniform_has_its_moments(void **state) {
    (void)state;
    enum { DRAWS = 100000 };
    s2s_rng rng = s2s_rng_init(9, 0);
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = s2s_rng_uniform(&rng);
        assert_true(x >= 0 && x < 1);
        sum += x;
        squares += x * x;
    }
    assert_true(fabs(sum / DRAWS - 0.5) < 5 * sqrt(1.0 / 12 / DRAWS));
    assert_true(fabs(squares / DRAWS - 1.0 / 3) < 5 * sqrt(4.0 / 45 / DRAWS));
}

static void normal_has_its_moments(void **state) {
    (void)state;
    enum { DRAWS = 200000 };
    s2s_rng rng = s2s_rng_init(10, 0);
    double sum[5] = {0};
    int beyond_two = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = s2s_rng_normal(&rng);
        assert_true(isfinite(x));
        beyond_two += fabs(x) > 2;
        double power = 1;
        for (int j = 1; j < 5; j++) sum[j] += power *= x;
    }
    /* Moments of the normal distribution 0, 1, 0, 3; their variances 1, 2, 15, 96. */
    assert_true(fabs(sum[1] / DRAWS) < 5 * sqrt(1.0 / DRAWS));
    assert_true(fabs(sum[2] / DRAWS - 1) < 5 * sqrt(2.0 / DRAWS));
    assert_true(fabs(sum[3] / DRAWS) < 5 * sqrt(15.0 / DRAWS));
    assert_true(fabs(sum[4] / DRAWS - 3) < 5 * sqrt(96.0 / DRAWS));
    assert_true(fabs((double)beyond_two / DRAWS - 0.0455003) < 5 * sqrt(0.0455 * 0.9545 / DRAWS));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_vectors),
        cmocka_unit_test(mix_is_splitmix64),
        cmocka_unit_test(a_stream_is_the_blocks_of_its_counter),
        cmocka_unit_test(a_copy_goes_on_alike),
        cmocka_unit_test(seeds_and_streams_are_independent),
        cmocka_unit_test(every_bit_is_fair),
        cmocka_unit_test(below_keeps_its_bound),
        cmocka_unit_test(below_is_uniform),
        cmocka_unit_test(below_has_no_bias),
        cmocka_unit_test(uniform_has_its_moments),
        cmocka_unit_test(normal_has_its_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
