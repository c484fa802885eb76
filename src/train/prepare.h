/* What must be there before the first step: the run folder, its recipe, its corpora and its vocabularies. */
#ifndef S2S_TRAIN_PREPARE_H
#define S2S_TRAIN_PREPARE_H

#include "base/log.h"
#include "recipe/recipe.h"
#include "train/trainer.h"
#include "train/validation.h"

#define S2S_LOG_FILE "log.jsonl"
#define S2S_CACHE_FOLDER "cache" /* in the run folder, unless the recipe names another */

/* OUTPUT while a run works in it. */
typedef struct s2s_run_folder {
    int lock;
    bool recipe_due; /* it still has the recipe of the run that is gone on with */
} s2s_run_folder;

/* Makes or checks OUTPUT and its recipe.yaml. A folder that holds checkpoints or a model of another recipe is
 * refused unless the options say what to do with it; so is one that another process works in, and one where
 * recipe.yaml is the user's own. Release it after a failure, too. */
s2s_status s2s_prepare_folder(s2s_run_folder *folder, const s2s_recipe *recipe,
                              const s2s_train_options *options, s2s_err *err);
/* Writes a recipe that is due. To be called once the checkpoint's weights are found to fit it: before, the model
 * that is there would be lost with its recipe. */
s2s_status s2s_prepare_recipe(s2s_run_folder *folder, const s2s_recipe *recipe, s2s_err *err);
void s2s_run_folder_release(s2s_run_folder *folder);

/* Looks for mistakes that training would meet only after hours: nothing to learn from, files of corpora that cannot
 * be read, and, as test sets are read when all is done, any line of those. */
s2s_status s2s_prepare_corpora(const s2s_recipe *recipe, s2s_err *err);

/* Loads the vocabularies of the run, learning or copying them first when they are not there. */
s2s_status s2s_prepare_vocabularies(s2s_vocabularies *vocabularies, const s2s_recipe *recipe,
                                    s2s_log *log, s2s_err *err);
void s2s_vocabularies_release(s2s_vocabularies *vocabularies);

#endif
