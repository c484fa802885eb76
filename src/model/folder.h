/* A model on disk: a folder that carries all that using it needs. docs/model-format.md tells each
 * tensor.
 *
 *   model.safetensors    the weights; written last, so that a folder that has it is whole
 *   recipe.yaml          the resolved recipe
 *   vocab.model          the SentencePiece model, or vocab.source.model and vocab.target.model */
#ifndef S2S_MODEL_FOLDER_H
#define S2S_MODEL_FOLDER_H

#include "model/model.h"
#include "tensor/safetensors.h"
#include "text/vocabulary.h"

/* The files of a model folder, for programs that put something beside or instead of one. */
#define S2S_WEIGHTS_FILE "model.safetensors"
#define S2S_RECIPE_FILE "recipe.yaml"
#define S2S_SHARED_VOCABULARY_FILE "vocab.model"
#define S2S_SOURCE_VOCABULARY_FILE "vocab.source.model"
#define S2S_TARGET_VOCABULARY_FILE "vocab.target.model"
#define S2S_SHORTLIST_FILE "shortlist.s2s" /* where `s2s vocab shortlist` puts it; may be missing */

/* The path of the source's or the target's vocabulary in a model folder; NULL: no memory. */
char *s2s_vocabulary_path(s2s_arena *arena, const char *folder, const s2s_recipe *recipe,
                          bool target, s2s_err *err);

/* A model with all that belongs to it. Owner: the caller of s2s_model_load. */
typedef struct s2s_loaded_model {
    s2s_recipe *recipe;
    s2s_vocabulary *source, *target; /* one and the same where the vocabulary is shared */
    s2s_model *model;
    s2s_safetensors *weights; /* kept open, since packed parameters may lie in its map */
} s2s_loaded_model;

/* Reads a folder, to translate (S2S_PARAMS_DECODE) or to do something else with its weights
 * (S2S_PARAMS_KEEP); `sets` ("key.path=value") lie over its recipe. The first thing that does not fit
 * is the error: a missing file (and what is there), a truncated or foreign one, weights that the
 * recipe contradicts (and the key that likely decides), a vocabulary that is not the weights' own.
 */
s2s_status s2s_model_load(s2s_loaded_model *loaded, const char *folder, const char *const *sets,
                          int n_sets, s2s_params_use use, s2s_err *err);
void s2s_loaded_model_release(s2s_loaded_model *loaded); /* all zero is fine */

/* Writes a folder, making it where it is not there; each file as a whole or not at all, and none where there is not
 * room for all. The
 * vocabularies are copied from the files named; `target_vocabulary` is not read where the recipe
 * shares one. */
s2s_status s2s_model_save(const s2s_model *model, const char *folder, const char *source_vocabulary,
                          const char *target_vocabulary, s2s_err *err);

/* The same with the vocabularies of the folder `beside`, which may be `folder` itself. */
s2s_status s2s_model_save_beside(const s2s_model *model, const char *folder, const char *beside,
                                 s2s_err *err);

/* The weights alone, as checkpoints, averages and warm starts need them. Loading fills every
 * parameter or fails; after a failure the values are not to be used. */
s2s_status s2s_model_save_weights(const s2s_model *model, const char *path, s2s_err *err);
s2s_status s2s_model_load_weights(s2s_model *model, const char *path, s2s_err *err);

#endif
