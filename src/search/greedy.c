/* Greedy search: the best token of the one live hypothesis. Beam search of size 1, without its
 * ranking. */
#include "search/selector.h"

void s2s_greedy_select(const s2s_offer *offer, int width, s2s_selection *selection) {
    (void)width;
    selection->live_n = selection->finished_n = 0;
    selection->best_finished = false;
    if (!offer->rows || !offer->counts[0]) return;
    const s2s_token_score *best = &offer->tokens[0];
    s2s_candidate candidate = {offer->log_probability[0] + best->log_probability, 0, best->token};
    if (offer->last || best->token == offer->eos) {
        selection->finished[selection->finished_n++] = candidate;
        selection->best_finished = true;
    } else {
        selection->live[selection->live_n++] = candidate;
    }
}
