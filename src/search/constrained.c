/* Required phrases, by dynamic beam allocation (Post and Vilar 2018): besides the best tokens each
 * hypothesis may take one that brings it forward in a phrase. Candidates that have equally many required
 * tokens compete with each other only; the places of the beam go round among these banks, so that some
 * hypotheses always come nearer to the goal. Only one that has all phrases may end by its end symbol. With a
 * single bank it is beam search. */
#include <math.h>

#include "search/selector.h"

static bool has_candidate(const s2s_selection *s, int n, int row, int32_t token) {
    for (int i = 0; i < n; i++)
        if (s->ranked[i].parent == row && s->ranked[i].token == token) return true;
    return false;
}

/* Those that bring a hypothesis forward, at their places by log p. */
static int wanted_candidates(const s2s_offer *offer, s2s_selection *s, int n, int most) {
    int32_t tokens[S2S_MOST_REQUIRED];
    for (int row = 0; row < offer->rows; row++) {
        int wanted = s2s_lane_wanted(offer->lanes[row], offer->request->required, tokens);
        for (int i = 0; i < wanted; i++) {
            if (has_candidate(s, n, row, tokens[i])) continue;
            double log_probability = s2s_topk_log_probability(&offer->rankings[row], tokens[i]);
            s2s_candidate candidate = s2s_offer_candidate(offer, row, tokens[i], log_probability);
            if (candidate.log_probability > -INFINITY)
                n = s2s_rank_candidate(s->ranked, n, most, &candidate);
        }
    }
    return n;
}

/* Moves the lanes on and drops what must not end yet: one candidate of a row at most, so that of the best
 * 2 * width enough are left. */
static int move_lanes(const s2s_offer *offer, s2s_selection *s, int n) {
    s2s_phrases required = offer->request->required;
    int kept = 0;
    for (int i = 0; i < n; i++) {
        s2s_candidate candidate = s->ranked[i];
        bool ends = candidate.token == offer->eos;
        if (ends && !s2s_lane_is_done(candidate.lane, required)) continue;
        if (!ends) candidate.lane = s2s_lane_after(candidate.lane, required, candidate.token);
        s->ranked[kept++] = candidate;
    }
    return kept;
}

/* The index of the best candidate from `first` on that has so many required tokens, or -1. */
static int best_of_bank(const s2s_selection *s, int first, int n, int bank) {
    for (int i = first; i < n; i++)
        if (s->ranked[i].lane.progress == bank) return i;
    return -1;
}

/* Puts the candidates into the order in which they get places, the first `most` of them: from the bank with
 * most tokens to the one with none, round after round. */
static int deal(s2s_selection *s, int n, int most, int banks) {
    int dealt = 0;
    if (most > n) most = n;
    while (dealt < most)
        for (int bank = banks - 1; bank >= 0 && dealt < most; bank--) {
            int i = best_of_bank(s, dealt, n, bank);
            if (i < 0) continue;
            s2s_candidate candidate = s->ranked[i];
            for (; i > dealt; i--) s->ranked[i] = s->ranked[i - 1];
            s->ranked[dealt++] = candidate;
        }
    return dealt;
}

void s2s_constrained_select(const s2s_selector *selector, const s2s_offer *offer,
                            s2s_selection *selection) {
    int width = selector->width, banks = 1;
    for (int i = 0; i < offer->request->required.n; i++)
        banks += offer->request->required.items[i].n;
    int n = s2s_rank_offer(offer, 2 * width, selection->ranked);
    n = wanted_candidates(offer, selection, n, selector->ranked);
    n = move_lanes(offer, selection, n);
    if (!n) return;
    double best = selection->ranked[0].log_probability;
    n = deal(selection, n, 2 * width, banks);
    s2s_take_ranked(offer, selection->ranked, n, width, selection);
    /* The first in that order need not be the best: one that lacks a phrase may still come to more. */
    if (selection->ranked[0].log_probability < best) selection->best_finished = false;
}
