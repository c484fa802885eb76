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
    s2s_real *m, *v; /* [params->size] moments; NULL for SGD */
    int64_t steps;   /* done so far */
} s2s_optimizer;

s2s_status s2s_optimizer_init(s2s_optimizer *optimizer, const s2s_optimizer_recipe *recipe,
                              s2s_params *params, s2s_err *err);
void s2s_optimizer_release(s2s_optimizer *optimizer);

/* The norm of the gradient times `scale`. Not finite when an element is not. */
double s2s_gradient_norm(const s2s_params *params, double scale);

/* One step with the gradient times `scale`, clipped to the recipe's norm given that `norm` is what it has now;
 * clears the gradient. */
void s2s_optimizer_step(s2s_optimizer *optimizer, double learning_rate, double scale, double norm);

#endif
