/* When a sentence is done: the maximum length, and the stopping rule. */
#ifndef S2S_SEARCH_STOP_H
#define S2S_SEARCH_STOP_H

#include <stdbool.h>

#include "recipe/recipe.h"

/* Without a length penalty log p can only fall, so that the best hypothesis is known once it was
 * the best candidate of a step. With one a longer hypothesis may still win, and the rule goes by
 * the number. */
typedef struct s2s_stop_rule {
    int enough;      /* finished hypotheses that are wanted */
    bool needs_best; /* and the best candidate of some step among them */
} s2s_stop_rule;

s2s_stop_rule s2s_stop_rule_make(const s2s_search_recipe *recipe, int width);
bool s2s_stop_now(const s2s_stop_rule *rule, int finished, bool best_finished);

/* Steps that a sentence of so many source tokens may take; at least 1. */
int s2s_max_length(const s2s_search_recipe *recipe, int source_tokens);

#endif
