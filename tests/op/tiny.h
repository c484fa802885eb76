/* A tiny plan around one operation, for tests.
 *
 * Two operations exist only here: a source, whose output is a parameter, so that an input's
 * gradient is a parameter's gradient; and a probe, which adds the sum of a slot's elements times
 * fixed random weights to the loss. */
#ifndef S2S_TESTS_OP_TINY_H
#define S2S_TESTS_OP_TINY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "op/op.h"
#include "tensor/run.h"

enum { TINY_VOCABULARY = 11, TINY_SEED = 77 };

typedef struct tiny {
    s2s_params params;
    s2s_plan *plan;
    s2s_run *run;
    s2s_batch batch;
    int vocabulary; /* ids and labels are below it */
} tiny;

/* Sequences of the given lengths; a length list ends with -1. Target NULL: as the source. */
void tiny_begin(tiny *t, const int *source_lengths, const int *target_lengths);
s2s_param tiny_param(tiny *t, int rows, int width);
s2s_slot tiny_source(tiny *t, s2s_rows rows, int width);
void tiny_probe(tiny *t, s2s_slot slot);
/* Gives parameters values of a size from 0.05 to 1.5, makes a run for training and binds the batch.
 * Ids and labels are drawn below t->vocabulary. */
void tiny_finish(tiny *t);
/* The same for a run that keeps less. */
void tiny_finish_keeping(tiny *t, s2s_keep keep);
void tiny_end(tiny *t);

/* All gradients of one step, which are cleared first. */
void tiny_step(tiny *t);

#endif
