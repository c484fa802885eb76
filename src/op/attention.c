/* Multi-head attention over packed sequences: y = softmax(scale Q K^T + bias) V for each head.
 *
 * A task is one sequence and one key/value head, with all query heads that share it. It walks the queries in
 * blocks, so that memory is linear in the length; probabilities are never stored but computed again in
 * backward (as in Dao et al. 2022). With P the probabilities after dropout and dP = dY V^T:
 *   dV += P^T dY, dS = scale P (dP - rowsum(P dP)), dQ = dS K, dK += dS^T Q. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/thread.h"
#include "kernel/kernels.h"
#include "op/op.h"
#include "op/split.h"
#include "tensor/run.h"

enum { QUERY_BLOCK = 64, PAD = 16 };

/* What all tasks of one call share. */
typedef struct shared {
    const s2s_op *op;
    const s2s_attention_options *o;
    const s2s_run *run;
    const s2s_stream *queries, *keys;
    s2s_tensor q, kv, y, dq, dkv, dy;
    s2s_real
        *bias_sums; /* [sequences x kv_heads] [group x buckets]: gradients of `relative` by task */
} shared;

/* One task, and its part of the scratch. */
typedef struct task {
    int sequence, kv_head, n, padded; /* n keys, rounded up to whole vectors */
    const s2s_real *k, *v;
    s2s_real *dk, *dv;
    s2s_real *k_columns, *v_columns; /* [head_width x padded] K and V transposed */
    s2s_real *p, *dp;                /* [QUERY_BLOCK x padded] */
} task;

static int padded(int n) {
    return (n + PAD - 1) / PAD * PAD;
}

static size_t task_scratch(const s2s_attention_options *o, int longest) {
    return 2 * (size_t)padded(longest) * (size_t)(o->head_width + QUERY_BLOCK);
}

static size_t bias_scratch(const shared *s) {
    if (s->o->relative < 0) return 0;
    return (size_t)s->queries->sequences * (size_t)s->o->heads * (size_t)s->o->buckets;
}

static size_t scratch(const s2s_op *op, const s2s_run *run) {
    const s2s_attention_options *o = op->attributes;
    int longest = run->max_rows[run->plan->slots[op->in[1]].rows];
    size_t bias = o->relative < 0 ? 0
                                  : (size_t)run->max_rows[S2S_ROWS_SEQUENCES] * (size_t)o->heads *
                                        (size_t)o->buckets;
    return (size_t)run->threads * task_scratch(o, longest) + bias;
}

static shared share(const s2s_op *op, const s2s_run *run) {
    return (shared){.op = op,
                    .o = op->attributes,
                    .run = run,
                    .queries = s2s_stream_of(run, s2s_slot_rows(run->plan, op->in[0])),
                    .keys = s2s_stream_of(run, s2s_slot_rows(run->plan, op->in[1])),
                    .q = s2s_value(run, op->in[0]),
                    .kv = s2s_value(run, op->in[1])};
}

static task start_task(const shared *s, int sequence, int kv_head) {
    const s2s_attention_options *o = s->o;
    int first = s->keys->starts[sequence], n = s->keys->starts[sequence + 1] - first,
        ld = padded(n);
    size_t row = (size_t)first * (size_t)s->kv.width, head = (size_t)(kv_head * o->head_width);
    s2s_real *memory = s2s_thread_scratch(
        s->run, task_scratch(o, s->run->max_rows[s->run->plan->slots[s->op->in[1]].rows]));
    task t = {.sequence = sequence, .kv_head = kv_head, .n = n, .padded = ld};
    t.k = s->kv.data + row + (size_t)o->key + head;
    t.v = s->kv.data + row + (size_t)o->value + head;
    if (s->dkv.data) {
        t.dk = s->dkv.data + row + (size_t)o->key + head;
        t.dv = s->dkv.data + row + (size_t)o->value + head;
    }
    t.k_columns = memory;
    t.v_columns = t.k_columns + (size_t)o->head_width * (size_t)ld;
    t.p = t.v_columns + (size_t)o->head_width * (size_t)ld;
    t.dp = t.p + (size_t)QUERY_BLOCK * (size_t)ld;
    s2s_kernel()->transpose(t.k_columns, ld, t.k, s->kv.width, n, o->head_width);
    return t;
}

int s2s_relative_bucket(int distance, bool causal, int buckets, int span) {
    int bucket = 0;
    if (causal)
        distance = distance > 0 ? 0 : -distance;
    else {
        buckets /= 2;
        if (distance > 0) bucket = buckets;
        distance = distance < 0 ? -distance : distance;
    }
    int exact = buckets / 2;
    if (distance < exact) return bucket + distance;
    int far = exact +
              (int)(log((double)distance / exact) / log((double)span / exact) * (buckets - exact));
    return bucket + (far < buckets - 1 ? far : buckets - 1);
}

/* Calls for each (row, key) that is seen: its bucket's entry of `entries` [buckets x stride] is added to
 * scores, or receives dscores. */
static void relative_bias(const shared *s, const task *t, int head, int first_query, int rows,
                          s2s_real *scores, const s2s_real *dscores, s2s_real *sums) {
    const s2s_attention_options *o = s->o;
    const s2s_real *table = s2s_param_value(s->run->params, o->relative);
    for (int r = 0; r < rows; r++) {
        int query = first_query + r, seen = o->causal && query + 1 < t->n ? query + 1 : t->n;
        for (int key = 0; key < seen; key++) {
            int bucket = s2s_relative_bucket(key - query, o->causal, o->buckets, o->span);
            size_t at = (size_t)r * (size_t)t->padded + (size_t)key;
            if (scores)
                scores[at] += table[bucket * o->heads + head];
            else
                sums[bucket] += dscores[at] / (s2s_real)o->scale;
        }
    }
}

/* The keys that a block of queries sees at most. */
static int seen_keys(const shared *s, const task *t, int first_query, int rows) {
    int last = first_query + rows;
    return s->o->causal && last < t->n ? last : t->n;
}

/* t->p = the probabilities of `rows` queries from first_query on, before dropout; with the bias divided by
 * the scale, which the softmax multiplies in. */
static void probabilities(const shared *s, const task *t, const s2s_real *q, int head,
                          int first_query, int rows) {
    const s2s_attention_options *o = s->o;
    int keys = seen_keys(s, t, first_query, rows);
    s2s_kernel()->mm(rows, keys, o->head_width, q, s->q.width, 1, t->k_columns, t->padded, t->p,
                     t->padded, false);
    s2s_real scale = (s2s_real)o->scale;
    if (o->relative >= 0) {
        for (size_t i = 0; i < (size_t)rows * (size_t)t->padded; i++) t->p[i] *= scale;
        relative_bias(s, t, head, first_query, rows, t->p, NULL, NULL);
        scale = 1;
    }
    s2s_kernel()->softmax(t->p, t->padded, rows, keys, o->causal ? first_query : -1, scale);
}

/* A mask of its own for each sequence, head and block of queries. */
static s2s_dropout mask_of(const shared *s, const task *t, int head, int first_query) {
    uint64_t stream = (uint64_t)s->op->id << 48 | (uint64_t)(unsigned)t->sequence << 24 |
                      (uint64_t)(unsigned)(first_query / QUERY_BLOCK) << 10 | (unsigned)head;
    return s2s_dropout_make(s->run->training ? s->o->dropout : 0, s->run->key, stream);
}

static void apply_mask(s2s_real *to, const s2s_real *from, const task *t, int rows,
                       const s2s_dropout *mask) {
    s2s_kernel()->dropout(to, from, NULL, (size_t)rows * (size_t)t->padded, mask, 0);
}

static void forward_block(const shared *s, const task *t, int head, int first_query, int rows) {
    const s2s_attention_options *o = s->o;
    size_t row = (size_t)(s->queries->starts[t->sequence] + first_query),
           column = (size_t)(head * o->head_width);
    const s2s_real *q = s->q.data + row * (size_t)s->q.width + (size_t)o->query + column;
    s2s_real *y = s->y.data + row * (size_t)s->y.width + column;
    probabilities(s, t, q, head, first_query, rows);
    s2s_dropout mask = mask_of(s, t, head, first_query);
    if (mask.threshold) apply_mask(t->p, t->p, t, rows, &mask);
    s2s_kernel()->mm(rows, o->head_width, seen_keys(s, t, first_query, rows), t->p, t->padded, 1,
                     t->v, s->kv.width, y, s->y.width, false);
}

static void backward_block(const shared *s, const task *t, int head, int first_query, int rows,
                           bool add) {
    const s2s_kernels *kernel = s2s_kernel();
    const s2s_attention_options *o = s->o;
    size_t row = (size_t)(s->queries->starts[t->sequence] + first_query),
           column = (size_t)(head * o->head_width);
    const s2s_real *q = s->q.data + row * (size_t)s->q.width + (size_t)o->query + column;
    const s2s_real *dy = s->dy.data + row * (size_t)s->dy.width + column;
    s2s_real *dq = s->dq.data + row * (size_t)s->dq.width + (size_t)o->query + column;
    int keys = seen_keys(s, t, first_query, rows), ld = t->padded, d = o->head_width;
    probabilities(s, t, q, head, first_query, rows);
    s2s_dropout mask = mask_of(s, t, head, first_query);
    const s2s_real *dropped = t->p;
    if (mask.threshold) apply_mask(t->dp, t->p, t, rows, &mask), dropped = t->dp;
    kernel->mm(keys, d, rows, dropped, 1, ld, dy, s->dy.width, t->dv, s->dkv.width, add);
    kernel->mm(rows, keys, d, dy, s->dy.width, 1, t->v_columns, ld, t->dp, ld, false);
    if (mask.threshold) apply_mask(t->dp, t->dp, t, rows, &mask);
    kernel->softmax_backward(t->dp, t->p, ld, rows, keys, (s2s_real)o->scale);
    if (o->relative >= 0) {
        size_t at = (size_t)(t->sequence * o->heads + head) * (size_t)o->buckets;
        relative_bias(s, t, head, first_query, rows, NULL, t->dp, s->bias_sums + at);
    }
    kernel->mm(rows, d, keys, t->dp, ld, 1, t->k, s->kv.width, dq, s->dq.width, false);
    kernel->mm(keys, d, rows, t->dp, 1, ld, q, s->q.width, t->dk, s->dkv.width, add);
}

static void clear_keys(const shared *s, const task *t) {
    for (int i = 0; i < t->n; i++) {
        size_t at = (size_t)i * (size_t)s->dkv.width;
        memset(t->dk + at, 0, (size_t)s->o->head_width * sizeof *t->dk);
        memset(t->dv + at, 0, (size_t)s->o->head_width * sizeof *t->dv);
    }
}

static void run_task(const shared *s, int sequence, int kv_head, bool backward) {
    task t = start_task(s, sequence, kv_head);
    int group = s->o->heads / s->o->kv_heads;
    int queries = s->queries->starts[sequence + 1] - s->queries->starts[sequence];
    if (backward)
        s2s_kernel()->transpose(t.v_columns, t.padded, t.v, s->kv.width, t.n, s->o->head_width);
    bool one_block =
        group == 1 && queries > 0 && queries <= QUERY_BLOCK && (!s->o->causal || queries == t.n);
    if (backward && !one_block) clear_keys(s, &t);
    for (int g = 0; g < group; g++)
        for (int first = 0; first < queries; first += QUERY_BLOCK) {
            int rows = queries - first < QUERY_BLOCK ? queries - first : QUERY_BLOCK;
            if (backward)
                backward_block(s, &t, kv_head * group + g, first, rows, !one_block);
            else
                forward_block(s, &t, kv_head * group + g, first, rows);
        }
}

static void run_tasks(const shared *s, bool backward) {
    int tasks = s->queries->sequences * s->o->kv_heads;
#pragma omp parallel for schedule(dynamic, 4)                                                      \
    num_threads(s2s_run_threads(s->run)) if (s->queries->tokens >= S2S_FEW_ROWS)
    for (int i = 0; i < tasks; i++) run_task(s, i / s->o->kv_heads, i % s->o->kv_heads, backward);
}

static void forward(const s2s_op *op, s2s_run *run) {
    shared s = share(op, run);
    s.y = s2s_value(run, op->out);
    run_tasks(&s, false);
}

/* The tasks' sums in their order, so that threads do not matter. */
static void add_bias_sums(const shared *s) {
    const s2s_attention_options *o = s->o;
    s2s_real *gradient = s2s_param_gradient(s->run->params, o->relative);
    for (int b = 0; b < s->queries->sequences; b++)
        for (int h = 0; h < o->heads; h++)
            for (int i = 0; i < o->buckets; i++)
                gradient[i * o->heads + h] +=
                    s->bias_sums[(size_t)(b * o->heads + h) * (size_t)o->buckets + (size_t)i];
}

static void backward(const s2s_op *op, s2s_run *run) {
    shared s = share(op, run);
    assert(s2s_run_first(op, 0) && s2s_run_first(op, 1)); /* projections have no other reader */
    s.dy = s2s_gradient(run, op->out);
    s.dq = s2s_gradient(run, op->in[0]);
    s.dkv = s2s_gradient(run, op->in[1]);
    int longest = run->max_rows[run->plan->slots[op->in[1]].rows];
    s.bias_sums = run->scratch + (size_t)run->threads * task_scratch(s.o, longest);
    memset(s.bias_sums, 0, bias_scratch(&s) * sizeof *s.bias_sums);
    run_tasks(&s, true);
    if (s.o->relative >= 0) add_bias_sums(&s);
}

/* Scores and sums of values; half of them where causal. */
static double work(const s2s_op *op, const s2s_run *run) {
    const s2s_attention_options *o = op->attributes;
    shared s = share(op, run);
    double pairs = 0;
    for (int b = 0; b < s.queries->sequences; b++)
        pairs += (double)(s.queries->starts[b + 1] - s.queries->starts[b]) *
                 (s.keys->starts[b + 1] - s.keys->starts[b]);
    return 2.0 * pairs * o->heads * o->head_width * (o->causal ? 0.5 : 1.0);
}

static const s2s_op_class attention = {.name = "attention",
                                       .forward = forward,
                                       .backward = backward,
                                       .scratch = scratch,
                                       .work = work};

s2s_slot s2s_attention(s2s_plan *plan, s2s_slot q, s2s_slot kv, s2s_attention_options options) {
    s2s_slot y = s2s_plan_slot(plan, s2s_slot_rows(plan, q), options.heads * options.head_width);
    s2s_op op = s2s_op_make(&attention, y);
    op.in[0] = q;
    op.in[1] = kv;
    op.param[0] = options.relative;
    op.backward_reads = S2S_READS_INPUT | S2S_READS_INPUT_2;
    op.again = S2S_AGAIN_COSTLY; /* 4% of a small model's step, for a tenth of its memory */
    return s2s_plan_emit(plan, &op, &options, sizeof options);
}
