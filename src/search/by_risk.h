/* Hypotheses in the order of their utilities (mbr.h): minimum-Bayes-risk decoding of what a search has found. */
#ifndef S2S_SEARCH_BY_RISK_H
#define S2S_SEARCH_BY_RISK_H

#include "search/decoded.h"
#include "search/mbr.h"

/* One thread at a time. All zero is valid for release; `mbr.metric` NULL: it is not to be used. */
typedef struct s2s_by_risk {
    s2s_mbr mbr;
    const s2s_vocabulary *target; /* borrowed */
    s2s_decoded decoded;
} s2s_by_risk;

/* Any metric of texts. Nothing needs to be released after a failure. */
s2s_status s2s_by_risk_init(s2s_by_risk *by_risk, s2s_metric_type metric,
                            const s2s_vocabulary *target, s2s_err *err);
void s2s_by_risk_release(s2s_by_risk *by_risk);

/* Sorts hypotheses [n] by utility, which takes the place of the score; equal ones stay as they were. */
s2s_status s2s_by_risk_sort(s2s_by_risk *by_risk, s2s_hypothesis *hypotheses, int n, s2s_err *err);

#endif
