/* The pieces that an objective needs besides those that text is cut into: which, and how many. */
#include <math.h>
#include <stdio.h>

#include "recipe/draft.h"

s2s_span_counts s2s_spans_of(const s2s_objective_recipe *objective, int64_t length) {
    if (length < 2) return (s2s_span_counts){0, 0};
    int64_t hidden = llround(objective->corruption * (double)length);
    if (hidden < 1) hidden = 1;
    if (hidden > length - 1) hidden = length - 1;
    int64_t spans = llround((double)hidden / objective->mean_span), kept = length - hidden;
    if (spans < 1) spans = 1;
    /* No more than tokens that stay: a target, of `hidden` and `spans` together, is no longer than its text. */
    return (s2s_span_counts){hidden, spans < kept ? spans : kept};
}

int64_t s2s_sentinels_of(const s2s_recipe *recipe) {
    if (!s2s_objective_shape_of(recipe->objective.type)->sentinels) return 0;
    int64_t longest = recipe->data.max_length - 2; /* that has a begin and an end */
    return s2s_spans_of(&recipe->objective, longest).spans + 1;
}

static const char *sentinel(int64_t number, s2s_arena *arena, s2s_err *err) {
    char name[32];
    int length = snprintf(name, sizeof name, S2S_SENTINEL, (int)number);
    return s2s_arena_strndup(arena, name, (size_t)length, err);
}

s2s_status s2s_resolve_symbols(s2s_draft *draft, s2s_err *err) {
    s2s_recipe *r = draft->recipe;
    const char *symbol = s2s_objective_shape_of(r->objective.type)->symbol;
    int64_t sentinels = s2s_sentinels_of(r), n = sentinels + (symbol != NULL);
    if (!n || s2s_draft_given(draft, "text.vocabulary.symbols")) return S2S_OK;
    const char **items = s2s_arena_alloc(&r->arena, (size_t)n * sizeof *items, err);
    if (!items) return S2S_MEMORY;
    for (int64_t i = 0; i < sentinels; i++)
        if (!(items[i] = sentinel(i, &r->arena, err))) return S2S_MEMORY;
    if (symbol) items[sentinels] = symbol;
    r->text.vocabulary.symbols = (s2s_string_list){items, (int)n};
    return S2S_OK;
}
