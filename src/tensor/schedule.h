/* The order of a step's work: all ops forward, then all ops backward, and between those what is computed
 * again because its value was not kept (Chen et al. 2016, "Training deep nets with sublinear memory cost"). */
#ifndef S2S_TENSOR_SCHEDULE_H
#define S2S_TENSOR_SCHEDULE_H

#include "tensor/plan.h"

typedef enum s2s_direction {
    S2S_FORWARD,
    S2S_AGAIN, /* forward once more, for the backward ops that follow */
    S2S_BACKWARD,
    S2S_DIRECTIONS
} s2s_direction;

extern const char *const s2s_direction_names[S2S_DIRECTIONS];

typedef struct s2s_task {
    int op;
    s2s_direction direction;
} s2s_task;

typedef struct s2s_schedule {
    s2s_task *tasks;
    size_t n, forward; /* the first `forward` tasks are the forward pass */
    bool *again;       /* [slots] the value is made twice */
} s2s_schedule;

/* For S2S_KEEP_NOTHING only the forward pass. */
s2s_status s2s_schedule_make(s2s_schedule *schedule, const s2s_plan *plan, s2s_keep keep,
                             s2s_err *err);
void s2s_schedule_release(s2s_schedule *schedule);

#endif
