/* See unshared.h. */
#include "unshared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A step over memory of NaN; returns its gradients. */
static s2s_real *poisoned_step(s2s_run *run, s2s_params *params) {
    size_t bytes = params->size * sizeof(s2s_real);
    s2s_real *gradient = malloc(bytes);
    assert_non_null(gradient);
    memset(run->memory, 0xFF, run->bytes);
    memset(params->gradient, 0, bytes);
    s2s_run_forward(run);
    s2s_run_backward(run);
    memcpy(gradient, params->gradient, bytes);
    return gradient;
}

/* Offsets of a place for each value and gradient; returns the elements they take. */
static size_t spread(const s2s_run *run, ptrdiff_t *value, ptrdiff_t *gradient) {
    size_t total = 0;
    for (size_t i = 0; i < run->plan->slots_n; i++) {
        const s2s_slot_info *slot = run->plan->slots + i;
        size_t elements = (size_t)run->max_rows[slot->rows] * (size_t)slot->width;
        elements = (elements + 15) / 16 * 16;
        value[i] = (ptrdiff_t)total;
        gradient[i] = (ptrdiff_t)(total + elements);
        total += 2 * elements;
    }
    return total;
}

void check_sharing(s2s_run *run, s2s_params *params, const char *what) {
    s2s_err err;
    s2s_real *shared = poisoned_step(run, params);
    double loss = run->loss;
    s2s_run apart = *run;
    apart.value = malloc(run->plan->slots_n * sizeof *apart.value);
    apart.gradient = malloc(run->plan->slots_n * sizeof *apart.gradient);
    assert_true(apart.value && apart.gradient);
    size_t elements = spread(run, apart.value, apart.gradient);
    apart.bytes = (elements + run->scratch_elements) * sizeof(s2s_real);
    assert_true(apart.bytes >= run->bytes);
    apart.memory = s2s_block_alloc(apart.bytes, &err);
    assert_non_null(apart.memory);
    apart.scratch = apart.memory + elements;
    s2s_real *expected = poisoned_step(&apart, params);
    if (loss != apart.loss) fail_msg("%s: loss %.17g, unshared %.17g", what, loss, apart.loss);
    for (size_t i = 0; i < params->n; i++)
        if (memcmp(shared + params->items[i].offset, expected + params->items[i].offset,
                   s2s_param_size(params, (s2s_param)i) * sizeof *shared))
            fail_msg("%s: gradient of %s differs from unshared memory", what,
                     params->items[i].name);
    s2s_block_free(apart.memory, apart.bytes);
    free(apart.gradient);
    free(apart.value);
    free(expected);
    free(shared);
}
