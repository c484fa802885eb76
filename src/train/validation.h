/* Validation: the loss of held-out examples, and the scores of their translations. */
#ifndef S2S_TRAIN_VALIDATION_H
#define S2S_TRAIN_VALIDATION_H

#include "base/log.h"
#include "data/dataset.h"
#include "model/model.h"
#include "objective/objective.h"

/* What one validation found. */
typedef struct s2s_validation_result {
    double loss;                     /* per label, with label smoothing as in training */
    double accuracy;                 /* share of the labels that were likeliest */
    double scores[S2S_METRIC_TYPES]; /* of recipe->metrics, in their order */
} s2s_validation_result;

typedef struct s2s_vocabularies {
    s2s_vocabulary *source, *target; /* the same one when shared */
} s2s_vocabularies;

/* Loss and accuracy over a dataset, in file order. `max_tokens`: tokens of a batch on the longer side. */
s2s_status s2s_validation_loss(s2s_validation_result *result, s2s_model *model,
                               const s2s_objective *objective, const s2s_dataset *dataset,
                               int64_t max_tokens, s2s_err *err);

/* Translates the source side of `corpora` and scores it against the target side with n metrics in one pass.
 * *truncated becomes the number of sources that were cut (see s2s_translator_truncated). */
s2s_status s2s_validation_scores(double *scores, uint64_t *truncated, s2s_model *model,
                                 s2s_vocabularies vocabularies, const s2s_corpora *corpora,
                                 const s2s_search_recipe *search, const s2s_metric_type *metrics,
                                 int n, s2s_log *log, s2s_err *err);

#endif
