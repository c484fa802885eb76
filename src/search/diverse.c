/* Diverse beam search (Vijayakumar et al. 2018): the groups of a beam take the step one after another, each
 * with a beam search of its own in which a token loses `diversity_penalty` for every prefix of an earlier
 * group that chose it in this step. The loss decides what is chosen and is no part of a hypothesis' log p. */
#include "search/selector.h"

/* How often the tokens chosen so far in the step are `token`; to end is open to all. */
static int chosen_before(const s2s_offer *offer, const s2s_selection *selection, int32_t token) {
    int times = 0;
    if (token == offer->eos) return 0;
    for (int i = 0; i < selection->live_n; i++) times += selection->live[i].token == token;
    for (int i = 0; i < selection->finished_n; i++) times += selection->finished[i].token == token;
    return times;
}

/* Ranked by the diminished log p, which they still have then. */
static int rank_group(const s2s_selector *selector, const s2s_offer *offer, int group, int limit,
                      s2s_selection *selection) {
    int count = 0;
    for (int row = 0; row < offer->rows; row++) {
        /* The first step has one hypothesis, from which all groups go on. */
        if (!offer->first && offer->lanes[row].number != group) continue;
        const s2s_token_score *tokens = offer->tokens + (size_t)row * (size_t)offer->per_row;
        for (int i = 0; i < offer->counts[row]; i++) {
            s2s_candidate candidate =
                s2s_offer_candidate(offer, row, tokens[i].token, tokens[i].log_probability);
            candidate.log_probability -=
                selector->diversity_penalty * chosen_before(offer, selection, candidate.token);
            candidate.lane.number = group;
            if (count == limit &&
                selection->ranked[limit - 1].log_probability >= candidate.log_probability)
                continue;
            count = s2s_rank_candidate(selection->ranked, count, limit, &candidate);
        }
    }
    return count;
}

static void select_group(const s2s_selector *selector, const s2s_offer *offer, int group,
                         s2s_selection *selection) {
    int width = selector->width / selector->groups;
    s2s_candidate *ranked = selection->ranked;
    int count = rank_group(selector, offer, group, 2 * width, selection);
    for (int i = 0; i < count; i++)
        ranked[i].log_probability =
            offer->log_probability[ranked[i].parent] + ranked[i].token_log_probability;
    s2s_take_ranked(offer, ranked, count, width, selection);
}

void s2s_diverse_select(const s2s_selector *selector, const s2s_offer *offer,
                        s2s_selection *selection) {
    for (int group = 0; group < selector->groups; group++)
        if (offer->finished[group] < offer->enough) select_group(selector, offer, group, selection);
}
