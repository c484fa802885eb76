/* Several models that search together, as one scorer: the logits are the weighted sum of theirs, so that
 *
 *     p(token) ~ product over models of p_model(token)^weight        (weights sum to 1)
 *
 * a log-linear combination. All members read the same source tokens and write the same target tokens. Those that know
 * of tokens that a sentence cannot have (`possible`) must agree on them: they have the same shortlist. */
#ifndef S2S_SEARCH_ENSEMBLE_H
#define S2S_SEARCH_ENSEMBLE_H

#include "search/scorer.h"

typedef struct s2s_ensemble s2s_ensemble;

/* Borrows what the n >= 1 members stand on. `weights` [n], above 0, are scaled to sum to 1; NULL: equal ones.
 * S2S_INPUT: a member's vocabulary is of another size; S2S_USAGE: a weight is next to nothing beside the others. */
s2s_status s2s_ensemble_create(s2s_ensemble **ensemble, const s2s_scorer *members,
                               const double *weights, int n, s2s_err *err);
void s2s_ensemble_free(s2s_ensemble *ensemble);
s2s_scorer s2s_ensemble_scorer(s2s_ensemble *ensemble);

#endif
