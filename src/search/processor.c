/* See processor.h. */
#include "search/processor.h"

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
                          s2s_real *logits, int first, int n) {
    for (int i = 0; i < processors->n; i++)
        processors->items[i].apply(processors->items[i].self, history, logits, first, n);
}

void s2s_processors_release(s2s_processors *processors) {
    s2s_arena_release(&processors->arena);
    processors->n = 0;
}
