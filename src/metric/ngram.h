/* Matching a hypothesis's n-grams, of all orders at once, against those of its references.
 *
 * An n-gram counts as often as it occurs in the hypothesis, but at most as often as in the
 * reference that has it most often: the clipped counts of BLEU (Papineni et al. 2002, section 2.1).
 */
#ifndef S2S_METRIC_NGRAM_H
#define S2S_METRIC_NGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "metric/points.h"
#include "metric/trie.h"

/* All zero is valid and empty. Owner: the caller. */
typedef struct s2s_ngrams {
    s2s_trie trie;
    struct s2s_ngram_count *counts; /* [trie.nodes + 1], by number */
    size_t counts_capacity, counts_size;
    uint32_t references;
} s2s_ngrams;

/* How many n-grams of one order a sequence of `length` symbols has. */
size_t s2s_ngrams_in(size_t length, int order);

/* Counts the n-grams of order 1 to `order` of one more reference. */
s2s_status s2s_ngrams_add_reference(s2s_ngrams *ngrams, const s2s_points *symbols, int order,
                                    s2s_err *err);
/* matches[n - 1] becomes the number of matches of order n. Uses the counts up: clear before the
 * next hypothesis. */
void s2s_ngrams_match(s2s_ngrams *ngrams, const s2s_points *symbols, int order, double *matches);

void s2s_ngrams_clear(s2s_ngrams *ngrams);
void s2s_ngrams_release(s2s_ngrams *ngrams);

#endif
