/* The best tokens of a row of logits, with their log-probabilities. */
#ifndef S2S_SEARCH_TOPK_H
#define S2S_SEARCH_TOPK_H

#include <stdint.h>

#include "kernel/real.h"

typedef struct s2s_token_score {
    double log_probability;
    s2s_real logit;
    int32_t token;
} s2s_token_score;

/* A row that comes in parts, so that all of it is never in memory at once. Safe in parallel, a row a
 * thread. */
typedef struct s2s_topk {
    s2s_token_score *best; /* [k], borrowed */
    int k, count;
    s2s_real max;
    double sum;    /* of exp(logit - max) so far */
    s2s_real *row; /* where all logits are kept as they came, borrowed; NULL: nowhere */
} s2s_topk;

enum { S2S_TOPK_BLOCK = 256 };

s2s_topk s2s_topk_begin(s2s_token_score *best, int k);
/* The logits of n tokens from `first` on, which is a multiple of S2S_TOPK_BLOCK and follows the last
 * part; cutting the row elsewhere changes no bit. Overwrites the logits. */
void s2s_topk_add(s2s_topk *topk, s2s_real *logits, int n, int32_t first);
/* Leaves in best the k most probable tokens, best first, equal ones by token, and returns how many there
 * are: fewer than k when the row is shorter or other logits are -infinity (probability 0). Returns -1
 * when a logit is NaN or +infinity. */
int s2s_topk_end(s2s_topk *topk);

/* log p of a token whose logit was kept, once all parts were added. */
double s2s_topk_log_probability(const s2s_topk *topk, int32_t token);

/* All of it for a row of n tokens that is there as a whole. */
int s2s_topk_row(s2s_real *logits, int n, int k, s2s_token_score *best);

#endif
