/* See sentence.h. */
#include "search/sentence.h"

#include <math.h>
#include <stdlib.h>

/* --- life --- */

void s2s_sentence_release(s2s_sentence *s) {
    s2s_search_rules_release(&s->own_rules);
    s2s_prefixes_release(&s->prefixes);
    void *arrays[] = {s->request,     s->live,     s->next,        s->lanes,   s->log_probability,
                      s->finished_of, s->finished, s->best_scores, s->coverage};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) free(arrays[i]);
    *s = (s2s_sentence){0};
}

static s2s_status reserve(s2s_sentence *s, s2s_err *err) {
    size_t width = (size_t)s2s_sentence_rules(s)->selector.width,
           groups = (size_t)s2s_sentence_rules(s)->selector.groups;
    S2S_TRY(s2s_grow(&s->live, &s->live_capacity, width, sizeof *s->live, err));
    S2S_TRY(s2s_grow(&s->next, &s->next_capacity, width, sizeof *s->next, err));
    S2S_TRY(s2s_grow(&s->lanes, &s->lanes_capacity, width, sizeof *s->lanes, err));
    S2S_TRY(
        s2s_grow(&s->log_probability, &s->log_capacity, width, sizeof *s->log_probability, err));
    S2S_TRY(s2s_grow(&s->finished_of, &s->groups_capacity, groups, sizeof *s->finished_of, err));
    size_t n_best = (size_t)s2s_sentence_rules(s)->n_best;
    S2S_TRY(s2s_grow(&s->best_scores, &s->scores_capacity, n_best, sizeof *s->best_scores, err));
    for (size_t i = 0; i < groups; i++) s->finished_of[i] = 0;
    return S2S_OK;
}

/* Rules of its own only where the request asks for them: most do not. */
static s2s_status choose_rules(s2s_sentence *s, const s2s_search_rules *rules, s2s_err *err) {
    const s2s_request *request = s->request;
    s2s_search_rules_release(&s->own_rules);
    s->rules = rules;
    if (!request->recipe && !request->required.n) return S2S_OK;
    const s2s_search_recipe *recipe = request->recipe ? request->recipe : rules->recipe;
    s->rules = NULL;
    return s2s_search_rules_init(&s->own_rules, recipe, request->required.n > 0, s->scorer, err);
}

s2s_status s2s_sentence_begin(s2s_sentence *s, uint64_t index, s2s_request *request,
                              const s2s_search_rules *rules, const s2s_scorer *scorer,
                              s2s_err *err) {
    free(s->request);
    s->request = request;
    s->scorer = scorer;
    S2S_TRY(choose_rules(s, rules, err));
    S2S_TRY(reserve(s, err));
    s->index = index;
    s->handle = -1;
    s->max_length = s2s_max_length(s2s_sentence_rules(s)->recipe, request->n);
    s->length = 0;
    s->live_n = 1;
    s->live[0] = (s2s_live){S2S_EMPTY_PREFIX, -1, rules->bos};
    s->lanes[0] = (s2s_lane){0};
    s->log_probability[0] = 0;
    s->finished_n = 0;
    s->best_finished = false;
    s2s_prefixes_clear(&s->prefixes);
    s->prefixes.marks_seen = s2s_sentence_rules(s)->recipe->repetition_penalty != 1;
    return S2S_OK;
}

/* --- what it is like now --- */

s2s_history s2s_sentence_history(const s2s_sentence *s, int row) {
    return (s2s_history){s->index, s->request, &s->prefixes, s->live[row].prefix, s->length};
}

bool s2s_sentence_is_forced(const s2s_sentence *s) {
    return s->length < s->request->prefix_n;
}

bool s2s_sentence_wants_rows(const s2s_sentence *s) {
    return s2s_sentence_is_forced(s) || s2s_sentence_rules(s)->selector.whole_rows;
}

/* --- finishing --- */

/* How much each source token was looked at by the steps that chose a hypothesis' tokens. */
static s2s_status add_up_attention(s2s_sentence *s, int32_t prefix, int32_t end_state,
                                   s2s_err *err) {
    size_t n = (size_t)s->request->n + 1;
    S2S_TRY(s2s_grow(&s->coverage, &s->coverage_capacity, n, sizeof *s->coverage, err));
    for (size_t i = 0; i < n; i++) s->coverage[i] = 0;
    const s2s_scorer *scorer = s->scorer;
    if (end_state >= 0) scorer->attention(scorer->self, s->handle, end_state, 1, s->coverage);
    while (prefix != S2S_EMPTY_PREFIX) {
        const s2s_prefix_node *node = &s->prefixes.nodes[prefix];
        scorer->attention(scorer->self, s->handle, node->state, 1, s->coverage);
        prefix = node->parent;
    }
    return S2S_OK;
}

/* Tokens of `length` that the search has chosen: not those of a forced prefix. */
static int chosen_of(const s2s_sentence *s, int length) {
    return length < s->request->prefix_n ? 0 : length - s->request->prefix_n;
}

static s2s_status score(s2s_sentence *s, s2s_finished *finished, s2s_err *err) {
    const s2s_penalty *penalty = &s2s_sentence_rules(s)->penalty;
    bool ended = finished->ending == S2S_ENDED;
    const s2s_real *coverage = NULL;
    if (penalty->coverage > 0) {
        S2S_TRY(add_up_attention(s, finished->prefix, finished->end_state, err));
        coverage = s->coverage;
    }
    finished->score =
        s2s_penalty_score(penalty, finished->log_probability,
                          chosen_of(s, finished->length + ended), coverage, s->request->n + 1);
    return S2S_OK;
}

/* Of the finished_n hypotheses so far and one more. */
static void keep_best_scores(s2s_sentence *s, double score) {
    size_t n_best = (size_t)s2s_sentence_rules(s)->n_best, at = s->finished_n;
    if (at >= n_best && score <= s->best_scores[n_best - 1]) return;
    if (at >= n_best) at = n_best - 1;
    for (; at > 0 && s->best_scores[at - 1] < score; at--)
        s->best_scores[at] = s->best_scores[at - 1];
    s->best_scores[at] = score;
}

static s2s_status add_finished(s2s_sentence *s, s2s_finished finished, s2s_lane lane,
                               s2s_err *err) {
    size_t n = s->finished_n;
    S2S_TRY(s2s_grow(&s->finished, &s->finished_capacity, n + 1, sizeof *s->finished, err));
    finished.order = (int32_t)n;
    finished.lacks_phrases = !s2s_lane_is_done(lane, s->request->required);
    S2S_TRY(score(s, &finished, err));
    keep_best_scores(s, finished.score);
    s->finished[n] = finished;
    s->finished_n = n + 1;
    if (s2s_sentence_rules(s)->selector.groups > 1)
        s->finished_of[lane.number]++;
    else
        s->finished_of[0]++;
    return S2S_OK;
}

static s2s_status extend(s2s_sentence *s, const s2s_candidate *chosen, const s2s_step_row *rows,
                         int32_t *node, s2s_err *err) {
    s2s_prefix_node added = {.log_probability = chosen->token_log_probability,
                             .parent = s->live[chosen->parent].prefix,
                             .token = chosen->token,
                             .state = rows[chosen->parent].next};
    return s2s_prefixes_extend(&s->prefixes, &added, node, err);
}

static s2s_status finish_selected(s2s_sentence *s, const s2s_selection *selection,
                                  const s2s_step_row *rows, s2s_err *err) {
    for (int i = 0; i < selection->finished_n; i++) {
        const s2s_candidate *chosen = &selection->finished[i];
        bool ended = chosen->token == s2s_sentence_rules(s)->eos;
        s2s_finished finished = {.log_probability = chosen->log_probability,
                                 .prefix = s->live[chosen->parent].prefix,
                                 .length = s->length + !ended,
                                 .ending = ended ? S2S_ENDED : S2S_ENDED_BY_LENGTH,
                                 .end_state = ended ? rows[chosen->parent].next : -1,
                                 .end_log_probability = chosen->token_log_probability};
        if (!ended) S2S_TRY(extend(s, chosen, rows, &finished.prefix, err));
        S2S_TRY(add_finished(s, finished, chosen->lane, err));
    }
    if (selection->best_finished) s->best_finished = true;
    return S2S_OK;
}

/* No token is left to go on with (the processors forbid all). A sample is then over; in a beam others take its
 * place, and only when there is none, what is there is cut. */
static s2s_status cut_live(s2s_sentence *s, const int *counts, bool all, s2s_err *err) {
    for (int i = 0; i < s->live_n; i++) {
        if (counts[i] && !all) continue;
        s2s_finished cut = {.log_probability = s->log_probability[i],
                            .prefix = s->live[i].prefix,
                            .length = s->length,
                            .ending = S2S_ENDED_WITHOUT_CHOICE,
                            .end_state = -1};
        S2S_TRY(add_finished(s, cut, s->lanes[i], err));
    }
    return S2S_OK;
}

/* --- a step --- */

static s2s_status extend_selected(s2s_sentence *s, const s2s_selection *selection,
                                  const s2s_step_row *rows, s2s_err *err) {
    for (int i = 0; i < selection->live_n; i++) {
        const s2s_candidate *chosen = &selection->live[i];
        s2s_live *next = &s->next[i];
        *next = (s2s_live){.state = rows[chosen->parent].next, .token = chosen->token};
        S2S_TRY(extend(s, chosen, rows, &next->prefix, err));
        s->log_probability[i] = chosen->log_probability;
        s->lanes[i] = chosen->lane;
    }
    s2s_live *old = s->live;
    s->live = s->next;
    s->next = old;
    size_t capacity = s->live_capacity;
    s->live_capacity = s->next_capacity;
    s->next_capacity = capacity;
    s->live_n = selection->live_n;
    s->length++;
    return S2S_OK;
}

static s2s_offer make_offer(const s2s_sentence *s, const s2s_step_scores *scores) {
    return (s2s_offer){.tokens = scores->tokens,
                       .counts = scores->counts,
                       .rankings = scores->rankings,
                       .log_probability = s->log_probability,
                       .lanes = s->lanes,
                       .rows = s->live_n,
                       .per_row = s2s_sentence_rules(s)->selector.per_row,
                       .vocabulary = s->scorer->vocabulary,
                       .eos = s2s_sentence_rules(s)->eos,
                       .first = s->length == s->request->prefix_n,
                       .last = s->length + 1 >= s->max_length,
                       .step = s->length,
                       .sentence = s->index,
                       .request = s->request,
                       .finished = s->finished_of,
                       .enough = s2s_sentence_rules(s)->stop.enough};
}

/* The one hypothesis of a forced prefix gets its next token. */
static void select_forced(const s2s_offer *offer, s2s_selection *selection) {
    int32_t token = offer->request->prefix[offer->step];
    s2s_candidate candidate =
        s2s_offer_candidate(offer, 0, token, s2s_topk_log_probability(&offer->rankings[0], token));
    candidate.log_probability = 0; /* it was not chosen */
    candidate.lane = s2s_lane_after(candidate.lane, offer->request->required, token);
    if (offer->last)
        selection->finished[selection->finished_n++] = candidate;
    else
        selection->live[selection->live_n++] = candidate;
}

static double worst_wanted(const s2s_sentence *s) {
    size_t n_best = (size_t)s2s_sentence_rules(s)->n_best;
    return s->finished_n < n_best ? -INFINITY : s->best_scores[n_best - 1];
}

/* What the best live hypothesis can come to. */
static double best_live(const s2s_sentence *s, const s2s_selection *selection) {
    const s2s_penalty *penalty = &s2s_sentence_rules(s)->penalty;
    int shortest = chosen_of(s, s->length + 2), longest = chosen_of(s, s->max_length);
    double best = -INFINITY;
    for (int i = 0; i < selection->live_n; i++)
        best = fmax(best, s2s_penalty_bound(penalty, selection->live[i].log_probability, shortest,
                                            longest));
    return best;
}

static bool is_done(const s2s_sentence *s, const s2s_selection *selection) {
    s2s_stop_state state = {.finished = s->finished_of,
                            .groups = s2s_sentence_rules(s)->selector.groups,
                            .best_finished = s->best_finished};
    if (!selection->live_n) return true;
    if (s2s_sentence_rules(s)->stop.bound) {
        state.worst_wanted = worst_wanted(s);
        state.best_live = best_live(s, selection);
    }
    return s2s_stop_now(&s2s_sentence_rules(s)->stop, &state);
}

s2s_status s2s_sentence_advance(s2s_sentence *s, const s2s_step_scores *scores,
                                s2s_selection *selection, bool *done, s2s_err *err) {
    const s2s_selector *selector = &s2s_sentence_rules(s)->selector;
    s2s_offer offer = make_offer(s, scores);
    S2S_TRY(s2s_selection_reserve(selection, selector, offer.vocabulary, err));
    selection->live_n = selection->finished_n = 0;
    selection->best_finished = false;
    if (s2s_sentence_is_forced(s))
        select_forced(&offer, selection);
    else
        selector->select(selector, &offer, selection);
    S2S_TRY(finish_selected(s, selection, scores->rows, err));
    bool none = !selection->live_n && !s->finished_n;
    if (none || s2s_sentence_rules(s)->stop.never) S2S_TRY(cut_live(s, scores->counts, none, err));
    *done = is_done(s, selection);
    return *done ? S2S_OK : extend_selected(s, selection, scores->rows, err);
}

s2s_status s2s_sentence_result(s2s_sentence *s, bool attention, s2s_result **result, s2s_err *err) {
    s2s_attention_source from = {s->scorer, s->handle, s->request->n + 1};
    S2S_TRY(s2s_result_create(result, s->finished, (int)s->finished_n,
                              s2s_sentence_rules(s)->n_best, &s->prefixes,
                              attention ? &from : NULL, err));
    if (s->scorer->right_to_left) s2s_result_turn(*result);
    return S2S_OK;
}
