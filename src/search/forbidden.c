/* Forbidden phrases of a request: the last token of one cannot come after the others. */
#include <stdbool.h>

#include "search/processor.h"

/* Whether the history ends with all tokens of the phrase but its last. */
static bool is_begun(const s2s_history *history, s2s_phrase phrase) {
    int32_t node = history->prefix;
    for (int i = phrase.n - 2; i >= 0; i--) {
        if (node == S2S_EMPTY_PREFIX) return false;
        const s2s_prefix_node *at = &history->prefixes->nodes[node];
        if (at->token != phrase.ids[i]) return false;
        node = at->parent;
    }
    return true;
}

static void apply(const void *self, const s2s_history *history, const s2s_logits *logits) {
    (void)self;
    s2s_phrases forbidden = history->request->forbidden;
    for (int i = 0; i < forbidden.n; i++)
        if (is_begun(history, forbidden.items[i]))
            s2s_forbid(logits, forbidden.items[i].ids[forbidden.items[i].n - 1]);
}

s2s_status s2s_forbidden_make(s2s_processor *processor, const s2s_search_recipe *recipe,
                              const s2s_scorer *scorer, s2s_arena *arena, s2s_err *err) {
    (void)recipe;
    (void)scorer;
    (void)arena;
    (void)err;
    *processor = (s2s_processor){apply, NULL};
    return S2S_OK;
}
