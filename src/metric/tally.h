/* What one system has of one metric: the sum of its segments' statistics vectors and, on request, the
 * vectors themselves, for intervals, tests and scores of single segments.
 *
 * Systems that are compared share a metric object, so that all mean the same by their classes, and
 * have a tally each. */
#ifndef S2S_METRIC_TALLY_H
#define S2S_METRIC_TALLY_H

#include "metric/metric.h"
#include "metric/resample.h"

/* All zero but for `keep` is valid and empty. */
typedef struct s2s_tally {
    bool keep;    /* the vectors, too: 8 bytes a segment and number */
    int width;    /* of the vectors; that of the metric, or less where others have added since */
    double *sum;  /* [width] */
    double *rows; /* [segments x width], or NULL */
    size_t segments, capacity; /* capacity: segments that `rows` has room for */
    double *segment;           /* [width], scratch */
} s2s_tally;

/* Adds a segment. `metric` is the same in all calls. A failure leaves the tally as it was. */
s2s_status s2s_tally_add(s2s_tally *tally, s2s_metric *metric, s2s_segment hypothesis,
                         const s2s_segment *references, int n, s2s_err *err);
/* Brings the vectors to the metric's width. To be called once, when all systems have added all their
 * segments and before anything below. */
s2s_status s2s_tally_finish(s2s_tally *tally, const s2s_metric *metric, s2s_err *err);

s2s_score s2s_tally_score(const s2s_tally *tally, const s2s_metric *metric);
/* Of one that kept its vectors; borrowed. */
s2s_segment_rows s2s_tally_rows(const s2s_tally *tally, const s2s_metric *metric);
void s2s_tally_release(s2s_tally *tally);

#endif
