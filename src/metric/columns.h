/* Where a sequence has each symbol, as rows of bits: bit k is set when the symbol stands at place k.
 * Comparisons of two sequences that take 64 places at a time (lcs.h, levenshtein.h) begin with
 * these. */
#ifndef S2S_METRIC_COLUMNS_H
#define S2S_METRIC_COLUMNS_H

#include "metric/points.h"

enum { S2S_ROW_BITS = 64 };

/* A sequence of small numbers, borrowed from its owner. */
typedef struct s2s_sequence {
    const uint32_t *data;
    size_t size;
} s2s_sequence;

static inline s2s_sequence s2s_sequence_of(const s2s_points *points) {
    return (s2s_sequence){points->data, points->size};
}

/* All zero is valid and empty. Owner: the caller. */
typedef struct s2s_columns {
    s2s_points symbols; /* the sequence */
    s2s_points last;    /* [greatest symbol + 1] one more than its last place; 0: it is not there */
    s2s_points before;  /* [symbols.size] the same for the place before this one */
    uint64_t *row;      /* [width] */
    size_t width, row_capacity;
} s2s_columns;

/* Takes a sequence; symbols may be any numbers, and memory is that of the greatest. */
s2s_status s2s_columns_set(s2s_columns *columns, s2s_sequence sequence, s2s_err *err);
/* The row of a symbol, [columns->width], valid until the next call. */
const uint64_t *s2s_columns_of(s2s_columns *columns, uint32_t symbol);
void s2s_columns_release(s2s_columns *columns);

#endif
