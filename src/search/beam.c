/* Beam search: the best 2 * width candidates by the log p of the whole hypothesis, of which those
 * within the first `width` may end and the first `width` that don't end live on. search.h has the
 * rule in full. */
#include "search/selector.h"

void s2s_beam_select(const s2s_selector *selector, const s2s_offer *offer,
                     s2s_selection *selection) {
    int count = s2s_rank_offer(offer, 2 * selector->width, selection->ranked);
    s2s_take_ranked(offer, selection->ranked, count, selector->width, selection);
}
