/* See by_risk.h. */
#include "search/by_risk.h"

s2s_status s2s_by_risk_init(s2s_by_risk *by_risk, s2s_metric_type metric,
                            const s2s_vocabulary *target, s2s_err *err) {
    *by_risk = (s2s_by_risk){.target = target};
    s2s_status status = s2s_mbr_init(&by_risk->mbr, metric, err);
    if (status != S2S_OK) s2s_by_risk_release(by_risk);
    return status;
}

void s2s_by_risk_release(s2s_by_risk *by_risk) {
    s2s_mbr_release(&by_risk->mbr);
    s2s_decoded_release(&by_risk->decoded);
    *by_risk = (s2s_by_risk){0};
}

/* By insertion: it is stable, and little beside the comparison of all with all. */
s2s_status s2s_by_risk_sort(s2s_by_risk *by_risk, s2s_hypothesis *hypotheses, int n, s2s_err *err) {
    S2S_TRY(s2s_decoded_fill(&by_risk->decoded, by_risk->target, hypotheses, n, err));
    S2S_TRY(s2s_mbr_measure(&by_risk->mbr, by_risk->decoded.texts, n, err));
    for (int i = 0; i < n; i++) {
        s2s_hypothesis moved = hypotheses[i];
        moved.score = by_risk->mbr.utilities[i];
        int at = i;
        for (; at > 0 && hypotheses[at - 1].score < moved.score; at--)
            hypotheses[at] = hypotheses[at - 1];
        hypotheses[at] = moved;
    }
    return S2S_OK;
}
