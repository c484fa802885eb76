/* See objective.h. A new objective is one file with its emit and collate functions, and one row here. */
#include "objective/objective.h"

#include <inttypes.h>
#include <stdio.h>

#include "objective/kind.h"

/* By the recipe's objective.type. */
static const s2s_objective_kind *const kinds[] = {
    [S2S_TRANSLATION] = &s2s_translation_kind, [S2S_MASKED_LM] = &s2s_masked_lm_kind,
    [S2S_CAUSAL_LM] = &s2s_causal_lm_kind,     [S2S_SPAN_CORRUPTION] = &s2s_span_corruption_kind,
    [S2S_DENOISING] = &s2s_denoising_kind,     [S2S_PREFIX_LM] = &s2s_prefix_lm_kind,
};

/* --- symbols --- */

static s2s_status find_piece(int32_t *id, const char *piece, const s2s_vocabulary *vocabulary,
                             s2s_err *err) {
    *id = s2s_vocabulary_id(vocabulary, piece);
    if (*id != s2s_vocabulary_unk(vocabulary)) return S2S_OK;
    return s2s_fail(
        err, S2S_INPUT,
        "the vocabulary has no piece %s, which objective.type needs; learn one that lists it in "
        "text.vocabulary.symbols",
        piece);
}

/* A vocabulary has its sentinels one after another, upwards or, as T5's own, downwards. */
static s2s_status find_sentinels(s2s_objective *o, int64_t n, s2s_err *err) {
    for (int i = 0; i < n; i++) {
        char piece[32];
        int32_t id;
        snprintf(piece, sizeof piece, S2S_SENTINEL, i);
        if (find_piece(&id, piece, o->vocabulary, err) != S2S_OK)
            return s2s_fail_within(err, "%" PRId64 " sentinels for texts of data.max_length", n);
        if (i == 0) o->sentinel = id;
        if (i == 1) o->sentinel_step = id - o->sentinel;
        if (id != s2s_sentinel_of(o, i))
            return s2s_fail(
                err, S2S_INPUT,
                "%s is entry %d of the vocabulary and not %d: the sentinels must follow "
                "each other there; list them in order in text.vocabulary.symbols",
                piece, id, s2s_sentinel_of(o, i));
    }
    return S2S_OK;
}

static s2s_status find_symbols(s2s_objective *o, const s2s_recipe *recipe, s2s_err *err) {
    const char *symbol = s2s_objective_shape_of(recipe->objective.type)->symbol;
    o->mask = s2s_vocabulary_unk(o->vocabulary);
    if (symbol) S2S_TRY(find_piece(&o->mask, symbol, o->vocabulary, err));
    return find_sentinels(o, s2s_sentinels_of(recipe), err);
}

/* --- the objective --- */

s2s_status s2s_objective_init(s2s_objective *objective, const s2s_recipe *recipe,
                              const s2s_vocabulary *source, const s2s_vocabulary *target,
                              s2s_err *err) {
    *objective = (s2s_objective){.symbols = s2s_translation_symbols_of(recipe, source, target),
                                 .recipe = &recipe->objective,
                                 .vocabulary = target,
                                 .bos = s2s_vocabulary_bos(target),
                                 .eos = s2s_vocabulary_eos(target)};
    objective->collator = kinds[recipe->objective.type]->collator(objective);
    return find_symbols(objective, recipe, err);
}

void s2s_objective_emit(s2s_plan *plan, const s2s_model *model) {
    plan->precision =
        model->recipe->train.precision == S2S_TRAIN_BFLOAT16 ? S2S_BFLOAT16 : S2S_FLOAT32;
    kinds[model->recipe->objective.type]->emit(plan, model);
}

s2s_status s2s_objective_run(s2s_run **run, const s2s_plan *plan, const s2s_model *model,
                             s2s_err *err) {
    static const s2s_keep keep[] = {[S2S_RECOMPUTE_NONE] = S2S_KEEP_ALL,
                                    [S2S_RECOMPUTE_CHEAP] = S2S_KEEP_COSTLY,
                                    [S2S_RECOMPUTE_LAYERS] = S2S_KEEP_MARKED};
    const s2s_train_recipe *train = &model->recipe->train;
    int most[S2S_ROWS_KINDS];
    for (int i = 0; i < S2S_ROWS_KINDS; i++) most[i] = (int)train->batch_tokens;
    return s2s_run_create(run, plan, &model->params, keep[train->recompute], most, err);
}
