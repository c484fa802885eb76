/* What all sentences of a search have in common: the parts that the recipe composes. */
#ifndef S2S_SEARCH_RULES_H
#define S2S_SEARCH_RULES_H

#include "search/processor.h"
#include "search/selector.h"
#include "search/stop.h"

typedef struct s2s_search_rules {
    s2s_selector selector;
    s2s_stop_rule stop;
    s2s_processors processors;
    s2s_penalty penalty;
    const s2s_search_recipe *recipe;
    int n_best;
    int32_t bos, eos;
} s2s_search_rules;

/* All zero is valid for release. The recipe is borrowed. `constrained`: there are phrases that must come.
 * S2S_USAGE when the recipe contradicts itself, or asks for what the scorer cannot do. */
s2s_status s2s_search_rules_init(s2s_search_rules *rules, const s2s_search_recipe *recipe,
                                 bool constrained, const s2s_scorer *scorer, s2s_err *err);
void s2s_search_rules_release(s2s_search_rules *rules);

/* The sentences that are searched together: what the recipe gives, or enough for steps that make good use of the
 * weights. Half as many were up to a fifth slower, twice as many took up to half more memory for nothing. */
int64_t s2s_search_batch(const s2s_search_recipe *recipe);

#endif
