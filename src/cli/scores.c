/* See scores.h. */
#include "cli/scores.h"

#include <stdio.h>
#include <string.h>

#include "recipe/schema.h"

/* Without the loss, which needs a model and not its translations. */
static const char *const *const names = s2s_metric_names + S2S_METRIC_LOSS + 1;

static s2s_status fail_unknown(const char *name, s2s_err *err) {
    char all[512] = "";
    for (int i = 0; names[i]; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", names[i]);
    }
    const char *nearest = s2s_nearest_name(names, name);
    if (nearest)
        return s2s_fail(err, S2S_USAGE, "--metric: unknown metric \"%s\"; did you mean %s?", name,
                        nearest);
    return s2s_fail(err, S2S_USAGE, "--metric: unknown metric \"%s\"; there are: %s", name, all);
}

static s2s_status add_metric(s2s_scores *scores, const s2s_score_options *o, const char *name,
                             size_t length, s2s_err *err) {
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), name);
    if (scores->n == S2S_MOST_METRICS)
        return s2s_fail(err, S2S_USAGE, "--metric: at most %d metrics", S2S_MOST_METRICS);
    s2s_metric_options options = {
        .lowercase = o->lowercase,
        .tokenizer = (s2s_bleu_tokenizer)o->tokenizer,
        .smoothing = (s2s_bleu_smoothing)o->smoothing,
        .smoothing_value = o->smoothing_value,
        .ter = o->ter,
        .rouge = {.stemmer = (s2s_rouge_stemmer)o->rouge_stemmer, .separator = o->rouge_separator}};
    for (int i = 0; names[i]; i++)
        if (strcmp(word, names[i]) == 0) {
            s2s_metric_type type = (s2s_metric_type)(S2S_METRIC_LOSS + 1 + i);
            S2S_TRY(s2s_metric_create(&scores->metrics[scores->n], type, &options, err));
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
        S2S_TRY(add_metric(scores, options, list, length, err));
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

/* Of the column of names. */
static int name_width(const s2s_scores *scores) {
    int width = 8;
    for (int i = 0; i < scores->n; i++) {
        int length = (int)strlen(s2s_metric_result(scores->metrics[i]).name);
        if (length > width) width = length;
    }
    return width;
}

s2s_status s2s_scores_print(const s2s_scores *scores, s2s_output *output, s2s_err *err) {
    int width = name_width(scores);
    for (int i = 0; i < scores->n; i++) {
        s2s_score score = s2s_metric_result(scores->metrics[i]);
        S2S_TRY(s2s_output_printf(output, err, "%-*s %6.2f  %s\n", width, score.name, score.value,
                                  score.signature));
        if (*score.detail)
            S2S_TRY(s2s_output_printf(output, err, "%*s%s\n", width + 9, "", score.detail));
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
