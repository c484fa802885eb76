/* The output layer of a session: the scores of what may follow each row of a step. It is no op of the plan: its outputs
 * are more than anything else there, and are made in parts.
 *
 * With a shortlist a row has scores for the tokens that its sentence may use alone, and all others are -infinity: their
 * probability is 0, and the rest sums to 1. So a row depends on its own sentence, not on who else is in the batch. */
#ifndef S2S_SEARCH_OUTPUT_LAYER_H
#define S2S_SEARCH_OUTPUT_LAYER_H

#include "model/model.h"
#include "search/gathered.h"
#include "search/scorer.h"
#include "tensor/run.h"
#include "text/shortlist.h"

/* All zero is valid for release. */
typedef struct s2s_output_layer {
    const s2s_packed *weight;
    const s2s_real *bias; /* or NULL */
    s2s_real *input, *logits;
    size_t input_capacity, logits_capacity;
    s2s_tensor states; /* of the last step */
    /* with a shortlist: */
    const s2s_shortlist *shortlist; /* NULL: none, and what follows is not in use */
    s2s_gathered columns;
    s2s_ids *allowed; /* [handles] tokens that an open sentence may use, ascending */
    size_t handles, handles_capacity;
    const s2s_ids **of_row; /* [rows] those of the last step's rows */
    s2s_real *possible;     /* and their scores, at [row x `longest`] */
    size_t longest;         /* tokens that a row of the last step may have at most */
    s2s_real *scores;       /* [some rows x columns], in the order of columns */
    size_t rows_capacity, possible_capacity, scores_capacity;
    uint64_t *marks; /* scratch of the shortlist */
} s2s_output_layer;

/* The model's output layer; its parameters are packed. `shortlist` may be NULL; else it is borrowed, as the model is.
 * Nothing needs to be released after a failure. */
s2s_status s2s_output_layer_init(s2s_output_layer *output, const s2s_model *model,
                                 const s2s_shortlist *shortlist, s2s_err *err);
void s2s_output_layer_release(s2s_output_layer *output);

/* Sentences with these handles are open from now on; sources end to end, starts [n + 1]. After a failure none is. */
s2s_status s2s_output_layer_open(s2s_output_layer *output, const int32_t *ids,
                                 const int32_t *starts, const int32_t *handles, int n,
                                 s2s_err *err);
/* The sentence may use these tokens, too. It stays open after a failure. */
s2s_status s2s_output_layer_allow(s2s_output_layer *output, int32_t handle, const int32_t *tokens,
                                  int n, s2s_err *err);
void s2s_output_layer_close(s2s_output_layer *output, int32_t handle);

/* A step's states [rows x width], borrowed until the next, and its rows. */
s2s_status s2s_output_layer_begin(s2s_output_layer *output, s2s_tensor states,
                                  const s2s_step_row *rows, s2s_err *err);
/* As a scorer's `possible`; with a shortlist. A row that was changed so is not to be asked for by the other. */
s2s_logits s2s_output_layer_possible(const s2s_output_layer *output, int row);
/* As a scorer's `logits`. */
s2s_status s2s_output_layer_logits(s2s_output_layer *output, int first, int tokens,
                                   s2s_real **logits, s2s_err *err);

#endif
