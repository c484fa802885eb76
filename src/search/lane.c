/* See lane.h. */
#include "search/lane.h"

static bool is_met(s2s_lane lane, int phrase) {
    return lane.met >> phrase & 1;
}

static s2s_lane go_on(s2s_lane lane, s2s_phrases required) {
    if (++lane.matched == required.items[lane.phrase].n) {
        lane.met |= (uint64_t)1 << lane.phrase;
        lane.matched = 0;
    }
    return lane;
}

s2s_lane s2s_lane_after(s2s_lane lane, s2s_phrases required, int32_t token) {
    if (lane.matched && required.items[lane.phrase].ids[lane.matched] == token)
        return go_on(lane, required);
    lane.matched = 0;
    for (int i = 0; i < required.n; i++)
        if (!is_met(lane, i) && required.items[i].ids[0] == token) {
            lane.phrase = i;
            return go_on(lane, required);
        }
    return lane;
}

int s2s_lane_progress(s2s_lane lane, s2s_phrases required) {
    int tokens = lane.matched;
    for (int i = 0; i < required.n; i++)
        if (is_met(lane, i)) tokens += required.items[i].n;
    return tokens;
}

bool s2s_lane_is_done(s2s_lane lane, s2s_phrases required) {
    for (int i = 0; i < required.n; i++)
        if (!is_met(lane, i)) return false;
    return true;
}

int s2s_lane_wanted(s2s_lane lane, s2s_phrases required, int32_t *tokens) {
    if (lane.matched) {
        tokens[0] = required.items[lane.phrase].ids[lane.matched];
        return 1;
    }
    int n = 0;
    for (int i = 0; i < required.n; i++)
        if (!is_met(lane, i)) tokens[n++] = required.items[i].ids[0];
    return n;
}
