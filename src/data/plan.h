/* The plan of an epoch: which examples come, in what order, and how they are cut into batches.
 * Private to src/data. */
#ifndef S2S_DATA_PLAN_H
#define S2S_DATA_PLAN_H

#include "data/loader.h"

/* Examples order[first] .. order[first + n - 1]. */
typedef struct s2s_span {
    uint64_t first, n;
} s2s_span;

/* All zero is valid and empty. Its memory is kept from epoch to epoch. */
typedef struct s2s_plan {
    uint64_t epoch;
    uint64_t *order; /* [examples] */
    uint64_t examples;
    s2s_span *batches; /* [batches_n] */
    uint64_t batches_n;
    bool draws;                 /* segmentations are drawn: ... */
    double growth[S2S_STREAMS]; /* ... tokens to expect for each stored one; else 1 */
    size_t order_capacity, batches_capacity, pool_capacity;
    struct s2s_pooled *pool;
} s2s_plan;

s2s_status s2s_plan_make(s2s_plan *plan, const s2s_dataset *dataset,
                         const s2s_loader_options *options, uint64_t epoch, s2s_err *err);
void s2s_plan_release(s2s_plan *plan);

/* The seed of an example's segmentations in an epoch. */
uint64_t s2s_plan_seed(const s2s_loader_options *options, uint64_t epoch, uint64_t example);

#endif
