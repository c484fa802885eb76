/* Checkpoints: OUTPUT/checkpoints/step-NNNNNNNN, each a model folder that can be used as it is; the newest
 * has also trainer.safetensors: moments and progress, all that going on to the same bits needs.
 *
 * A checkpoint is written as checkpoints/unfinished and renamed when it is whole; older trainer states and
 * checkpoints that nothing needs are removed after that. One of the same step (saved by an interrupt before
 * its validation was over) is written over file by file: its weights are the same. */
#ifndef S2S_TRAIN_CHECKPOINT_H
#define S2S_TRAIN_CHECKPOINT_H

#include "train/trainer_file.h"

/* Exchanges weights and averages: what is validated, and what a model folder holds, are the averages. Nothing
 * happens without EMA. */
void s2s_training_state_swap(const s2s_training_state *state);

/* One checkpoint on disk. */
typedef struct s2s_checkpoint {
    int64_t step;
    bool scored; /* made at a validation, with `score` of the early-stopping metric */
    double score;
    char *folder;
} s2s_checkpoint;

typedef struct s2s_checkpoints {
    s2s_checkpoint *items; /* by step, oldest first */
    size_t n, capacity;
} s2s_checkpoints;

/* Lists what is under `output`; none is fine. */
s2s_status s2s_checkpoints_list(s2s_checkpoints *list, const char *output, s2s_err *err);
void s2s_checkpoints_release(s2s_checkpoints *list);

/* Saves; `score` NULL when there was no validation. Vocabularies are copied from `output`. */
s2s_status s2s_checkpoint_save(const s2s_training_state *state, const char *output,
                               const double *score, s2s_err *err);
/* Loads the newest; *found false when there is none. */
s2s_status s2s_checkpoint_resume(const s2s_training_state *state, const char *output, bool *found,
                                 s2s_err *err);
/* Removes all but the last `keep_last` and the best `keep_best` scored ones, and the newest. */
s2s_status s2s_checkpoints_prune(const char *output, int64_t keep_last, int64_t keep_best,
                                 bool higher_is_better, s2s_err *err);
/* Removes all of them. */
s2s_status s2s_checkpoints_remove(const char *output, s2s_err *err);

#endif
