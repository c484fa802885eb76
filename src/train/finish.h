/* The end of a training run: the final model, and its scores on the test sets. */
#ifndef S2S_TRAIN_FINISH_H
#define S2S_TRAIN_FINISH_H

#include "train/validation.h"

/* Puts the mean of the last checkpoints (train.average_last above 1) or the best one into the run folder as
 * its model, and scores that on data.test with the recipe's search: BLEU, chrF and what validation measures. */
s2s_status s2s_finish(s2s_model *model, s2s_vocabularies vocabularies,
                      const s2s_objective *objective, const s2s_dataset *valid, s2s_log *log,
                      s2s_err *err);

#endif
