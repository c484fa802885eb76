/* See trie.h. Open addressing with linear probing, at most half full. */
#include "metric/trie.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BITS = 8 };

typedef struct s2s_trie_edge {
    uint64_t key; /* parent << 32 | symbol */
    uint32_t child;
    uint32_t epoch; /* 0 in fresh memory, which is never a trie's epoch */
} edge;

static uint64_t edge_key(uint32_t node, uint32_t symbol) {
    return (uint64_t)node << 32 | symbol;
}

/* The place where the key is, or where it belongs. Keys are small numbers side by side, so they are
 * mixed well (the finisher of MurmurHash3, shortened) before the top bits are taken. */
static size_t place_of(const s2s_trie *trie, uint64_t key) {
    uint64_t hash = (key ^ key >> 32) * 0xFF51AFD7ED558CCDu;
    hash = (hash ^ hash >> 29) * 0xC4CEB9FE1A85EC53u;
    size_t mask = ((size_t)1 << trie->bits) - 1;
    size_t at = (size_t)(hash >> (64 - trie->bits));
    while (trie->edges[at].epoch == trie->epoch && trie->edges[at].key != key) at = (at + 1) & mask;
    return at;
}

static s2s_status grow_table(s2s_trie *trie, s2s_err *err) {
    s2s_trie grown = *trie;
    grown.bits = trie->bits ? trie->bits + 1 : FIRST_BITS;
    grown.epoch = 1;
    size_t places = (size_t)1 << grown.bits;
    grown.edges = calloc(places, sizeof *grown.edges);
    if (!grown.edges) return s2s_fail_memory(err, places * sizeof *grown.edges);
    for (size_t i = 0; trie->edges && i < (size_t)1 << trie->bits; i++) {
        edge old = trie->edges[i];
        if (old.epoch != trie->epoch) continue;
        old.epoch = grown.epoch;
        grown.edges[place_of(&grown, old.key)] = old;
    }
    free(trie->edges);
    *trie = grown;
    return S2S_OK;
}

uint32_t s2s_trie_find(const s2s_trie *trie, uint32_t node, uint32_t symbol) {
    if (!trie->edges) return S2S_TRIE_NONE;
    const edge *found = &trie->edges[place_of(trie, edge_key(node, symbol))];
    return found->epoch == trie->epoch ? found->child : S2S_TRIE_NONE;
}

s2s_status s2s_trie_add(s2s_trie *trie, uint32_t node, uint32_t symbol, uint32_t *child,
                        s2s_err *err) {
    if (!trie->edges || trie->nodes >= (size_t)1 << (trie->bits - 1))
        S2S_TRY(grow_table(trie, err));
    uint64_t key = edge_key(node, symbol);
    edge *found = &trie->edges[place_of(trie, key)];
    if (found->epoch != trie->epoch) {
        if (trie->nodes == UINT32_MAX)
            return s2s_fail(err, S2S_INPUT,
                            "a segment has more than %lu different n-grams; is it "
                            "text with one sentence a line?",
                            (unsigned long)UINT32_MAX);
        *found = (edge){.key = key, .child = ++trie->nodes, .epoch = trie->epoch};
    }
    *child = found->child;
    return S2S_OK;
}

s2s_status s2s_trie_number(s2s_trie *trie, const uint32_t *symbols, size_t n, uint32_t *number,
                           s2s_err *err) {
    *number = S2S_TRIE_ROOT;
    for (size_t i = 0; i < n; i++) S2S_TRY(s2s_trie_add(trie, *number, symbols[i], number, err));
    return S2S_OK;
}

void s2s_trie_clear(s2s_trie *trie) {
    trie->nodes = 0;
    if (!trie->edges) return;
    if (++trie->epoch) return;
    /* Four thousand million clearings later the epochs begin again: old edges must not come back.
     */
    memset(trie->edges, 0, ((size_t)1 << trie->bits) * sizeof *trie->edges);
    trie->epoch = 1;
}

void s2s_trie_release(s2s_trie *trie) {
    free(trie->edges);
    *trie = (s2s_trie){0};
}
