/* Elementwise kernels of AVX2 and AVX-512 against the reference: every size, in place where
 * kernels.h or an operation asks for it, written and accumulated. */
#include "trial.h"

enum { ADDS = 1, IN_PLACE = 2 }; /* bits of a variant */

static size_t size(const trial *t) {
    return (size_t)t->n;
}

static s2s_real *output(trial *t, int input) {
    return t->variant & IN_PLACE ? t->buffer[input] : t->buffer[5];
}

static void call_add(const s2s_kernels *k, trial *t) {
    k->add(output(t, t->variant & 1), t->buffer[0], t->buffer[1], size(t));
}

static void call_axpy(const s2s_kernels *k, trial *t) {
    k->axpy(t->buffer[0], t->buffer[1], (s2s_real)-1.7, size(t));
}

static void call_sum_squares(const s2s_kernels *k, trial *t) {
    t->result[0] = k->sum_squares(t->buffer[0], size(t));
}

static void call_relu(const s2s_kernels *k, trial *t) {
    k->relu(output(t, 0), t->buffer[0], size(t));
}

static void call_relu_backward(const s2s_kernels *k, trial *t) {
    k->relu_backward(output(t, 0), t->buffer[0], t->buffer[1], (s2s_real)1.25, size(t),
                     t->variant & ADDS);
}

static void call_gelu(const s2s_kernels *k, trial *t) {
    k->gelu(output(t, 0), t->buffer[0], size(t));
}

static void call_gelu_backward(const s2s_kernels *k, trial *t) {
    k->gelu_backward(output(t, 0), t->buffer[0], t->buffer[1], size(t), t->variant & ADDS);
}

static void call_gelu_tanh(const s2s_kernels *k, trial *t) {
    k->gelu_tanh(output(t, 0), t->buffer[0], size(t));
}

static void call_gelu_tanh_backward(const s2s_kernels *k, trial *t) {
    k->gelu_tanh_backward(output(t, 0), t->buffer[0], t->buffer[1], size(t), t->variant & ADDS);
}

static void call_geglu(const s2s_kernels *k, trial *t) {
    k->geglu(t->buffer[0], t->buffer[1], t->buffer[2], size(t));
}

static void call_geglu_backward(const s2s_kernels *k, trial *t) {
    k->geglu_backward(t->buffer[0], t->buffer[1], t->buffer[2], t->buffer[3], t->buffer[4], size(t),
                      t->variant & ADDS);
}

static void call_swiglu(const s2s_kernels *k, trial *t) {
    k->swiglu(t->buffer[0], t->buffer[1], t->buffer[2], size(t));
}

static void call_swiglu_backward(const s2s_kernels *k, trial *t) {
    k->swiglu_backward(t->buffer[0], t->buffer[1], t->buffer[2], t->buffer[3], t->buffer[4],
                       size(t), t->variant & ADDS);
}

static void call_scale_shift(const s2s_kernels *k, trial *t) {
    k->scale_shift(t->buffer[0], t->n, (s2s_real)0.3, (s2s_real)-2.1);
}

static void call_max(const s2s_kernels *k, trial *t) {
    for (int i = 0; t->variant && i < t->n; i++)
        t->buffer[0][i] -= 100; /* below unused lanes' zeros */
    t->result[0] = (double)k->max(t->buffer[0], t->n);
}

static void call_exp_sums(const s2s_kernels *k, trial *t) {
    k->exp_sums(t->buffer[0], t->n, 4, t->result, t->result + 1);
}

static void call_adam(const s2s_kernels *k, trial *t) {
    const s2s_adam adam = trial_adam(t->variant & 1, t->variant & 2);
    s2s_real *v = t->buffer[3];
    for (int i = 0; i < t->n; i++) v[i] *= v[i];
    for (int step = 0; step < 2; step++)
        k->adam(t->buffer[0], t->buffer[1], t->buffer[2], v, size(t), &adam);
}

/* A test of this name that compares one case. */
#define COMPARE(name, variants, tolerance)                                                         \
    static void name(void **state) {                                                               \
        (void)state;                                                                               \
        const trial_case c = {call_##name, variants, tolerance};                                   \
        trial_compare(&c);                                                                         \
    }

COMPARE(add, 4, 0)
COMPARE(axpy, 1, 1e-6)
COMPARE(sum_squares, 1, 2e-6)
COMPARE(relu, 4, 0)
COMPARE(relu_backward, 4, 1e-6)
COMPARE(gelu, 4, 1e-6)
COMPARE(gelu_backward, 4, 2e-6)
COMPARE(gelu_tanh, 4, 1e-6)
COMPARE(gelu_tanh_backward, 4, 2e-6)
COMPARE(geglu, 1, 1e-6)
COMPARE(geglu_backward, 2, 2e-6)
COMPARE(swiglu, 1, 1e-6)
COMPARE(swiglu_backward, 2, 2e-6)
COMPARE(scale_shift, 1, 1e-6)
COMPARE(max, 2, 0)
COMPARE(exp_sums, 1, 4e-6)
COMPARE(adam, 4, 2e-6)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add),
        cmocka_unit_test(axpy),
        cmocka_unit_test(sum_squares),
        cmocka_unit_test(relu),
        cmocka_unit_test(relu_backward),
        cmocka_unit_test(gelu),
        cmocka_unit_test(gelu_backward),
        cmocka_unit_test(gelu_tanh),
        cmocka_unit_test(gelu_tanh_backward),
        cmocka_unit_test(geglu),
        cmocka_unit_test(geglu_backward),
        cmocka_unit_test(swiglu),
        cmocka_unit_test(swiglu_backward),
        cmocka_unit_test(scale_shift),
        cmocka_unit_test(max),
        cmocka_unit_test(exp_sums),
        cmocka_unit_test(adam),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
