/* Lines of text in memory: sources, references and outputs of a test set, which are small beside a model. */
#ifndef S2S_SUITE_TEXTS_H
#define S2S_SUITE_TEXTS_H

#include "base/err.h"
#include "base/memory.h"
#include "metric/metric.h"

/* All zero is valid and empty. A line may hold any byte, also line feeds. */
typedef struct s2s_texts {
    s2s_buf bytes;
    size_t *ends; /* [n]: where line i ends in `bytes`; it begins where the one before ends */
    size_t n, capacity;
} s2s_texts;

s2s_status s2s_texts_add(s2s_texts *texts, const char *text, size_t length, s2s_err *err);
void s2s_texts_release(s2s_texts *texts);

/* Line i; valid until the next s2s_texts_add. */
static inline s2s_segment s2s_texts_at(const s2s_texts *texts, size_t i) {
    size_t begin = i ? texts->ends[i - 1] : 0;
    const char *bytes = texts->bytes.data ? texts->bytes.data : "";
    return (s2s_segment){bytes + begin, texts->ends[i] - begin};
}

#endif
