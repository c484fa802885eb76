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

/* A place for each value, for each that is computed again, and for each gradient. */
static s2s_places spread(const s2s_run *run) {
    size_t slots = run->plan->slots_n, total = 0;
    ptrdiff_t *value = malloc(3 * slots * sizeof *value), *again = value + slots,
              *gradient = again + slots;
    assert_non_null(value);
    for (size_t i = 0; i < slots; i++) {
        const s2s_slot_info *slot = run->plan->slots + i;
        size_t elements = (size_t)run->max_rows[slot->rows] * (size_t)slot->width;
        elements = (elements + 15) / 16 * 16;
        value[i] = (ptrdiff_t)total;
        again[i] = run->schedule.again[i] ? (ptrdiff_t)(total + elements) : value[i];
        gradient[i] = (ptrdiff_t)(total + 2 * elements);
        total += 3 * elements;
    }
    return (s2s_places){.value = value, .again = again, .gradient = gradient, .size = total};
}

void check_sharing(s2s_run *run, s2s_params *params, const char *what) {
    s2s_err err;
    s2s_real *shared = poisoned_step(run, params);
    double loss = run->loss;
    s2s_run apart = *run;
    apart.places = spread(run);
    apart.bytes = (apart.places.size + run->scratch_elements) * sizeof(s2s_real);
    assert_true(apart.bytes >= run->bytes);
    apart.memory = s2s_block_alloc(apart.bytes, &err);
    assert_non_null(apart.memory);
    apart.scratch = apart.memory + apart.places.size;
    s2s_real *expected = poisoned_step(&apart, params);
    if (loss != apart.loss) fail_msg("%s: loss %.17g, unshared %.17g", what, loss, apart.loss);
    for (size_t i = 0; i < params->n; i++)
        if (memcmp(shared + params->items[i].offset, expected + params->items[i].offset,
                   s2s_param_size(params, (s2s_param)i) * sizeof *shared))
            fail_msg("%s: gradient of %s differs from unshared memory", what,
                     params->items[i].name);
    s2s_block_free(apart.memory, apart.bytes);
    s2s_places_release(&apart.places);
    free(expected);
    free(shared);
}
