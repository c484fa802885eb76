/* What a decoder remembers between steps: keys and values, a row for each token, in a pool.
 *
 * A hypothesis is a list of row numbers. A row is written once and never moves, so hypotheses with a common
 * prefix share its rows, and reordering a beam copies lists of numbers, not keys and values. */
#ifndef S2S_TENSOR_CACHE_H
#define S2S_TENSOR_CACHE_H

#include <stdint.h>

#include "base/memory.h"
#include "kernel/real.h"

enum { S2S_POOL_CHUNK = 128 }; /* rows that are allocated together */

/* Rows of `width` elements for each of `layers`; grows by chunks and takes rows back. */
typedef struct s2s_pool {
    int layers, width;
    s2s_real **chunks; /* each [layers x S2S_POOL_CHUNK x width] */
    size_t chunks_n, chunks_capacity;
    int32_t *free; /* a stack of row numbers that nobody uses */
    size_t free_n, free_capacity;
} s2s_pool;

/* The rows that one hypothesis attends to, oldest first. */
typedef struct s2s_row_list {
    const int32_t *rows;
    int n;
} s2s_row_list;

/* Bound to a run for one call. */
typedef struct s2s_cache {
    s2s_pool *self, *cross;
    const s2s_row_list *self_rows;  /* [hypotheses] own row last: it is written by the step */
    const s2s_row_list *cross_rows; /* [hypotheses] the rows of the hypothesis' source */
    const int32_t *store;           /* [source tokens] where the encoder's keys and values go */
    s2s_real *const *looked_at;     /* [hypotheses] where the last layer's attention to the source
                                       goes, the mean of its heads; NULL: nowhere */
} s2s_cache;

void s2s_pool_init(s2s_pool *pool, int layers, int width);
void s2s_pool_release(s2s_pool *pool);
s2s_status s2s_pool_take(s2s_pool *pool, int32_t *rows, int n, s2s_err *err);
void s2s_pool_give(s2s_pool *pool, const int32_t *rows, int n); /* rows from s2s_pool_take */

static inline s2s_real *s2s_pool_row(const s2s_pool *pool, int layer, int32_t row) {
    size_t in_chunk = (size_t)layer * S2S_POOL_CHUNK + (size_t)row % S2S_POOL_CHUNK;
    return pool->chunks[row / S2S_POOL_CHUNK] + in_chunk * (size_t)pool->width;
}

#endif
