/* See processor.h. */
#include "search/processor.h"

#include <stdbool.h>
#include <stdlib.h>

static s2s_processor_maker *const makers[] = {
    /* Penalties before bans: what is impossible shall stay so. */
    s2s_repetition_penalty_make, s2s_min_length_make,      s2s_suppress_unk_make,
    s2s_forbidden_make,          s2s_no_repeat_ngram_make,
};
enum { MAKERS = sizeof makers / sizeof makers[0] };
_Static_assert((int)MAKERS <= (int)S2S_PROCESSORS_MAX,
               "S2S_PROCESSORS_MAX is too small for the table");

s2s_status s2s_processors_init(s2s_processors *processors, const s2s_search_recipe *recipe,
                               const s2s_scorer *scorer, s2s_err *err) {
    *processors = (s2s_processors){0};
    for (int i = 0; i < MAKERS; i++) {
        s2s_processor *item = &processors->items[processors->n];
        S2S_TRY(makers[i](item, recipe, scorer, &processors->arena, err));
        if (item->apply) processors->n++;
    }
    return S2S_OK;
}

void s2s_processors_apply(const s2s_processors *processors, const s2s_history *history,
                          const s2s_logits *logits) {
    for (int i = 0; i < processors->n; i++)
        processors->items[i].apply(processors->items[i].self, history, logits);
}

static int compare(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

s2s_real *s2s_logit_of(const s2s_logits *logits, int32_t token) {
    if (logits->tokens) {
        const int32_t *at =
            bsearch(&token, logits->tokens, (size_t)logits->n, sizeof token, compare);
        return at ? logits->x + (at - logits->tokens) : NULL;
    }
    bool here = token >= logits->first && token - logits->first < logits->n;
    return here ? logits->x + (token - logits->first) : NULL;
}

void s2s_processors_release(s2s_processors *processors) {
    s2s_arena_release(&processors->arena);
    processors->n = 0;
}
