/* Beam search: the best 2 * width candidates by the log p of the whole hypothesis, of which those
 * within the first `width` may end and the first `width` that don't end live on. search.h has the
 * rule in full. */
#include "search/selector.h"

/* Candidates come in the order (parent, token score, token): an equal one stays behind those before
 * it. */
static int insert(s2s_candidate *ranked, int count, int limit, s2s_candidate candidate) {
    int at = count < limit ? count : limit - 1;
    for (; at > 0 && ranked[at - 1].log_probability < candidate.log_probability; at--)
        ranked[at] = ranked[at - 1];
    ranked[at] = candidate;
    return count < limit ? count + 1 : limit;
}

static int rank_candidates(const s2s_offer *offer, int limit, s2s_candidate *ranked) {
    int count = 0;
    for (int row = 0; row < offer->rows; row++) {
        const s2s_token_score *tokens = offer->tokens + (size_t)row * (size_t)offer->per_row;
        for (int i = 0; i < offer->counts[row]; i++) {
            double log_probability = offer->log_probability[row] + tokens[i].log_probability;
            /* The rest of the row is no better. */
            if (count == limit && ranked[limit - 1].log_probability >= log_probability) break;
            count = insert(ranked, count, limit,
                           (s2s_candidate){log_probability, row, tokens[i].token});
        }
    }
    return count;
}

void s2s_beam_select(const s2s_offer *offer, int width, s2s_selection *selection) {
    selection->live_n = selection->finished_n = 0;
    selection->best_finished = false;
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
