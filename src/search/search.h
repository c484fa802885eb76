/* The search engine: sentences in, hypotheses out, for every kind of search.
 *
 * Sentences come one by one from `next` and go out through `done` in input order. Each worker keeps
 * up to batch_sentences sentences open; a finished one leaves, the next waiting one joins, so that
 * a step always has many rows. A result depends on its own sentence alone: not on the batch, its
 * order or the threads.
 *
 * Memory is bounded whatever the length of the input: no sentence is read that is more than
 * 16 * batch_sentences * workers ahead of the oldest one that is not finished, and the sources of a
 * worker's open sentences hold at most 4 * batch_tokens tokens together (a longer one is searched
 * alone). Nor is one read while the results of those in hand might hold more than 64 MiB for each worker.
 * With batch_sentences 1 a result is given out before the next sentence is read.
 *
 * The beam rule is CTranslate2's (its patience 1):
 *   1. A step extends each live hypothesis of a sentence by every token. Of all these candidates
 *      the best 2 * beam_size by log p are looked at. Equal ones: the better parent first, then
 *      the lower token.
 *   2. Those among the first beam_size that end with eos are finished; the first beam_size that
 *      don't end with eos live on.
 *   3. The sentence is done when it has patience * beam_size finished hypotheses, and n_best at least.
 *      Without penalties and with patience 1 it is done when it has n_best and the best candidate of
 *      some step was among them. With stopping `bound` it is done when no live hypothesis can come to
 *      a better score than the n_best-th best finished one has.
 *   4. The max-length-th step is the last: it finishes the first beam_size candidates, those
 *      without eos as cut (S2S_ENDED_BY_LENGTH). So a hypothesis that ended has at most max length - 1
 *      tokens beside eos. Max length is max_decoding_length, or ceil(max_length_ratio * source
 *      tokens) + max_length_offset where a ratio is set and this is less; at least 1. Before
 *      min_decoding_length tokens eos has probability 0, and the others' sum to 1.
 *
 * Greedy search takes the best token of each step: the result of beam_size 1. Sampling draws it
 * (sample.c). Groups (diverse.c) and required phrases (constrained.c) change which candidates compete
 * with each other; each group is done, or not, by itself.
 *
 * The tokens of a prefix that a request gives are taken without choice: no processor edits their
 * probabilities. They count for min and max length, repetitions and required phrases, but not in the score.
 *
 * Score of a hypothesis: penalty.h. Hypotheses that lack a required phrase, because they were cut, come
 * after those that have all. Equal scores: the one that was finished first is the better. */
#ifndef S2S_SEARCH_SEARCH_H
#define S2S_SEARCH_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "recipe/recipe.h"
#include "search/request.h"
#include "search/scorer.h"

/* Why a hypothesis is no longer. */
typedef enum s2s_ending {
    S2S_ENDED,               /* by its end symbol */
    S2S_ENDED_BY_LENGTH,     /* cut at the maximum length */
    S2S_ENDED_WITHOUT_CHOICE /* nothing that is allowed could follow */
} s2s_ending;

/* Tokens in the order of the text, whichever way the scorer writes it. */
typedef struct s2s_hypothesis {
    const int32_t *ids; /* without bos and eos */
    int length;
    int scored;                      /* length, and 1 more where it ended by its end symbol */
    const double *log_probabilities; /* [scored] of each token after those before it */
    double log_probability;          /* their sum */
    double score;                    /* with penalties: penalty.h */
    s2s_ending ending;
    const s2s_real
        *attention;    /* [scored x source_tokens] each row sums to 1; NULL: not asked for */
    int source_tokens; /* end symbol included */
} s2s_hypothesis;

typedef struct s2s_search_io {
    void *self;
    bool attention; /* hypotheses are wanted with it; the scorer must be able to tell */
    /* The next request, borrowed until the next call; *more false: no more. */
    s2s_status (*next)(void *self, const s2s_request **request, bool *more, s2s_err *err);
    /* The n hypotheses of a sentence, best first, as soon as they are found: their scores and order may be
     * changed, and *n may be less afterwards, but at least 1. Called by several workers at once, which are
     * numbered from 0, and not for an empty source. NULL: they are given out as they are. */
    s2s_status (*found)(void *self, int worker, s2s_hypothesis *best, int *n, s2s_err *err);
    /* The n best hypotheses of the sentence that came index-th (from 0), best first; borrowed for
     * the call. n is n_best, or less where the search found fewer, but at least 1. An empty source
     * is not searched: its one hypothesis is empty, with log p 0. */
    s2s_status (*done)(void *self, uint64_t index, const s2s_hypothesis *best, int n, s2s_err *err);
} s2s_search_io;

/* Runs until `next` ends and all is done, with up to n workers on threads of their own, each with
 * one of the scorers, which must give the same scores and must not share what they write to. `next` and
 * `done` are called by one worker at a time. Fails with S2S_USAGE when the recipe contradicts itself,
 * S2S_INTERRUPTED after an interrupt, S2S_NUMERIC when the scorer's logits are not numbers, and
 * with what the scorer and `io` fail with. All sentences are closed when it returns. */
s2s_status s2s_search_run(const s2s_scorer *scorers, int n, const s2s_search_recipe *recipe,
                          s2s_search_io io, s2s_err *err);

/* Whether a search can be done so; `constrained`: phrases must come. */
s2s_status s2s_search_check(const s2s_scorer *scorer, const s2s_search_recipe *recipe,
                            bool constrained, s2s_err *err);

#endif
