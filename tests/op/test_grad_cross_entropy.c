/* The fused output layer: loss and log p of labels against their definition, gradients against finite
 * differences; vocabularies of one and several tiles, more rows than a chunk has. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/thread.h"
#include "op/gradient_check.h"
#include "op/tiny.h"
#include "op/unshared.h"

enum { WIDTH = 3 };

typedef struct loss_case {
    int vocabulary, rows;
    bool bias;
    double smoothing;
} loss_case;

static const loss_case cases[] = {
    {7, 9, false, 0},    {7, 9, true, 0.1},      {7, 530, true, 0.1},   {513, 20, true, 0.1},
    {513, 530, true, 0}, {1500, 11, false, 0.2}, {1500, 70, true, 0.1},
};
enum { CASES = sizeof cases / sizeof *cases };

static double logit(const tiny *t, const loss_case *c, const s2s_real *x, int entry) {
    double z = c->bias ? (double)s2s_param_value(&t->params, 1)[entry] : 0;
    for (int i = 0; i < WIDTH; i++)
        z += (double)x[i] * (double)s2s_param_value(&t->params, 0)[entry * WIDTH + i];
    return z;
}

/* -sum q log p of one row, from the definition. */
static double row_loss(const tiny *t, const loss_case *c, const s2s_real *x, int label) {
    double largest = -INFINITY, sum = 0, loss = 0;
    for (int v = 0; v < c->vocabulary; v++) largest = fmax(largest, logit(t, c, x, v));
    for (int v = 0; v < c->vocabulary; v++) sum += exp(logit(t, c, x, v) - largest);
    for (int v = 0; v < c->vocabulary; v++) {
        double q = c->smoothing / c->vocabulary + (v == label ? 1 - c->smoothing : 0);
        loss -= q * (logit(t, c, x, v) - largest - log(sum));
    }
    return loss;
}

static void check_loss(tiny *t, const loss_case *c, s2s_param source, const char *what) {
    double expected = 0;
    for (int r = 0; r < c->rows; r++)
        expected +=
            row_loss(t, c, s2s_param_value(&t->params, source) + r * WIDTH, t->batch.labels[r]);
    s2s_run_forward(t->run);
    if (!(fabs(t->run->loss - expected) <= 1e-6 * expected))
        fail_msg("%s: loss %.10g, by definition %.10g", what, t->run->loss, expected);
}

/* Weight and bias are parameters 0 and 1, the states the last one. */
static s2s_slot begin_case(tiny *t, const loss_case *c) {
    const int lengths[] = {c->rows - 4, 0, 4, -1}, source_lengths[] = {1, 1, 1, -1};
    tiny_begin(t, source_lengths, lengths);
    t->vocabulary = c->vocabulary;
    tiny_param(t, c->vocabulary, WIDTH);
    if (c->bias) tiny_param(t, 1, c->vocabulary);
    return tiny_source(t, S2S_ROWS_TARGET, WIDTH);
}

static void build(tiny *t, const loss_case *c) {
    s2s_slot x = begin_case(t, c);
    s2s_linear_cross_entropy(t->plan, x, 0, c->bias ? 1 : S2S_NO_PARAM, c->smoothing);
    tiny_finish(t);
}

static void loss_and_gradients(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; i < CASES; i++) {
        char what[64];
        snprintf(what, sizeof what, "vocabulary %d, %d rows", cases[i].vocabulary, cases[i].rows);
        tiny t;
        build(&t, cases + i);
        check_loss(&t, cases + i, (s2s_param)t.params.n - 1, what);
        check_gradients(t.run, &t.params, 150, what);
        check_sharing(t.run, &t.params, what);
        tiny_end(&t);
    }
}

/* The states that are predicted from have another reader: its gradient is kept. */
static void another_reader(void **state) {
    (void)state;
    for (int before = 0; before < 2; before++) {
        const int lengths[] = {4, -1};
        tiny t;
        tiny_begin(&t, lengths, NULL);
        s2s_param weight = tiny_param(&t, TINY_VOCABULARY, WIDTH);
        s2s_slot x = tiny_source(&t, S2S_ROWS_TARGET, WIDTH);
        if (before) tiny_probe(&t, x);
        s2s_linear_cross_entropy(t.plan, x, weight, S2S_NO_PARAM, 0.1);
        if (!before) tiny_probe(&t, x);
        tiny_finish(&t);
        check_gradients(t.run, &t.params, (size_t)-1, "two losses");
        tiny_end(&t);
    }
}

/* Logits that are far from 0, as in a training run that goes wrong, still give a finite loss. */
static void large_logits(void **state) {
    (void)state;
    const loss_case c = {1500, 11, true, 0.1};
    tiny t;
    build(&t, &c);
    s2s_real *x = s2s_param_value(&t.params, (s2s_param)t.params.n - 1);
    for (int i = 0; i < c.rows * WIDTH; i++) x[i] *= 3000;
    check_loss(&t, &c, (s2s_param)t.params.n - 1, "large logits");
    tiny_step(&t);
    for (size_t i = 0; i < t.params.size; i++) assert_true(isfinite(t.params.gradient[i]));
    tiny_end(&t);
}

/* --- log p of labels --- */

static void check_labels(const tiny *t, const loss_case *c, s2s_run *run, s2s_slot found,
                         double tolerance, const char *what) {
    s2s_run_forward(run);
    const s2s_real *x = s2s_param_value(&t->params, (s2s_param)t->params.n - 1);
    for (int r = 0; r < c->rows; r++) {
        double expected = -row_loss(t, c, x + r * WIDTH, t->batch.labels[r]),
               made = (double)s2s_value(run, found).data[r];
        if (!(fabs(made - expected) <= tolerance))
            fail_msg("%s, vocabulary %d, row %d: log p %.10g, by definition %.10g", what,
                     c->vocabulary, r, made, expected);
    }
}

/* The same plan with packed weights, for which scratch is laid out anew. */
static void check_packed_labels(tiny *t, const loss_case *c, s2s_slot found, s2s_weight_type type,
                                double tolerance) {
    s2s_err err = {0};
    s2s_run *run;
    assert_int_equal(s2s_params_pack(&t->params, type, &err), S2S_OK);
    assert_int_equal(
        s2s_run_create(&run, t->plan, &t->params, S2S_KEEP_NOTHING, t->run->max_rows, &err),
        S2S_OK);
    assert_int_equal(s2s_run_bind(run, &t->batch, 0, &err), S2S_OK);
    check_labels(t, c, run, found, tolerance, s2s_weight_type_names[type]);
    s2s_run_free(run);
    s2s_params_unpack(&t->params);
}

static void log_probabilities(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; i < CASES; i++) {
        loss_case c = cases[i];
        c.smoothing = 0;
        tiny t;
        s2s_slot x = begin_case(&t, &c);
        s2s_params_may_pack(&t.params, 0);
        s2s_slot found = s2s_label_log_probability(t.plan, x, 0, c.bias ? 1 : S2S_NO_PARAM);
        tiny_finish(&t);
        check_labels(&t, &c, t.run, found, 1e-5, "not packed");
        check_packed_labels(&t, &c, found, S2S_WEIGHT_FLOAT32, 1e-5);
        check_packed_labels(&t, &c, found, S2S_WEIGHT_INT8, 0.1); /* rounded on both sides */
        tiny_end(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_and_gradients),
        cmocka_unit_test(another_reader),
        cmocka_unit_test(large_logits),
        cmocka_unit_test(log_probabilities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
