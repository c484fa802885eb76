/* Weights and their file, and what can be told when the two do not fit; private to this folder. */
#ifndef S2S_MODEL_WEIGHTS_H
#define S2S_MODEL_WEIGHTS_H

#include "model/model.h"
#include "tensor/safetensors.h"

/* What the file holds, with the caller's notes beside the usual ones; at most 6. */
s2s_status s2s_weights_put(const s2s_model *model, s2s_writer *writer,
                           const s2s_safetensors_note *notes, size_t n, s2s_err *err);
/* All parameters from an open file. Packed ones are borrowed from its map: it must stay open as long
 * as the model. */
s2s_status s2s_weights_read(s2s_model *model, const s2s_safetensors *file, s2s_params_use use,
                            s2s_err *err);

/* Numbers of one tensor, by the name, rows and width of `info`. */
s2s_status s2s_weights_values(const s2s_safetensors *file, const s2s_param_info *info,
                              s2s_real *values, s2s_err *err);
/* Refuses a file of another version, or with packed weights. */
s2s_status s2s_weights_check_plain(const s2s_safetensors *file, s2s_err *err);

/* Fails when the file's tensors are not exactly the parameters, or one has another shape; the
 * message names the recipe's key that likely decides. `packed` is the type of a file that holds
 * packed weights, NULL for any other. */
s2s_status s2s_weights_compare(const s2s_params *params, const s2s_safetensors *file,
                               const s2s_weight_type *packed, s2s_err *err);

#endif
