/* See model_options.h. */
#include "cli/model_options.h"

#include <string.h>

static s2s_status check_sets(const s2s_strings *sets, s2s_err *err) {
    static const char allowed[] = "search.";
    for (size_t i = 0; i < sets->n; i++)
        if (strncmp(sets->items[i], allowed, strlen(allowed)) != 0)
            return s2s_fail(err, S2S_USAGE,
                            "--set %.100s: of a trained model only keys of search can be set, "
                            "e.g. search.beam_size=8",
                            sets->items[i]);
    return S2S_OK;
}

s2s_status s2s_load_for_search(s2s_loaded_model *loaded, const s2s_options *options, s2s_err *err) {
    *loaded = (s2s_loaded_model){0};
    S2S_TRY(s2s_options_need(options->model, "model", err));
    S2S_TRY(check_sets(&options->sets, err));
    return s2s_model_load(loaded, options->model, options->sets.items, (int)options->sets.n,
                          S2S_PARAMS_DECODE, err);
}
