/* The metrics of a suite's test sets. They are made, and those of classes meet their references, before anything is
 * translated: what is wrong with a metric, its options or the labels of a reference is told before hours of work. */
#ifndef S2S_SUITE_MEASURES_H
#define S2S_SUITE_MEASURES_H

#include "suite/testset.h"

/* A metric of a test set, which all rows share: a metric of classes must have met those of every output before
 * vectors can be compared. */
typedef struct s2s_measure {
    s2s_metric *corpus;
    s2s_metric *
        line; /* the same for a line alone: sentence BLEU leaves out orders that it is too short for */
} s2s_measure;

/* All zero is valid and empty. */
typedef struct s2s_measures {
    s2s_measure *items; /* [tests x metrics] */
    int n, metrics;     /* metrics: of each test set */
} s2s_measures;

/* `sets`: [suite->tests.n]. `lowercase`: compare without case, whatever the suite says. A failure names the test set and
 * where the suite file has it; nothing is held then. */
s2s_status s2s_measures_create(s2s_measures *measures, const s2s_suite *suite,
                               const s2s_testset *sets, bool lowercase, s2s_err *err);
void s2s_measures_release(s2s_measures *measures);

static inline const s2s_measure *s2s_measure_of(const s2s_measures *measures, int test,
                                                int metric) {
    return &measures->items[test * measures->metrics + metric];
}

#endif
