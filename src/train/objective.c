/* See objective.h. A new objective is one file with its emit and collate functions, and one row here. */
#include "train/objective.h"

#include "op/op.h"

/* Translation: the probability of each target token given the source and the target tokens before it. */
static void emit_translation(s2s_plan *plan, const s2s_model *model) {
    s2s_slot memory = s2s_encoder_emit(plan, model);
    s2s_slot states = s2s_decoder_emit(plan, model, memory);
    s2s_linear_cross_entropy(plan, states, model->output.weight, model->output.bias,
                             model->recipe->objective.label_smoothing);
}

static void init_translation(s2s_objective *objective, const s2s_recipe *recipe,
                             const s2s_vocabulary *source, const s2s_vocabulary *target) {
    objective->symbols = s2s_translation_symbols_of(recipe, source, target);
    objective->collator = s2s_translation_collator(&objective->symbols);
}

/* By the recipe's objective.type. */
static const struct {
    void (*emit)(s2s_plan *plan, const s2s_model *model);
    void (*init)(s2s_objective *objective, const s2s_recipe *recipe, const s2s_vocabulary *source,
                 const s2s_vocabulary *target);
} kinds[] = {
    [S2S_TRANSLATION] = {emit_translation, init_translation},
};

void s2s_objective_init(s2s_objective *objective, const s2s_recipe *recipe,
                        const s2s_vocabulary *source, const s2s_vocabulary *target) {
    *objective = (s2s_objective){0};
    kinds[recipe->objective.type].init(objective, recipe, source, target);
}

void s2s_objective_emit(s2s_plan *plan, const s2s_model *model) {
    plan->precision =
        model->recipe->train.precision == S2S_TRAIN_BFLOAT16 ? S2S_BFLOAT16 : S2S_FLOAT32;
    kinds[model->recipe->objective.type].emit(plan, model);
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
