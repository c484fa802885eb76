/* Translation: the probability of each target token given the source and the target tokens before it. */
#include "objective/kind.h"
#include "op/op.h"

static void emit(s2s_plan *plan, const s2s_model *model) {
    s2s_slot memory = s2s_encoder_emit(plan, model);
    s2s_slot states = s2s_decoder_emit(plan, model, memory);
    s2s_linear_cross_entropy(plan, states, model->output.weight, model->output.bias,
                             model->recipe->objective.label_smoothing);
}

static s2s_collator collator(const s2s_objective *objective) {
    return s2s_translation_collator(&objective->symbols);
}

const s2s_objective_kind s2s_translation_kind = {emit, collator};
