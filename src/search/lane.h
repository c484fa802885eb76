/* How far a hypothesis has come with the phrases that must come in it. */
#ifndef S2S_SEARCH_LANE_H
#define S2S_SEARCH_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "search/request.h"

/* What a selector remembers of a live hypothesis. It ends with the first `matched` tokens of a phrase that it
 * does not have yet: the longest such end there is, so that a phrase is seen however it overlaps with itself or
 * with others. */
typedef struct s2s_lane {
    uint64_t met;     /* bits of the required phrases that it has */
    int32_t number;   /* of its group or sample */
    int32_t phrase;   /* the required phrase that it is in the midst of, */
    int32_t matched;  /* and the tokens of that it has; 0: it is in none */
    int32_t progress; /* required tokens that it has, those of the phrase at hand included */
} s2s_lane;

/* With one more token. */
s2s_lane s2s_lane_after(s2s_lane lane, s2s_phrases required, int32_t token);
bool s2s_lane_is_done(s2s_lane lane, s2s_phrases required);
/* The tokens that bring it forward, into tokens [S2S_MOST_REQUIRED]; returns their number. */
int s2s_lane_wanted(s2s_lane lane, s2s_phrases required, int32_t *tokens);

#endif
