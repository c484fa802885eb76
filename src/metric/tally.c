/* See tally.h. */
#include "metric/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Copies rows of one width to rows of another, filled up with zeros. */
static void copy_rows(double *to, int to_width, const double *from, int from_width, size_t n) {
    for (size_t i = 0; i < n && from_width; i++) /* of no width: there may be no memory */
        memcpy(to + i * (size_t)to_width, from + i * (size_t)from_width,
               (size_t)from_width * sizeof *to);
}

/* Rows of `width` in new memory; *rows stays as it was on failure. */
static s2s_status relay(double **rows, int from_width, size_t n, int width, size_t capacity,
                        s2s_err *err) {
    double *wider = calloc(capacity * (size_t)width + 1, sizeof *wider);
    if (!wider) return s2s_fail_memory(err, capacity * (size_t)width * sizeof *wider);
    copy_rows(wider, width, *rows, from_width, n);
    free(*rows);
    *rows = wider;
    return S2S_OK;
}

/* The vectors of text metrics have their width from the start; those of classes grow now and then. */
static s2s_status widen(s2s_tally *tally, int width, s2s_err *err) {
    if (tally->sum && width == tally->width) return S2S_OK;
    size_t capacity = tally->capacity;
    double *sum = calloc((size_t)width + 1, sizeof *sum);
    double *segment = calloc((size_t)width + 1, sizeof *segment);
    s2s_status status = S2S_OK;
    if (!sum || !segment) status = s2s_fail_memory(err, 2 * (size_t)width * sizeof *sum);
    if (status == S2S_OK && capacity)
        status = relay(&tally->rows, tally->width, tally->segments, width, capacity, err);
    if (status != S2S_OK) {
        free(sum);
        free(segment);
        return status;
    }
    copy_rows(sum, width, tally->sum, tally->width, tally->sum ? 1 : 0);
    free(tally->sum);
    free(tally->segment);
    tally->sum = sum;
    tally->segment = segment;
    tally->width = width;
    return S2S_OK;
}

static s2s_status make_room(s2s_tally *tally, s2s_err *err) {
    if (!tally->keep || tally->segments < tally->capacity) return S2S_OK;
    size_t capacity = tally->capacity + tally->capacity / 2 + 64;
    S2S_TRY(relay(&tally->rows, tally->width, tally->segments, tally->width, capacity, err));
    tally->capacity = capacity;
    return S2S_OK;
}

s2s_status s2s_tally_add(s2s_tally *tally, s2s_metric *metric, s2s_segment hypothesis,
                         const s2s_segment *references, int n, s2s_err *err) {
    S2S_TRY(s2s_metric_learn(metric, hypothesis, references, n, err));
    S2S_TRY(widen(tally, s2s_metric_width(metric), err));
    S2S_TRY(make_room(tally, err));
    S2S_TRY(s2s_metric_statistics(metric, hypothesis, references, n, tally->segment, err));
    size_t bytes = (size_t)tally->width * sizeof *tally->sum;
    if (tally->keep)
        memcpy(tally->rows + tally->segments * (size_t)tally->width, tally->segment, bytes);
    for (int i = 0; i < tally->width; i++) tally->sum[i] += tally->segment[i];
    tally->segments++;
    return S2S_OK;
}

s2s_status s2s_tally_finish(s2s_tally *tally, const s2s_metric *metric, s2s_err *err) {
    return widen(tally, s2s_metric_width(metric), err);
}

s2s_score s2s_tally_score(const s2s_tally *tally, const s2s_metric *metric) {
    assert(tally->width == s2s_metric_width(metric));
    return s2s_metric_score(metric, tally->sum);
}

s2s_segment_rows s2s_tally_rows(const s2s_tally *tally, const s2s_metric *metric) {
    assert(tally->keep && tally->width == s2s_metric_width(metric));
    return (s2s_segment_rows){metric, tally->rows, tally->segments};
}

void s2s_tally_release(s2s_tally *tally) {
    free(tally->sum);
    free(tally->rows);
    free(tally->segment);
    *tally = (s2s_tally){0};
}
