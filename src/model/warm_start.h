/* Beginning with another model's parts: `encoder: {from: FOLDER}`, `decoder: {from: FOLDER}`.
 *
 * A stack takes the layers, norms, positions and the embedding of the other model's stack of the same name, or of its
 * only one, so that a decoder may begin as an encoder did (Rothe et al. 2020); its cross-attention, where the other
 * has none, stays as it was drawn. Head and output layer come along where both models have them. */
#ifndef S2S_MODEL_WARM_START_H
#define S2S_MODEL_WARM_START_H

#include "base/log.h"
#include "model/model.h"

/* After s2s_params_initialize. Nothing to do where the recipe names no folder. S2S_INPUT: a tensor that is missing there
 * or has another shape, named with both shapes. */
s2s_status s2s_warm_start(s2s_model *model, s2s_log *log, s2s_err *err);

/* The folder whose vocabulary a recipe goes on with: that of `encoder.from`, else `decoder.from`; NULL: none. */
const char *s2s_warm_start_folder(const s2s_recipe *recipe);

#endif
