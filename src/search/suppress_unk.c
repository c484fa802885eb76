/* suppress_unk: the unknown symbol never comes. */
#include "search/processor.h"

static void apply(const void *self, const s2s_history *history, const s2s_logits *logits) {
    (void)history;
    s2s_forbid(logits, *(const int32_t *)self);
}

s2s_status s2s_suppress_unk_make(s2s_processor *processor, const s2s_search_recipe *recipe,
                                 const s2s_scorer *scorer, s2s_arena *arena, s2s_err *err) {
    if (!recipe->suppress_unk || scorer->unk < 0) return S2S_OK;
    int32_t *unk = s2s_arena_alloc(arena, sizeof *unk, err);
    if (!unk) return S2S_MEMORY;
    *unk = scorer->unk;
    *processor = (s2s_processor){apply, unk};
    return S2S_OK;
}
