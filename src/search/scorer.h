/* What a search sees of a decoder: scores of the next token. Any decoder (attention, recurrent),
 * and an ensemble of several, fits behind it.
 *
 * A sentence is opened from its source tokens and has states. A state stands for one prefix of
 * output tokens and is never changed: a step takes (state, token) and makes the state of the longer
 * prefix. So a beam is reordered by going on from other states; nothing is copied by the search.
 * A state that no row of the sentence's next step goes on from is over; all are when the sentence is closed. */
#ifndef S2S_SEARCH_SCORER_H
#define S2S_SEARCH_SCORER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "kernel/real.h"

/* One row of a step: append `token` to `state`. State -1 is the empty prefix; its token is the
 * decoder's first input (bos). */
typedef struct s2s_step_row {
    int32_t sentence; /* handle from open */
    int32_t state, token;
    int32_t next; /* out: the state of the longer prefix */
} s2s_step_row;

/* Some logits of a row: of the tokens [first, first + n), or of the ascending `tokens` [n] where these are given. */
typedef struct s2s_logits {
    s2s_real *x; /* [n] */
    int n;
    int32_t first;
    const int32_t *tokens;
} s2s_logits;

typedef struct s2s_scorer {
    void *self;
    int vocabulary;
    int32_t bos, eos, unk; /* unk -1: the vocabulary has none */
    bool right_to_left;    /* a text's last token is written first */
    /* Opens n >= 1 sentences (source tokens without bos and eos, end to end; starts [n + 1]; none
     * of them empty); fills handles [n]. After a failure none of the n is open. A handle may be
     * used again after its sentence was closed. */
    s2s_status (*open)(void *self, const int32_t *ids, const int32_t *starts, int n,
                       int32_t *handles, s2s_err *err);
    /* Makes the states of the longer prefixes. The rows of a sentence lie together and go on from
     * states of its step before. */
    s2s_status (*step)(void *self, s2s_step_row *rows, int n, s2s_err *err);
    /* Scores of what follows each of the step's n rows, for the tokens [first, first + tokens), `first`
     * a multiple of S2S_PANEL: logits [n x tokens], not normalised. They stay valid, and may be written by the
     * caller, until the next call. A row's logits must not depend on the other rows. */
    s2s_status (*logits)(void *self, int first, int tokens, s2s_real **logits, s2s_err *err);
    /* All of that for one row, without tokens that its sentence cannot have at all: asked for once, and instead of
     * `logits`. May be called by several threads, a row a thread. NULL: the scorer knows of no such tokens. */
    s2s_logits (*possible)(void *self, int row);
    /* Adds, `weight` times, how much a state of an open sentence looks at each token of its source, end
     * symbol included; these sum to 1. NULL: the scorer cannot tell. */
    void (*attention)(void *self, int32_t sentence, int32_t state, s2s_real weight, s2s_real *sums);
    /* Tokens that an open sentence's output may have besides those that the scorer gives it by itself (a
     * shortlist): what it is asked to have. Before its first step. NULL: it may have all. */
    s2s_status (*allow)(void *self, int32_t sentence, const int32_t *tokens, int n, s2s_err *err);
    /* Every sentence that was opened is closed once, also after a failure. */
    void (*close)(void *self, int32_t sentence);
} s2s_scorer;

#endif
