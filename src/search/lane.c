/* See lane.h. */
#include "search/lane.h"

static bool is_met(s2s_lane lane, int phrase) {
    return lane.met >> phrase & 1;
}

/* Whether a hypothesis that now gets `token` ends with the first n tokens of a phrase, n at most
 * lane.matched + 1: what the lane says of its last tokens is all that is needed. */
static bool ends_with(s2s_lane lane, s2s_phrases required, int32_t token, const int32_t *ids,
                      int n) {
    if (ids[n - 1] != token) return false;
    if (n == 1) return true;
    const int32_t *last = required.items[lane.phrase].ids + lane.matched - (n - 1);
    for (int i = 0; i < n - 1; i++)
        if (last[i] != ids[i]) return false;
    return true;
}

/* The most tokens of a phrase that the hypothesis ends with. */
static int match(s2s_lane lane, s2s_phrases required, int32_t token, s2s_phrase phrase) {
    int n = lane.matched + 1 < phrase.n ? lane.matched + 1 : phrase.n;
    while (n > 0 && !ends_with(lane, required, token, phrase.ids, n)) n--;
    return n;
}

s2s_lane s2s_lane_after(s2s_lane lane, s2s_phrases required, int32_t token) {
    s2s_lane next = {.met = lane.met, .number = lane.number};
    for (int i = 0; i < required.n; i++) {
        s2s_phrase phrase = required.items[i];
        int matched = is_met(lane, i) ? 0 : match(lane, required, token, phrase);
        if (matched == phrase.n) {
            next.met |= (uint64_t)1 << i;
        } else if (matched > next.matched) {
            next.matched = matched;
            next.phrase = i;
        }
        if (is_met(next, i)) next.progress += phrase.n;
    }
    next.progress += next.matched;
    return next;
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
