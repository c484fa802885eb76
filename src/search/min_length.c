/* min_decoding_length: a hypothesis cannot end before it has so many tokens. */
#include "search/processor.h"

typedef struct min_length {
    int64_t tokens;
    int32_t eos;
} min_length;

static void apply(const void *self, const s2s_history *history, const s2s_logits *logits) {
    const min_length *rule = self;
    if (history->length < rule->tokens) s2s_forbid(logits, rule->eos);
}

s2s_status s2s_min_length_make(s2s_processor *processor, const s2s_search_recipe *recipe,
                               const s2s_scorer *scorer, s2s_arena *arena, s2s_err *err) {
    if (recipe->min_decoding_length <= 0) return S2S_OK;
    min_length *rule = s2s_arena_alloc(arena, sizeof *rule, err);
    if (!rule) return S2S_MEMORY;
    *rule = (min_length){recipe->min_decoding_length, scorer->eos};
    *processor = (s2s_processor){apply, rule};
    return S2S_OK;
}
