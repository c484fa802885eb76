/* Beam search: the best 2 * width candidates by the log p of the whole hypothesis, of which those
 * within the first `width` may end and the first `width` that don't end live on. search.h has the
 * rule in full. */
#include "search/selector.h"

/* Candidates come in the order (parent, token score, token). */
static int rank_candidates(const s2s_offer *offer, int limit, s2s_candidate *ranked) {
    int count = 0;
    for (int row = 0; row < offer->rows; row++) {
        const s2s_token_score *tokens = offer->tokens + (size_t)row * (size_t)offer->per_row;
        for (int i = 0; i < offer->counts[row]; i++) {
            s2s_candidate candidate =
                s2s_offer_candidate(offer, row, tokens[i].token, tokens[i].log_probability);
            /* The rest of the row is no better. */
            if (count == limit && ranked[limit - 1].log_probability >= candidate.log_probability)
                break;
            count = s2s_rank_candidate(ranked, count, limit, &candidate);
        }
    }
    return count;
}

void s2s_beam_select(const s2s_selector *selector, const s2s_offer *offer,
                     s2s_selection *selection) {
    int width = selector->width;
    int count = rank_candidates(offer, 2 * width, selection->ranked);
    for (int i = 0; i < count && selection->live_n < width; i++) {
        s2s_candidate candidate = selection->ranked[i];
        bool ends = candidate.token == offer->eos;
        if (i < width && (ends || offer->last)) {
            selection->finished[selection->finished_n++] = candidate;
            if (i == 0) selection->best_finished = true;
        } else if (!ends && !offer->last) {
            selection->live[selection->live_n++] = candidate;
        }
    }
}
