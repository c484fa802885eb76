/* The hypotheses of a finished sentence in one block of memory, for results that wait for earlier
 * ones. */
#ifndef S2S_SEARCH_RESULT_H
#define S2S_SEARCH_RESULT_H

#include "search/prefix.h"
#include "search/search.h"

/* A finished hypothesis of a sentence whose prefix tree is still there. */
typedef struct s2s_finished {
    double log_probability, score;
    int32_t prefix; /* without eos */
    int32_t length; /* of the prefix */
    int32_t order;  /* in which they were finished: the earlier of two equal ones is the better */
    bool ended;
} s2s_finished;

typedef struct s2s_result {
    int n;
    s2s_hypothesis best[]; /* [n], then the tokens of all */
} s2s_result;

/* The best n of `count` >= 1 finished hypotheses; sorts them. Owner: the caller; free() releases
 * it. */
s2s_status s2s_result_create(s2s_result **result, s2s_finished *finished, int count, int n,
                             const s2s_prefixes *prefixes, s2s_err *err);
/* One empty hypothesis that ended, of log p 0. */
s2s_status s2s_result_create_empty(s2s_result **result, s2s_err *err);

#endif
