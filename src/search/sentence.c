/* See sentence.h.
 *
 *     score = log p / length^length_penalty     (length with the end symbol)
 */
#include "search/sentence.h"

#include <math.h>
#include <stdlib.h>

s2s_status s2s_sentence_init(s2s_sentence *sentence, int width, s2s_arena *arena, s2s_err *err) {
    *sentence = (s2s_sentence){0};
    size_t n = (size_t)width;
    sentence->live = s2s_arena_alloc(arena, n * sizeof *sentence->live, err);
    sentence->next = s2s_arena_alloc(arena, n * sizeof *sentence->next, err);
    sentence->log_probability = s2s_arena_alloc(arena, n * sizeof *sentence->log_probability, err);
    if (!sentence->live || !sentence->next || !sentence->log_probability) return S2S_MEMORY;
    return S2S_OK;
}

void s2s_sentence_release(s2s_sentence *sentence) {
    free(sentence->finished);
    s2s_prefixes_release(&sentence->prefixes);
}

void s2s_sentence_begin(s2s_sentence *sentence, uint64_t index, int32_t handle, int source_tokens,
                        int max_length, int32_t bos) {
    sentence->index = index;
    sentence->handle = handle;
    sentence->source_tokens = source_tokens;
    sentence->max_length = max_length;
    sentence->length = 0;
    sentence->live_n = 1;
    sentence->live[0] = (s2s_live){S2S_EMPTY_PREFIX, -1, bos};
    sentence->log_probability[0] = 0;
    sentence->finished_n = 0;
    sentence->best_finished = false;
    s2s_prefixes_clear(&sentence->prefixes);
}

s2s_history s2s_sentence_history(const s2s_sentence *sentence, int row) {
    return (s2s_history){sentence->index, &sentence->prefixes, sentence->live[row].prefix,
                         sentence->length};
}

static s2s_status add_finished(s2s_sentence *sentence, double length_penalty,
                               double log_probability, int32_t prefix, int length, bool ended,
                               s2s_err *err) {
    size_t n = sentence->finished_n;
    S2S_TRY(s2s_grow(&sentence->finished, &sentence->finished_capacity, n + 1,
                     sizeof *sentence->finished, err));
    int scored = length + (ended ? 1 : 0);
    double divisor = scored > 0 ? pow(scored, length_penalty) : 1;
    sentence->finished[n] = (s2s_finished){.log_probability = log_probability,
                                           .score = log_probability / divisor,
                                           .prefix = prefix,
                                           .length = length,
                                           .order = (int32_t)n,
                                           .ended = ended};
    sentence->finished_n = n + 1;
    return S2S_OK;
}

static s2s_status finish_selected(s2s_sentence *sentence, const s2s_search_rules *rules,
                                  const s2s_selection *selection, s2s_err *err) {
    for (int i = 0; i < selection->finished_n; i++) {
        s2s_candidate chosen = selection->finished[i];
        int32_t prefix = sentence->live[chosen.parent].prefix;
        bool ended = chosen.token == rules->eos;
        if (!ended)
            S2S_TRY(s2s_prefixes_extend(&sentence->prefixes, prefix, chosen.token, &prefix, err));
        S2S_TRY(add_finished(sentence, rules->length_penalty, chosen.log_probability, prefix,
                             sentence->length + !ended, ended, err));
    }
    if (selection->best_finished) sentence->best_finished = true;
    return S2S_OK;
}

static s2s_status extend_selected(s2s_sentence *sentence, const s2s_selection *selection,
                                  const s2s_step_row *rows, s2s_err *err) {
    for (int i = 0; i < selection->live_n; i++) {
        s2s_candidate chosen = selection->live[i];
        s2s_live *next = &sentence->next[i];
        *next = (s2s_live){.state = rows[chosen.parent].next, .token = chosen.token};
        S2S_TRY(s2s_prefixes_extend(&sentence->prefixes, sentence->live[chosen.parent].prefix,
                                    chosen.token, &next->prefix, err));
        sentence->log_probability[i] = chosen.log_probability;
    }
    s2s_live *old = sentence->live;
    sentence->live = sentence->next;
    sentence->next = old;
    sentence->live_n = selection->live_n;
    sentence->length++;
    return S2S_OK;
}

/* No token is left to go on with (the processors forbid all): what is there is cut. */
static s2s_status cut_live(s2s_sentence *sentence, double length_penalty, s2s_err *err) {
    for (int i = 0; i < sentence->live_n; i++)
        S2S_TRY(add_finished(sentence, length_penalty, sentence->log_probability[i],
                             sentence->live[i].prefix, sentence->length, false, err));
    return S2S_OK;
}

s2s_status s2s_sentence_advance(s2s_sentence *sentence, const s2s_search_rules *rules,
                                const s2s_token_score *tokens, const int *counts,
                                const s2s_step_row *rows, s2s_selection *selection, bool *done,
                                s2s_err *err) {
    s2s_offer offer = {.tokens = tokens,
                       .counts = counts,
                       .log_probability = sentence->log_probability,
                       .rows = sentence->live_n,
                       .per_row = rules->selector.per_row,
                       .eos = rules->eos,
                       .last = sentence->length + 1 >= sentence->max_length};
    rules->selector.select(&offer, rules->selector.width, selection);
    S2S_TRY(finish_selected(sentence, rules, selection, err));
    if (!selection->live_n && !sentence->finished_n)
        S2S_TRY(cut_live(sentence, rules->length_penalty, err));
    *done = !selection->live_n ||
            s2s_stop_now(&rules->stop, (int)sentence->finished_n, sentence->best_finished);
    return *done ? S2S_OK : extend_selected(sentence, selection, rows, err);
}

s2s_status s2s_sentence_result(s2s_sentence *sentence, const s2s_search_rules *rules,
                               s2s_result **result, s2s_err *err) {
    return s2s_result_create(result, sentence->finished, (int)sentence->finished_n, rules->n_best,
                             &sentence->prefixes, err);
}
