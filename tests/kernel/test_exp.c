/* Accuracy of the exponential that the vector kernels share, through exp_sums with a maximum of 0,
 * and of what is made of it, against the C library in double. */
#include <float.h>
#include <math.h>

#include "trial.h"

enum { N = 1 << 14 };

static void exponentials(const s2s_kernels *kernels, float *x) {
    double exp_sum, sum;
    kernels->exp_sums(x, N, 0, &exp_sum, &sum);
}

static void within_two_ulp(void **state) {
    (void)state;
    static float x[N], y[N];
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++) {
        double worst = 0;
        for (int piece = 0; piece < 40; piece++) {
            for (int i = 0; i < N; i++)
                y[i] = x[i] = (float)(-87.3 + 175.3 * (piece * N + i) / (40.0 * N - 1));
            exponentials(kernels.items[k], y);
            for (int i = 0; i < N; i++) {
                double exact = exp((double)x[i]);
                double ulp = ldexp(1, ilogb(exact) - 23);
                worst = fmax(worst, fabs((double)y[i] - exact) / ulp);
            }
        }
        if (worst > 2) fail_msg("%s: exp is off by %.2f ulp", kernels.items[k]->name, worst);
    }
}

static void edges(void **state) {
    (void)state;
    static float x[N];
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++) {
        const float at[] = {0, -0.0f, -87.4f, -104, -1e30f, -INFINITY, NAN};
        for (int i = 0; i < 7; i++) x[i] = at[i];
        exponentials(kernels.items[k], x);
        assert_true(x[0] == 1 && x[1] == 1);
        assert_true(x[2] >= 0 && x[2] <= FLT_MIN);
        assert_true(x[3] == 0 && x[4] == 0 && x[5] == 0);
        assert_true(isnan(x[6])); /* a number that went wrong must be seen in the loss */
    }
}

/* The same for gelu and the gate of swiglu, absolutely for small values. */
static void activations(void **state) {
    (void)state;
    static float x[N], ones[N], y[N];
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++) {
        for (int i = 0; i < N; i++) {
            x[i] = (float)(-120 + 240.0 * i / (N - 1));
            ones[i] = 1;
        }
        kernels.items[k]->gelu(y, x, N);
        for (int i = 0; i < N; i++) {
            double exact = 0.5 * x[i] * erfc(-x[i] * sqrt(0.5));
            assert_true(fabs((double)y[i] - exact) <= 1e-6 * fmax(1, fabs(exact)));
        }
        kernels.items[k]->gelu_tanh(y, x, N);
        for (int i = 0; i < N; i++) {
            double u = 0.79788456080286535588 * (x[i] + 0.044715 * pow(x[i], 3));
            double exact = x[i] / (1 + exp(-2 * u));
            assert_true(fabs((double)y[i] - exact) <= 1e-6 * fmax(1, fabs(exact)));
        }
        kernels.items[k]->swiglu(y, x, ones, N);
        for (int i = 0; i < N; i++) {
            double exact = x[i] / (1 + exp(-(double)x[i]));
            assert_true(fabs((double)y[i] - exact) <= 1e-6 * fmax(1, fabs(exact)));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_two_ulp),
        cmocka_unit_test(edges),
        cmocka_unit_test(activations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
