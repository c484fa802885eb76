/* Greedy search: the best token of the one live hypothesis. Beam search of size 1, without its
 * ranking. */
#include "search/selector.h"

void s2s_greedy_select(const s2s_selector *selector, const s2s_offer *offer,
                       s2s_selection *selection) {
    (void)selector;
    if (!offer->rows || !offer->counts[0]) return;
    const s2s_token_score *best = &offer->tokens[0];
    s2s_candidate candidate = s2s_offer_candidate(offer, 0, best->token, best->log_probability);
    if (offer->last || best->token == offer->eos) {
        selection->finished[selection->finished_n++] = candidate;
        selection->best_finished = true;
    } else {
        selection->live[selection->live_n++] = candidate;
    }
}
