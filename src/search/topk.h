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

/* Fills best [k] with the k most probable of n tokens, best first, equal ones by token, and returns
 * how many there are: fewer than k when n is less or other logits are -infinity (probability 0).
 * Returns -1 when a logit is NaN or +infinity. Overwrites the logits. Needs no memory; safe in
 * parallel. */
int s2s_topk(s2s_real *logits, int n, int k, s2s_token_score *best);

#endif
