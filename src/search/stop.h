/* When a sentence is done: the maximum length, and the stopping rule. */
#ifndef S2S_SEARCH_STOP_H
#define S2S_SEARCH_STOP_H

#include <stdbool.h>

#include "recipe/recipe.h"
#include "search/penalty.h"

/* Without penalties log p can only fall, so that the best hypothesis is known once it was the best
 * candidate of a step. With them a longer hypothesis may still win, and the rule goes by the number, or by
 * what live hypotheses can still reach. */
typedef struct s2s_stop_rule {
    int enough;      /* finished hypotheses with which each group is done */
    bool needs_best; /* and the best candidate of some step must be among them */
    bool
        bound; /* instead: no live one can be better than the worst of the n_best; groups go on until then */
    bool never; /* samples end by themselves */
} s2s_stop_rule;

/* `width`: hypotheses of a group. */
s2s_stop_rule s2s_stop_rule_make(const s2s_search_recipe *recipe, int width);

/* What the rule asks about. */
typedef struct s2s_stop_state {
    const int *finished; /* [groups] */
    int groups;
    bool best_finished;
    double
        worst_wanted; /* the score of the n_best-th best finished one; -INFINITY before there is one */
    double best_live; /* what the best live one can reach */
} s2s_stop_state;

bool s2s_stop_now(const s2s_stop_rule *rule, const s2s_stop_state *state);

/* Steps that a sentence of so many source tokens may take; at least 1. */
int s2s_max_length(const s2s_search_recipe *recipe, int source_tokens);

#endif
