/* Small models for tests: those that tools/fixtures/parity.py computed with PyTorch, those of Transformers,
 * and larger ones of random weights. */
#ifndef S2S_TESTS_MODEL_FIXTURE_H
#define S2S_TESTS_MODEL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/model.h"
#include "op/op.h"
#include "tensor/run.h"
#include "tensor/safetensors.h"

/* All variants of a recipe's model section; ends with NULL. */
extern const char *const fixture_names[];
/* The families of Transformers, of tools/fixtures/transformers_models.py; ends with NULL. */
extern const char *const fixture_families[];

typedef struct fixture {
    const char *name;
    s2s_safetensors *file; /* NULL: not from a file */
    s2s_recipe *recipe;
    s2s_model *model; /* with gradients */
    s2s_batch batch;
} fixture;

/* The variant with its weights and batch. `sets` ("encoder.dropout=0.2") go over its recipe. */
void fixture_open(fixture *f, const char *name, const char *const *sets, int n_sets);
void fixture_close(fixture *f);

/* A model of two layers each, width 64, vocabulary 1500, with all kinds of dropout, and a batch of
 * about 900 tokens a side: enough for several pieces, tiles and blocks of everything. */
void fixture_make_large(fixture *f);

/* An encoder or a decoder that stands alone, of the recipe that is given as text, and a tiny batch for it. */
void fixture_make_lone(fixture *f, const char *name, const char *recipe);

/* One of the file's flat arrays, parameter by parameter in the file's order, put where the model
 * has each parameter: into a block like model->params.value. Fails the test when names or shapes
 * differ. */
void fixture_read(const fixture *f, const char *tensor, s2s_real *block);

/* Plan and run over the fixture's model, bound to its batch. Without `training` the plan computes
 * the logits of all target tokens, and *logits is their slot; else it ends with the loss, and is of the recipe's
 * train.precision and train.recompute. */
typedef struct pass {
    s2s_plan *plan;
    s2s_run *run;
    s2s_slot logits;
} pass;
void pass_create(pass *p, const fixture *f, bool training);
void pass_free(pass *p);

#endif
