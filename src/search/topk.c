/* Top-k and log-softmax of a row, in one pass over its blocks.
 *
 *     log p(v) = x_v - max - log sum_u exp(x_u - max)
 *
 * Single values are looked at only where a block's maximum beats the k-th best; of n values in random
 * order about k log(n / k) do. The sum is kept relative to the greatest value so far, and scaled when a
 * greater one comes (Milakov and Gimelshein 2018). What is done depends on the row alone. */
#include "search/topk.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/kernels.h"

/* Values come in the order of tokens and only a greater one passes, so equal ones stay in that
 * order. */
static int insert(s2s_token_score *best, int count, int k, s2s_real logit, int32_t token) {
    int at = count < k ? count : k - 1;
    for (; at > 0 && best[at - 1].logit < logit; at--) best[at] = best[at - 1];
    best[at] = (s2s_token_score){.logit = logit, .token = token};
    return count < k ? count + 1 : k;
}

/* Those of a block that are among the best so far. */
static void offer_block(s2s_topk *t, const s2s_real *x, int n, int32_t first) {
    for (int i = 0; i < n; i++) {
        if (t->count == t->k && !(x[i] > t->best[t->k - 1].logit)) continue;
        if (x[i] > -INFINITY) t->count = insert(t->best, t->count, t->k, x[i], first + i);
    }
}

/* Floats are added within a block, blocks in double. */
static void sum_block(s2s_topk *t, s2s_real *x, int n, s2s_real max) {
    if (max > t->max) {
        t->sum *= exp((double)t->max - (double)max);
        t->max = max;
    }
    double exp_sum, sum;
    s2s_kernel()->exp_sums(x, n, t->max, &exp_sum, &sum);
    t->sum += exp_sum;
}

static bool has_nan(const s2s_real *x, int n) {
    for (int i = 0; i < n; i++)
        if (isnan(x[i])) return true;
    return false;
}

s2s_topk s2s_topk_begin(s2s_token_score *best, int k) {
    return (s2s_topk){.best = best, .k = k, .max = -INFINITY};
}

void s2s_topk_add(s2s_topk *t, s2s_real *logits, int n, int32_t first) {
    if (t->row) memcpy(t->row + first, logits, (size_t)n * sizeof *logits);
    for (int from = 0; from < n; from += S2S_TOPK_BLOCK) {
        int block = n - from < S2S_TOPK_BLOCK ? n - from : S2S_TOPK_BLOCK;
        s2s_real *x = logits + from, max = s2s_kernel()->max(x, block);
        if (!(max > -INFINITY)) { /* nothing is possible here, or the maximum is no number */
            if (has_nan(x, block)) t->sum = NAN;
            continue;
        }
        if (t->count < t->k || max > t->best[t->k - 1].logit)
            offer_block(t, x, block, first + from);
        sum_block(t, x, block, max);
    }
}

int s2s_topk_end(s2s_topk *t) {
    if (!isfinite(t->sum)) return -1;
    double log_sum = log(t->sum);
    for (int i = 0; i < t->count; i++)
        t->best[i].log_probability = (double)t->best[i].logit - (double)t->max - log_sum;
    return t->count;
}

double s2s_topk_log_probability(const s2s_topk *t, int32_t token) {
    return (double)t->row[token] - (double)t->max - log(t->sum);
}

int s2s_topk_row(s2s_real *logits, int n, int k, s2s_token_score *best) {
    s2s_topk t = s2s_topk_begin(best, k);
    s2s_topk_add(&t, logits, n, 0);
    return s2s_topk_end(&t);
}
