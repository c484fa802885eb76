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
    uint64_t index;                /* in the input */
    int32_t handle;                /* the scorer's */
    const s2s_scorer *scorer;      /* borrowed */
    s2s_request *request;          /* its own */
    const s2s_search_rules *rules; /* those of the search; NULL: its own, */
    s2s_search_rules own_rules;    /* because the request brings a recipe or phrases */
    int max_length;
    int length; /* tokens of each live hypothesis: steps taken */
    int live_n;
    s2s_live *live, *next;   /* [width] each; `next` is where a step writes */
    s2s_lane *lanes;         /* [width] of the live hypotheses */
    double *log_probability; /* [width] of the live hypotheses */
    int *finished_of;        /* [groups] */
    size_t live_capacity, next_capacity, lanes_capacity, log_capacity, groups_capacity;
    s2s_finished *finished;
    size_t finished_n, finished_capacity;
    double *best_scores; /* [at most n_best] of the finished ones, best first */
    size_t scores_capacity;
    bool best_finished; /* see s2s_selection */
    s2s_prefixes prefixes;
    s2s_real *coverage; /* [source tokens] scratch */
    size_t coverage_capacity;
} s2s_sentence;

/* A sentence that is all zero is valid; its memory serves one search after the other. */
void s2s_sentence_release(s2s_sentence *sentence);

/* Starts a search in a sentence that is new, or whose last search is over. Takes over the request, also
 * after a failure. `rules`: those of the search. The scorer's handle is set by the caller. */
s2s_status s2s_sentence_begin(s2s_sentence *sentence, uint64_t index, s2s_request *request,
                              const s2s_search_rules *rules, const s2s_scorer *scorer,
                              s2s_err *err);

static inline const s2s_search_rules *s2s_sentence_rules(const s2s_sentence *sentence) {
    return sentence->rules ? sentence->rules : &sentence->own_rules;
}
s2s_history s2s_sentence_history(const s2s_sentence *sentence, int row);
/* Whether the next token is given by the request. */
bool s2s_sentence_is_forced(const s2s_sentence *sentence);
/* Whether its rows are wanted as a whole: s2s_topk's row. */
bool s2s_sentence_wants_rows(const s2s_sentence *sentence);

/* What a step found for the rows of the live hypotheses. */
typedef struct s2s_step_scores {
    const s2s_token_score *tokens; /* see s2s_offer */
    const int *counts;
    const s2s_topk *rankings;
    const s2s_step_row *rows; /* with the new states */
} s2s_step_scores;

/* Takes a step. *done: the search is over, and its result can be had. */
s2s_status s2s_sentence_advance(s2s_sentence *sentence, const s2s_step_scores *scores,
                                s2s_selection *selection, bool *done, s2s_err *err);
/* `attention`: with the attention of each hypothesis. */
s2s_status s2s_sentence_result(s2s_sentence *sentence, bool attention, s2s_result **result,
                               s2s_err *err);

#endif
