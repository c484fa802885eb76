/* See selector.h. */
#include "search/selector.h"

#include <stdlib.h>

static int at_most(int64_t value, int most) {
    return value < most ? (int)value : most;
}

static s2s_selector make_beam(const s2s_search_recipe *recipe, int vocabulary, bool constrained) {
    int width = (int)recipe->beam_size, groups = (int)recipe->beam_groups;
    /* Each row has one eos at most, so that 2 * width candidates always hold width that live on. */
    s2s_selector selector = {.width = width,
                             .per_row = at_most(2 * (int64_t)width, vocabulary),
                             .ranked = 2 * width,
                             .groups = 1,
                             .select = s2s_beam_select};
    if (constrained) {
        selector.whole_rows = true;
        selector.ranked = 2 * width + width * (S2S_MOST_REQUIRED + 1);
        selector.select = s2s_constrained_select;
    } else if (groups > 1) {
        int of_group = width / groups;
        /* Tokens of earlier groups fall behind, at most `width` of them. */
        selector.per_row = at_most(2 * (int64_t)of_group + width, vocabulary);
        selector.groups = groups;
        selector.diversity_penalty = recipe->diversity_penalty;
        selector.select = s2s_diverse_select;
    }
    return selector;
}

s2s_selector s2s_selector_make(const s2s_search_recipe *recipe, int vocabulary, bool constrained) {
    s2s_selector selector = {.width = 1, .per_row = 1, .groups = 1, .select = s2s_greedy_select};
    if (recipe->type == S2S_BEAM) selector = make_beam(recipe, vocabulary, constrained);
    if (recipe->type == S2S_SAMPLE) {
        selector.width = (int)recipe->n_best;
        selector.whole_rows = true;
        selector.sampling = (s2s_sampling){.temperature = recipe->temperature,
                                           .top_p = recipe->top_p,
                                           .min_p = recipe->min_p,
                                           .top_k = recipe->top_k,
                                           .seed = (uint64_t)recipe->seed};
        selector.select = s2s_sample_select;
    }
    return selector;
}

s2s_status s2s_selection_reserve(s2s_selection *s, const s2s_selector *selector, int vocabulary,
                                 s2s_err *err) {
    size_t width = (size_t)selector->width;
    S2S_TRY(s2s_grow(&s->live, &s->capacity, 2 * width + (size_t)selector->ranked, sizeof *s->live,
                     err));
    s->finished = s->live + width;
    s->ranked = s->live + 2 * width;
    if (!selector->whole_rows) return S2S_OK;
    return s2s_grow(&s->row, &s->row_capacity, (size_t)vocabulary, sizeof *s->row, err);
}

void s2s_selection_release(s2s_selection *selection) {
    free(selection->live);
    free(selection->row);
    *selection = (s2s_selection){0};
}

s2s_candidate s2s_offer_candidate(const s2s_offer *offer, int row, int32_t token,
                                  double log_probability) {
    return (s2s_candidate){.log_probability = offer->log_probability[row] + log_probability,
                           .token_log_probability = log_probability,
                           .parent = row,
                           .token = token,
                           .lane = offer->lanes[row]};
}

int s2s_rank_candidate(s2s_candidate *ranked, int count, int limit,
                       const s2s_candidate *candidate) {
    int at = count < limit ? count : limit - 1;
    for (; at > 0 && ranked[at - 1].log_probability < candidate->log_probability; at--)
        ranked[at] = ranked[at - 1];
    ranked[at] = *candidate;
    return count < limit ? count + 1 : limit;
}

/* Candidates come in the order (parent, token score, token). */
int s2s_rank_offer(const s2s_offer *offer, int limit, s2s_candidate *ranked) {
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

void s2s_take_ranked(const s2s_offer *offer, const s2s_candidate *ranked, int count, int width,
                     s2s_selection *selection) {
    int most = selection->live_n + width;
    for (int i = 0; i < count && selection->live_n < most; i++) {
        bool ends = ranked[i].token == offer->eos;
        if (i < width && (ends || offer->last)) {
            selection->finished[selection->finished_n++] = ranked[i];
            if (i == 0) selection->best_finished = true;
        } else if (!ends && !offer->last) {
            selection->live[selection->live_n++] = ranked[i];
        }
    }
}
