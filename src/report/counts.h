/* How often words occur. */
#ifndef S2S_REPORT_COUNTS_H
#define S2S_REPORT_COUNTS_H

#include "metric/metric.h"

/* A hash table of words, which it borrows. All zero is valid and empty. */
typedef struct s2s_counts {
    struct s2s_count {
        s2s_segment word; /* text NULL: the slot is free */
        long count;
    } * slots;
    size_t n, room; /* room: a power of two */
} s2s_counts;

/* Adds to a word's count, which begins at 0. */
s2s_status s2s_counts_add(s2s_counts *counts, s2s_segment word, long add, s2s_err *err);
long s2s_counts_get(const s2s_counts *counts, s2s_segment word);
void s2s_counts_clear(s2s_counts *counts); /* forgets all words, keeps the memory */
void s2s_counts_release(s2s_counts *counts);

#endif
