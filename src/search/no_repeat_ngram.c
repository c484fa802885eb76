/* no_repeat_ngram_size: no n tokens come twice (Paulus et al. 2017). With the last n - 1 tokens given,
 * whatever followed them before cannot follow again. */
#include <stdbool.h>

#include "search/processor.h"

/* Whether the n tokens that end at node a are those that end at node b. */
static bool equal_ends(const s2s_prefixes *prefixes, int32_t a, int32_t b, int64_t n) {
    for (; n > 0; n--) {
        if (a == S2S_EMPTY_PREFIX || b == S2S_EMPTY_PREFIX) return false;
        const s2s_prefix_node *x = &prefixes->nodes[a], *y = &prefixes->nodes[b];
        if (x->token != y->token) return false;
        a = x->parent;
        b = y->parent;
    }
    return true;
}

static void apply(const void *self, const s2s_history *history, const s2s_logits *logits) {
    int64_t before = *(const int64_t *)self - 1;
    const s2s_prefixes *prefixes = history->prefixes;
    for (int32_t at = history->prefix; at != S2S_EMPTY_PREFIX; at = prefixes->nodes[at].parent)
        if (equal_ends(prefixes, prefixes->nodes[at].parent, history->prefix, before))
            s2s_forbid(logits, prefixes->nodes[at].token);
}

s2s_status s2s_no_repeat_ngram_make(s2s_processor *processor, const s2s_search_recipe *recipe,
                                    const s2s_scorer *scorer, s2s_arena *arena, s2s_err *err) {
    (void)scorer;
    if (!recipe->no_repeat_ngram_size) return S2S_OK;
    int64_t *size = s2s_arena_alloc(arena, sizeof *size, err);
    if (!size) return S2S_MEMORY;
    *size = recipe->no_repeat_ngram_size;
    *processor = (s2s_processor){apply, size};
    return S2S_OK;
}
