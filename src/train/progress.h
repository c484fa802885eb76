/* How far training has come: all numbers that resuming needs besides weights and moments. */
#ifndef S2S_TRAIN_PROGRESS_H
#define S2S_TRAIN_PROGRESS_H

#include <stdint.h>

#include "data/loader.h"
#include "train/schedule.h"

/* 0 or 1 where others would have bool: a checkpoint knows integers and reals alone. */
typedef struct s2s_progress {
    int64_t step;           /* optimizer steps done */
    s2s_cursor cursor;      /* the batch that comes next */
    int64_t validation_due; /* after this step, and it is not done yet */
    s2s_plateau plateau;
    int64_t has_best;
    int64_t best_metric; /* an s2s_metric_type: what `best` is of */
    double best;
    int64_t best_step;
    int64_t bad;    /* validations in a row that were not better */
    double seconds; /* of training so far, over all runs */
    int64_t labels; /* seen so far */
} s2s_progress;

#endif
