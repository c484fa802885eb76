/* A matrix of float32 as NumPy's .npy, format 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * The file begins with the number of rows, which is known last, and where it goes may be a pipe: so rows wait in a
 * temporary file without a name, and memory does not grow with them. */
#ifndef S2S_CLI_NPY_H
#define S2S_CLI_NPY_H

#include <stdint.h>
#include <stdio.h>

#include "cli/output.h"

typedef struct s2s_npy {
    FILE *rows;
    int width;
    uint64_t n;
} s2s_npy;

s2s_status s2s_npy_open(s2s_npy *npy, int width, s2s_err *err);
s2s_status s2s_npy_add(s2s_npy *npy, const float *row, s2s_err *err);
/* Writes it all. */
s2s_status s2s_npy_write(s2s_npy *npy, s2s_output *output, s2s_err *err);
void s2s_npy_close(s2s_npy *npy); /* all zero is fine */

#endif
