/* Learning a lexical shortlist (text/shortlist.h) from the pairs of a dataset. */
#ifndef S2S_TRAIN_LEARN_SHORTLIST_H
#define S2S_TRAIN_LEARN_SHORTLIST_H

#include "data/dataset.h"

typedef struct s2s_shortlist_options {
    int64_t best;     /* targets of a source token at most */
    double least;     /* their probability at least */
    int64_t frequent; /* targets that every sentence may use, the most frequent ones */
    int64_t pairs;    /* of the dataset to learn from at most, spread evenly */
} s2s_shortlist_options;

/* Their defaults. */
#define S2S_SHORTLIST_BEST 100
#define S2S_SHORTLIST_LEAST 0
#define S2S_SHORTLIST_FREQUENT 100
#define S2S_SHORTLIST_PAIRS 1000000

/* Writes the shortlist to `path`. The dataset has been encoded with these vocabularies. The same pairs give the same
 * file with any number of threads. Tells `log` how it goes, and how much of the data the shortlist would allow.
 * Memory: see lexicon.h. S2S_INTERRUPTED leaves an older file as it was. */
s2s_status s2s_shortlist_learn(const s2s_dataset *dataset, const s2s_vocabulary *source,
                               const s2s_vocabulary *target, const s2s_shortlist_options *options,
                               const char *path, s2s_log *log, s2s_err *err);

#endif
