/* See rules.h. */
#include "search/rules.h"

#include <inttypes.h>
#include <math.h>

/* The schema checks recipes from files; these are what the arithmetic of this folder relies on. */
enum { BEAM_MOST = 1 << 12, BATCH_MOST = 1 << 16 };

static s2s_status check_range(const char *key, int64_t value, int64_t least, int64_t most,
                              s2s_err *err) {
    if (value >= least && value <= most) return S2S_OK;
    return s2s_fail(err, S2S_USAGE,
                    "search.%s is %" PRId64 "; it must be from %" PRId64 " to %" PRId64, key, value,
                    least, most);
}

int64_t s2s_search_batch(const s2s_search_recipe *recipe) {
    enum { OF_ONE = 64, OF_SEVERAL = 32 };
    bool one = recipe->type == S2S_GREEDY || recipe->beam_size == 1;
    return recipe->batch_sentences ? recipe->batch_sentences : one ? OF_ONE : OF_SEVERAL;
}

static s2s_status check_recipe(const s2s_search_recipe *recipe, s2s_err *err) {
    bool greedy = recipe->type == S2S_GREEDY;
    S2S_TRY(check_range("beam_size", greedy ? 1 : recipe->beam_size, 1, BEAM_MOST, err));
    S2S_TRY(check_range("batch_sentences", s2s_search_batch(recipe), 1, BATCH_MOST, err));
    S2S_TRY(check_range("batch_tokens", recipe->batch_tokens, 1, INT32_MAX, err));
    S2S_TRY(check_range("max_decoding_length", recipe->max_decoding_length, 1, INT64_MAX, err));
    if (!isfinite(recipe->length_penalty))
        return s2s_fail(err, S2S_USAGE, "search.length_penalty must be a finite number");
    int64_t most = greedy ? 1 : recipe->beam_size;
    if (recipe->n_best > most)
        return s2s_fail(err, S2S_USAGE,
                        "search.n_best is %" PRId64 ", but %s finds %" PRId64
                        " hypotheses; use type beam with a beam_size of at least n_best",
                        recipe->n_best, greedy ? "greedy search" : "a beam of this size", most);
    return check_range("n_best", recipe->n_best, 1, most, err);
}

s2s_status s2s_search_rules_init(s2s_search_rules *rules, const s2s_search_recipe *recipe,
                                 const s2s_scorer *scorer, s2s_err *err) {
    S2S_TRY(check_recipe(recipe, err));
    rules->selector = s2s_selector_make(recipe, scorer->vocabulary);
    rules->stop = s2s_stop_rule_make(recipe, rules->selector.width);
    rules->length_penalty = recipe->length_penalty;
    rules->n_best = (int)recipe->n_best;
    rules->bos = scorer->bos;
    rules->eos = scorer->eos;
    return s2s_processors_init(&rules->processors, recipe, scorer, err);
}

void s2s_search_rules_release(s2s_search_rules *rules) {
    s2s_processors_release(&rules->processors);
}
