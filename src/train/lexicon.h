/* A lexicon: how probable a target token is where a source token stands, learnt from pairs of sentences that nobody
 * aligned (IBM model 1; Brown et al. 1993, "The mathematics of statistical machine translation").
 *
 *     p(target sentence | source sentence) = product over its tokens t of
 *         1 / (S + 1) sum of p(t | s) over the S source tokens s and one more that stands for none of them
 *
 * A source token has a limited number of candidates, chosen by how often both are in a pair. So memory is bounded by the
 * vocabularies, not by the pairs: while it counts COOCCURRENCE_BYTES (cooccurrence.c), then at most 64 bytes for each
 * candidate. Time is linear in pairs, and in each pair in the product of its lengths.
 *
 * Everything that threads add up is a whole number, so a lexicon has the same bits with any number of them. */
#ifndef S2S_TRAIN_LEXICON_H
#define S2S_TRAIN_LEXICON_H

#include "train/pair_set.h"

typedef struct s2s_lexicon_entry {
    int32_t target; /* -1: an empty place */
    float probability;
    uint64_t sum; /* of the pass at hand: how often this is the translation */
} s2s_lexicon_entry;

/* Each source token has a hash table of its candidates, the tables end to end. The last one is that of the token
 * that stands for none: all targets of the data. All zero is valid and empty. */
typedef struct s2s_lexicon {
    int source_size, target_size;
    size_t *starts; /* [rows + 1] of the tables; their sizes are powers of two, or 0 */
    s2s_lexicon_entry *entries;
    int rows; /* that are made; source_size + 1 when it is whole */
    size_t capacity;
    uint32_t *target_pairs; /* [target_size] pairs in which a target token is */
} s2s_lexicon;

/* Chooses up to `candidates` targets for each source token of the pairs; all are as probable as each other. The caller
 * releases the lexicon, after a failure, too. */
s2s_status s2s_lexicon_create(s2s_lexicon *lexicon, const s2s_pair_set *pairs, int source_size,
                              int target_size, int candidates, s2s_err *err);
void s2s_lexicon_release(s2s_lexicon *lexicon);

/* One pass of expectation maximisation. *perplexity: of a target token before it. */
s2s_status s2s_lexicon_fit(s2s_lexicon *lexicon, const s2s_pair_set *pairs, double *perplexity,
                           s2s_err *err);

/* Where `target` is, or would be, in the table of row `source`; NULL: the table is full of others, or empty. */
s2s_lexicon_entry *s2s_lexicon_place(const s2s_lexicon *lexicon, int32_t source, int32_t target);
/* The entry of a candidate; NULL: it is none. */
static inline s2s_lexicon_entry *s2s_lexicon_find(const s2s_lexicon *lexicon, int32_t source,
                                                  int32_t target) {
    s2s_lexicon_entry *entry = s2s_lexicon_place(lexicon, source, target);
    return entry && entry->target == target ? entry : NULL;
}
/* The entries of a source token, empty places among them. */
static inline s2s_lexicon_entry *s2s_lexicon_row(const s2s_lexicon *lexicon, int32_t source,
                                                 size_t *n) {
    *n = lexicon->starts[source + 1] - lexicon->starts[source];
    return lexicon->entries + lexicon->starts[source];
}

/* The table of the next row. */
s2s_status s2s_lexicon_add_row(s2s_lexicon *lexicon, const int32_t *targets, int n, s2s_err *err);

#endif
