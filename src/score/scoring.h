/* Scores of texts: pairs of lines are normalised, cut into pieces and scored in batches (forced.h). What `s2s score`
 * uses.
 *
 * Lines are read a window at a time: 16 batches, or 4 for each thread where that is more. Its pairs are sorted by length
 * and cut into batches, each of which one thread scores by itself; with fewer batches than threads all share each
 * product. So memory is bounded whatever the length of the input, and results come out in the order of the lines, a
 * window at a time. A pair's score depends on the pair alone.
 *
 * An empty target is its end symbol alone. An empty source with an empty target has log p 0, as translating gives it:
 * an empty line is never searched, its translation is certain. With any other target an empty source is what the
 * encoder makes of its end symbol alone.
 *
 * A source that is longer than search.max_source_length or the encoder's positions is cut as for a search; a target only
 * where it is longer than the decoder's positions, to what the model writes first, which is scored without end symbol.
 *
 * Tokens and their log p come in the order of the text, whichever way the model writes (data.target_direction). */
#ifndef S2S_SCORE_SCORING_H
#define S2S_SCORE_SCORING_H

#include <stdbool.h>
#include <stdint.h>

#include "data/corpus.h"
#include "model/model.h"
#include "text/vocabulary.h"

typedef struct s2s_scoring s2s_scoring;

/* Of one pair; borrowed for the call. */
typedef struct s2s_target_score {
    const int32_t *ids; /* [tokens] of the target, end symbol included unless it was cut */
    const s2s_real *log_probabilities; /* [tokens] natural logarithms */
    int tokens;
    double log_probability; /* their sum */
    bool cut;
} s2s_target_score;

typedef struct s2s_scoring_io {
    void *self;
    /* The n pairs of the next line, borrowed until the next call; *more false: there is none. Neighbours that share
     * the very text (the pointer) of a side have it cut into pieces once. */
    s2s_status (*next)(void *self, const s2s_pair **pairs, int *n, bool *more, s2s_err *err);
    /* The scores of the line that came index-th (from 0), in the order of its pairs. */
    s2s_status (*done)(void *self, uint64_t index, const s2s_target_score *scores, int n,
                       s2s_err *err);
} s2s_scoring_io;

/* Borrows model and vocabularies. The model's parameters must be packed. It works on as many threads as there are now. */
s2s_status s2s_scoring_create(s2s_scoring **scoring, const s2s_model *model,
                              const s2s_vocabulary *source, const s2s_vocabulary *target,
                              s2s_err *err);
void s2s_scoring_free(s2s_scoring *scoring); /* NULL is fine */

/* Runs until `next` ends and all is done. A batch has at most search->batch_tokens tokens on its longer side (a longer
 * pair is one by itself) and, where that is set, search->batch_sentences pairs; with 1 a line's results are given out
 * before the next is read. Fails with S2S_INTERRUPTED after an interrupt, S2S_NUMERIC when a score is not a number, and
 * with what `io` fails with. */
s2s_status s2s_scoring_run(s2s_scoring *scoring, const s2s_search_recipe *search, s2s_scoring_io io,
                           s2s_err *err);

/* Sources and targets so far that were cut. */
uint64_t s2s_scoring_cut(const s2s_scoring *scoring);

#endif
