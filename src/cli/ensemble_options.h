/* The models that a command lets translate together: --model and those of --ensemble. */
#ifndef S2S_CLI_ENSEMBLE_OPTIONS_H
#define S2S_CLI_ENSEMBLE_OPTIONS_H

#include "cli/options.h"
#include "model/folder.h"
#include "search/translator.h"

typedef struct s2s_ensemble_options {
    s2s_strings folders; /* besides --model */
    const char *weights; /* "0.5,0.3,..." in the order of the models; NULL: equal */
} s2s_ensemble_options;

#define S2S_ENSEMBLE_OPTIONS(o)                                                                    \
    S2S_TEXTS_OPTION("ensemble", "FOLDER", &(o)->folders,                                          \
                     "Another model with the same vocabularies that translates together with "     \
                     "--model; may be repeated. The recipe's search is that of --model."),         \
        S2S_TEXT_OPTION("ensemble-weights", "X,X...", &(o)->weights,                               \
                        "What each model counts, that of --model first; equal if not given.")

/* Models beside a loaded one, and the translator of all; all zero is valid. */
typedef struct s2s_loaded_ensemble {
    s2s_loaded_model *others;
    int n; /* of them */
    s2s_translator *translator;
} s2s_loaded_ensemble;

/* Borrows `first`, which is loaded for search. */
s2s_status s2s_ensemble_load(s2s_loaded_ensemble *ensemble, const s2s_loaded_model *first,
                             const s2s_ensemble_options *options, s2s_err *err);
void s2s_loaded_ensemble_release(s2s_loaded_ensemble *ensemble);

#endif
