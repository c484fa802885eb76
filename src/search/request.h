/* What one source asks of the search: its tokens, and what its output must or must not have. */
#ifndef S2S_SEARCH_REQUEST_H
#define S2S_SEARCH_REQUEST_H

#include <stdint.h>

#include "base/err.h"
#include "recipe/recipe.h"

/* Tokens in a row, without bos and eos. */
typedef struct s2s_phrase {
    const int32_t *ids;
    int n; /* at least 1 */
} s2s_phrase;

typedef struct s2s_phrases {
    const s2s_phrase *items;
    int n;
} s2s_phrases;

/* What must come in an output is remembered as bits of a word. */
enum { S2S_MOST_REQUIRED = 64 };

/* All zero but for `ids` and `n` asks for nothing special. */
typedef struct s2s_request {
    const int32_t *ids; /* the source, without bos and eos */
    int n;
    const int32_t *prefix; /* what the output begins with; no part of its score */
    int prefix_n;
    s2s_phrases
        required; /* what must come in the output, in any order: at most S2S_MOST_REQUIRED */
    s2s_phrases forbidden; /* what must not; a phrase of one token is a token that never comes */
    const s2s_search_recipe *recipe; /* of this source alone; NULL: that of the search */
} s2s_request;

/* A copy in one block of memory. Owner: the caller; free() releases it. */
s2s_status s2s_request_copy(s2s_request **copy, const s2s_request *request, s2s_err *err);

#endif
