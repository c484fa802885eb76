/* See documents.h. */
#include "data/documents.h"

s2s_status s2s_documents_end(s2s_documents *d, s2s_err *err) {
    if (!d->ids.size) return S2S_OK;
    s2s_example sequence = {.source = d->ids.data, .source_length = (int)d->ids.size};
    s2s_pair no_text = {0};
    d->ids.size = 0;
    d->sequences++;
    return s2s_cache_add(d->cache, &sequence, &no_text, err);
}

static s2s_status push_all(s2s_documents *d, const int32_t *ids, int n, s2s_err *err) {
    for (int i = 0; i < n; i++) S2S_TRY(s2s_ids_push(&d->ids, ids[i], err));
    return S2S_OK;
}

s2s_status s2s_documents_add(s2s_documents *d, const int32_t *ids, int n, s2s_err *err) {
    if (n == 0) return s2s_documents_end(d, err);
    int room = d->most - (int)d->ids.size - 1; /* behind the symbol that ends the line before */
    if (d->ids.size && n > room) S2S_TRY(s2s_documents_end(d, err));
    if (d->ids.size) S2S_TRY(s2s_ids_push(&d->ids, d->eos, err));
    for (; n > d->most; n -= d->most, ids += d->most) {
        S2S_TRY(push_all(d, ids, d->most, err));
        S2S_TRY(s2s_documents_end(d, err));
    }
    return push_all(d, ids, n, err);
}

void s2s_documents_release(s2s_documents *d) {
    s2s_ids_release(&d->ids);
}
