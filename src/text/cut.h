/* What is kept of a text that has too many tokens: the one rule of training, validation and translation.
 *
 * Of n tokens, where at most m may stay and n > m:
 *
 *     head        the first m
 *     tail        the last m
 *     head-tail   the first h and the last m - h, nothing between them;
 *                 h = round(head_share m), but at least 1 and at most m - 1 where m > 1
 *
 * A text of at most m tokens stays as it is. The end symbol, which comes after the cut, is not counted. */
#ifndef S2S_TEXT_CUT_H
#define S2S_TEXT_CUT_H

#include <stddef.h>
#include <stdint.h>

#include "recipe/recipe.h"

typedef struct s2s_cut {
    s2s_long_text keep; /* S2S_LONG_DROP: who sees that a text was cut leaves it out */
    size_t most;        /* tokens that may stay; SIZE_MAX is no limit */
    double head_share;  /* of head-tail, above 0 and below 1 */
} s2s_cut;

/* Of a text that is too long: tokens from its begin. All others of cut->most are from its end. */
size_t s2s_cut_head(const s2s_cut *cut);

/* Cuts a list of n ids in place; how many are left. */
size_t s2s_cut_ids(const s2s_cut *cut, int32_t *ids, size_t n);

#endif
