/* See objective.h. A new objective is one file with its emit and collate functions, and one row here. */
#include "objective/objective.h"

#include "objective/kind.h"

/* By the recipe's objective.type. */
static const s2s_objective_kind *const kinds[] = {
    [S2S_TRANSLATION] = &s2s_translation_kind,
    [S2S_MASKED_LM] = &s2s_masked_lm_kind,
    [S2S_CAUSAL_LM] = &s2s_causal_lm_kind,
};

/* The id of the piece that the objective needs besides begin and end. */
static s2s_status find_symbol(int32_t *id, const s2s_objective_shape *shape,
                              const s2s_vocabulary *vocabulary, s2s_err *err) {
    *id = s2s_vocabulary_unk(vocabulary);
    if (!shape->symbol) return S2S_OK;
    *id = s2s_vocabulary_id(vocabulary, shape->symbol);
    if (*id != s2s_vocabulary_unk(vocabulary)) return S2S_OK;
    return s2s_fail(
        err, S2S_INPUT,
        "the vocabulary has no piece %s, which objective.type needs; learn one that lists it in "
        "text.vocabulary.symbols",
        shape->symbol);
}

s2s_status s2s_objective_init(s2s_objective *objective, const s2s_recipe *recipe,
                              const s2s_vocabulary *source, const s2s_vocabulary *target,
                              s2s_err *err) {
    *objective = (s2s_objective){.symbols = s2s_translation_symbols_of(recipe, source, target),
                                 .recipe = &recipe->objective,
                                 .vocabulary = target,
                                 .bos = s2s_vocabulary_bos(target),
                                 .eos = s2s_vocabulary_eos(target)};
    objective->collator = kinds[recipe->objective.type]->collator(objective);
    return find_symbol(&objective->mask, s2s_objective_shape_of(recipe->objective.type), target,
                       err);
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
