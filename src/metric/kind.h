/* What a metric has to bring: a struct that begins with s2s_metric, and this table. metric.c does
 * the rest.
 *
 * To add one, write its file after the pattern of bleu.c, and its line in base/metrics.h. */
#ifndef S2S_METRIC_KIND_H
#define S2S_METRIC_KIND_H

#include "metric/classes.h"
#include "metric/metric.h"

typedef struct s2s_metric_kind {
    /* Writes the statistics vector of a segment; n is at least 1. */
    s2s_status (*statistics)(s2s_metric *metric, s2s_segment hypothesis,
                             const s2s_segment *references, int n, double *statistics,
                             s2s_err *err);
    /* Fills in value, name and detail from a vector, or from the sum of many. */
    void (*score)(const s2s_metric *metric, const double *statistics, s2s_score *score);
    /* Writes the metric's own keys of the signature, "case:lc|...": what stands between the number
     * of references and the version. */
    void (*signature)(const s2s_metric *metric, char *text, size_t size);
    /* Frees what the metric's own members hold. */
    void (*release)(s2s_metric *metric);
} s2s_metric_kind;

/* Makes a metric with the options that concern it. */
typedef s2s_status s2s_metric_maker(s2s_metric **metric, const s2s_metric_options *options,
                                    s2s_err *err);
#define S2S_DECLARE_METRIC(number, name, make, better) s2s_metric_maker make;
S2S_METRICS(S2S_DECLARE_METRIC)
#undef S2S_DECLARE_METRIC

enum { S2S_REFERENCES_VARY = -1 };

struct s2s_metric {
    const s2s_metric_kind *kind;
    /* Of metrics of classes (classes.h), whose width is 0 at first; NULL of others. Numbers the classes
     * of a segment, which is checked first; `statistics` then has room for them. */
    s2s_status (*learn)(s2s_metric *metric, s2s_segment hypothesis, const s2s_segment *references,
                        int n, s2s_err *err);
    s2s_classes classes;
    bool class_scores; /* the score is made of those of the classes, which are worth telling */
    int width;         /* of a statistics vector */
    int references;    /* of each segment so far, 0 before the first, or S2S_REFERENCES_VARY */
    double *sum;       /* [width] */
    double *segment;   /* [width], of the segment that is being added */
};

/* Allocates a metric of `size` bytes, all zero but for the members above. NULL: no memory, err
 * filled. */
s2s_metric *s2s_metric_alloc(const s2s_metric_kind *kind, size_t size, int width, s2s_err *err);

#endif
