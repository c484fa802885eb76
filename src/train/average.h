/* The mean of several models' weights (Vaswani et al. 2017 average the last checkpoints). */
#ifndef S2S_TRAIN_AVERAGE_H
#define S2S_TRAIN_AVERAGE_H

#include "model/model.h"

/* Fills the model's parameters with the mean of n weight files ("FOLDER/model.safetensors"), summed in double
 * in the order given. All must fit the model. */
s2s_status s2s_average_weights(s2s_model *model, const char *const *paths, int n, s2s_err *err);

#endif
