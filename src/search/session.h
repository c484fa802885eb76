/* A session: a model's decoder as a scorer. It owns the plans for encoding and for a step, their memory, and
 * the caches of the sentences that are open; the model is shared and immutable.
 *
 * A row of scores depends on its own sentence alone, bit for bit, whatever else is in the batch. The model's
 * parameters must be packed (s2s_params_pack). */
#ifndef S2S_SEARCH_SESSION_H
#define S2S_SEARCH_SESSION_H

#include <stdbool.h>

#include "model/model.h"
#include "search/scorer.h"
#include "text/shortlist.h"

typedef struct s2s_session s2s_session;

/* The ids that begin and end a sequence. */
typedef struct s2s_ends {
    int32_t bos, source_eos, target_eos;
    int32_t unk; /* of the target; -1: none */
} s2s_ends;

s2s_status s2s_session_create(s2s_session **session, const s2s_model *model, s2s_ends ends,
                              s2s_err *err);
void s2s_session_free(s2s_session *session);

/* From now on a sentence may use the tokens alone that the shortlist, which is borrowed, gives it; NULL: all. No sentence
 * is open. */
void s2s_session_use_shortlist(s2s_session *session, const s2s_shortlist *shortlist);

/* Keeps what each state looks at, so that the scorer can tell: the mean over the heads of the decoder's last
 * layer. While no sentence is open. */
void s2s_session_keep_attention(s2s_session *session, bool keep);

/* The scorer of the session, which it borrows. Sources are given without end symbol. */
s2s_scorer s2s_session_scorer(s2s_session *session);

/* Tokens that a sequence of the encoder or decoder can have at most, end symbol counted: learned
 * positions end somewhere, and so does the list of cached keys. */
int s2s_session_longest(const s2s_stack_recipe *stack);

/* What its steps run in, to be measured, bound to the last one. NULL before the first; a step with more rows may
 * make it anew. */
struct s2s_run *s2s_session_step_run(s2s_session *session);

#endif
