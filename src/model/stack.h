/* What encoder and decoder share: declaring and emitting layers; private to this folder. */
#ifndef S2S_MODEL_STACK_H
#define S2S_MODEL_STACK_H

#include "model/model.h"
#include "op/op.h"

/* Declares a stack under the name `name` ("encoder"), without its embedding: ties decide about that.
 * `memory_width`: of what cross-attention reads; 0: there is no cross-attention. */
void s2s_stack_declare(s2s_stack *stack, const s2s_stack_recipe *recipe, const char *name,
                       int memory_width, s2s_params *params, s2s_arena *arena);

/* Parameters of one part: "NAME.PART.weight" and what the recipe gives it besides. */
s2s_linear_params s2s_declare_linear(const s2s_stack_recipe *r, s2s_params *params, int out, int in,
                                     const char *name, const char *part);
s2s_norm_params s2s_declare_norm(const s2s_stack_recipe *r, s2s_params *params, const char *name,
                                 const char *part);

/* --- head.c --- */

void s2s_head_declare(s2s_head *head, const s2s_stack_recipe *recipe, s2s_params *params);

/* --- stack.c --- */

/* What changes between a plan for training and one for a decoding step. */
typedef struct s2s_emitter {
    s2s_plan *plan;
    const s2s_stack *stack;
    s2s_rows rows;
    bool causal, cached;
    s2s_slot memory;           /* what cross-attention reads; S2S_NO_SLOT: the cache */
    const s2s_real *sinusoids; /* of rotary positions, shared by the layers, which set it */
} s2s_emitter;

s2s_slot s2s_emit_embedding(const s2s_emitter *e);
/* All layers and the final norm. */
s2s_slot s2s_emit_layers(const s2s_emitter *e, s2s_slot x);

/* Columns of keys and values in the output of cross_kv. */
s2s_attention_options s2s_cross_attention_options(const s2s_stack *stack);

#endif
