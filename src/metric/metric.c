/* What all metrics share: their table, the sum over segments and the frame of the signature. */
#include "metric/metric.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metric/kind.h"

#define MAKER(number, name, make, better) [number] = (make),
static s2s_metric_maker *const makers[S2S_METRIC_TYPES] = {S2S_METRICS(MAKER)};

s2s_status s2s_metric_create(s2s_metric **metric, s2s_metric_type type,
                             const s2s_metric_options *options, s2s_err *err) {
    assert(type > S2S_METRIC_LOSS && type < S2S_METRIC_TYPES);
    return makers[type](metric, options, err);
}

s2s_metric *s2s_metric_alloc(const s2s_metric_kind *kind, size_t size, int width, s2s_err *err) {
    s2s_metric *metric = calloc(1, size);
    double *vectors = calloc(2 * (size_t)width + 1, sizeof *vectors);
    if (!metric || !vectors) {
        s2s_fail_memory(err, size + 2 * (size_t)width * sizeof *vectors);
        free(metric);
        free(vectors);
        return NULL;
    }
    metric->kind = kind;
    metric->width = width;
    metric->sum = vectors;
    metric->segment = vectors + width;
    return metric;
}

void s2s_metric_free(s2s_metric *metric) {
    if (!metric) return;
    metric->kind->release(metric);
    s2s_classes_release(&metric->classes);
    free(metric->sum);
    free(metric);
}

int s2s_metric_width(const s2s_metric *metric) {
    return metric->width;
}

/* Room for a vector of as many numbers; the sum keeps those that it has. */
static s2s_status widen(s2s_metric *metric, int width, s2s_err *err) {
    if (width == metric->width) return S2S_OK;
    double *vectors = calloc(2 * (size_t)width, sizeof *vectors);
    if (!vectors) return s2s_fail_memory(err, 2 * (size_t)width * sizeof *vectors);
    memcpy(vectors, metric->sum, (size_t)metric->width * sizeof *vectors);
    free(metric->sum);
    metric->sum = vectors;
    metric->segment = vectors + width;
    metric->width = width;
    return S2S_OK;
}

s2s_status s2s_metric_learn(s2s_metric *metric, s2s_segment hypothesis,
                            const s2s_segment *references, int n, s2s_err *err) {
    if (n < 1) return s2s_fail(err, S2S_INPUT, "a segment has no reference; it needs at least one");
    if (!metric->learn) return S2S_OK;
    s2s_status status = metric->learn(metric, hypothesis, references, n, err);
    s2s_status room = widen(metric, S2S_CLASS_COUNTS * (int)metric->classes.n, err);
    return status == S2S_OK ? room : status;
}

s2s_status s2s_metric_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                 const s2s_segment *references, int n, double *statistics,
                                 s2s_err *err) {
    if (n < 1) return s2s_fail(err, S2S_INPUT, "a segment has no reference; it needs at least one");
    S2S_TRY(metric->kind->statistics(metric, hypothesis, references, n, statistics, err));
    if (metric->references == 0) metric->references = n;
    if (metric->references != n) metric->references = S2S_REFERENCES_VARY;
    return S2S_OK;
}

s2s_status s2s_metric_add(s2s_metric *metric, s2s_segment hypothesis, const s2s_segment *references,
                          int n, s2s_err *err) {
    S2S_TRY(s2s_metric_learn(metric, hypothesis, references, n, err));
    S2S_TRY(s2s_metric_statistics(metric, hypothesis, references, n, metric->segment, err));
    for (int i = 0; i < metric->width; i++) metric->sum[i] += metric->segment[i];
    return S2S_OK;
}

static void write_signature(const s2s_metric *metric, char *text, size_t size) {
    char own[160], references[16] = "var";
    metric->kind->signature(metric, own, sizeof own);
    if (metric->references != S2S_REFERENCES_VARY)
        snprintf(references, sizeof references, "%d", metric->references);
    snprintf(text, size, "nrefs:%s|%s|version:s2s-%s", references, own, S2S_VERSION);
}

s2s_score s2s_metric_score(const s2s_metric *metric, const double *statistics) {
    s2s_score score = {0};
    metric->kind->score(metric, statistics, &score);
    write_signature(metric, score.signature, sizeof score.signature);
    return score;
}

double s2s_metric_value(const s2s_metric *metric, const double *statistics) {
    s2s_score score = {0};
    metric->kind->score(metric, statistics, &score);
    return score.value;
}

s2s_score s2s_metric_result(const s2s_metric *metric) {
    return s2s_metric_score(metric, metric->sum);
}

/* --- classes --- */

bool s2s_metric_is_of_classes(const s2s_metric *metric) {
    return metric->learn != NULL;
}

int s2s_metric_classes(const s2s_metric *metric) {
    return metric->class_scores ? (int)metric->classes.n : 0;
}

s2s_class_score s2s_metric_class(const s2s_metric *metric, const double *statistics, int index) {
    assert(index >= 0 && index < s2s_metric_classes(metric));
    uint32_t number = metric->classes.sorted[index];
    const s2s_class_name *name = &metric->classes.names[number];
    const double *counts = statistics + (size_t)number * S2S_CLASS_COUNTS;
    return (s2s_class_score){.name = {name->text, name->length},
                             .precision = 100 * s2s_class_precision(counts),
                             .recall = 100 * s2s_class_recall(counts),
                             .f1 = 100 * s2s_class_f1(counts),
                             .right = counts[S2S_RIGHT],
                             .found = counts[S2S_FOUND],
                             .wanted = counts[S2S_WANTED]};
}
