/* See stop.h. */
#include "search/stop.h"

#include <math.h>

s2s_stop_rule s2s_stop_rule_make(const s2s_search_recipe *recipe, int width) {
    bool needs_best = recipe->length_penalty == 0;
    return (s2s_stop_rule){needs_best ? (int)recipe->n_best : width, needs_best};
}

bool s2s_stop_now(const s2s_stop_rule *rule, int finished, bool best_finished) {
    return finished >= rule->enough && (best_finished || !rule->needs_best);
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
