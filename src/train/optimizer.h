/* Optimizers: Adam (Kingma and Ba 2015), AdamW (Loshchilov and Hutter 2019), SGD; with clipping by the norm
 * of the whole gradient (Pascanu et al. 2013). */
#ifndef S2S_TRAIN_OPTIMIZER_H
#define S2S_TRAIN_OPTIMIZER_H

#include <stdint.h>

#include "recipe/recipe.h"
#include "tensor/params.h"

typedef struct s2s_optimizer {
    const s2s_optimizer_recipe *recipe;
    s2s_params *params;
    uint64_t seed;
    void *m, *v; /* [params->size] moments, s2s_real or s2s_bfloat16 by the recipe; NULL for SGD */
    int64_t steps; /* done so far */
} s2s_optimizer;

/* Moments in bfloat16 are rounded by random numbers of `seed`, which is the recipe's. */
s2s_status s2s_optimizer_init(s2s_optimizer *optimizer, const s2s_optimizer_recipe *recipe,
                              s2s_params *params, uint64_t seed, s2s_err *err);
void s2s_optimizer_release(s2s_optimizer *optimizer);

bool s2s_optimizer_in_bfloat16(const s2s_optimizer *optimizer);
/* Bytes of each of the two moments; 0 for SGD. */
size_t s2s_optimizer_moment_bytes(const s2s_optimizer *optimizer);

/* The norm of the gradient times `scale`. Not finite when an element is not. */
double s2s_gradient_norm(const s2s_params *params, double scale);

/* One step with the gradient times `scale`, clipped to the recipe's norm given that `norm` is what it has now;
 * clears the gradient. */
void s2s_optimizer_step(s2s_optimizer *optimizer, double learning_rate, double scale, double norm);

#endif
