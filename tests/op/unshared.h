/* The same step with a layout that never shares memory, to show that sharing changes nothing. */
#ifndef S2S_TESTS_OP_UNSHARED_H
#define S2S_TESTS_OP_UNSHARED_H

#include "tensor/run.h"

/* Runs one step of the bound run as it is laid out and one with every value and gradient in a place
 * of its own, in both cases over memory full of NaN, and asserts equal bits of loss and gradients.
 * A failure names `what`. */
void check_sharing(s2s_run *run, s2s_params *params, const char *what);

#endif
