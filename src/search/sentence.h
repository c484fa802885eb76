/* The search of one open sentence: its live hypotheses, the finished ones, and how a step moves
 * them on. */
#ifndef S2S_SEARCH_SENTENCE_H
#define S2S_SEARCH_SENTENCE_H

#include "search/result.h"
#include "search/rules.h"

typedef struct s2s_live {
    int32_t prefix; /* node of the last token, or S2S_EMPTY_PREFIX */
    int32_t state;  /* the scorer's, of the prefix without its last token */
    int32_t token;  /* the last token: what the next step appends to the state */
} s2s_live;

typedef struct s2s_sentence {
    uint64_t index; /* in the input */
    int32_t handle; /* the scorer's */
    int source_tokens, max_length;
    int length; /* tokens of each live hypothesis: steps taken */
    int live_n;
    s2s_live *live, *next;   /* [width] each; `next` is where a step writes */
    double *log_probability; /* [width] of the live hypotheses */
    s2s_finished *finished;
    size_t finished_n, finished_capacity;
    bool best_finished; /* see s2s_selection */
    s2s_prefixes prefixes;
} s2s_sentence;

/* Room for `width` live hypotheses, in the arena. The rest grows as needed; s2s_sentence_release
 * frees it. */
s2s_status s2s_sentence_init(s2s_sentence *sentence, int width, s2s_arena *arena, s2s_err *err);
void s2s_sentence_release(s2s_sentence *sentence);

/* Starts a search in a sentence that is new, or whose last search is over. */
void s2s_sentence_begin(s2s_sentence *sentence, uint64_t index, int32_t handle, int source_tokens,
                        int max_length, int32_t bos);

s2s_history s2s_sentence_history(const s2s_sentence *sentence, int row);

/* Takes a step: what the rows of the live hypotheses offer (tokens, counts: see s2s_offer) and
 * their new states are given. *done: the search is over, and its result can be had. */
s2s_status s2s_sentence_advance(s2s_sentence *sentence, const s2s_search_rules *rules,
                                const s2s_token_score *tokens, const int *counts,
                                const s2s_step_row *rows, s2s_selection *selection, bool *done,
                                s2s_err *err);
s2s_status s2s_sentence_result(s2s_sentence *sentence, const s2s_search_rules *rules,
                               s2s_result **result, s2s_err *err);

#endif
