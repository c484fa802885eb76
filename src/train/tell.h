/* What a training run tells: lines for people, events for machines (log.jsonl), warnings. It reads the run and
 * changes nothing of it. */
#ifndef S2S_TRAIN_TELL_H
#define S2S_TRAIN_TELL_H

#include "base/log.h"
#include "train/optimizer.h"
#include "train/progress.h"
#include "train/validation.h"

/* Borrows all that it points to. */
typedef struct s2s_teller {
    s2s_log *log;
    const s2s_train_recipe *recipe;
    const s2s_progress *progress;
    const s2s_loader *loader;
    double begin, share_before; /* when the loop began, and how much of the run was done by then */
    /* of the steps since the last line of log.jsonl */
    double window_loss, window_labels, window_begin;
} s2s_teller;

/* What one optimizer step gave. */
typedef struct s2s_step_result {
    double loss, labels; /* the loss is summed over the labels */
    double rate, norm;   /* learning rate, norm of the mean gradient */
} s2s_step_result;

/* Before the first step: the size of the model and of a run's memory, and what will hardly go well. Speed and
 * time left count from here. */
void s2s_tell_begin(s2s_teller *teller, const s2s_optimizer *optimizer, size_t run_bytes);
/* After a step that `progress` already counts. Fails when log.jsonl cannot be written. */
s2s_status s2s_tell_step(s2s_teller *teller, const s2s_step_result *step, s2s_err *err);
/* Fails when log.jsonl cannot be written. */
s2s_status s2s_tell_validation(const s2s_teller *teller, const s2s_validation_result *result,
                               s2s_err *err);
/* These seconds are not part of the training speed. */
void s2s_tell_pause(s2s_teller *teller, double seconds);
/* `limit`: the key below train that ended the run. */
void s2s_tell_end(const s2s_teller *teller, const char *limit);

#endif
