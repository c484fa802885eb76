/* Gradients against central finite differences of the loss.
 *
 * In double precision element by element, h = 1e-4, to 1e-5 of max(1, |gradient|); in float along
 * random directions of length h = 1e-2, extrapolated, to 3e-3 of max(1, |gradient|) over all
 * parameters. */
#ifndef S2S_TESTS_OP_GRADIENT_CHECK_H
#define S2S_TESTS_OP_GRADIENT_CHECK_H

#include "tensor/run.h"

/* The run is bound to its batch. Where there are more than `most` elements, about so many of them
 * are checked, and all of each small parameter. A failure names `what`. */
void check_gradients(s2s_run *run, s2s_params *params, size_t most, const char *what);

#endif
