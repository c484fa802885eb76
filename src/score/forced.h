/* Forced decoding: how likely a model finds targets that are there already.
 *
 * One pass of encoder and decoder over whole targets gives log p of each token, given the source and the target's
 * tokens before it; nothing is searched. The output layer is fused with the softmax, so that logits of all rows never
 * exist at once (s2s_label_log_probability).
 *
 * The model's parameters must be packed, as for searching: then float32 and int8 weights both serve, the products are
 * those that the search makes, and a pair's numbers depend on the pair alone, bit for bit, whatever else is in its
 * batch. */
#ifndef S2S_SCORE_FORCED_H
#define S2S_SCORE_FORCED_H

#include "data/loader.h"
#include "model/model.h"

typedef struct s2s_forced s2s_forced;

/* Borrows the model. */
s2s_status s2s_forced_create(s2s_forced **forced, const s2s_model *model,
                             s2s_translation_symbols symbols, s2s_err *err);
void s2s_forced_free(s2s_forced *forced); /* NULL is fine */

/* log p of the targets of n >= 1 pairs, natural logarithms. Those of pair i are target_length + 1 numbers, the last of
 * them the end symbol's, in the order in which the model writes them, and the pairs' lie end to end. Borrowed until the next call. A source or target may be empty.
 * Memory is laid out for the largest batch so far, so give a large one first; no side may be longer than
 * s2s_session_longest allows. */
s2s_status s2s_forced_run(s2s_forced *forced, const s2s_example *pairs, int n,
                          const s2s_real **log_probabilities, s2s_err *err);

#endif
