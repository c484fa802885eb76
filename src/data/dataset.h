/* A dataset: the examples of one or more corpora as token ids, in a file that is mapped, so that a
 * corpus may be larger than memory.
 *
 * What was read of it shows as the process's memory (shared, file-backed), but the system takes it
 * back whenever it needs to; of its own a dataset has next to none.
 *
 * The file (the token cache) is named by a digest of the corpora's content, the vocabularies, the
 * normalisation and the rules about lengths; it is made when missing and checked when found. */
#ifndef S2S_DATA_DATASET_H
#define S2S_DATA_DATASET_H

#include "base/log.h"
#include "data/corpus.h"
#include "text/vocabulary.h"

typedef struct s2s_dataset s2s_dataset;

/* One example, without bos and eos. Borrowed from the dataset. */
typedef struct s2s_example {
    const int32_t *source, *target; /* target NULL: the corpora have none */
    int source_length, target_length;
} s2s_example;

/* What the rules about lengths did: an example is either kept or dropped for one reason. */
typedef struct s2s_dropped {
    uint64_t kept, empty, too_short, too_long, ratio;
    uint64_t cut_sources, cut_targets; /* of the kept ones */
} s2s_dropped;

/* `target` may be the same vocabulary as `source`, or NULL: only the source side is wanted. The
 * vocabularies are borrowed until s2s_dataset_free. Reports filters and time to `log` (NULL: nobody
 * is told). An empty result is an error that says why. Corpora must be regular files: their content
 * is read more than once. */
s2s_status s2s_dataset_open(s2s_dataset **dataset, const s2s_corpora *corpora,
                            const s2s_data_recipe *recipe, const s2s_vocabulary *source,
                            const s2s_vocabulary *target, const char *cache_folder, s2s_log *log,
                            s2s_err *err);
void s2s_dataset_free(s2s_dataset *dataset);
const char *s2s_dataset_digest(const s2s_dataset *dataset); /* 32 digits; the name of its cache */

/* Removes the token caches in the folder that are none of these n datasets' (NULL among them is fine): of data,
 * vocabularies or filters that have changed. Tells `log` how many; what cannot be removed is a warning. Other
 * files stay. For a folder that is one run's own: another run's caches cannot be told from old ones. */
void s2s_dataset_sweep(const char *cache_folder, const s2s_dataset *const *used, int n,
                       s2s_log *log);

uint64_t s2s_dataset_size(const s2s_dataset *dataset);
s2s_example s2s_dataset_get(const s2s_dataset *dataset, uint64_t index);
s2s_dropped s2s_dataset_dropped(const s2s_dataset *dataset);
int s2s_dataset_symbols(const s2s_dataset *dataset); /* that a collator adds to a side at most */
int s2s_dataset_longest(const s2s_dataset *dataset); /* tokens of the longest side of all */

/* Corpus c gave the examples starts[c] .. starts[c + 1] - 1, in the order of its file. */
int s2s_dataset_corpora(const s2s_dataset *dataset);
const uint64_t *s2s_dataset_starts(const s2s_dataset *dataset);
double s2s_dataset_weight(const s2s_dataset *dataset, int corpus);

/* Subword regularisation: whether the vocabularies sample, so that the raw text is kept as well. */
bool s2s_dataset_samples(const s2s_dataset *dataset);
/* Appends a random segmentation of an example, drawn from `seed` alone, to `source` and `target`. Of a side that
 * was cut the draw is cut by the same rule; any other side whose draw has more than `longest` tokens (source,
 * target), or more than data.max_length allows, gets the best segmentation. */
s2s_status s2s_dataset_sample(const s2s_dataset *dataset, uint64_t index, uint64_t seed,
                              const int longest[2], s2s_ids *source, s2s_ids *target, s2s_err *err);

#endif
