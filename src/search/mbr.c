/* See mbr.h. */
#include "search/mbr.h"

#include <stdlib.h>

s2s_status s2s_mbr_init(s2s_mbr *mbr, s2s_metric_type metric, s2s_err *err) {
    *mbr = (s2s_mbr){0};
    /* Single segments are compared: BLEU's orders that they are too short for must not make it 0. */
    s2s_bleu_options bleu = S2S_BLEU_DEFAULTS;
    bleu.effective_order = true;
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    if (metric == S2S_METRIC_BLEU)
        S2S_TRY(s2s_bleu_create(&mbr->metric, &bleu, err));
    else
        S2S_TRY(s2s_metric_create(&mbr->metric, metric, &options, err));
    size_t bytes = (size_t)s2s_metric_width(mbr->metric) * sizeof *mbr->statistics;
    mbr->statistics = malloc(bytes);
    return mbr->statistics ? S2S_OK : s2s_fail_memory(err, bytes);
}

void s2s_mbr_release(s2s_mbr *mbr) {
    s2s_metric_free(mbr->metric);
    free(mbr->utilities);
    free(mbr->statistics);
    *mbr = (s2s_mbr){0};
}

s2s_status s2s_mbr_measure(s2s_mbr *mbr, const s2s_segment *texts, int n, s2s_err *err) {
    S2S_TRY(s2s_grow(&mbr->utilities, &mbr->capacity, (size_t)n, sizeof *mbr->utilities, err));
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            if (j == i) continue;
            S2S_TRY(
                s2s_metric_statistics(mbr->metric, texts[i], &texts[j], 1, mbr->statistics, err));
            sum += s2s_metric_score(mbr->metric, mbr->statistics).value;
        }
        mbr->utilities[i] = n > 1 ? sum / (n - 1) : 0;
    }
    return S2S_OK;
}
