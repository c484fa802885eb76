/* The hypotheses of a finished sentence in one block of memory, for results that wait for earlier
 * ones. */
#ifndef S2S_SEARCH_RESULT_H
#define S2S_SEARCH_RESULT_H

#include "search/prefix.h"
#include "search/search.h"

/* A finished hypothesis of a sentence whose prefix tree is still there. */
typedef struct s2s_finished {
    double log_probability, score; /* the former without the tokens of a forced prefix */
    double end_log_probability;    /* of eos, where it ended so */
    int32_t prefix;                /* without eos */
    int32_t length;                /* of the prefix */
    int32_t end_state;             /* the scorer's that eos was chosen from, or -1 */
    int32_t order; /* in which they were finished: the earlier of two equal ones is the better */
    s2s_ending ending;
    bool lacks_phrases; /* required ones: it comes after all that have them */
} s2s_finished;

/* Where the attention of a hypothesis' steps can be had. */
typedef struct s2s_attention_source {
    const s2s_scorer *scorer;
    int32_t handle;
    int source_tokens; /* end symbol included */
} s2s_attention_source;

typedef struct s2s_result {
    int n;
    s2s_hypothesis best[]; /* [n], then log p of tokens, attention and tokens of all */
} s2s_result;

/* The best n of `count` >= 1 finished hypotheses; sorts them. `attention` NULL: without. Owner: the caller;
 * free() releases it. */
s2s_status s2s_result_create(s2s_result **result, s2s_finished *finished, int count, int n,
                             const s2s_prefixes *prefixes, const s2s_attention_source *attention,
                             s2s_err *err);
/* To the order of the text, for hypotheses that were written from right to left; the end symbol stays the last. */
void s2s_result_turn(s2s_result *result);
/* Bytes that the result of a request takes at most; `recipe`: that of a request without its own. */
double s2s_result_bound(const s2s_request *request, const s2s_search_recipe *recipe,
                        bool attention);
/* One empty hypothesis that ended, of log p 0. */
s2s_status s2s_result_create_empty(s2s_result **result, s2s_err *err);

#endif
