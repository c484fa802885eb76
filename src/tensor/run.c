/* See run.h. */
#include "tensor/run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/thread.h"
#include "tensor/layout.h"

static s2s_status reserve(s2s_run *run, s2s_err *err) {
    s2s_plan *plan = (s2s_plan *)(size_t)run->plan; /* the layout marks first writers in it */
    size_t elements = 0, scratch = 0;
    S2S_TRY(
        s2s_layout(plan, run->training, run->max_rows, run->value, run->gradient, &elements, err));
    for (size_t i = 0; i < plan->n; i++) {
        const s2s_op *op = plan->ops + i;
        size_t needed = op->class->scratch ? op->class->scratch(op, run) : 0;
        if (needed > scratch) scratch = needed;
    }
    run->scratch_elements = scratch;
    run->bytes = (elements + scratch) * sizeof(s2s_real);
    run->memory = s2s_block_alloc(run->bytes, err);
    run->scratch = run->memory + elements;
    return run->memory ? S2S_OK : S2S_MEMORY;
}

s2s_status s2s_run_create(s2s_run **created, const s2s_plan *plan, const s2s_params *params,
                          bool training, const int max_rows[S2S_ROWS_KINDS], s2s_err *err) {
    *created = NULL;
    if (plan->error.status) {
        *err = plan->error;
        return err->status;
    }
    s2s_run *run = calloc(1, sizeof *run);
    if (!run) return s2s_fail_memory(err, sizeof *run);
    *run =
        (s2s_run){.plan = plan, .params = params, .training = training, .threads = s2s_threads()};
    memcpy(run->max_rows, max_rows, sizeof run->max_rows);
    run->value = malloc(plan->slots_n * sizeof *run->value + 1);
    run->gradient = malloc(plan->slots_n * sizeof *run->gradient + 1);
    s2s_status status = run->value && run->gradient
                            ? reserve(run, err)
                            : s2s_fail_memory(err, plan->slots_n * sizeof *run->value);
    if (status == S2S_OK)
        *created = run;
    else
        s2s_run_free(run);
    return status;
}

void s2s_run_free(s2s_run *run) {
    if (!run) return;
    s2s_block_free(run->memory, run->bytes);
    free(run->value);
    free(run->gradient);
    free(run->times);
    free(run);
}

s2s_status s2s_run_profile(s2s_run *run, s2s_err *err) {
    size_t bytes = 2 * run->plan->n * sizeof *run->times;
    free(run->times);
    run->times = calloc(1, bytes + 1);
    return run->times ? S2S_OK : s2s_fail_memory(err, bytes);
}

s2s_status s2s_run_bind(s2s_run *run, const s2s_batch *batch, uint64_t seed, s2s_err *err) {
    static const char *const names[S2S_ROWS_KINDS] = {"source tokens", "target tokens", "labels",
                                                      "sequences"};
    const int rows[S2S_ROWS_KINDS] = {[S2S_ROWS_SOURCE] = batch->stream[S2S_SOURCE].tokens,
                                      [S2S_ROWS_TARGET] = batch->stream[S2S_TARGET].tokens,
                                      [S2S_ROWS_PREDICTED] = batch->labels_n,
                                      [S2S_ROWS_SEQUENCES] = batch->stream[S2S_SOURCE].sequences};
    for (int i = 0; i < S2S_ROWS_KINDS; i++)
        if (rows[i] > run->max_rows[i])
            return s2s_fail(err, S2S_INPUT,
                            "a batch of %d %s does not fit into memory that was laid out for %d; "
                            "make smaller batches",
                            rows[i], names[i], run->max_rows[i]);
    memcpy(run->rows, rows, sizeof run->rows);
    run->batch = batch;
    run->key = s2s_rng_mix(seed, batch->index);
    return S2S_OK;
}

typedef void op_function(const s2s_op *op, s2s_run *run);

static void call(op_function *function, const s2s_op *op, s2s_run *run, s2s_op_time *time) {
    if (!time) {
        function(op, run);
        return;
    }
    time->begun = s2s_clock();
    function(op, run);
    time->seconds += s2s_clock() - time->begun;
}

void s2s_run_forward(s2s_run *run) {
    run->loss = 0;
    for (size_t i = 0; i < run->plan->n; i++) {
        const s2s_op *op = run->plan->ops + i;
        call(op->class->forward, op, run, run->times ? run->times + i : NULL);
    }
}

void s2s_run_backward(s2s_run *run) {
    assert(run->training);
    size_t n = run->plan->n;
    for (size_t i = n; i-- > 0;) {
        const s2s_op *op = run->plan->ops + i;
        call(op->class->backward, op, run, run->times ? run->times + n + i : NULL);
    }
}

int s2s_run_threads(const s2s_run *run) {
    int now = s2s_threads();
    return now < run->threads ? now : run->threads;
}

s2s_real *s2s_thread_scratch(const s2s_run *run, size_t elements) {
    size_t begin = (size_t)s2s_thread_index() * elements;
    assert(begin + elements <= run->scratch_elements); /* else a region asked for more threads */
    return run->scratch + begin;
}
