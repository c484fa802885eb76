/* See cache.h. */
#include "tensor/cache.h"

#include <stdlib.h>
#include <string.h>

void s2s_pool_init(s2s_pool *pool, int layers, int width) {
    *pool = (s2s_pool){.layers = layers, .width = width};
}

static size_t chunk_bytes(const s2s_pool *pool) {
    return (size_t)pool->layers * S2S_POOL_CHUNK * (size_t)pool->width * sizeof(s2s_real);
}

void s2s_pool_release(s2s_pool *pool) {
    for (size_t i = 0; i < pool->chunks_n; i++) s2s_block_free(pool->chunks[i], chunk_bytes(pool));
    free(pool->chunks);
    free(pool->free);
    *pool = (s2s_pool){0};
}

/* The stack of free rows always has room for all rows, so that giving back cannot fail. */
static s2s_status add_chunk(s2s_pool *pool, s2s_err *err) {
    size_t rows = (pool->chunks_n + 1) * S2S_POOL_CHUNK;
    S2S_TRY(s2s_grow(&pool->chunks, &pool->chunks_capacity, pool->chunks_n + 1,
                     sizeof *pool->chunks, err));
    S2S_TRY(s2s_grow(&pool->free, &pool->free_capacity, rows, sizeof *pool->free, err));
    s2s_real *chunk = s2s_block_alloc(chunk_bytes(pool), err);
    if (!chunk) return S2S_MEMORY;
    pool->chunks[pool->chunks_n++] = chunk;
    for (size_t i = 1; i <= S2S_POOL_CHUNK; i++) pool->free[pool->free_n++] = (int32_t)(rows - i);
    return S2S_OK;
}

s2s_status s2s_pool_take(s2s_pool *pool, int32_t *rows, int n, s2s_err *err) {
    while (pool->free_n < (size_t)n) S2S_TRY(add_chunk(pool, err));
    for (int i = 0; i < n; i++) rows[i] = pool->free[--pool->free_n];
    return S2S_OK;
}

void s2s_pool_give(s2s_pool *pool, const int32_t *rows, int n) {
    memcpy(pool->free + pool->free_n, rows, (size_t)n * sizeof *rows);
    pool->free_n += (size_t)n;
}
