/* repetition_penalty (Keskar et al. 2019): a token that the output has already loses. Its logit x becomes
 * x / penalty where it is positive and x * penalty where it is negative, once, however often it came. */
#include "search/processor.h"

static void apply(const void *self, const s2s_history *history, s2s_real *logits, int first,
                  int n) {
    const double *given = self;
    s2s_real penalty = (s2s_real)*given;
    const s2s_prefix_node *nodes = history->prefixes->nodes;
    for (int32_t at = history->prefix; at != S2S_EMPTY_PREFIX; at = nodes[at].parent) {
        int32_t token = nodes[at].token;
        if (nodes[at].seen || token < first || token >= first + n) continue;
        s2s_real *x = logits + (token - first);
        *x = *x > 0 ? *x / penalty : *x * penalty;
    }
}

s2s_status s2s_repetition_penalty_make(s2s_processor *processor, const s2s_search_recipe *recipe,
                                       const s2s_scorer *scorer, s2s_arena *arena, s2s_err *err) {
    (void)scorer;
    if (recipe->repetition_penalty == 1) return S2S_OK;
    double *penalty = s2s_arena_alloc(arena, sizeof *penalty, err);
    if (!penalty) return S2S_MEMORY;
    *penalty = recipe->repetition_penalty;
    *processor = (s2s_processor){apply, penalty};
    return S2S_OK;
}
