/* trainer.safetensors of a checkpoint: moments and progress, what going on needs besides the model's weights. */
#ifndef S2S_TRAIN_TRAINER_FILE_H
#define S2S_TRAIN_TRAINER_FILE_H

#include "model/model.h"
#include "train/optimizer.h"
#include "train/progress.h"

/* What is saved and loaded together. */
typedef struct s2s_training_state {
    s2s_model *model;
    s2s_optimizer *optimizer;
    s2s_real *
        ema; /* [params->size] the averaged weights, which are what the model folder holds; or NULL */
    s2s_progress *progress;
} s2s_training_state;

s2s_status s2s_trainer_file_write(const s2s_training_state *state, const char *path, s2s_err *err);
/* After the model's weights, which it may replace. */
s2s_status s2s_trainer_file_read(const s2s_training_state *state, const char *path, s2s_err *err);

#endif
