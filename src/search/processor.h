/* Score processors: rules that edit the logits of the next token, given what a hypothesis has so
 * far.
 *
 * They edit logits before the softmax, as CTranslate2's do: what one forbids (sets to -infinity) is
 * taken from the distribution, and the rest sums to 1. Rows are processed in parallel: a processor
 * reads its own settings and the history, and writes nothing but the row.
 *
 * To add one: a file like min_length.c, its maker declared below and named in the table of
 * processor.c. */
#ifndef S2S_SEARCH_PROCESSOR_H
#define S2S_SEARCH_PROCESSOR_H

#include <math.h>

#include "base/memory.h"
#include "recipe/recipe.h"
#include "search/prefix.h"
#include "search/request.h"
#include "search/scorer.h"

/* What a live hypothesis has so far. */
typedef struct s2s_history {
    uint64_t sentence; /* index in the input */
    const s2s_request *request;
    const s2s_prefixes *prefixes;
    int32_t prefix; /* node of the last token, or S2S_EMPTY_PREFIX */
    int length;     /* tokens */
} s2s_history;

typedef struct s2s_processor {
    /* A row is processed in parts. */
    void (*apply)(const void *self, const s2s_history *history, const s2s_logits *logits);
    const void *self;
} s2s_processor;

/* Fills *processor when the recipe asks for it, else leaves it alone. Settings live in the arena.
 */
typedef s2s_status s2s_processor_maker(s2s_processor *processor, const s2s_search_recipe *recipe,
                                       const s2s_scorer *scorer, s2s_arena *arena, s2s_err *err);

/* Where the logit of a token is; NULL: not in the part at hand. */
s2s_real *s2s_logit_of(const s2s_logits *logits, int32_t token);

/* Makes a token impossible, if it is of the part at hand. */
static inline void s2s_forbid(const s2s_logits *logits, int32_t token) {
    s2s_real *x = s2s_logit_of(logits, token);
    if (x) *x = -INFINITY;
}

enum { S2S_PROCESSORS_MAX = 16 };

/* The processors of a search, applied in the order of the table. All zero is valid and empty. */
typedef struct s2s_processors {
    s2s_processor items[S2S_PROCESSORS_MAX];
    int n;
    s2s_arena arena;
} s2s_processors;

s2s_status s2s_processors_init(s2s_processors *processors, const s2s_search_recipe *recipe,
                               const s2s_scorer *scorer, s2s_err *err);
void s2s_processors_apply(const s2s_processors *processors, const s2s_history *history,
                          const s2s_logits *logits);
void s2s_processors_release(s2s_processors *processors);

s2s_processor_maker s2s_min_length_make;         /* min_decoding_length: no eos before */
s2s_processor_maker s2s_suppress_unk_make;       /* suppress_unk */
s2s_processor_maker s2s_forbidden_make;          /* the request's forbidden phrases */
s2s_processor_maker s2s_no_repeat_ngram_make;    /* no_repeat_ngram_size */
s2s_processor_maker s2s_repetition_penalty_make; /* repetition_penalty */

#endif
