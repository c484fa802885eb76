/* Minimum-Bayes-risk decoding (Kumar and Byrne 2004; Eikema and Aziz 2020): of several translations of a
 * line the best is the one that is most like the others,
 *
 *     utility(i) = mean over j != i of metric(hypothesis i, reference j)
 *
 * where they are samples of what the model holds likely. Of error rates the utility is negative. */
#ifndef S2S_SEARCH_MBR_H
#define S2S_SEARCH_MBR_H

#include "metric/metric.h"

typedef struct s2s_mbr {
    s2s_metric *metric;
    double sign;       /* -1: lower values of the metric are better */
    double *utilities; /* [n] of the last call */
    double *statistics;
    int *firsts, *times; /* [n] the first equal text of each, and how often that came */
    size_t capacity, firsts_capacity, times_capacity;
} s2s_mbr;

/* Any metric of texts, and none of labels, which recipes refuse. Released by the caller, also after a failure. */
s2s_status s2s_mbr_init(s2s_mbr *mbr, s2s_metric_type metric, s2s_err *err);
void s2s_mbr_release(s2s_mbr *mbr); /* all zero is fine */

/* Fills utilities; one text alone has 0. */
s2s_status s2s_mbr_measure(s2s_mbr *mbr, const s2s_segment *texts, int n, s2s_err *err);

#endif
