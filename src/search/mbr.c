/* See mbr.h. */
#include "search/mbr.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

s2s_status s2s_mbr_init(s2s_mbr *mbr, s2s_metric_type metric, s2s_err *err) {
    *mbr = (s2s_mbr){0};
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    /* Single segments are compared: BLEU's orders that they are too short for must not make it 0. */
    options.effective_order = true;
    S2S_TRY(s2s_metric_create(&mbr->metric, metric, &options, err));
    assert(!s2s_metric_is_of_classes(mbr->metric));
    mbr->sign = s2s_metric_lower_is_better(metric) ? -1 : 1;
    size_t bytes = (size_t)s2s_metric_width(mbr->metric) * sizeof *mbr->statistics;
    mbr->statistics = malloc(bytes);
    return mbr->statistics ? S2S_OK : s2s_fail_memory(err, bytes);
}

void s2s_mbr_release(s2s_mbr *mbr) {
    s2s_metric_free(mbr->metric);
    free(mbr->utilities);
    free(mbr->statistics);
    free(mbr->firsts);
    free(mbr->times);
    *mbr = (s2s_mbr){0};
}

static bool equal(s2s_segment a, s2s_segment b) {
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

/* Samples are often the same: each is compared once with each that differs, and counts as often as it came.
 * Fills firsts with the index of the first text that equals each. */
static void find_equal(const s2s_segment *texts, int n, int *firsts, int *times) {
    for (int i = 0; i < n; i++) {
        firsts[i] = 0;
        times[i] = 0;
        while (!equal(texts[firsts[i]], texts[i])) firsts[i]++;
        times[firsts[i]]++;
    }
}

static s2s_status compare(s2s_mbr *mbr, s2s_segment text, s2s_segment reference, double *value,
                          s2s_err *err) {
    S2S_TRY(s2s_metric_statistics(mbr->metric, text, &reference, 1, mbr->statistics, err));
    *value = mbr->sign * s2s_metric_value(mbr->metric, mbr->statistics);
    return S2S_OK;
}

static s2s_status measure_first(s2s_mbr *mbr, const s2s_segment *texts, int n, int i,
                                s2s_err *err) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
        int times = mbr->times[j] - (j == i); /* but for itself */
        if (mbr->firsts[j] != j || !times) continue;
        double value;
        S2S_TRY(compare(mbr, texts[i], texts[j], &value, err));
        sum += times * value;
    }
    mbr->utilities[i] = n > 1 ? sum / (n - 1) : 0;
    return S2S_OK;
}

s2s_status s2s_mbr_measure(s2s_mbr *mbr, const s2s_segment *texts, int n, s2s_err *err) {
    size_t count = (size_t)n;
    S2S_TRY(s2s_grow(&mbr->utilities, &mbr->capacity, count, sizeof *mbr->utilities, err));
    S2S_TRY(s2s_grow(&mbr->firsts, &mbr->firsts_capacity, count, sizeof *mbr->firsts, err));
    S2S_TRY(s2s_grow(&mbr->times, &mbr->times_capacity, count, sizeof *mbr->times, err));
    find_equal(texts, n, mbr->firsts, mbr->times);
    for (int i = 0; i < n; i++) {
        int first = mbr->firsts[i];
        if (first == i)
            S2S_TRY(measure_first(mbr, texts, n, i, err));
        else
            mbr->utilities[i] = mbr->utilities[first];
    }
    return S2S_OK;
}
