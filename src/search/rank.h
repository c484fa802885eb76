/* The best tokens that may follow each row of a step. */
#ifndef S2S_SEARCH_RANK_H
#define S2S_SEARCH_RANK_H

#include "search/scorer.h"
#include "search/topk.h"

/* Edits some logits of a row before they are looked at. Called on several threads, a row a thread. */
typedef void s2s_logits_edit(void *self, int row, const s2s_logits *logits);

/* Adds the logits of the step's rows to best [rows] (s2s_topk_begin; the caller ends them). Logits are
 * made and looked at in parts, while a cache holds them. `edit` NULL: none. */
s2s_status s2s_rank(const s2s_scorer *scorer, int rows, s2s_topk *best, s2s_logits_edit *edit,
                    void *self, s2s_err *err);

#endif
