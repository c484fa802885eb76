/* Edit distance: the least insertions, deletions and replacements of symbols (Levenshtein 1966), 64
 * columns of the table at a time (Myers 1999). */
#ifndef S2S_METRIC_LEVENSHTEIN_H
#define S2S_METRIC_LEVENSHTEIN_H

#include "metric/columns.h"

/* All zero is valid and empty. Owner: the caller. */
typedef struct s2s_levenshtein {
    s2s_columns columns;
    uint64_t *rises, *falls; /* of a row of the table, in bits: see levenshtein.c */
    size_t rises_capacity, falls_capacity;
} s2s_levenshtein;

s2s_status s2s_levenshtein_distance(s2s_levenshtein *levenshtein, s2s_sequence a, s2s_sequence b,
                                    size_t *distance, s2s_err *err);
void s2s_levenshtein_release(s2s_levenshtein *levenshtein);

#endif
