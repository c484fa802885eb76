/* What commands that are given a trained model have in common: loading it, and the search options,
 * short forms of recipe keys. */
#ifndef S2S_CLI_MODEL_OPTIONS_H
#define S2S_CLI_MODEL_OPTIONS_H

#include "cli/options.h"
#include "model/folder.h"

#define S2S_SEARCH_OPTIONS                                                                         \
    S2S_KEY_OPTION("search", "TYPE", "search.type"),                                               \
        S2S_KEY_OPTION("beam-size", "N", "search.beam_size"),                                      \
        S2S_KEY_OPTION("length-penalty", "X", "search.length_penalty"),                            \
        S2S_KEY_OPTION("max-length", "N", "search.max_decoding_length"),                           \
        S2S_KEY_OPTION("min-length", "N", "search.min_decoding_length"),                           \
        S2S_KEY_OPTION("max-length-ratio", "X", "search.max_length_ratio"),                        \
        S2S_KEY_OPTION("batch-tokens", "N", "search.batch_tokens"),                                \
        S2S_KEY_OPTION("batch-sentences", "N", "search.batch_sentences"),                          \
        S2S_KEY_OPTION("shortlist", "FILE", "search.shortlist")

/* The rest of the search's keys, for the command whose work is decoding. */
#define S2S_DECODING_OPTIONS                                                                       \
    S2S_KEY_OPTION("temperature", "X", "search.temperature"),                                      \
        S2S_KEY_OPTION("top-k", "N", "search.top_k"),                                              \
        S2S_KEY_OPTION("top-p", "X", "search.top_p"),                                              \
        S2S_KEY_OPTION("min-p", "X", "search.min_p"), S2S_KEY_OPTION("seed", "N", "search.seed"),  \
        S2S_KEY_OPTION("beam-groups", "N", "search.beam_groups"),                                  \
        S2S_KEY_OPTION("diversity-penalty", "X", "search.diversity_penalty"),                      \
        S2S_KEY_OPTION("patience", "X", "search.patience"),                                        \
        S2S_KEY_OPTION("coverage-penalty", "X", "search.coverage_penalty"),                        \
        S2S_KEY_OPTION("no-repeat-ngram-size", "N", "search.no_repeat_ngram_size"),                \
        S2S_KEY_OPTION("repetition-penalty", "X", "search.repetition_penalty"),                    \
        S2S_KEY_OPTION("suppress-unk", "BOOL", "search.suppress_unk"),                             \
        S2S_KEY_OPTION("mbr", "METRIC", "search.mbr"),                                             \
        S2S_KEY_OPTION("mbr-candidates", "N", "search.mbr_candidates")

/* Loads the folder --model for decoding, with --set over its search section; another section cannot
 * be changed in a trained model. */
s2s_status s2s_load_for_search(s2s_loaded_model *loaded, const s2s_options *options, s2s_err *err);

/* Somebody who types a line waits for its result before the next: then sentences are not gathered. */
void s2s_answer_at_once(const s2s_options *options, s2s_search_recipe *search);

/* S2S_USAGE when a --set is not of the one section that means something to the command. */
s2s_status s2s_check_sets(const s2s_strings *sets, const char *section, const char *example,
                          s2s_err *err);

/* S2S_USAGE when a model made of `model` would be written over it. */
s2s_status s2s_check_other_folder(const char *output, const char *model, s2s_err *err);

#endif
