/* Longest common subsequences, 64 columns of the table at a time (Hyyro 2004). */
#ifndef S2S_METRIC_LCS_H
#define S2S_METRIC_LCS_H

#include "metric/columns.h"

/* All zero is valid and empty. Owner: the caller. */
typedef struct s2s_lcs {
    s2s_columns columns;
    uint64_t *rows; /* of the table, in bits: see lcs.c */
    size_t rows_capacity;
} s2s_lcs;

/* Memory grows with the second sequence alone. */
s2s_status s2s_lcs_length(s2s_lcs *lcs, s2s_sequence rows, s2s_sequence columns, size_t *length,
                          s2s_err *err);
/* Sets marks[i] to 1 where rows.data[i] is in the longest common subsequence that rouge-score takes:
 * read from the end of the table, where a row and a column can both be left out without loss the
 * row goes. Other marks stay as they are. Memory grows with both sequences: a bit a cell. */
s2s_status s2s_lcs_mark(s2s_lcs *lcs, s2s_sequence rows, s2s_sequence columns, uint32_t *marks,
                        s2s_err *err);
void s2s_lcs_release(s2s_lcs *lcs);

#endif
