/* Scores of texts by a masked language model: pseudo-log-likelihoods (encode/pseudo.h), told as scoring.h tells those of
 * targets, so that all that is made of scores is made of these, too. */
#ifndef S2S_SCORE_MASKED_H
#define S2S_SCORE_MASKED_H

#include "score/scoring.h"

/* Reads and answers lines of at most one pair, whose target is the text; its source is not looked at. A score has no end
 * symbol, and an empty text no token and log p 0. A text that is longer than the encoder's positions is scored as far
 * as they go; *cut counts those. Batches, limits and failures are those of s2s_scoring_run. */
s2s_status s2s_masked_scoring_run(const s2s_model *model, const s2s_vocabulary *vocabulary,
                                  const s2s_search_recipe *search, s2s_scoring_io io, uint64_t *cut,
                                  s2s_err *err);

#endif
