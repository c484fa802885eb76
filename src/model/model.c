/* Composing encoder, decoder and output layer; see model.h. */
#include "model/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/stack.h"

static s2s_param declare_embedding(s2s_params *params, int vocabulary, const s2s_stack_recipe *r,
                                   const char *name) {
    s2s_param table = s2s_params_add(params, vocabulary, (int)r->width, S2S_INIT_NORMAL,
                                     1 / sqrt((double)r->width), "%s.weight", name);
    s2s_params_may_pack(params, table);
    return table;
}

/* An encoder alone: what fills in a token is what reads it, and each entry has a bias (Devlin et al. 2019). */
static void declare_masked_lm(s2s_model *m) {
    s2s_head_declare(&m->head, &m->recipe->encoder, &m->params);
    m->encoder.embedding = m->output.weight =
        declare_embedding(&m->params, m->target_vocabulary, &m->recipe->encoder, "embedding");
    m->output.bias =
        s2s_params_add(&m->params, 1, m->target_vocabulary, S2S_INIT_ZERO, 0, "output.bias");
}

/* Which of the three big matrices are one (Press and Wolf 2017). */
static void declare_vocabulary_layers(s2s_model *m) {
    const s2s_stack_recipe *encoder = &m->recipe->encoder, *decoder = &m->recipe->decoder;
    s2s_params *params = &m->params;
    m->output.bias = S2S_NO_PARAM;
    if (decoder->output_bias)
        m->output.bias =
            s2s_params_add(params, 1, m->target_vocabulary, S2S_INIT_ZERO, 0, "output.bias");
    if (m->shape->encoder && decoder->tie == S2S_TIE_ALL) {
        m->encoder.embedding = m->decoder.embedding = m->output.weight =
            declare_embedding(params, m->target_vocabulary, decoder, "embedding");
        return;
    }
    bool inputs = m->shape->encoder && decoder->tie == S2S_TIE_INPUTS;
    if (m->shape->encoder && !inputs)
        m->encoder.embedding =
            declare_embedding(params, m->source_vocabulary, encoder, "encoder.embedding");
    m->decoder.embedding = m->output.weight = declare_embedding(
        params, m->target_vocabulary, decoder, inputs ? "embedding" : "decoder.embedding");
    if (inputs) m->encoder.embedding = m->decoder.embedding;
    if (decoder->tie != S2S_TIE_NONE && decoder->tie != S2S_TIE_INPUTS) return;
    m->output.weight = s2s_params_add(params, m->target_vocabulary, (int)decoder->width,
                                      S2S_INIT_XAVIER, 0, "output.weight");
    s2s_params_may_pack(params, m->output.weight);
}

static void declare_parts(s2s_model *m) {
    const s2s_recipe *r = m->recipe;
    int memory_width = m->shape->encoder ? (int)r->encoder.width : 0;
    if (m->shape->encoder)
        s2s_stack_declare(&m->encoder, &r->encoder, "encoder", 0, &m->params, &m->arena);
    if (m->shape->decoder)
        s2s_stack_declare(&m->decoder, &r->decoder, "decoder", memory_width, &m->params, &m->arena);
    if (m->shape->decoder)
        declare_vocabulary_layers(m);
    else
        declare_masked_lm(m);
}

static void freeze(s2s_params *params, const s2s_stack *stack, const char *prefix) {
    if (!stack->recipe || !stack->recipe->freeze) return;
    s2s_params_freeze(params, stack->embedding);
    for (size_t i = 0; i < params->n; i++)
        if (strncmp(params->items[i].name, prefix, strlen(prefix)) == 0)
            s2s_params_freeze(params, (s2s_param)i);
}

s2s_status s2s_model_create(s2s_model **created, const s2s_recipe *recipe, int source_vocabulary,
                            int target_vocabulary, s2s_params_use use, s2s_err *err) {
    *created = NULL;
    s2s_model *m = calloc(1, sizeof *m);
    if (!m) return s2s_fail_memory(err, sizeof *m);
    m->recipe = recipe;
    m->shape = s2s_objective_shape_of(recipe->objective.type);
    m->source_vocabulary = source_vocabulary;
    m->target_vocabulary = target_vocabulary;
    declare_parts(m);
    freeze(&m->params, &m->encoder, "encoder.");
    freeze(&m->params, &m->decoder, "decoder.");
    s2s_status status = s2s_params_allocate(&m->params, use, err);
    if (status == S2S_OK)
        *created = m;
    else
        s2s_model_free(m);
    return status;
}

void s2s_model_free(s2s_model *model) {
    if (!model) return;
    s2s_params_release(&model->params);
    s2s_arena_release(&model->arena);
    free(model);
}

s2s_slot s2s_encoder_emit(s2s_plan *plan, const s2s_model *model) {
    s2s_emitter e = {.plan = plan, .stack = &model->encoder, .rows = S2S_ROWS_SOURCE};
    return s2s_emit_layers(&e, s2s_emit_embedding(&e));
}

s2s_slot s2s_decoder_emit(s2s_plan *plan, const s2s_model *model, s2s_slot memory) {
    s2s_emitter e = {.plan = plan,
                     .stack = &model->decoder,
                     .rows = S2S_ROWS_TARGET,
                     .causal = true,
                     .memory = memory};
    return s2s_emit_layers(&e, s2s_emit_embedding(&e));
}

void s2s_decoder_emit_store(s2s_plan *plan, const s2s_model *model, s2s_slot memory) {
    s2s_attention_options options = s2s_cross_attention_options(&model->decoder);
    for (int i = 0; i < model->recipe->decoder.layers; i++) {
        s2s_linear_params kv = model->decoder.layers[i].cross_kv;
        s2s_cache_store(plan, s2s_linear(plan, memory, kv.weight, kv.bias), i, options);
    }
}

s2s_slot s2s_decoder_emit_step(s2s_plan *plan, const s2s_model *model) {
    s2s_emitter e = {.plan = plan,
                     .stack = &model->decoder,
                     .rows = S2S_ROWS_TARGET,
                     .causal = true,
                     .cached = true,
                     .memory = S2S_NO_SLOT};
    return s2s_emit_layers(&e, s2s_emit_embedding(&e));
}

s2s_slot s2s_output_emit(s2s_plan *plan, const s2s_model *model, s2s_slot states) {
    return s2s_linear(plan, states, model->output.weight, model->output.bias);
}

int s2s_decoder_cache_width(const s2s_model *model) {
    s2s_attention_options options = s2s_cross_attention_options(&model->decoder);
    return 2 * options.kv_heads * options.head_width;
}
