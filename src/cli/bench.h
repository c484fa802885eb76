/* Measurements for `s2s bench`: what the machine can do, and what a training step makes of it. */
#ifndef S2S_CLI_BENCH_H
#define S2S_CLI_BENCH_H

#include <stdint.h>

#include "recipe/recipe.h"

/* --- the machine --- */

enum { S2S_BENCH_M = 2048, S2S_BENCH_N = 512, S2S_BENCH_K = 512 };

typedef struct s2s_machine_speed {
    double gflops_one, gflops_all; /* C = A B^T of M x N, inner size K: one thread, all threads */
    double bandwidth;              /* GB/s of y = a + s b over arrays far larger than caches */
} s2s_machine_speed;

/* Takes the best of many runs, for about `seconds` each. */
s2s_status s2s_bench_machine(s2s_machine_speed *speed, double seconds, s2s_err *err);

/* --- a training step --- */

enum { S2S_MOST_CLASSES = 32 };

/* All ops of one class in a step; times are means over the steps. */
typedef struct s2s_class_time {
    const char *name;
    int ops;
    double forward, backward; /* seconds */
    double flops;             /* of matrix products, forward and backward; 0: it has none */
} s2s_class_time;

typedef struct s2s_step_time {
    s2s_class_time classes[S2S_MOST_CLASSES];
    int classes_n;
    int64_t steps;             /* measured */
    double seconds, optimizer; /* of a step, and its part after the gradients; means */
    double fastest;            /* seconds of the fastest step */
    double flops;              /* of matrix products in a step */
    int sentences, source_tokens, target_tokens;
    int64_t parameters, bytes; /* bytes: activations, gradients of them, scratch */
    int64_t moment_bytes;      /* of the optimizer */
} s2s_step_time;

/* Runs training steps of the recipe's model for about `seconds`, on one batch of random tokens:
 * sentences of `length` tokens on average, from half to one and a half times that, as many as
 * train.batch_tokens holds. */
s2s_status s2s_bench_step(s2s_step_time *time, const s2s_recipe *recipe, int length, double seconds,
                          s2s_err *err);

#endif
