/* Attention while decoding: one query row a hypothesis, keys and values in the cache. Only forward: nothing
 * is trained through it. */
#include <string.h>

#include "kernel/kernels.h"
#include "op/op.h"
#include "op/split.h"
#include "tensor/cache.h"
#include "tensor/run.h"

typedef struct cache_attributes {
    s2s_attention_options o;
    int layer;
    bool cross;
} cache_attributes;

/* Scratch for the pointers and scores of a list of n rows. */
static size_t list_elements(size_t n) {
    return n * (sizeof(void *) / sizeof(s2s_real) + 1);
}

static void append_row(const cache_attributes *a, const s2s_pool *pool, int32_t row,
                       const s2s_real *kv) {
    size_t width = (size_t)(a->o.kv_heads * a->o.head_width);
    s2s_real *to = s2s_pool_row(pool, a->layer, row);
    memcpy(to, kv + a->o.key, width * sizeof *to);
    memcpy(to + width, kv + a->o.value, width * sizeof *to);
}

/* One head of one hypothesis, whose own row comes last in `rows`. */
static void attend_head(const cache_attributes *a, const s2s_real *bias, int head,
                        const s2s_real *q, const s2s_real *const *rows, int n, s2s_real *scores,
                        s2s_real *y) {
    const s2s_kernels *kernel = s2s_kernel();
    const s2s_attention_options *o = &a->o;
    int column = head / (o->heads / o->kv_heads) * o->head_width;
    s2s_real scale = (s2s_real)o->scale;
    kernel->dots(scores, q, rows, column, n, o->head_width);
    if (bias) {
        for (int i = 0; i < n; i++) {
            int bucket = s2s_relative_bucket(i - (n - 1), o->causal, o->buckets, o->span);
            scores[i] = scores[i] * scale + bias[bucket * o->heads + head];
        }
        scale = 1;
    }
    kernel->softmax(scores, n, 1, n, -1, scale);
    kernel->weighted_sum(y, scores, rows, o->kv_heads * o->head_width + column, n, o->head_width);
}

/* Where the attention of a hypothesis is wanted, or NULL. */
static s2s_real *begin_look(const cache_attributes *a, const s2s_cache *cache, int hypothesis,
                            int n) {
    bool wanted = a->cross && cache->looked_at && a->layer == cache->cross->layers - 1;
    if (!wanted) return NULL;
    memset(cache->looked_at[hypothesis], 0, (size_t)n * sizeof(s2s_real));
    return cache->looked_at[hypothesis];
}

/* `memory` holds the pointers, then the scores. */
static void attend(const s2s_op *op, const s2s_run *run, int hypothesis, void *memory) {
    const cache_attributes *a = op->attributes;
    const s2s_cache *cache = run->cache;
    s2s_row_list list = (a->cross ? cache->cross_rows : cache->self_rows)[hypothesis];
    const s2s_pool *pool = a->cross ? cache->cross : cache->self;
    s2s_tensor q = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    const s2s_real **rows = memory;
    s2s_real *scores = (s2s_real *)(rows + S2S_CACHE_KEYS);
    for (int i = 0; i < list.n; i++) rows[i] = s2s_pool_row(pool, a->layer, list.rows[i]);
    const s2s_real *query = q.data + (size_t)hypothesis * (size_t)q.width + (size_t)a->o.query;
    s2s_real *out = y.data + (size_t)hypothesis * (size_t)y.width;
    s2s_real *look = begin_look(a, cache, hypothesis, list.n);
    for (int h = 0; h < a->o.heads; h++) {
        attend_head(a, s2s_param_value(run->params, op->param[0]), h, query + h * a->o.head_width,
                    rows, list.n, scores, out + h * a->o.head_width);
        for (int i = 0; look && i < list.n; i++) look[i] += scores[i] / (s2s_real)a->o.heads;
    }
}

static void forward(const s2s_op *op, s2s_run *run) {
    const cache_attributes *a = op->attributes;
    int hypotheses = run->rows[S2S_ROWS_TARGET];
    if (!a->cross) {
        s2s_tensor kv = s2s_value(run, op->in[1]);
        for (int r = 0; r < hypotheses; r++) {
            s2s_row_list list = run->cache->self_rows[r];
            append_row(a, run->cache->self, list.rows[list.n - 1],
                       kv.data + (size_t)r * (size_t)kv.width);
        }
    }
#pragma omp parallel num_threads(s2s_run_threads(run)) if (hypotheses >= S2S_FEW_ROWS)
    {
        void *memory = s2s_thread_scratch(run, list_elements(S2S_CACHE_KEYS));
#pragma omp for schedule(static)
        for (int r = 0; r < hypotheses; r++) attend(op, run, r, memory);
    }
}

static size_t scratch(const s2s_op *op, const s2s_run *run) {
    (void)op;
    return (size_t)run->threads * list_elements(S2S_CACHE_KEYS);
}

/* Keys that all hypotheses see together. */
static double seen_keys(const s2s_op *op, const s2s_run *run) {
    const cache_attributes *a = op->attributes;
    const s2s_row_list *lists = a->cross ? run->cache->cross_rows : run->cache->self_rows;
    double keys = 0;
    for (int r = 0; r < run->rows[S2S_ROWS_TARGET]; r++) keys += lists[r].n;
    return keys;
}

/* Scores and sums of values. */
static double work(const s2s_op *op, const s2s_run *run) {
    const cache_attributes *a = op->attributes;
    return 2 * seen_keys(op, run) * a->o.heads * a->o.head_width;
}

/* A key and a value each. */
static double reads(const s2s_op *op, const s2s_run *run) {
    const cache_attributes *a = op->attributes;
    return 2 * seen_keys(op, run) * a->o.kv_heads * a->o.head_width;
}

static const s2s_op_class cache_attention = {.name = "cache_attention",
                                             .forward = forward,
                                             .scratch = scratch,
                                             .work = work,
                                             .reads = reads};

s2s_slot s2s_cache_attention(s2s_plan *plan, s2s_slot q, s2s_slot kv, int layer, bool cross,
                             s2s_attention_options options) {
    cache_attributes attributes = {options, layer, cross};
    s2s_slot y = s2s_plan_slot(plan, s2s_slot_rows(plan, q), options.heads * options.head_width);
    s2s_op op = s2s_op_make(&cache_attention, y);
    op.in[0] = q;
    op.in[1] = kv;
    op.param[0] = options.relative;
    return s2s_plan_emit(plan, &op, &attributes, sizeof attributes);
}

/* --- storing the encoder's keys and values --- */

static void store_forward(const s2s_op *op, s2s_run *run) {
    const cache_attributes *a = op->attributes;
    s2s_tensor kv = s2s_value(run, op->in[0]);
    for (int r = 0; r < kv.rows; r++)
        append_row(a, run->cache->cross, run->cache->store[r],
                   kv.data + (size_t)r * (size_t)kv.width);
}

static const s2s_op_class cache_store = {.name = "cache_store", .forward = store_forward};

void s2s_cache_store(s2s_plan *plan, s2s_slot kv, int layer, s2s_attention_options options) {
    cache_attributes attributes = {options, layer, true};
    s2s_op op = s2s_op_make(&cache_store, S2S_NO_SLOT);
    op.in[0] = kv;
    s2s_plan_emit(plan, &op, &attributes, sizeof attributes);
}
