/* The score of a finished hypothesis:
 *
 *     score = log p / lp(length) + b * sum_source log min(1, attention)      (Wu et al. 2016)
 *     lp(length) = length^a, or ((5 + length) / 6)^a
 *
 * where length counts the end symbol. Of an output whose first tokens were given both are those of the rest: what no
 * hypothesis can change must not decide which length is the best. */
#ifndef S2S_SEARCH_PENALTY_H
#define S2S_SEARCH_PENALTY_H

#include "kernel/real.h"
#include "recipe/recipe.h"

typedef struct s2s_penalty {
    s2s_length_penalty_type type;
    double length, coverage; /* a and b; 0: off */
} s2s_penalty;

s2s_penalty s2s_penalty_make(const s2s_search_recipe *recipe);
/* `attention` [source tokens]: what each got in all steps together; NULL without a coverage penalty. */
double s2s_penalty_score(const s2s_penalty *penalty, double log_probability, int length,
                         const s2s_real *attention, int source_tokens);
/* What no hypothesis can score better than that has this log p now, `length` tokens or more, and at most
 * `longest`. */
double s2s_penalty_bound(const s2s_penalty *penalty, double log_probability, int length,
                         int longest);

#endif
