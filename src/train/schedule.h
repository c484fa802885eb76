/* Learning-rate schedules. All begin with a linear warm-up to the recipe's rate. */
#ifndef S2S_TRAIN_SCHEDULE_H
#define S2S_TRAIN_SCHEDULE_H

#include <stdint.h>

#include "recipe/recipe.h"

/* What plateau remembers between validations; saved with a checkpoint. */
typedef struct s2s_plateau {
    double best;   /* the lowest loss so far; 0 before the first */
    double factor; /* the rate is multiplied by this */
    int64_t bad;   /* validations without progress in a row */
} s2s_plateau;

/* The rate of step `step`, which is counted from 1. */
double s2s_learning_rate(const s2s_train_recipe *recipe, const s2s_plateau *plateau, int64_t step);

/* Tells the loss of a validation. */
void s2s_plateau_update(s2s_plateau *plateau, const s2s_schedule_recipe *recipe, double loss);

#endif
