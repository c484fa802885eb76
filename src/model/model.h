/* A model: what a recipe describes, as named parameters, and the ops that compute with them.
 *
 * Encoder and decoder are separate modules over the same layers. Plans are made by the emit functions: for
 * training (encoder, decoder, output), for encoding sources while decoding, and for one decoding step. */
#ifndef S2S_MODEL_MODEL_H
#define S2S_MODEL_MODEL_H

#include "recipe/recipe.h"
#include "tensor/params.h"
#include "tensor/plan.h"

typedef struct s2s_linear_params {
    s2s_param weight, bias; /* [out x in], [1 x out] or none */
} s2s_linear_params;

typedef struct s2s_norm_params {
    s2s_param gain, bias; /* [1 x width]; none where there is no such part */
} s2s_norm_params;

/* One layer. The rows of qkv's weight are all query heads, then all key heads, then all value heads;
 * cross_kv likewise; feed_in of a gated activation holds the gate's rows first. */
typedef struct s2s_layer_params {
    s2s_norm_params self_norm, cross_norm, feed_norm;
    s2s_linear_params qkv, self_out, cross_q, cross_kv, cross_out, feed_in, feed_out;
} s2s_layer_params;

/* The parameters of an encoder or decoder. */
typedef struct s2s_stack {
    const s2s_stack_recipe *recipe;
    s2s_param embedding; /* [vocabulary x width] */
    s2s_param positions; /* [max_positions x width], learned ones only */
    s2s_param relative;  /* [buckets x heads], relative ones only */
    s2s_param segments;  /* [segments x width], where the recipe has any */
    s2s_norm_params embedding_norm, final_norm;
    s2s_layer_params *layers; /* [recipe->layers] */
    int memory_width;         /* of what cross-attention reads; 0: there is none */
} s2s_stack;

/* Between states and the output layer, where the objective has such a part. */
typedef struct s2s_head {
    s2s_linear_params linear;
    s2s_norm_params norm;
} s2s_head;

/* Owner: the caller of s2s_model_create. `recipe` is borrowed and must outlive the model. */
typedef struct s2s_model {
    const s2s_recipe *recipe;
    const s2s_objective_shape *shape;         /* the recipe's */
    int source_vocabulary, target_vocabulary; /* sizes */
    s2s_params params;
    s2s_stack encoder, decoder; /* those that its objective has; all zero: not this one */
    s2s_head head;              /* masked_lm alone */
    s2s_linear_params output;   /* [target vocabulary x width]: the tied embedding or its own */
    s2s_arena arena;
} s2s_model;

/* Declares all parameters and makes their blocks (zeroed). */
s2s_status s2s_model_create(s2s_model **model, const s2s_recipe *recipe, int source_vocabulary,
                            int target_vocabulary, s2s_params_use use, s2s_err *err);
void s2s_model_free(s2s_model *model);

/* Source tokens to memory, S x width. */
s2s_slot s2s_encoder_emit(s2s_plan *plan, const s2s_model *model);
/* Target tokens and memory to states, T x width: all positions at once. S2S_NO_SLOT: a decoder that stands alone. */
s2s_slot s2s_decoder_emit(s2s_plan *plan, const s2s_model *model, s2s_slot memory);
/* For decoding: memory into the cache, as each layer's keys and values. */
void s2s_decoder_emit_store(s2s_plan *plan, const s2s_model *model, s2s_slot memory);
/* One token of each hypothesis to its state, T x width, with earlier ones from the cache. */
s2s_slot s2s_decoder_emit_step(s2s_plan *plan, const s2s_model *model);
/* States of an encoder to what its output layer reads, rows x width. */
s2s_slot s2s_head_emit(s2s_plan *plan, const s2s_model *model, s2s_slot states);
/* States to logits, T x target vocabulary. */
s2s_slot s2s_output_emit(s2s_plan *plan, const s2s_model *model, s2s_slot states);

/* Width of the rows of the self-attention cache and the cross-attention cache. */
int s2s_decoder_cache_width(const s2s_model *model);

#endif
