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

/* Hypotheses that a search can find. */
static int64_t most_found(const s2s_search_recipe *recipe) {
    if (recipe->type == S2S_BEAM) return recipe->beam_size;
    return recipe->type == S2S_GREEDY ? 1 : BEAM_MOST;
}

int64_t s2s_search_batch(const s2s_search_recipe *recipe) {
    enum { OF_ONE = 64, OF_SEVERAL = 32, SAMPLES = 256 };
    if (recipe->batch_sentences) return recipe->batch_sentences;
    if (recipe->type == S2S_SAMPLE && recipe->n_best > SAMPLES / OF_SEVERAL) {
        /* Of each sample all logits are kept: the number of all together is what bounds memory. */
        int64_t sentences = SAMPLES / recipe->n_best;
        return sentences ? sentences : 1;
    }
    int64_t width = recipe->type == S2S_SAMPLE ? recipe->n_best : most_found(recipe);
    return width == 1 ? OF_ONE : OF_SEVERAL;
}

static s2s_status check_n_best(const s2s_search_recipe *recipe, s2s_err *err) {
    int64_t most = most_found(recipe);
    if (recipe->n_best > most)
        return s2s_fail(err, S2S_USAGE,
                        "search.n_best is %" PRId64 ", but %s finds %" PRId64
                        " hypotheses; use type beam with a beam_size of at least n_best",
                        recipe->n_best,
                        recipe->type == S2S_GREEDY ? "greedy search" : "a beam of this size", most);
    return check_range("n_best", recipe->n_best, 1, most, err);
}

static s2s_status check_number(const char *key, double value, bool right, s2s_err *err) {
    if (isfinite(value) && right) return S2S_OK;
    return s2s_fail(err, S2S_USAGE, "search.%s is %g, which is out of its range", key, value);
}

static s2s_status check_numbers(const s2s_search_recipe *r, s2s_err *err) {
    S2S_TRY(check_number("length_penalty", r->length_penalty, true, err));
    S2S_TRY(check_number("coverage_penalty", r->coverage_penalty, r->coverage_penalty >= 0, err));
    S2S_TRY(
        check_number("diversity_penalty", r->diversity_penalty, r->diversity_penalty >= 0, err));
    S2S_TRY(check_number("patience", r->patience, r->patience > 0 && r->patience <= 1000, err));
    S2S_TRY(check_number("temperature", r->temperature, r->temperature > 0, err));
    S2S_TRY(check_number("top_p", r->top_p, r->top_p > 0 && r->top_p <= 1, err));
    S2S_TRY(check_number("min_p", r->min_p, r->min_p >= 0 && r->min_p <= 1, err));
    S2S_TRY(check_range("top_k", r->top_k, 0, INT32_MAX, err));
    S2S_TRY(check_range("no_repeat_ngram_size", r->no_repeat_ngram_size, 0, INT32_MAX, err));
    return check_number("repetition_penalty", r->repetition_penalty, r->repetition_penalty > 0,
                        err);
}

static s2s_status check_recipe(const s2s_search_recipe *recipe, s2s_err *err) {
    S2S_TRY(check_range("beam_size", most_found(recipe), 1, BEAM_MOST, err));
    S2S_TRY(check_range("batch_sentences", s2s_search_batch(recipe), 1, BATCH_MOST, err));
    S2S_TRY(check_range("batch_tokens", recipe->batch_tokens, 1, INT32_MAX, err));
    S2S_TRY(check_range("max_decoding_length", recipe->max_decoding_length, 1, INT64_MAX, err));
    S2S_TRY(check_numbers(recipe, err));
    if (recipe->beam_groups < 1 || recipe->beam_size % recipe->beam_groups)
        return s2s_fail(err, S2S_USAGE,
                        "search.beam_groups is %" PRId64
                        ", which does not share a beam_size of %" PRId64 " equally",
                        recipe->beam_groups, recipe->beam_size);
    return check_n_best(recipe, err);
}

static s2s_status check_together(const s2s_search_recipe *recipe, bool constrained,
                                 const s2s_scorer *scorer, s2s_err *err) {
    if (constrained && (recipe->type != S2S_BEAM || recipe->beam_groups > 1))
        return s2s_fail(err, S2S_USAGE,
                        "phrases that must come need search.type beam with one group");
    if (recipe->coverage_penalty > 0 && !scorer->attention)
        return s2s_fail(err, S2S_USAGE,
                        "search.coverage_penalty needs a decoder with attention to the source; a "
                        "single line can have it only when the search as a whole has it");
    return S2S_OK;
}

s2s_status s2s_search_rules_init(s2s_search_rules *rules, const s2s_search_recipe *recipe,
                                 bool constrained, const s2s_scorer *scorer, s2s_err *err) {
    S2S_TRY(check_recipe(recipe, err));
    S2S_TRY(check_together(recipe, constrained, scorer, err));
    rules->recipe = recipe;
    rules->selector = s2s_selector_make(recipe, scorer->vocabulary, constrained);
    rules->stop = s2s_stop_rule_make(recipe, rules->selector.width / rules->selector.groups);
    rules->penalty = s2s_penalty_make(recipe);
    rules->n_best = (int)recipe->n_best;
    rules->bos = scorer->bos;
    rules->eos = scorer->eos;
    return s2s_processors_init(&rules->processors, recipe, scorer, err);
}

void s2s_search_rules_release(s2s_search_rules *rules) {
    s2s_processors_release(&rules->processors);
}
