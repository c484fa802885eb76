/* A picture of values in buckets: one line of dots for each row, as SVG. */
#ifndef S2S_REPORT_CHART_H
#define S2S_REPORT_CHART_H

#include "report/section.h"

/* A bucket of fewer items than LEAST says nothing and is left out. */
enum { S2S_MOST_BUCKETS = 8, S2S_LEAST_IN_BUCKET = 5 };

typedef struct s2s_chart {
    const char *title, *note;
    const char *axis;          /* what the buckets are of */
    const char *const *labels; /* [buckets] */
    const size_t *counts;      /* [buckets] items */
    const char *counted;       /* what the counts count */
    int buckets;
    const int *rows; /* [n] of the board */
    int n;
    const double *values; /* [n x buckets] */
} s2s_chart;

/* The values; and where rows are compared with others that are shown, a second picture of the differences. */
void s2s_chart_draw(s2s_page *page, const s2s_chart *chart);

#endif
