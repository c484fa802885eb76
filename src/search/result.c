/* See result.h. */
#include "search/result.h"

#include <stdlib.h>

static int compare(const void *left, const void *right) {
    const s2s_finished *a = left, *b = right;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static s2s_status allocate(s2s_result **result, int n, size_t tokens, s2s_err *err) {
    size_t bytes = sizeof **result + (size_t)n * sizeof(s2s_hypothesis) + tokens * sizeof(int32_t);
    *result = malloc(bytes);
    if (!*result) return s2s_fail_memory(err, bytes);
    (*result)->n = n;
    return S2S_OK;
}

s2s_status s2s_result_create(s2s_result **result, s2s_finished *finished, int count, int n,
                             const s2s_prefixes *prefixes, s2s_err *err) {
    qsort(finished, (size_t)count, sizeof *finished, compare);
    if (n > count) n = count;
    size_t tokens = 0;
    for (int i = 0; i < n; i++) tokens += (size_t)finished[i].length;
    S2S_TRY(allocate(result, n, tokens, err));
    int32_t *ids = (int32_t *)&(*result)->best[n];
    for (int i = 0; i < n; i++) {
        const s2s_finished *from = &finished[i];
        s2s_prefixes_read(prefixes, from->prefix, ids, from->length);
        (*result)->best[i] = (s2s_hypothesis){.ids = ids,
                                              .length = from->length,
                                              .log_probability = from->log_probability,
                                              .score = from->score,
                                              .ended = from->ended};
        ids += from->length;
    }
    return S2S_OK;
}

s2s_status s2s_result_create_empty(s2s_result **result, s2s_err *err) {
    S2S_TRY(allocate(result, 1, 0, err));
    (*result)->best[0] =
        (s2s_hypothesis){.ids = (const int32_t *)&(*result)->best[1], .ended = true};
    return S2S_OK;
}
