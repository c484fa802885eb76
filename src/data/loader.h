/* A loader: the stream of batches of a training run.
 *
 * Each epoch draws the examples by the corpora's weights, shuffles them by seed and epoch, sorts
 * them by length within large pools, cuts batches of at most batch_tokens tokens on the longer side
 * (end symbol counted) and shuffles the batches. All of it follows from (seed, epoch) alone, so
 * that the cursor {epoch, batch} is enough to go on exactly where one stopped. A thread prepares
 * batches ahead.
 *
 * A corpus of weight w comes with floor(w) copies of each example, and the rest of w says for which
 * share of them, drawn anew for each epoch, there is one more. Without `shuffle` weights mean
 * nothing. */
#ifndef S2S_DATA_LOADER_H
#define S2S_DATA_LOADER_H

#include "base/batch.h"
#include "data/dataset.h"

typedef struct s2s_loader s2s_loader;

typedef struct s2s_cursor {
    uint64_t epoch, batch; /* the batch that comes next; both from 0 */
} s2s_cursor;

/* How an objective turns examples into a batch: called on the loader's thread, deterministic in
 * (examples, n, key). Fills `batch`, whose arrays (`predicted` too) have room for `capacity` tokens
 * a stream, `capacity` sequences; `predicted` may be set to NULL. capacity is batch_tokens. */
typedef struct s2s_collator {
    void (*collate)(const void *self, const s2s_example *examples, int n, uint64_t key,
                    s2s_batch *batch);
    const void *self;
} s2s_collator;

/* Translation: source = source ids, eos; target = bos, target ids; labels = target ids, eos; all
 * rows are predicted. Where the model goes from right to left, the target's ids are turned round here, and nowhere
 * before: datasets are the same in both directions. `symbols` is borrowed. */
typedef struct s2s_translation_symbols {
    int32_t source_eos, target_bos, target_eos;
    s2s_writing direction;
} s2s_translation_symbols;
/* Those of a model with these vocabularies. */
s2s_translation_symbols s2s_translation_symbols_of(const s2s_recipe *recipe,
                                                   const s2s_vocabulary *source,
                                                   const s2s_vocabulary *target);
s2s_collator s2s_translation_collator(const s2s_translation_symbols *symbols);

typedef struct s2s_loader_options {
    int64_t batch_tokens;
    uint64_t seed;
    bool shuffle;    /* false: file order, for validation */
    int rank, ranks; /* this process takes every ranks-th batch, beginning with rank */
} s2s_loader_options;

/* With `shuffle`, and vocabularies that sample, each epoch sees other segmentations, which follow
 * from (seed, epoch, example). An example that is longer than batch_tokens is an error. */
s2s_status s2s_loader_create(s2s_loader **loader, const s2s_dataset *dataset, s2s_collator collator,
                             s2s_loader_options options, s2s_cursor start, s2s_err *err);
void s2s_loader_free(s2s_loader *loader);

/* The next batch, borrowed until the next call. With `shuffle` it never ends; else *batch is NULL
 * at the end. *cursor is where to go on after this batch; it is the same for all ranks. A batch's
 * index is epoch * 2^32 + its number in the epoch. */
s2s_status s2s_loader_next(s2s_loader *loader, const s2s_batch **batch, s2s_cursor *cursor,
                           s2s_err *err);
uint64_t s2s_loader_batches(const s2s_loader *loader); /* in the present epoch, of all ranks */

#endif
