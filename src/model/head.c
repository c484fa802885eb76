/* What lies between the encoder and the output layer where tokens are filled in: a layer of its own (Devlin et al.
 * 2019), as wide as the encoder: linear, activation, norm. */
#include "model/stack.h"

void s2s_head_declare(s2s_head *head, const s2s_stack_recipe *recipe, s2s_params *params) {
    head->linear = s2s_declare_linear(recipe, params, (int)recipe->width, (int)recipe->width,
                                      "head", "transform");
    head->norm = s2s_declare_norm(recipe, params, "head", "norm");
}

s2s_slot s2s_head_emit(s2s_plan *plan, const s2s_model *model, s2s_slot states) {
    const s2s_stack_recipe *r = &model->recipe->encoder;
    s2s_activation activation =
        s2s_activation_is_gated(r->activation) ? S2S_GELU : r->activation; /* no gate here */
    s2s_slot x = s2s_linear(plan, states, model->head.linear.weight, model->head.linear.bias);
    x = s2s_activate(plan, x, activation, 0);
    return s2s_norm(plan, x, model->head.norm.gain, model->head.norm.bias, r->norm_eps,
                    r->norm_type == S2S_LAYER_NORM);
}
