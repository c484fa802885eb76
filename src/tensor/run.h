/* A run: a plan bound to memory, and for each step to a batch.
 *
 * All memory is laid out and reserved once, for the largest batch; a step allocates nothing. Values that the
 * backward pass needs live until then or are computed again (s2s_keep), others make room as soon as their
 * last reader is done. */
#ifndef S2S_TENSOR_RUN_H
#define S2S_TENSOR_RUN_H

#include "base/batch.h"
#include "tensor/layout.h"

struct s2s_cache;

/* Of an op in one direction. */
typedef struct s2s_op_time {
    double begun;   /* on s2s_clock: its last run */
    double seconds; /* summed over its runs */
} s2s_op_time;

typedef struct s2s_run {
    const s2s_plan *plan;
    const s2s_params *params;
    bool training; /* dropout is on, and there is a backward pass */
    int max_rows[S2S_ROWS_KINDS];
    int threads; /* scratch is laid out for so many; fewer may work, never more */

    int rows[S2S_ROWS_KINDS]; /* of the batch that is bound */
    const s2s_batch *batch;
    uint64_t key; /* of the step's random numbers */
    /* of the last forward pass: summed over labels, and how many labels were the likeliest entry */
    double loss, hits;
    struct s2s_cache *cache; /* decoding: keys and values of earlier steps; borrowed */

    s2s_real *memory; /* activations and gradients, then scratch */
    s2s_real *scratch;
    size_t bytes, scratch_elements;
    s2s_schedule schedule;
    s2s_places places;
    const ptrdiff_t *value; /* the places of values in the pass that runs */
    s2s_op_time *times;     /* [directions] [ops] when profiling; else NULL */
} s2s_run;

s2s_status s2s_run_create(s2s_run **run, const s2s_plan *plan, const s2s_params *params,
                          s2s_keep keep, const int max_rows[S2S_ROWS_KINDS], s2s_err *err);
void s2s_run_free(s2s_run *run);
/* Begins to take times by op, from 0 on. */
s2s_status s2s_run_profile(s2s_run *run, s2s_err *err);

/* Binds a batch for the calls that follow. `seed` keys its random numbers. S2S_INPUT when the batch is larger
 * than max_rows; the run then keeps what was bound before. */
s2s_status s2s_run_bind(s2s_run *run, const s2s_batch *batch, uint64_t seed, s2s_err *err);
void s2s_run_forward(s2s_run *run);
void s2s_run_backward(s2s_run *run); /* adds to the parameters' gradients */

/* --- for op files --- */

typedef struct s2s_tensor {
    s2s_real *data;
    int rows, width;
} s2s_tensor;

static inline s2s_tensor s2s_tensor_at(const s2s_run *run, s2s_slot slot,
                                       const ptrdiff_t *offsets) {
    const s2s_slot_info *info = run->plan->slots + slot;
    return (s2s_tensor){run->memory + offsets[slot], run->rows[info->rows], info->width};
}

static inline s2s_tensor s2s_value(const s2s_run *run, s2s_slot slot) {
    return s2s_tensor_at(run, slot, run->value);
}

static inline s2s_tensor s2s_gradient(const s2s_run *run, s2s_slot slot) {
    return s2s_tensor_at(run, slot, run->places.gradient);
}

/* Whether this op is the first to write the gradient of its input. */
static inline bool s2s_run_first(const s2s_op *op, int input) {
    return op->first >> input & 1;
}

/* Of a run that is profiled. */
static inline s2s_op_time *s2s_run_time(const s2s_run *run, const s2s_task *task) {
    return run->times + (size_t)task->direction * run->plan->n + task->op;
}

/* As many threads as may use s2s_thread_scratch: a parallel region that does must ask for no more (OpenMP's
 * num_threads), because the pool may have grown since the run was made. */
int s2s_run_threads(const s2s_run *run);

/* The part of the scratch that belongs to the calling thread, of `elements` each. */
s2s_real *s2s_thread_scratch(const s2s_run *run, size_t elements);

static inline const s2s_stream *s2s_stream_of(const s2s_run *run, s2s_rows rows) {
    return run->batch->stream + (rows == S2S_ROWS_SOURCE ? S2S_SOURCE : S2S_TARGET);
}

#endif
