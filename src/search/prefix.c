/* See prefix.h. */
#include "search/prefix.h"

#include <stdlib.h>

static bool stands_before(const s2s_prefixes *prefixes, int32_t node, int32_t token) {
    for (; node != S2S_EMPTY_PREFIX; node = prefixes->nodes[node].parent)
        if (prefixes->nodes[node].token == token) return true;
    return false;
}

s2s_status s2s_prefixes_extend(s2s_prefixes *prefixes, const s2s_prefix_node *added, int32_t *node,
                               s2s_err *err) {
    size_t n = prefixes->n;
    if (n >= INT32_MAX)
        return s2s_fail(err, S2S_MEMORY,
                        "a sentence's search has more than 2^31 - 1 prefixes; "
                        "use a smaller beam_size or max_decoding_length");
    S2S_TRY(s2s_grow(&prefixes->nodes, &prefixes->capacity, n + 1, sizeof *prefixes->nodes, err));
    prefixes->nodes[n] = *added;
    prefixes->nodes[n].seen =
        prefixes->marks_seen && stands_before(prefixes, added->parent, added->token);
    prefixes->n = n + 1;
    *node = (int32_t)n;
    return S2S_OK;
}

void s2s_prefixes_read(const s2s_prefixes *prefixes, int32_t node, int length, int32_t *ids,
                       double *log_probabilities) {
    for (int i = length - 1; i >= 0; i--) {
        const s2s_prefix_node *at = &prefixes->nodes[node];
        ids[i] = at->token;
        log_probabilities[i] = at->log_probability;
        node = at->parent;
    }
}

void s2s_prefixes_clear(s2s_prefixes *prefixes) {
    /* One sentence of thousands of tokens must not hold its memory until the end of the input. */
    if (prefixes->capacity > 1 << 16) s2s_prefixes_release(prefixes);
    prefixes->n = 0;
}

void s2s_prefixes_release(s2s_prefixes *prefixes) {
    free(prefixes->nodes);
    *prefixes = (s2s_prefixes){0};
}
