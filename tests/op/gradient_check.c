/* See gradient_check.h. */
#include "gradient_check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/thread.h"

static double loss_of(s2s_run *run) {
    s2s_run_forward(run);
    return run->loss;
}

/* A step adds to gradients: two steps give twice as much. Returns a copy of one step's. */
static s2s_real *gradients_of_step(s2s_run *run, s2s_params *params, const char *what) {
    size_t bytes = params->size * sizeof(s2s_real);
    s2s_real *gradient = malloc(bytes);
    assert_non_null(gradient);
    memset(params->gradient, 0, bytes);
    s2s_run_forward(run);
    s2s_run_backward(run);
    memcpy(gradient, params->gradient, bytes);
    s2s_run_forward(run);
    s2s_run_backward(run);
    for (size_t i = 0; i < params->size; i++) {
        double once = (double)gradient[i], twice = (double)params->gradient[i];
        if (!(fabs(twice - 2 * once) <= 1e-4 * fmax(1, fabs(once))))
            fail_msg("%s: gradient %zu is %g after one step and %g after two", what, i, once,
                     twice);
    }
    return gradient;
}

#ifdef S2S_DOUBLE

enum { SMALL = 64 };

static void check_element(s2s_run *run, s2s_params *params, size_t at, double gradient,
                          const char *what, const char *name) {
    const double h = 1e-4, value = params->value[at];
    params->value[at] = value + h;
    double up = loss_of(run);
    params->value[at] = value - h;
    double difference = (up - loss_of(run)) / (2 * h);
    params->value[at] = value;
    if (!(fabs(gradient - difference) <= 1e-5 * fmax(1, fabs(gradient))))
        fail_msg("%s: %s, element %zu: gradient %.9g, finite difference %.9g", what, name, at,
                 gradient, difference);
}

void check_gradients(s2s_run *run, s2s_params *params, size_t most, const char *what) {
    s2s_real *gradient = gradients_of_step(run, params, what);
    int threads = s2s_threads();
    size_t checked = 0;
    s2s_threads_set(1); /* quicker for tiny plans; the bits are the same */
    for (size_t i = 0; i < params->n; i++) {
        const s2s_param_info *info = params->items + i;
        size_t size = s2s_param_size(params, (s2s_param)i);
        for (size_t e = 0; e < size; e++) {
            bool chosen =
                size <= SMALL || params->size <= most || s2s_rng_mix(i, e) % params->size < most;
            if (!chosen) continue;
            check_element(run, params, info->offset + e, gradient[info->offset + e], what,
                          info->name);
            checked++;
        }
    }
    assert_true(checked > 0);
    s2s_threads_set(threads);
    free(gradient);
}

#else

/* value = base + step direction */
static void move(s2s_params *params, const s2s_real *base, const double *direction, double step) {
    for (size_t i = 0; i < params->size; i++)
        params->value[i] = (s2s_real)((double)base[i] + step * direction[i]);
}

static double length_of(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sqrt(sum);
}

/* The first direction is the gradient itself, where the loss changes most. */
static void draw_direction(double *direction, const s2s_real *gradient, size_t n, int number) {
    s2s_rng rng = s2s_rng_init(5, (uint64_t)number);
    for (size_t i = 0; i < n; i++)
        direction[i] = number ? s2s_rng_normal(&rng) : (double)gradient[i];
    double length = length_of(direction, n);
    for (size_t i = 0; i < n && length > 0; i++) direction[i] /= length;
}

static double difference_at(s2s_run *run, s2s_params *params, const s2s_real *base,
                            const double *direction, double h) {
    move(params, base, direction, h);
    double up = loss_of(run);
    move(params, base, direction, -h);
    return (up - loss_of(run)) / (2 * h);
}

/* Richardson's extrapolation takes away the error that grows with the square of h. */
static void check_direction(s2s_run *run, s2s_params *params, const s2s_real *base,
                            const s2s_real *gradient, double *direction, int number,
                            const char *what) {
    const double h = 1e-2;
    double slope = 0, squares = 0;
    draw_direction(direction, gradient, params->size, number);
    for (size_t i = 0; i < params->size; i++) {
        slope += (double)gradient[i] * direction[i];
        squares += (double)gradient[i] * (double)gradient[i];
    }
    double coarse = difference_at(run, params, base, direction, h);
    double fine = difference_at(run, params, base, direction, h / 2);
    double difference = (4 * fine - coarse) / 3;
    if (!(fabs(slope - difference) <= 3e-3 * fmax(1, sqrt(squares))))
        fail_msg("%s: direction %d: slope %.9g, finite difference %.9g, |gradient| %g", what,
                 number, slope, difference, sqrt(squares));
}

void check_gradients(s2s_run *run, s2s_params *params, size_t most, const char *what) {
    (void)most;
    enum { DIRECTIONS = 12 };
    int threads = s2s_threads();
    s2s_real *gradient = gradients_of_step(run, params, what);
    s2s_real *base = malloc(params->size * sizeof *base);
    double *direction = malloc(params->size * sizeof *direction);
    assert_true(base && direction);
    memcpy(base, params->value, params->size * sizeof *base);
    s2s_threads_set(1); /* quicker for tiny plans; the bits are the same */
    for (int d = 0; d < DIRECTIONS; d++)
        check_direction(run, params, base, gradient, direction, d, what);
    memcpy(params->value, base, params->size * sizeof *base);
    s2s_threads_set(threads);
    free(direction);
    free(base);
    free(gradient);
}

#endif
