/* How far a hypothesis has come with the phrases that must come in it. */
#ifndef S2S_SEARCH_LANE_H
#define S2S_SEARCH_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "search/request.h"

/* What a selector remembers of a live hypothesis. */
typedef struct s2s_lane {
    uint64_t met;    /* bits of the required phrases that it has */
    int32_t number;  /* of its group or sample */
    int32_t phrase;  /* the required phrase that it is in the midst of, */
    int32_t matched; /* and the tokens of that it has; 0: it is in none */
} s2s_lane;

/* With one more token. A phrase that is broken off counts from its start again. */
s2s_lane s2s_lane_after(s2s_lane lane, s2s_phrases required, int32_t token);
/* Required tokens that it has, those of the phrase at hand included. */
int s2s_lane_progress(s2s_lane lane, s2s_phrases required);
bool s2s_lane_is_done(s2s_lane lane, s2s_phrases required);
/* The tokens that bring it forward, into tokens [S2S_MOST_REQUIRED]; returns their number. */
int s2s_lane_wanted(s2s_lane lane, s2s_phrases required, int32_t *tokens);

#endif
