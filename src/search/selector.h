/* Selectors: which candidates of a step live on and which are finished, for the rows of one
 * sentence.
 *
 * To add one: a file like beam.c, its selector declared below and chosen in selector.c. */
#ifndef S2S_SEARCH_SELECTOR_H
#define S2S_SEARCH_SELECTOR_H

#include <stdbool.h>

#include "recipe/recipe.h"
#include "search/lane.h"
#include "search/request.h"
#include "search/topk.h"

/* What a step offers for a sentence: the best tokens of the rows of its live hypotheses. */
typedef struct s2s_offer {
    const s2s_token_score *tokens; /* [rows x per_row], best first in a row */
    const int *counts;             /* [rows] tokens that a row has */
    const s2s_topk *rankings; /* [rows]; hold whole rows of logits where the selector wants them */
    const double *log_probability; /* [rows] of the hypothesis itself */
    const s2s_lane *lanes;         /* [rows] */
    int rows, per_row, vocabulary;
    int32_t eos;
    bool first; /* the first step that is free: there is one live hypothesis */
    bool last;  /* the maximum length is reached: nothing lives on */
    int step;   /* tokens of the hypotheses */
    uint64_t sentence;
    const s2s_request *request;
    const int *finished; /* [groups] hypotheses of each group so far, */
    int enough;          /* and when a group has enough of them */
} s2s_offer;

/* Hypothesis `parent` (its row) with one more token. */
typedef struct s2s_candidate {
    double log_probability;
    double token_log_probability;
    int32_t parent, token;
    s2s_lane lane;
} s2s_candidate;

typedef struct s2s_selection {
    s2s_candidate *live, *finished; /* [width] each, best first */
    int live_n, finished_n;
    bool best_finished;    /* the best candidate of all is among the finished */
    s2s_candidate *ranked; /* scratch: [ranked] of the selector */
    s2s_token_score *row;  /* scratch: [vocabulary], of a selector that wants whole rows */
    size_t capacity, row_capacity;
} s2s_selection;

/* What samples are drawn by. */
typedef struct s2s_sampling {
    double temperature, top_p, min_p;
    int64_t top_k;
    uint64_t seed;
} s2s_sampling;

typedef struct s2s_selector {
    int width;       /* hypotheses of a sentence that live at most */
    int per_row;     /* tokens of a row that are looked at */
    int ranked;      /* scratch that it needs */
    int groups;      /* that finish each for itself */
    bool whole_rows; /* it looks at all logits of a row */
    double diversity_penalty;
    s2s_sampling sampling;
    void (*select)(const struct s2s_selector *selector, const s2s_offer *offer,
                   s2s_selection *selection);
} s2s_selector;

/* `constrained`: there are phrases that must come. */
s2s_selector s2s_selector_make(const s2s_search_recipe *recipe, int vocabulary, bool constrained);
/* Room for the selector's choices. All zero is valid and empty. */
s2s_status s2s_selection_reserve(s2s_selection *selection, const s2s_selector *selector,
                                 int vocabulary, s2s_err *err);
void s2s_selection_release(s2s_selection *selection);

/* Token `token` of a row with its log p, for the candidate list. */
s2s_candidate s2s_offer_candidate(const s2s_offer *offer, int row, int32_t token,
                                  double log_probability);
/* Adds a candidate to the best `limit` of a list of `count`; an equal one stays behind those before it.
 * Returns the new count. */
int s2s_rank_candidate(s2s_candidate *ranked, int count, int limit, const s2s_candidate *candidate);
/* The best `limit` candidates of all rows; returns how many there are. */
int s2s_rank_offer(const s2s_offer *offer, int limit, s2s_candidate *ranked);
/* A beam's choice among candidates in order: those within the first `width` that end, or that the last step
 * cuts, are finished; the first `width` that don't end live on. Adds to the selection. */
void s2s_take_ranked(const s2s_offer *offer, const s2s_candidate *ranked, int count, int width,
                     s2s_selection *selection);

void s2s_greedy_select(const s2s_selector *selector, const s2s_offer *offer,
                       s2s_selection *selection);
void s2s_beam_select(const s2s_selector *selector, const s2s_offer *offer,
                     s2s_selection *selection);
/* Vijayakumar et al. 2018. */
void s2s_diverse_select(const s2s_selector *selector, const s2s_offer *offer,
                        s2s_selection *selection);
/* Required phrases: Post and Vilar 2018. */
void s2s_constrained_select(const s2s_selector *selector, const s2s_offer *offer,
                            s2s_selection *selection);
void s2s_sample_select(const s2s_selector *selector, const s2s_offer *offer,
                       s2s_selection *selection);

#endif
