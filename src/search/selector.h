/* Selectors: which candidates of a step live on and which are finished, for the rows of one
 * sentence.
 *
 * To add one (diverse beam, sampling): a file like beam.c, its selector declared below and chosen
 * in selector.c. */
#ifndef S2S_SEARCH_SELECTOR_H
#define S2S_SEARCH_SELECTOR_H

#include <stdbool.h>

#include "base/memory.h"
#include "recipe/recipe.h"
#include "search/topk.h"

/* What a step offers for a sentence: the best tokens of the rows of its live hypotheses. */
typedef struct s2s_offer {
    const s2s_token_score *tokens; /* [rows x per_row], best first in a row */
    const int *counts;             /* [rows] tokens that a row has */
    const double *log_probability; /* [rows] of the hypothesis itself */
    int rows, per_row;
    int32_t eos;
    bool last; /* the maximum length is reached: nothing lives on */
} s2s_offer;

/* Hypothesis `parent` (its row) with one more token. */
typedef struct s2s_candidate {
    double log_probability;
    int32_t parent, token;
} s2s_candidate;

typedef struct s2s_selection {
    s2s_candidate *live, *finished; /* [width] each, best first */
    int live_n, finished_n;
    bool best_finished;    /* the best candidate of all is among the finished */
    s2s_candidate *ranked; /* [2 * width] scratch */
} s2s_selection;

typedef struct s2s_selector {
    int width;   /* hypotheses of a sentence that live at most */
    int per_row; /* tokens of a row that are looked at */
    void (*select)(const s2s_offer *offer, int width, s2s_selection *selection);
} s2s_selector;

s2s_selector s2s_selector_make(const s2s_search_recipe *recipe, int vocabulary);
/* Room for the selector's choices, in the arena. */
s2s_status s2s_selection_init(s2s_selection *selection, const s2s_selector *selector,
                              s2s_arena *arena, s2s_err *err);

void s2s_greedy_select(const s2s_offer *offer, int width, s2s_selection *selection);
void s2s_beam_select(const s2s_offer *offer, int width, s2s_selection *selection);

#endif
