/* Training from a recipe to a finished model folder. */
#ifndef S2S_TRAIN_TRAINER_H
#define S2S_TRAIN_TRAINER_H

#include <stdbool.h>

#include "base/log.h"

typedef struct s2s_train_options {
    const char *recipe;      /* its path */
    const char *const *sets; /* "key.path=value" */
    int sets_n;
    bool restart; /* begin anew where the run folder holds a run */
    bool accept;  /* go on with a recipe that differs from the run's */
} s2s_train_options;

/* The whole job: vocabulary, token cache, training with validation and checkpoints, the final model, its
 * scores on the test sets. Goes on where an earlier run of the same recipe stopped. After an interrupt it
 * saves and fails with S2S_INTERRUPTED. */
s2s_status s2s_train(const s2s_train_options *options, s2s_log *log, s2s_err *err);

#endif
