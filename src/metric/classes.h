/* Named classes (labels, entity types) in the order in which they are first met, and the counts that
 * metrics keep of each.
 *
 * The statistics vector of such a metric has three counts a class, so it grows at its end when a class
 * is met: a vector from before is as good as one with zeros after it. */
#ifndef S2S_METRIC_CLASSES_H
#define S2S_METRIC_CLASSES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory.h"

/* Of items that are of a class in both, in the output, in the reference. */
enum { S2S_RIGHT, S2S_FOUND, S2S_WANTED, S2S_CLASS_COUNTS };
enum { S2S_MOST_CLASSES = 1 << 16 };

typedef struct s2s_class_name {
    const char *text;
    size_t length;
} s2s_class_name;

/* All zero is valid and empty. */
typedef struct s2s_classes {
    s2s_class_name *names; /* by number */
    uint32_t *sorted;      /* numbers, by name */
    size_t n, names_capacity, sorted_capacity;
    s2s_arena arena;
} s2s_classes;

/* The number of a class, which a new name gets. Too many classes are an error: then it is other text
 * that is taken for labels. */
s2s_status s2s_classes_number(s2s_classes *classes, const char *name, size_t length, size_t *number,
                              s2s_err *err);
void s2s_classes_release(s2s_classes *classes);

/* From the counts of a class, or from sums of such; 0 where there is nothing to divide by. */
double s2s_class_precision(const double *counts); /* right / found */
double s2s_class_recall(const double *counts);    /* right / wanted */
double s2s_class_f1(const double *counts);        /* their harmonic mean */

#endif
