/* The same numbers as PyTorch in every variant of a recipe's model section: logits, loss, every
 * gradient, and the parameters after ten steps of Adam with clipping (tools/fixtures/parity.py). The same
 * numbers as Transformers in its families: logits, loss, gradients (tools/fixtures/transformers_models.py). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "fixture.h"
#include "train/optimizer.h"

/* Relative to the element or the root mean square of its tensor, whichever is larger. The fixtures
 * are float32, computed in double. */
#ifdef S2S_DOUBLE
static const double TOLERANCE = 5e-7;
#else
static const double TOLERANCE = 5e-5;
#endif

/* Transformers rounds some sums to float32 whatever the model's type is. */
static double tolerance_of(const fixture *f) {
    return strncmp(f->name, "transformers/", 13) ? TOLERANCE : 5e-5;
}

static double root_mean_square(const s2s_real *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
    return sqrt(sum / (double)n);
}

static void check_close(const fixture *f, const char *what, const char *name,
                        const s2s_real *values, const s2s_real *expected, size_t n) {
    double scale = fmax(root_mean_square(expected, n), 1e-6);
    for (size_t i = 0; i < n; i++) {
        double difference = fabs((double)values[i] - (double)expected[i]);
        if (!(difference <= tolerance_of(f) * fmax(scale, fabs((double)expected[i]))))
            fail_msg("%s: %s %s, element %zu of %zu: %.9g, PyTorch %.9g", f->name, what, name, i, n,
                     (double)values[i], (double)expected[i]);
    }
}

static void check_logits(const fixture *f) {
    pass p;
    pass_create(&p, f, false);
    s2s_run_forward(p.run);
    s2s_tensor logits = s2s_value(p.run, p.logits);
    size_t n = (size_t)logits.rows * (size_t)logits.width;
    s2s_real *expected = malloc(n * sizeof *expected);
    s2s_err err;
    assert_non_null(expected);
    assert_int_equal(
        s2s_safetensors_read(f->file, "logits", logits.rows, logits.width, expected, &err), S2S_OK);
    check_close(f, "logits", "", logits.data, expected, n);
    free(expected);
    pass_free(&p);
}

/* A key's bias adds the same to all scores of a query, so that its gradient is 0, and what rounding
 * leaves of it is not compared. Returns how many such elements follow the first `*begin`. */
static size_t without_gradient(const fixture *f, const char *name, size_t *begin) {
    const s2s_stack_recipe *r =
        strncmp(name, "encoder", 7) ? &f->recipe->decoder : &f->recipe->encoder;
    bool self = strstr(name, "self_attention.qkv.bias"),
         cross = strstr(name, "cross_attention.kv.bias");
    *begin = self ? (size_t)(r->heads * s2s_head_width(r)) : 0;
    /* A rotated bias is not the same for all keys. */
    if (!cross && !(self && r->positions != S2S_ROTARY)) return 0;
    return (size_t)(r->kv_heads * s2s_head_width(r));
}

static void check_block(const fixture *f, const char *what, s2s_real *block, s2s_real *expected) {
    const s2s_params *params = &f->model->params;
    for (size_t i = 0; i < params->n; i++) {
        const s2s_param_info *info = params->items + i;
        size_t begin, skipped = without_gradient(f, info->name, &begin);
        for (size_t e = begin; e < begin + skipped; e++) {
            double value = (double)block[info->offset + e];
            if (!strcmp(what, "gradient")) assert_true(fabs(value) < 1e-4);
            expected[info->offset + e] = block[info->offset + e];
        }
        check_close(f, what, info->name, block + info->offset, expected + info->offset,
                    s2s_param_size(params, (s2s_param)i));
    }
}

static void check_gradients_of(const fixture *f, s2s_run *run) {
    s2s_params *params = &f->model->params;
    s2s_real loss, *expected = calloc(params->size, sizeof *expected);
    s2s_err err;
    assert_non_null(expected);
    s2s_run_forward(run);
    s2s_run_backward(run);
    assert_int_equal(s2s_safetensors_read(f->file, "loss", 1, 1, &loss, &err), S2S_OK);
    if (!(fabs(run->loss - (double)loss) <= 1e-6 * (double)loss))
        fail_msg("%s: loss %.9g, PyTorch %.9g", f->name, run->loss, (double)loss);
    fixture_read(f, "gradients", expected);
    check_block(f, "gradient", params->gradient, expected);
    free(expected);
}

/* After the gradients of the first step. */
static void check_ten_steps(const fixture *f, s2s_run *run) {
    s2s_params *params = &f->model->params;
    const s2s_optimizer_recipe *recipe = &f->recipe->train.optimizer;
    s2s_optimizer optimizer;
    s2s_err err;
    assert_int_equal(s2s_optimizer_init(&optimizer, recipe, params, 1, &err), S2S_OK);
    double scale = 1.0 / f->batch.labels_n;
    for (int step = 0; step < 10; step++) {
        if (step) {
            s2s_run_forward(run);
            s2s_run_backward(run);
        }
        s2s_optimizer_step(&optimizer, recipe->learning_rate, scale,
                           s2s_gradient_norm(params, scale));
    }
    s2s_optimizer_release(&optimizer);
    s2s_real *expected = calloc(params->size, sizeof *expected);
    assert_non_null(expected);
    fixture_read(f, "after", expected);
    check_block(f, "ten steps", params->value, expected);
    free(expected);
}

static void same_numbers_as_pytorch(void **state) {
    (void)state;
    int with_steps = 0;
    s2s_threads_set(2);
    for (int i = 0; fixture_names[i]; i++) {
        fixture f;
        pass p;
        fixture_open(&f, fixture_names[i], NULL, 0);
        check_logits(&f);
        pass_create(&p, &f, true);
        check_gradients_of(&f, p.run);
        if (s2s_safetensors_find(f.file, "after")) {
            check_ten_steps(&f, p.run);
            with_steps++;
        }
        pass_free(&p);
        fixture_close(&f);
    }
    assert_int_equal(with_steps, 3);
}

static void same_numbers_as_transformers(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; fixture_families[i]; i++) {
        fixture f;
        pass p;
        fixture_open(&f, fixture_families[i], NULL, 0);
        check_logits(&f);
        pass_create(&p, &f, true);
        check_gradients_of(&f, p.run);
        pass_free(&p);
        fixture_close(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_numbers_as_pytorch),
        cmocka_unit_test(same_numbers_as_transformers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
