/* What a line asks for besides its translation, as texts, and the request that they make. */
#ifndef S2S_SEARCH_TERMS_H
#define S2S_SEARCH_TERMS_H

#include "search/request.h"
#include "text/vocabulary.h"

/* All zero asks for nothing. Phrases are met or avoided in the pieces that the vocabulary makes of them: the
 * same letters cut otherwise are another phrase. */
typedef struct s2s_line_terms {
    const char *prefix; /* what the translation begins with; NULL: nothing is given */
    s2s_string_list required, forbidden;
    const s2s_search_recipe *search; /* for this line alone; NULL: that of the run */
} s2s_line_terms;

/* A request and the memory of its parts; all zero is valid. */
typedef struct s2s_request_builder {
    bool
        right_to_left; /* the model writes so: phrases are met from behind, and there are no prefixes */
    s2s_request request;
    s2s_ids ids; /* prefix and phrases end to end; the source is the caller's */
    s2s_phrase *phrases;
    size_t phrases_capacity;
} s2s_request_builder;

/* Fills in everything but the source. `suppressed`: pieces that never come, besides what the terms forbid.
 * S2S_INPUT: a phrase is empty, it or the prefix is unknown to the vocabulary, there are too many phrases, or the model
 * cannot begin with a prefix. */
s2s_status s2s_request_build(s2s_request_builder *builder, const s2s_line_terms *terms,
                             s2s_string_list suppressed, const s2s_vocabulary *target,
                             s2s_err *err);
void s2s_request_builder_release(s2s_request_builder *builder);

#endif
