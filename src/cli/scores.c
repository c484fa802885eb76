/* See scores.h. A metric that is added to s2s gets a row in `kinds`. */
#include "cli/scores.h"

#include <stdio.h>
#include <string.h>

#include "recipe/schema.h"

const char *const s2s_tokenizer_names[] = {
    [S2S_TOK_13A] = "13a",   [S2S_TOK_NONE] = "none", [S2S_TOK_CHAR] = "char",
    [S2S_TOK_INTL] = "intl", [S2S_TOK_ZH] = "zh",     NULL};
const char *const s2s_smoothing_names[] = {[S2S_SMOOTH_EXP] = "exp",
                                           [S2S_SMOOTH_FLOOR] = "floor",
                                           [S2S_SMOOTH_ADD_K] = "add-k",
                                           [S2S_SMOOTH_NONE] = "none",
                                           NULL};

static s2s_status make_bleu(s2s_metric **metric, const s2s_score_options *o, s2s_err *err) {
    s2s_bleu_options bleu = S2S_BLEU_DEFAULTS;
    bleu.tokenizer = (s2s_bleu_tokenizer)o->tokenizer;
    bleu.smoothing = (s2s_bleu_smoothing)o->smoothing;
    bleu.smoothing_value = o->smoothing_value;
    bleu.lowercase = o->lowercase;
    return s2s_bleu_create(metric, &bleu, err);
}

static s2s_status make_chrf(s2s_metric **metric, const s2s_score_options *o, s2s_err *err) {
    s2s_chrf_options chrf = S2S_CHRF_DEFAULTS;
    chrf.lowercase = o->lowercase;
    return s2s_chrf_create(metric, &chrf, err);
}

static s2s_status make_chrf_plus(s2s_metric **metric, const s2s_score_options *o, s2s_err *err) {
    s2s_chrf_options chrf = S2S_CHRF_DEFAULTS;
    chrf.word_order = 2;
    chrf.lowercase = o->lowercase;
    return s2s_chrf_create(metric, &chrf, err);
}

static const struct {
    const char *name;
    s2s_status (*make)(s2s_metric **metric, const s2s_score_options *options, s2s_err *err);
} kinds[] = {{"bleu", make_bleu}, {"chrf", make_chrf}, {"chrf++", make_chrf_plus}};

enum { KINDS = sizeof kinds / sizeof *kinds };

static s2s_status fail_unknown(const char *name, s2s_err *err) {
    const char *names[KINDS + 1] = {0};
    char all[256] = "";
    for (int i = 0; i < KINDS; i++) {
        names[i] = kinds[i].name;
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", kinds[i].name);
    }
    const char *nearest = s2s_nearest_name(names, name);
    if (nearest)
        return s2s_fail(err, S2S_USAGE, "--metric: unknown metric \"%s\"; did you mean %s?", name,
                        nearest);
    return s2s_fail(err, S2S_USAGE, "--metric: unknown metric \"%s\"; there are: %s", name, all);
}

static s2s_status add_kind(s2s_scores *scores, const s2s_score_options *options, const char *name,
                           size_t length, s2s_err *err) {
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), name);
    if (scores->n == S2S_MOST_METRICS)
        return s2s_fail(err, S2S_USAGE, "--metric: at most %d metrics", S2S_MOST_METRICS);
    for (int i = 0; i < KINDS; i++)
        if (strcmp(word, kinds[i].name) == 0) {
            S2S_TRY(kinds[i].make(&scores->metrics[scores->n], options, err));
            scores->n++;
            return S2S_OK;
        }
    return fail_unknown(word, err);
}

/* "bleu,chrf" */
static s2s_status add_list(s2s_scores *scores, const s2s_score_options *options, const char *list,
                           s2s_err *err) {
    for (;;) {
        size_t length = strcspn(list, ",");
        S2S_TRY(add_kind(scores, options, list, length, err));
        if (!list[length]) return S2S_OK;
        list += length + 1;
    }
}

s2s_status s2s_scores_create(s2s_scores *scores, const s2s_score_options *options, s2s_err *err) {
    *scores = (s2s_scores){0};
    s2s_status status = S2S_OK;
    if (!options->metrics.n) status = add_list(scores, options, "bleu,chrf", err);
    for (size_t i = 0; i < options->metrics.n && status == S2S_OK; i++)
        status = add_list(scores, options, options->metrics.items[i], err);
    if (status != S2S_OK) s2s_scores_release(scores);
    return status;
}

void s2s_scores_release(s2s_scores *scores) {
    for (int i = 0; i < scores->n; i++) s2s_metric_free(scores->metrics[i]);
    *scores = (s2s_scores){0};
}

s2s_status s2s_scores_add(s2s_scores *scores, s2s_segment hypothesis, const s2s_segment *references,
                          int n, s2s_err *err) {
    for (int i = 0; i < scores->n; i++)
        S2S_TRY(s2s_metric_add(scores->metrics[i], hypothesis, references, n, err));
    return S2S_OK;
}

s2s_status s2s_scores_print(const s2s_scores *scores, s2s_output *output, s2s_err *err) {
    for (int i = 0; i < scores->n; i++) {
        s2s_score score = s2s_metric_result(scores->metrics[i]);
        S2S_TRY(s2s_output_printf(output, err, "%-8s %6.2f  %s\n", score.name, score.value,
                                  score.signature));
        if (*score.detail) S2S_TRY(s2s_output_printf(output, err, "%17s%s\n", "", score.detail));
    }
    return S2S_OK;
}

json_t *s2s_scores_json(const s2s_scores *scores) {
    json_t *list = json_array();
    for (int i = 0; i < scores->n; i++) {
        s2s_score score = s2s_metric_result(scores->metrics[i]);
        json_t *one = json_pack("{ss, sf, ss, ss}", "metric", score.name, "score", score.value,
                                "signature", score.signature, "detail", score.detail);
        if (json_array_append_new(list, one) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}
