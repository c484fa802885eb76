/* How sure a corpus score is, and whether two systems really differ: the segments of the corpus are
 * drawn again many times, and each draw is scored.
 *
 * Bootstrap intervals and the paired bootstrap follow Koehn (2004, "Statistical significance tests
 * for machine translation evaluation"), approximate randomisation Riezler and Maxwell (2005) and
 * Clark et al. (2011). Draws, intervals and p-values are those of sacreBLEU 2.x for the same
 * statistics, number of samples and seed; but where two systems have the same score, p is 1 and not
 * the smallest there is, which would tell that they differ.
 *
 * All of it works on the statistics vectors of metric.h: the text is not needed any more. The result
 * is the same for any number of threads. */
#ifndef S2S_METRIC_RESAMPLE_H
#define S2S_METRIC_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "metric/metric.h"

/* sacreBLEU's defaults. */
enum { S2S_BOOTSTRAP_SAMPLES = 1000, S2S_RANDOMIZATION_TRIALS = 10000, S2S_RESAMPLE_SEED = 12345 };
/* More samples than these are refused. */
enum { S2S_MOST_SAMPLES = 10000000 };

/* A system's segments as one metric sees them; borrowed. All systems of a test are of one metric
 * object (or of equal ones) and of the same segments in the same order. */
typedef struct s2s_segment_rows {
    const s2s_metric *metric; /* only scores are asked of it, by several threads at once */
    const double *rows; /* [segments x s2s_metric_width(metric)]: s2s_metric_statistics of each */
    size_t segments;    /* at least 1 */
} s2s_segment_rows;

/* Where 95% of the resampled scores lie; all in the metric's unit (0 to 100). */
typedef struct s2s_interval {
    double mean;      /* of the resampled scores */
    double half;      /* half of high - low: what sacreBLEU prints after the plus-minus sign */
    double low, high; /* 1/40 of the samples lie below, as many above */
} s2s_interval;

typedef struct s2s_comparison {
    double score;          /* of all segments */
    s2s_interval interval; /* all zero where none was asked for */
    double p;              /* of no difference to the baseline, two-sided; 1 for the baseline */
} s2s_comparison;

typedef struct s2s_resample_options {
    int samples;  /* of a bootstrap, trials of a randomisation; at least 1 */
    int interval; /* samples of the intervals that go with a randomisation; 0: none */
    uint64_t seed;
} s2s_resample_options;

/* The interval of one system. */
s2s_status s2s_bootstrap(const s2s_segment_rows *system, const s2s_resample_options *options,
                         s2s_interval *interval, s2s_err *err);

/* Tests of systems[1] ... systems[n - 1] against systems[0]. `results`: [n]. A small p says that a
 * difference as large as the one found is not to be had from the choice of segments alone
 * (bootstrap), or from who wrote which output (randomisation). */
s2s_status s2s_paired_bootstrap(const s2s_segment_rows *systems, int n,
                                const s2s_resample_options *options, s2s_comparison *results,
                                s2s_err *err);
s2s_status s2s_paired_randomization(const s2s_segment_rows *systems, int n,
                                    const s2s_resample_options *options, s2s_comparison *results,
                                    s2s_err *err);

#endif
