/* Kernels over rows, AVX2 and AVX-512 against the reference. */
#include "trial.h"

enum { ADDS = 1, CENTER = 2, NO_GAIN = 4, IN_PLACE = 8 }; /* bits of a norm's variant */

static void call_add_row(const s2s_kernels *k, trial *t) {
    k->add_row(t->buffer[0], t->ld, t->buffer[1], TRIAL_ROWS - 1, t->n);
}

static void call_column_sums(const s2s_kernels *k, trial *t) {
    k->column_sums(t->buffer[0], t->buffer[1], t->ld, TRIAL_ROWS - 1, t->n);
}

static void call_norm(const s2s_kernels *k, trial *t) {
    const s2s_real *gain = t->variant & NO_GAIN ? NULL : t->buffer[1];
    const s2s_real *bias = t->variant & ADDS ? t->buffer[2] : NULL;
    s2s_real *y = t->variant & IN_PLACE ? t->buffer[0] : t->buffer[3];
    k->norm(y, t->buffer[0], gain, bias, TRIAL_ROWS, t->n, (s2s_real)1e-3, t->variant & CENTER);
}

/* dx in place of dy only where it is written, as the planner does it. */
static void call_norm_backward(const s2s_kernels *k, trial *t) {
    bool adds = t->variant & ADDS, in_place = t->variant & IN_PLACE && !adds;
    s2s_real **b = t->buffer;
    bool no_gain = t->variant & NO_GAIN;
    k->norm_backward(in_place ? b[0] : b[5], no_gain ? NULL : b[1], no_gain ? NULL : b[2], b[0],
                     b[3], no_gain ? NULL : b[4], TRIAL_ROWS, t->n, (s2s_real)1e-3,
                     t->variant & CENTER, adds);
}

static void call_softmax(const s2s_kernels *k, trial *t) {
    int causal = (int)t->variant - 1; /* none, or from the first, second and third key on */
    k->softmax(t->buffer[0], t->ld, TRIAL_ROWS, t->n, causal, (s2s_real)1.5);
}

static void call_softmax_backward(const s2s_kernels *k, trial *t) {
    k->softmax_backward(t->buffer[0], t->buffer[1], t->ld, TRIAL_ROWS, t->n, (s2s_real)0.25);
}

/* Rows that lie anywhere; values from column 1 on where a row has one to spare. */
static int scattered_rows(const trial *t, const s2s_real *rows[TRIAL_ROWS], int *offset) {
    *offset = t->ld > t->n;
    const int order[TRIAL_ROWS] = {3, 0, 4, 1, 2};
    for (int i = 0; i < TRIAL_ROWS; i++) rows[i] = t->buffer[1] + (size_t)(order[i] * t->ld);
    return (int)t->variant;
}

static void call_dots(const s2s_kernels *k, trial *t) {
    const s2s_real *rows[TRIAL_ROWS];
    int offset, n = scattered_rows(t, rows, &offset);
    s2s_real scores[TRIAL_ROWS] = {0};
    k->dots(scores, t->buffer[0], rows, offset, n, t->n);
    for (int i = 0; i < n; i++) t->result[0] += (i + 1) * (double)scores[i];
}

static void call_weighted_sum(const s2s_kernels *k, trial *t) {
    const s2s_real *rows[TRIAL_ROWS];
    int offset, n = scattered_rows(t, rows, &offset);
    k->weighted_sum(t->buffer[0], t->buffer[2], rows, offset, n < t->n ? n : t->n, t->n);
}

#define COMPARE(name, variants, tolerance)                                                         \
    static void name(void **state) {                                                               \
        (void)state;                                                                               \
        const trial_case c = {call_##name, variants, tolerance};                                   \
        trial_compare(&c);                                                                         \
    }

COMPARE(add_row, 1, 0)
COMPARE(column_sums, 1, 1e-6)
COMPARE(norm, 16, 1e-5)
COMPARE(norm_backward, 16, 2e-4) /* one element alone: 1 / sqrt(eps) times a difference of equals */
COMPARE(softmax, 4, 1e-6)
COMPARE(softmax_backward, 1, 1e-4)
COMPARE(dots, TRIAL_ROWS + 1, 1e-4)
COMPARE(weighted_sum, TRIAL_ROWS + 1, 5e-6)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_row), cmocka_unit_test(column_sums),
        cmocka_unit_test(norm),    cmocka_unit_test(norm_backward),
        cmocka_unit_test(softmax), cmocka_unit_test(softmax_backward),
        cmocka_unit_test(dots),    cmocka_unit_test(weighted_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
