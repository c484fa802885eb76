/* See run.h. */
#include "tensor/run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/thread.h"

static s2s_status reserve(s2s_run *run, s2s_keep keep, s2s_err *err) {
    s2s_plan *plan = (s2s_plan *)(size_t)run->plan; /* the layout marks first writers in it */
    size_t scratch = 0;
    S2S_TRY(s2s_schedule_make(&run->schedule, plan, keep, err));
    S2S_TRY(s2s_layout(&run->places, plan, &run->schedule, run->max_rows, err));
    for (size_t i = 0; i < plan->n; i++) {
        const s2s_op *op = plan->ops + i;
        size_t needed = op->class->scratch ? op->class->scratch(op, run) : 0;
        if (needed > scratch) scratch = needed;
    }
    run->scratch_elements = scratch;
    run->bytes = (run->places.size + scratch) * sizeof(s2s_real);
    run->memory = s2s_block_alloc(run->bytes, err);
    run->scratch = run->memory + run->places.size;
    return run->memory ? S2S_OK : S2S_MEMORY;
}

s2s_status s2s_run_create(s2s_run **created, const s2s_plan *plan, const s2s_params *params,
                          s2s_keep keep, const int max_rows[S2S_ROWS_KINDS], s2s_err *err) {
    *created = NULL;
    if (plan->error.status) {
        *err = plan->error;
        return err->status;
    }
    s2s_run *run = calloc(1, sizeof *run);
    if (!run) return s2s_fail_memory(err, sizeof *run);
    *run = (s2s_run){.plan = plan,
                     .params = params,
                     .training = keep != S2S_KEEP_NOTHING,
                     .threads = s2s_threads()};
    memcpy(run->max_rows, max_rows, sizeof run->max_rows);
    s2s_status status = reserve(run, keep, err);
    if (status == S2S_OK)
        *created = run;
    else
        s2s_run_free(run);
    return status;
}

void s2s_run_free(s2s_run *run) {
    if (!run) return;
    s2s_block_free(run->memory, run->bytes);
    s2s_schedule_release(&run->schedule);
    s2s_places_release(&run->places);
    free(run->times);
    free(run);
}

s2s_status s2s_run_profile(s2s_run *run, s2s_err *err) {
    size_t bytes = S2S_DIRECTIONS * run->plan->n * sizeof *run->times;
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

static void call(s2s_run *run, const s2s_task *task) {
    const s2s_op *op = run->plan->ops + task->op;
    if (task->direction == S2S_BACKWARD)
        op->class->backward(op, run);
    else
        op->class->forward(op, run);
}

static void timed_call(s2s_run *run, const s2s_task *task) {
    s2s_op_time *time = s2s_run_time(run, task);
    time->begun = s2s_clock();
    call(run, task);
    time->seconds += s2s_clock() - time->begun;
}

static void run_tasks(s2s_run *run, size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++)
        (run->times ? timed_call : call)(run, run->schedule.tasks + i);
}

void s2s_run_forward(s2s_run *run) {
    run->loss = run->hits = 0;
    run->value = run->places.value;
    run_tasks(run, 0, run->schedule.forward);
}

void s2s_run_backward(s2s_run *run) {
    assert(run->training);
    run->value = run->places.again;
    run_tasks(run, run->schedule.forward, run->schedule.n);
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
