/* See stop.h. */
#include "search/stop.h"

#include <limits.h>
#include <math.h>

s2s_stop_rule s2s_stop_rule_make(const s2s_search_recipe *recipe, int width) {
    bool plain = recipe->length_penalty == 0 && recipe->coverage_penalty == 0 &&
                 recipe->patience == 1 && recipe->beam_groups == 1;
    s2s_stop_rule rule = {.needs_best = plain, .never = recipe->type == S2S_SAMPLE};
    rule.bound = recipe->stopping == S2S_STOP_BOUND && recipe->type == S2S_BEAM;
    long wanted = lround(recipe->patience * width);
    /* Little patience must not lose what is to be given out. */
    long n_best = (long)((recipe->n_best + recipe->beam_groups - 1) / recipe->beam_groups);
    if (plain || wanted < n_best) wanted = n_best;
    rule.enough = rule.bound ? INT_MAX : (int)wanted;
    return rule;
}

bool s2s_stop_now(const s2s_stop_rule *rule, const s2s_stop_state *state) {
    if (rule->never) return false;
    if (rule->bound) return state->worst_wanted >= state->best_live;
    for (int group = 0; group < state->groups; group++)
        if (state->finished[group] < rule->enough) return false;
    return state->best_finished || !rule->needs_best;
}

int s2s_max_length(const s2s_search_recipe *recipe, int source_tokens) {
    double steps = (double)recipe->max_decoding_length;
    if (recipe->max_length_ratio > 0) {
        double of_source =
            ceil(recipe->max_length_ratio * source_tokens) + (double)recipe->max_length_offset;
        if (of_source < steps) steps = of_source;
    }
    const double most = 1 << 30; /* leaves room for sums of int */
    return steps < 1 ? 1 : steps > most ? (int)most : (int)steps;
}
