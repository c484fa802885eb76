/* Top-k and log-softmax of a row.
 *
 *     log p(v) = x_v - max - log sum_u exp(x_u - max)
 *
 * The k best are kept while walking over the row in blocks: single values are looked at only where a
 * block's maximum beats the k-th best; of n values in random order about k log(n / k) do. Then one more
 * pass sums. Both passes are vector kernels, whose result depends on the row alone. */
#include "search/topk.h"

#include <math.h>

#include "kernel/kernels.h"

enum { BLOCK = 256 };

/* Values come in the order of tokens and only a greater one passes, so equal ones stay in that
 * order. */
static int insert(s2s_token_score *best, int count, int k, s2s_real logit, int32_t token) {
    int at = count < k ? count : k - 1;
    for (; at > 0 && best[at - 1].logit < logit; at--) best[at] = best[at - 1];
    best[at] = (s2s_token_score){.logit = logit, .token = token};
    return count < k ? count + 1 : k;
}

static int find_best(const s2s_real *x, int n, int k, s2s_token_score *best) {
    int count = 0;
    s2s_real threshold = -INFINITY;
    for (int from = 0; from < n; from += BLOCK) {
        int to = n - from < BLOCK ? n : from + BLOCK;
        if (!(s2s_kernel()->max(x + from, to - from) > threshold)) continue;
        for (int i = from; i < to; i++) {
            if (!(x[i] > threshold)) continue;
            count = insert(best, count, k, x[i], i);
            if (count == k) threshold = best[k - 1].logit;
        }
    }
    return count;
}

/* Floats are added within a block, blocks in double. */
static double sum_exp(s2s_real *x, int n, s2s_real max) {
    double total = 0;
    for (int from = 0; from < n; from += BLOCK) {
        double exp_sum, sum;
        s2s_kernel()->exp_sums(x + from, n - from < BLOCK ? n - from : BLOCK, max, &exp_sum, &sum);
        total += exp_sum;
    }
    return total;
}

int s2s_topk(s2s_real *logits, int n, int k, s2s_token_score *best) {
    int count = find_best(logits, n, k, best);
    if (!count) {
        for (int i = 0; i < n; i++)
            if (isnan(logits[i])) return -1;
        return 0;
    }
    double max = best[0].logit, sum = sum_exp(logits, n, best[0].logit);
    if (!isfinite(sum)) return -1;
    double log_sum = log(sum);
    for (int i = 0; i < count; i++) best[i].log_probability = (double)best[i].logit - max - log_sum;
    return count;
}
