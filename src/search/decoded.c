/* See decoded.h. */
#include "search/decoded.h"

#include <stdlib.h>

/* Where each text begins is known only when the buffer no longer moves: lengths first. */
s2s_status s2s_decoded_fill(s2s_decoded *d, const s2s_vocabulary *target,
                            const s2s_hypothesis *hypotheses, int n, s2s_err *err) {
    S2S_TRY(s2s_grow(&d->texts, &d->capacity, (size_t)n, sizeof *d->texts, err));
    d->buffer.size = 0;
    for (int i = 0; i < n; i++) {
        const s2s_hypothesis *h = &hypotheses[i];
        size_t begin = d->buffer.size;
        S2S_TRY(s2s_vocabulary_decode(target, h->ids, (size_t)h->length, &d->buffer, err));
        d->texts[i].length = d->buffer.size - begin;
    }
    const char *text = d->buffer.data ? d->buffer.data : "";
    for (int i = 0; i < n; i++) {
        d->texts[i].text = text;
        text += d->texts[i].length;
    }
    return S2S_OK;
}

void s2s_decoded_release(s2s_decoded *decoded) {
    free(decoded->texts);
    s2s_buf_release(&decoded->buffer);
    *decoded = (s2s_decoded){0};
}
