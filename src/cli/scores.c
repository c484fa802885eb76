/* See scores.h. */
#include "cli/scores.h"

#include <stdio.h>
#include <stdlib.h>
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

static s2s_metric_options options_of(const s2s_score_options *o) {
    return (s2s_metric_options){
        .lowercase = o->lowercase,
        .tokenizer = (s2s_bleu_tokenizer)o->tokenizer,
        .smoothing = (s2s_bleu_smoothing)o->smoothing,
        .smoothing_value = o->smoothing_value,
        .ter = o->ter,
        .rouge = {.stemmer = (s2s_rouge_stemmer)o->rouge_stemmer, .separator = o->rouge_separator},
        .effective_order = o->sentences,
        .words = o->columns,
        .strict = true};
}

static s2s_status add_metric(s2s_scores *scores, const s2s_score_options *o, const char *name,
                             size_t length, s2s_err *err) {
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), name);
    if (scores->n == S2S_MOST_METRICS)
        return s2s_fail(err, S2S_USAGE, "--metric: at most %d metrics", S2S_MOST_METRICS);
    s2s_metric_options options = options_of(o);
    for (int i = 0; names[i]; i++)
        if (strcmp(word, names[i]) == 0) {
            s2s_metric_type type = (s2s_metric_type)(S2S_METRIC_LOSS + 1 + i);
            S2S_TRY(s2s_metric_create(&scores->metrics[scores->n], type, &options, err));
            scores->types[scores->n++] = type;
            if (!o->columns || s2s_metric_is_of_classes(scores->metrics[scores->n - 1]))
                return S2S_OK;
            return s2s_fail(err, S2S_USAGE, "--columns: %s compares text, not tags", word);
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

/* Without --metric. */
static const char *usual(const s2s_score_options *options) {
    return options->columns ? "entity_f1" : "bleu,chrf";
}

s2s_status s2s_scores_create(s2s_scores *scores, const s2s_score_options *options, int systems,
                             bool keep, s2s_err *err) {
    *scores = (s2s_scores){.systems = systems};
    s2s_status status = S2S_OK;
    if (!options->metrics.n) status = add_list(scores, options, usual(options), err);
    for (size_t i = 0; i < options->metrics.n && status == S2S_OK; i++)
        status = add_list(scores, options, options->metrics.items[i], err);
    size_t n = (size_t)(scores->n * systems);
    if (status == S2S_OK) scores->tallies = calloc(n, sizeof *scores->tallies);
    if (status == S2S_OK && !scores->tallies)
        status = s2s_fail_memory(err, n * sizeof *scores->tallies);
    for (size_t i = 0; i < n && scores->tallies; i++) scores->tallies[i].keep = keep;
    if (status != S2S_OK) s2s_scores_release(scores);
    return status;
}

void s2s_scores_release(s2s_scores *scores) {
    for (int i = 0; i < scores->n * scores->systems && scores->tallies; i++)
        s2s_tally_release(&scores->tallies[i]);
    for (int i = 0; i < scores->n; i++) s2s_metric_free(scores->metrics[i]);
    free(scores->tallies);
    *scores = (s2s_scores){0};
}

bool s2s_scores_have(const s2s_scores *scores, s2s_metric_type type) {
    for (int i = 0; i < scores->n; i++)
        if (scores->types[i] == type) return true;
    return false;
}

static s2s_tally *tally_of(const s2s_scores *scores, int metric, int system) {
    return &scores->tallies[metric * scores->systems + system];
}

s2s_status s2s_scores_add(s2s_scores *scores, int system, s2s_segment hypothesis,
                          const s2s_segment *references, int n, s2s_err *err) {
    for (int i = 0; i < scores->n; i++)
        S2S_TRY(s2s_tally_add(tally_of(scores, i, system), scores->metrics[i], hypothesis,
                              references, n, err));
    return S2S_OK;
}

s2s_status s2s_scores_finish(s2s_scores *scores, s2s_err *err) {
    for (int i = 0; i < scores->n; i++)
        for (int k = 0; k < scores->systems; k++)
            S2S_TRY(s2s_tally_finish(tally_of(scores, i, k), scores->metrics[i], err));
    return S2S_OK;
}

const s2s_tally *s2s_scores_tally(const s2s_scores *scores, int metric, int system) {
    return tally_of(scores, metric, system);
}

double s2s_scores_segment(const s2s_scores *scores, int metric, int system, size_t segment) {
    const s2s_tally *tally = s2s_scores_tally(scores, metric, system);
    return s2s_metric_value(scores->metrics[metric], tally->rows + segment * (size_t)tally->width);
}
