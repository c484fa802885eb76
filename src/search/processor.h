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
    /* Of the tokens [first, first + n): a row is processed in parts. */
    void (*apply)(const void *self, const s2s_history *history, s2s_real *logits, int first, int n);
    const void *self;
} s2s_processor;

/* Fills *processor when the recipe asks for it, else leaves it alone. Settings live in the arena.
 */
typedef s2s_status s2s_processor_maker(s2s_processor *processor, const s2s_search_recipe *recipe,
                                       const s2s_scorer *scorer, s2s_arena *arena, s2s_err *err);

/* Makes a token impossible, if it is of the part at hand. */
static inline void s2s_forbid(s2s_real *logits, int first, int n, int32_t token) {
    if (token >= first && token < first + n) logits[token - first] = -INFINITY;
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
                          s2s_real *logits, int first, int n);
void s2s_processors_release(s2s_processors *processors);

s2s_processor_maker s2s_min_length_make;         /* min_decoding_length: no eos before */
s2s_processor_maker s2s_suppress_unk_make;       /* suppress_unk */
s2s_processor_maker s2s_forbidden_make;          /* the request's forbidden phrases */
s2s_processor_maker s2s_no_repeat_ngram_make;    /* no_repeat_ngram_size */
s2s_processor_maker s2s_repetition_penalty_make; /* repetition_penalty */

#endif
