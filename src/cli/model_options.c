/* See model_options.h. */
#include "cli/model_options.h"

#include <string.h>
#include <unistd.h>

s2s_status s2s_check_sets(const s2s_strings *sets, const char *section, const char *example,
                          s2s_err *err) {
    size_t length = strlen(section);
    for (size_t i = 0; i < sets->n; i++)
        if (strncmp(sets->items[i], section, length) != 0 || sets->items[i][length] != '.')
            return s2s_fail(err, S2S_USAGE,
                            "--set %.100s: only keys of %s can be set here, e.g. %s",
                            sets->items[i], section, example);
    return S2S_OK;
}

s2s_status s2s_load_for_search(s2s_loaded_model *loaded, const s2s_options *options, s2s_err *err) {
    *loaded = (s2s_loaded_model){0};
    S2S_TRY(s2s_options_need(options->model, "model", err));
    S2S_TRY(s2s_check_sets(&options->sets, "search", "search.beam_size=8", err));
    return s2s_model_load(loaded, options->model, options->sets.items, (int)options->sets.n,
                          S2S_PARAMS_DECODE, err);
}

void s2s_answer_at_once(const s2s_options *options, s2s_search_recipe *search) {
    if (strcmp(options->input, "-") == 0 && isatty(STDIN_FILENO)) search->batch_sentences = 1;
}

s2s_status s2s_check_other_folder(const char *output, const char *model, s2s_err *err) {
    if (!s2s_same_file(output, model)) return S2S_OK;
    return s2s_fail(err, S2S_USAGE,
                    "--output=%s is the model %s itself, whose own weights would be lost; choose "
                    "another folder",
                    output, model);
}
