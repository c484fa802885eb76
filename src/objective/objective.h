/* Objectives: what a model is trained for. An objective says how examples become a batch, and which ops lead
 * to the loss; the trainer knows none of them. */
#ifndef S2S_OBJECTIVE_OBJECTIVE_H
#define S2S_OBJECTIVE_OBJECTIVE_H

#include "data/loader.h"
#include "model/model.h"
#include "tensor/run.h"

/* The ids that an objective writes around and into sequences, and how it draws. */
typedef struct s2s_objective {
    s2s_translation_symbols symbols;
    const s2s_objective_recipe *recipe; /* borrowed */
    const s2s_vocabulary *vocabulary;   /* borrowed; of the side that is learnt */
    int32_t bos, eos, mask;             /* mask: masked_lm and denoising */
    int32_t sentinel, sentinel_step;    /* span_corruption: see s2s_sentinel_of */
    s2s_collator collator;              /* borrows the objective */
} s2s_objective;

/* The id that stands for span `number` of a text, from 0. */
static inline int32_t s2s_sentinel_of(const s2s_objective *objective, int number) {
    return objective->sentinel + number * objective->sentinel_step;
}

/* The objective of a recipe, for its vocabularies. S2S_INPUT: a vocabulary that lacks a piece that the objective
 * needs. */
s2s_status s2s_objective_init(s2s_objective *objective, const s2s_recipe *recipe,
                              const s2s_vocabulary *source, const s2s_vocabulary *target,
                              s2s_err *err);

/* Emits everything from tokens to the loss of the model's recipe. */
void s2s_objective_emit(s2s_plan *plan, const s2s_model *model);

/* A run of that plan for training on batches as large as the model's recipe allows. */
s2s_status s2s_objective_run(s2s_run **run, const s2s_plan *plan, const s2s_model *model,
                             s2s_err *err);

#endif
