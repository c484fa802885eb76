/* Where each value and gradient lies: lifetimes, then places. */
#ifndef S2S_TENSOR_LAYOUT_H
#define S2S_TENSOR_LAYOUT_H

#include "tensor/schedule.h"

/* Offsets in elements; -1: none. All [slots], in one array that `value` begins. */
typedef struct s2s_places {
    ptrdiff_t *value; /* in the forward pass */
    ptrdiff_t *again; /* in the backward pass: the same, or where it is computed again */
    ptrdiff_t *gradient;
    size_t size; /* elements in all */
} s2s_places;

/* Marks first writers of gradients in the plan's ops. */
s2s_status s2s_layout(s2s_places *places, s2s_plan *plan, const s2s_schedule *schedule,
                      const int max_rows[S2S_ROWS_KINDS], s2s_err *err);
void s2s_places_release(s2s_places *places);

#endif
