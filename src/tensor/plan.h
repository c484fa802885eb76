/* A plan: the list of operations that a model consists of.
 *
 * Model code emits ops into a plan once. An op reads slots and writes one slot; a slot is a tensor with a
 * symbolic number of rows and a fixed width. A run (run.h) binds a plan to memory and a batch. A plan owns
 * its ops and their attributes, is immutable once made, and holds no numbers: several runs may share it. */
#ifndef S2S_TENSOR_PLAN_H
#define S2S_TENSOR_PLAN_H

#include <stdbool.h>

#include "base/batch.h"
#include "base/memory.h"
#include "tensor/params.h"

/* What a tensor has a row of. */
typedef enum s2s_rows {
    S2S_ROWS_SOURCE,    /* S: source tokens of the batch */
    S2S_ROWS_TARGET,    /* T: target tokens; hypotheses while decoding */
    S2S_ROWS_PREDICTED, /* positions that go through the output layer */
    S2S_ROWS_SEQUENCES, /* B */
    S2S_ROWS_KINDS
} s2s_rows;

typedef int s2s_slot;
enum { S2S_NO_SLOT = -1 };

typedef struct s2s_slot_info {
    s2s_rows rows;
    int width;
    bool marked; /* kept for backward even where costly values are not: s2s_plan_mark */
} s2s_slot_info;

/* Which values a run keeps for its backward pass; the others are computed again when they are needed. From
 * S2S_KEEP_ALL on each keeps less than the one before. */
typedef enum s2s_keep {
    S2S_KEEP_NOTHING, /* there is no backward pass */
    S2S_KEEP_ALL,
    S2S_KEEP_COSTLY, /* not those of S2S_AGAIN_CHEAP */
    S2S_KEEP_MARKED  /* those of marked slots, and of S2S_AGAIN_NEVER */
} s2s_keep;

enum { S2S_OP_INPUTS = 2, S2S_OP_PARAMS = 3 };
enum {
    S2S_READS_INPUT = 1,
    S2S_READS_INPUT_2 = 2,
    S2S_READS_OUTPUT = 4
}; /* for s2s_op.backward_reads */

/* What it takes to compute an op's value again in the backward pass. */
typedef enum s2s_again {
    S2S_AGAIN_NEVER, /* it has effects besides its value */
    S2S_AGAIN_CHEAP, /* little against the products around it */
    S2S_AGAIN_COSTLY
} s2s_again;

struct s2s_run;
typedef struct s2s_op s2s_op;

/* What an operation does. forward and backward cannot fail: planning has validated everything.
 * backward computes the gradients of inputs and parameters from the gradient of the output. A parameter's
 * gradient is always added to; an input's is added to unless s2s_run_first(op, input), then it is
 * written. */
typedef struct s2s_op_class {
    const char *name;
    void (*forward)(const s2s_op *op, struct s2s_run *run);
    void (*backward)(const s2s_op *op, struct s2s_run *run); /* NULL: only for decoding */
    /* Elements of scratch that forward or backward needs, for the largest batch; NULL: none. */
    size_t (*scratch)(const s2s_op *op, const struct s2s_run *run);
    /* Multiply-adds of the forward pass in matrix products, for `s2s bench`; NULL: none. */
    double (*work)(const s2s_op *op, const struct s2s_run *run);
    /* Elements that forward reads besides inputs and parameters, likewise. */
    double (*reads)(const s2s_op *op, const struct s2s_run *run);
} s2s_op_class;

struct s2s_op {
    const s2s_op_class *class;
    int id; /* number in the plan: the stream of its random numbers */
    s2s_slot in[S2S_OP_INPUTS], out;
    s2s_param param[S2S_OP_PARAMS];
    unsigned backward_reads; /* which values backward still needs */
    s2s_again again;
    bool in_place;          /* the output may lie where the first input lies */
    int gradient_in_place;  /* the input whose gradient may lie where the output's lies; -1: none */
    const void *attributes; /* of the class's own type; owned by the plan */
    unsigned first;         /* planner: bit i: the gradient of in[i] is written here first */
};

typedef enum s2s_precision { S2S_FLOAT32, S2S_BFLOAT16 } s2s_precision;

typedef struct s2s_plan {
    s2s_op *ops;
    size_t n, capacity;
    s2s_slot_info *slots;
    size_t slots_n, slots_capacity;
    const s2s_params *params;
    s2s_precision precision; /* of the inputs of products; sums and all else are s2s_real */
    s2s_arena arena;
    s2s_err
        error; /* the first failure while emitting; sticky, so that model code reads as formulas */
} s2s_plan;

s2s_status s2s_plan_create(s2s_plan **plan, const s2s_params *params, s2s_err *err);
void s2s_plan_free(s2s_plan *plan);

/* For op files: a new slot; an op, which gets its id and a copy of `attributes`. */
s2s_slot s2s_plan_slot(s2s_plan *plan, s2s_rows rows, int width);
s2s_slot s2s_plan_emit(s2s_plan *plan, const s2s_op *op, const void *attributes,
                       size_t attributes_size);

/* Marks a slot as a checkpoint: a layer's result, from which the layer can be computed again. */
void s2s_plan_mark(s2s_plan *plan, s2s_slot slot);

/* An op that writes `out` and has no inputs and parameters yet. */
s2s_op s2s_op_make(const s2s_op_class *class, s2s_slot out);

static inline int s2s_slot_width(const s2s_plan *plan, s2s_slot slot) {
    return slot < 0 ? 0 : plan->slots[slot].width;
}

static inline s2s_rows s2s_slot_rows(const s2s_plan *plan, s2s_slot slot) {
    return slot < 0 ? S2S_ROWS_TARGET : plan->slots[slot].rows;
}

#endif
