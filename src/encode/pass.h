/* One pass of an encoder over a batch of texts, without gradients: what commands share that read a text as a whole.
 *
 * What follows the encoder is the caller's choice, an s2s_encode_emit: nothing at all, the output layer at hidden tokens,
 * a head for classes. A hidden token is one that must be told from all others: the pass reads <mask> in its place.
 *
 * The model's parameters must be packed, as for searching: then a text's rows depend on the text alone, bit for bit,
 * whatever else is in its batch and however many threads there are. */
#ifndef S2S_ENCODE_PASS_H
#define S2S_ENCODE_PASS_H

#include "model/model.h"
#include "tensor/run.h"

/* Tokens as the model reads them, begin and end symbol included. Borrowed. */
typedef struct s2s_encode_text {
    const int32_t *ids;    /* [n], n >= 1 */
    const int32_t *hidden; /* [hidden_n] places of hidden tokens, ascending */
    int n, hidden_n;
} s2s_encode_text;

/* Emits what follows the encoder's states (tokens x width); the slot whose rows are wanted. Its rows are tokens, or
 * predicted tokens, which are the hidden ones. */
typedef s2s_slot (*s2s_encode_emit)(s2s_plan *plan, const s2s_model *model, s2s_slot states);

typedef struct s2s_encode_pass s2s_encode_pass;

/* Borrows the model. `mask`: the id that stands for hidden tokens; of no use where no text has any. */
s2s_status s2s_encode_pass_create(s2s_encode_pass **pass, const s2s_model *model,
                                  s2s_encode_emit emit, int32_t mask, s2s_err *err);
void s2s_encode_pass_free(s2s_encode_pass *pass); /* NULL is fine */

/* The rows of n >= 1 texts, end to end in the order of the texts; the caller may write over them, and they last until
 * the next call. Memory is laid out for the largest batch so far, so give a large one first; no text may be longer than
 * s2s_session_longest allows. */
s2s_status s2s_encode_pass_run(s2s_encode_pass *pass, const s2s_encode_text *texts, int n,
                               s2s_tensor *rows, s2s_err *err);

#endif
