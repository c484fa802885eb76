/* repetition_penalty (Keskar et al. 2019): a token that the output has already loses. Its logit x becomes
 * x / penalty where it is positive and x * penalty where it is negative, once, however often it came. */
#include "search/processor.h"

static void apply(const void *self, const s2s_history *history, const s2s_logits *logits) {
    const double *given = self;
    s2s_real penalty = (s2s_real)*given;
    const s2s_prefix_node *nodes = history->prefixes->nodes;
    for (int32_t at = history->prefix; at != S2S_EMPTY_PREFIX; at = nodes[at].parent) {
        if (nodes[at].seen) continue;
        s2s_real *x = s2s_logit_of(logits, nodes[at].token);
        if (x) *x = *x > 0 ? *x / penalty : *x * penalty;
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
