/* The texts of hypotheses. */
#ifndef S2S_SEARCH_DECODED_H
#define S2S_SEARCH_DECODED_H

#include "metric/metric.h"
#include "search/search.h"
#include "text/vocabulary.h"

/* All zero is valid and empty. */
typedef struct s2s_decoded {
    s2s_segment *texts; /* [n] of the last call */
    s2s_buf buffer;     /* that they lie in, end to end */
    size_t capacity;
} s2s_decoded;

/* Fills texts; they stay valid until the next call. */
s2s_status s2s_decoded_fill(s2s_decoded *decoded, const s2s_vocabulary *target,
                            const s2s_hypothesis *hypotheses, int n, s2s_err *err);
void s2s_decoded_release(s2s_decoded *decoded);

#endif
