/* See texts.h. */
#include "suite/texts.h"

#include <stdlib.h>

s2s_status s2s_texts_add(s2s_texts *texts, const char *text, size_t length, s2s_err *err) {
    S2S_TRY(s2s_grow(&texts->ends, &texts->capacity, texts->n + 1, sizeof *texts->ends, err));
    S2S_TRY(s2s_buf_append(&texts->bytes, text, length, err));
    texts->ends[texts->n++] = texts->bytes.size;
    return S2S_OK;
}

void s2s_texts_release(s2s_texts *texts) {
    s2s_buf_release(&texts->bytes);
    free(texts->ends);
    *texts = (s2s_texts){0};
}
