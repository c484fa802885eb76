/* Where each value and gradient lies: lifetimes, then places; private to this folder. */
#ifndef S2S_TENSOR_LAYOUT_H
#define S2S_TENSOR_LAYOUT_H

#include "tensor/plan.h"

/* Fills value [slots] and gradient [slots] with offsets in elements (-1: none) and *size with the elements
 * needed; marks first writers in the plan's ops. `training` false: no gradients, no value outlives its last
 * forward reader. */
s2s_status s2s_layout(s2s_plan *plan, bool training, const int max_rows[S2S_ROWS_KINDS],
                      ptrdiff_t *value, ptrdiff_t *gradient, size_t *size, s2s_err *err);

#endif
