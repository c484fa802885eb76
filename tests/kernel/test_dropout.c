/* Dropout: one mask in every kernel, drawn from Philox as kernels.h says, of the right rate. */
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "trial.h"

enum { MOST = 1000 };

/* The mask by its definition in kernels.h, an element at a time. */
static bool kept(const s2s_dropout *d, size_t element) {
    size_t block = element / 128, lane = element % 16, group = element % 128 / 16;
    uint32_t words[4];
    s2s_philox(d->key, 16 * block + lane, d->stream, words);
    return (words[group / 2] >> (group % 2 ? 16 : 0) & 0xFFFF) >= d->threshold;
}

static void check_size(const s2s_kernels *kernels, int n, size_t offset, bool in_place, bool adds) {
    static s2s_real original[MOST], residual_values[MOST];
    const s2s_dropout d = s2s_dropout_make(0.3, 0x123456789ABCDEFu, (7ull << 40) + 3);
    fill_uniform(original, (size_t)n, 1);
    fill_uniform(residual_values, (size_t)n, 2);
    s2s_real *x = guarded(MOST) + MOST - n, *y = in_place ? x : guarded(MOST) + MOST - n;
    s2s_real *residual = guarded(MOST) + MOST - n;
    memcpy(x, original, (size_t)n * sizeof *x);
    memcpy(residual, residual_values, (size_t)n * sizeof *x);
    kernels->dropout(y, x, adds ? residual : NULL, (size_t)n, &d, offset);
    for (int i = 0; i < n; i++) {
        s2s_real product = original[i] * d.scale, zero = 0;
        s2s_real value = kept(&d, offset + (size_t)i) ? product : zero;
        double expected = (double)value + (adds ? (double)residual_values[i] : 0);
        if (fabs((double)y[i] - expected) > 1e-6 || (!adds && y[i] != value))
            fail_msg("%s, n %d, element %d: %g, expected %g", kernels->name, n, i, (double)y[i],
                     expected);
    }
}

static void mask_is_the_defined_one(void **state) {
    (void)state;
    const int sizes[] = {1, 2, 7, 8, 9, 15, 16, 17, 31, 63, 70, 127, 128, 129, 130, 257, 1000};
    const size_t offsets[] = {0, 128, (size_t)128 << 28}; /* the last: a counter above 32 bits */
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (int o = 0; o < 3; o++)
                for (int way = 0; way < 4; way++)
                    check_size(kernels.items[k], sizes[s], offsets[o], way & 1, way & 2);
}

/* The pieces of a tensor have the mask that it has as a whole. */
static void pieces_have_the_same_mask(void **state) {
    (void)state;
    static s2s_real ones[MOST], whole[MOST], pieces[MOST];
    const s2s_dropout d = s2s_dropout_make(0.5, 5, 6);
    for (int i = 0; i < MOST; i++) ones[i] = 1;
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++) {
        kernels.items[k]->dropout(whole, ones, NULL, MOST, &d, 0);
        for (size_t begin = 0; begin < MOST; begin += 384) {
            size_t n = MOST - begin < 384 ? MOST - begin : 384;
            kernels.items[k]->dropout(pieces + begin, ones + begin, NULL, n, &d, begin);
        }
        assert_memory_equal(whole, pieces, sizeof whole);
    }
}

static void rate_and_mean(void **state) {
    (void)state;
    enum { N = 1 << 18 };
    static s2s_real ones[N], y[N];
    const double rates[] = {0, 0.1, 0.3, 0.9};
    for (int i = 0; i < N; i++) ones[i] = 1;
    for (int r = 0; r < 4; r++) {
        s2s_dropout d = s2s_dropout_make(rates[r], 11, (uint64_t)r);
        s2s_kernel()->dropout(y, ones, NULL, N, &d, 0);
        double zeros = 0, sum = 0;
        for (int i = 0; i < N; i++) zeros += y[i] == 0, sum += (double)y[i];
        double deviation = sqrt(rates[r] * (1 - rates[r]) / N);
        assert_true(fabs(zeros / N - rates[r]) <= 5 * deviation + 1.0 / 65536);
        assert_true(fabs(sum / N - 1) <= (5 * deviation + 1.0 / 65536) / (1 - rates[r]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mask_is_the_defined_one),
        cmocka_unit_test(pieces_have_the_same_mask),
        cmocka_unit_test(rate_and_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
