/* Measurements for `s2s bench`: what the machine can do, and what training and decoding make of it. */
#ifndef S2S_CLI_BENCH_H
#define S2S_CLI_BENCH_H

#include <stdint.h>

#include "cli/trace.h"
#include "model/model.h"
#include "tensor/run.h"

/* --- bench_machine.c: the yardsticks --- */

enum { S2S_BENCH_M = 2048, S2S_BENCH_N = 512, S2S_BENCH_K = 512, S2S_CACHE_LEVELS = 3 };

/* 10^9 operations a second of C = A B^T, M x N with inner size K; an addition and a multiplication are two. */
typedef struct s2s_peak {
    double one, all; /* on one thread, on all threads */
} s2s_peak;

typedef struct s2s_machine_speed {
    s2s_peak real;    /* of s2s_gemm */
    s2s_peak bf16;    /* of s2s_bf16_gemm */
    s2s_peak int8;    /* of s2s_gemm_packed, its input quantized on the way */
    double bandwidth; /* GB/s of y = a + s b over arrays far larger than caches */
    int64_t
        cache[S2S_CACHE_LEVELS]; /* bytes of the data caches, from the first level; 0: not known */
} s2s_machine_speed;

/* Of products with weights of this type, on all threads. */
static inline double s2s_peak_with(const s2s_machine_speed *machine, s2s_weight_type weights) {
    switch (weights) {
    case S2S_WEIGHT_INT8:
        return machine->int8.all;
    case S2S_WEIGHT_BFLOAT16:
        return machine->bf16.all;
    default:
        return machine->real.all;
    }
}

/* Takes the best of many runs, for about `seconds` each. */
s2s_status s2s_bench_machine(s2s_machine_speed *speed, double seconds, s2s_err *err);

/* The least seconds of `work(self)` over all its runs in `seconds`, after one to warm up. */
double s2s_bench_least(void (*work)(void *self), void *self, double seconds);

/* --- bench_ops.c: where the time of a step goes --- */

enum { S2S_MOST_OP_TIMES = 64 };

/* All ops of one class in one direction, or what else a step does; means over the steps. */
typedef struct s2s_op_time_row {
    const char *name, *pass; /* pass: as s2s_direction_names, or "" */
    int ops;
    double seconds;
    double flops; /* of matrix products; 0: it has none */
    double bytes; /* of values, gradients and parameters, read and written; 0: not counted */
    double
        limit; /* seconds that the machine's peak or its memory needs for that, whichever is more */
} s2s_op_time_row;

/* The steps of one kind that were measured; times are means over them. */
typedef struct s2s_step_times {
    s2s_op_time_row rows[S2S_MOST_OP_TIMES]; /* the longest first */
    int rows_n;
    int64_t steps;
    double seconds, fastest; /* of a step; of the fastest one */
} s2s_step_times;

/* Adds the times of a run's ops over `times->steps` steps (s2s_run_profile), by class and direction. */
void s2s_bench_add_run(s2s_step_times *times, const s2s_run *run, const s2s_machine_speed *machine);
/* Adds something that is no op. `peak` in GFLOP/s is that of its products. */
void s2s_bench_add(s2s_step_times *times, s2s_op_time_row row, double peak,
                   const s2s_machine_speed *machine);
void s2s_bench_sort(s2s_step_times *times);
/* All rows together; `ops` and the names are of no meaning. */
s2s_op_time_row s2s_bench_sum(const s2s_step_times *times);

/* Whether the op multiplies its first input by a weight. */
bool s2s_op_has_weight(const s2s_op *op, const s2s_params *params);
/* Whether its forward pass makes the gradients, too: backward then reads no input, and has no products. */
bool s2s_op_is_fused(const s2s_op *op);

/* --- bench_products.c: the matrix products of a training step --- */

typedef enum s2s_product_kind {
    S2S_PRODUCT_FORWARD,         /* Y = X W^T */
    S2S_PRODUCT_INPUT_GRADIENT,  /* dX = dY W */
    S2S_PRODUCT_WEIGHT_GRADIENT, /* dW += dY^T X */
    S2S_PRODUCT_KINDS
} s2s_product_kind;

/* C [m x n], inner size k. */
typedef struct s2s_product {
    s2s_product_kind kind;
    int m, n, k;
    int count;      /* in a step */
    double seconds; /* of one, by itself and with its matrices in caches as far as they fit */
} s2s_product;

typedef struct s2s_products {
    s2s_product *items; /* those that a step spends most on first */
    size_t n, capacity;
} s2s_products;

const char *s2s_product_kind_name(s2s_product_kind kind);
double s2s_product_flops(const s2s_product *product); /* of one */

/* Measures each distinct product of linear layers in a step of a bound run, for about `seconds` together. Owner:
 * the caller; s2s_products_release, also after a failure. */
s2s_status s2s_bench_products(s2s_products *products, const s2s_run *run, double seconds,
                              s2s_err *err);
void s2s_products_release(s2s_products *products);

/* --- bench_step.c: a training step --- */

typedef struct s2s_training_time {
    s2s_step_times times;
    double peak; /* of products in the recipe's precision, on all threads */
    s2s_products products;
    int sentences, source_tokens, target_tokens;
    int64_t parameters, bytes; /* bytes: activations, gradients of them, scratch */
    int64_t moment_bytes;      /* of the optimizer */
} s2s_training_time;

/* How steps are measured. */
typedef struct s2s_bench_options {
    int length;     /* tokens of a source sentence; of a training sentence on average */
    double seconds; /* for about so long */
    const s2s_machine_speed *machine;
    s2s_trace *trace; /* gets one more step; NULL: not wanted */
    /* of decoding alone */
    int rows;     /* hypotheses; 0: as many as the recipe's search has at most */
    int position; /* target tokens before the step; -1: `length` */
} s2s_bench_options;

/* Runs training steps of the recipe's model on one batch of random tokens: sentences from half of the length to
 * one and a half times that, as many as train.batch_tokens holds. The caller releases time->products, also
 * after a failure. */
s2s_status s2s_bench_training(s2s_training_time *time, const s2s_recipe *recipe,
                              const s2s_bench_options *options, s2s_err *err);

/* --- bench_decode.c: a decoding step --- */

enum { S2S_BENCH_ROWS = 1 << 16 /* hypotheses at most */ };

typedef struct s2s_decoding_time {
    s2s_step_times times;
    s2s_weight_type weights;
    int sentences, rows, source_tokens, position; /* source tokens of a sentence, with its end */
} s2s_decoding_time;

/* S2S_USAGE when the options ask for more than the model has positions or memory has numbers for. */
s2s_status s2s_bench_check_decoding(const s2s_recipe *recipe, const s2s_bench_options *options,
                                    s2s_err *err);

/* Runs steps of a search with a packed model: the hypotheses of a sentence share all but their last token. Random
 * tokens: which they are does not matter to the time. */
s2s_status s2s_bench_decoding(s2s_decoding_time *time, const s2s_model *model,
                              const s2s_bench_options *options, s2s_err *err);

#endif
