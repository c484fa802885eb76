/* The least edits of TER (Snover et al. 2006): words inserted, left out or replaced, and runs of
 * words shifted at the cost of one edit.
 *
 * Which shifts is found greedily: of those that bring a run of words to where the reference has it,
 * the one that lowers the edit distance most, until none does. The limits and the order among equals
 * are sacreBLEU's, which follows Tercom: runs of up to 10 words, up to 50 words away, and an end
 * after 1000 tries. */
#ifndef S2S_METRIC_TER_SHIFT_H
#define S2S_METRIC_TER_SHIFT_H

#include "metric/edit_grid.h"

/* All zero is valid and empty. Owner: the caller. */
typedef struct s2s_ter_search {
    s2s_edit_grid grid;
    s2s_edit_trace trace;
    s2s_points words, spare; /* the hypothesis with the shifts so far */
    const s2s_points *reference;
    int tried;
} s2s_ter_search;

s2s_status s2s_ter_edits(s2s_ter_search *search, const s2s_points *hypothesis,
                         const s2s_points *reference, size_t *edits, s2s_err *err);
void s2s_ter_search_release(s2s_ter_search *search);

#endif
