/* Text in, text out: lines are normalised, cut into pieces, searched, and put together again. What `s2s
 * translate`, validation and evaluation all use. */
#ifndef S2S_SEARCH_TRANSLATOR_H
#define S2S_SEARCH_TRANSLATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "model/model.h"
#include "search/search.h"
#include "search/terms.h"

typedef struct s2s_translator s2s_translator;

/* One translation of a line. `text` is not ended by a NUL. */
typedef struct s2s_translation {
    const char *text;
    size_t length;
    double score; /* the hypothesis', or its utility where search.mbr chose */
    const s2s_hypothesis *hypothesis;
} s2s_translation;

/* Where lines come from and go to. Lines go out in the order in which they came, as soon as they are ready.
 * A line that has no tokens gives one empty translation. */
typedef struct s2s_translator_io {
    void *self;
    bool attention; /* hypotheses are wanted with it */
    s2s_status (*next)(void *self, const char **line, size_t *length, bool *more, s2s_err *err);
    /* What the last line asks for besides, borrowed until the next call; NULL: no line asks for anything. */
    const s2s_line_terms *(*terms)(void *self);
    s2s_status (*done)(void *self, uint64_t index, const s2s_translation *best, int n,
                       s2s_err *err);
} s2s_translator_io;

/* Models that translate together (ensemble.h); all have the vocabularies of the first. */
typedef struct s2s_ensemble_models {
    const s2s_model *const *models;
    const double *weights; /* NULL: equal ones */
    int n;
} s2s_ensemble_models;

/* Borrows models and vocabularies. The models' parameters must be packed. */
s2s_status s2s_translator_create_ensemble(s2s_translator **translator, s2s_ensemble_models models,
                                          const s2s_vocabulary *source,
                                          const s2s_vocabulary *target, s2s_err *err);
/* The same with one model. */
s2s_status s2s_translator_create(s2s_translator **translator, const s2s_model *model,
                                 const s2s_vocabulary *source, const s2s_vocabulary *target,
                                 s2s_err *err);
void s2s_translator_free(s2s_translator *translator);

/* A max_decoding_length beyond the decoder's positions means as many as it has. A shortlist that is named is opened, and
 * stays open until another one is. */
s2s_status s2s_translator_run(s2s_translator *translator, const s2s_search_recipe *search,
                              s2s_translator_io io, s2s_err *err);

/* Whether a line may ask for this in a run with that search: S2S_INPUT or S2S_USAGE tells why not. What a line
 * asks for is checked so before it is given to a run, which fails as a whole. */
s2s_status s2s_translator_check(s2s_translator *translator, const s2s_search_recipe *search,
                                const s2s_line_terms *terms, s2s_err *err);

/* Lines so far whose source was cut, by text/cut.h: to what the model's positions or the search allow. */
uint64_t s2s_translator_truncated(const s2s_translator *translator);
/* Warns of that number; 0 is nothing to tell. */
void s2s_warn_of_truncated(s2s_log *log, uint64_t lines);

#endif
