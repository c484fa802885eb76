/* Required phrases, by dynamic beam allocation (Post and Vilar 2018): besides the best tokens each
 * hypothesis may take one that brings it forward in a phrase. Candidates that have equally many required
 * tokens compete with each other only; the places of the beam go round among these banks, so that some
 * hypotheses always come nearer to the goal. Only one that has all phrases may end. */
#include <math.h>

#include "search/selector.h"

static bool has_candidate(const s2s_selection *s, int n, int row, int32_t token) {
    for (int i = 0; i < n; i++)
        if (s->ranked[i].parent == row && s->ranked[i].token == token) return true;
    return false;
}

/* The best 2 * width of the step, at the front of the list. */
static int best_candidates(const s2s_selector *selector, const s2s_offer *offer, s2s_selection *s) {
    int n = 0;
    for (int row = 0; row < offer->rows; row++)
        for (int i = 0; i < offer->counts[row]; i++) {
            const s2s_token_score *token = offer->tokens + (size_t)row * (size_t)offer->per_row + i;
            s2s_candidate candidate =
                s2s_offer_candidate(offer, row, token->token, token->log_probability);
            if (n == 2 * selector->width &&
                s->ranked[n - 1].log_probability >= candidate.log_probability)
                break;
            n = s2s_rank_candidate(s->ranked, n, 2 * selector->width, &candidate);
        }
    return n;
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

/* Moves the lanes on and drops what must not end yet. */
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

/* The index of the best candidate with so many required tokens that is not taken (parent -1), or -1. */
static int best_of_bank(const s2s_offer *offer, const s2s_selection *s, int n, int bank) {
    for (int i = 0; i < n; i++)
        if (s->ranked[i].parent >= 0 &&
            s2s_lane_progress(s->ranked[i].lane, offer->request->required) == bank)
            return i;
    return -1;
}

/* Takes candidates from the bank with most tokens to the one with none, round after round. */
static void share_out(const s2s_selector *selector, const s2s_offer *offer, s2s_selection *s, int n,
                      int banks) {
    int taken = 0;
    for (bool any = true; any && taken < selector->width;) {
        any = false;
        for (int bank = banks - 1; bank >= 0 && taken < selector->width; bank--) {
            int i = best_of_bank(offer, s, n, bank);
            if (i < 0) continue;
            s2s_candidate candidate = s->ranked[i];
            s->ranked[i].parent = -1;
            any = true;
            taken++;
            if (candidate.token == offer->eos || offer->last) {
                s->finished[s->finished_n++] = candidate;
                s->best_finished |= s->finished_n == 1 && bank == banks - 1 && !s->live_n;
            } else {
                s->live[s->live_n++] = candidate;
            }
        }
    }
}

void s2s_constrained_select(const s2s_selector *selector, const s2s_offer *offer,
                            s2s_selection *selection) {
    int banks = 1;
    for (int i = 0; i < offer->request->required.n; i++)
        banks += offer->request->required.items[i].n;
    int n = best_candidates(selector, offer, selection);
    n = wanted_candidates(offer, selection, n, selector->ranked);
    n = move_lanes(offer, selection, n);
    share_out(selector, offer, selection, n, banks);
}
