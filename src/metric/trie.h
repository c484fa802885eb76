/* A trie over 32-bit symbols: it gives equal sequences the same number.
 *
 * A sequence is a path from the root, and its number is the node where it ends. So the number of an
 * n-gram follows from the number of its first n-1 symbols and the last one, and nothing has to be
 * compared symbol by symbol or trusted to a hash. Words are paths of characters; n-grams are paths
 * of words or characters. */
#ifndef S2S_METRIC_TRIE_H
#define S2S_METRIC_TRIE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    S2S_TRIE_ROOT = 0,
    S2S_TRIE_NONE = 0
}; /* the root is no node's child, so 0 can say "no such child" */

/* All edges lie in one hash table; all zero is a valid trie that holds the root alone. Owner: the
 * caller. */
typedef struct s2s_trie {
    struct s2s_trie_edge *edges;
    unsigned bits;  /* the table has 2^bits places, or none */
    uint32_t nodes; /* without the root: numbers 1 to `nodes` are in use */
    uint32_t epoch; /* edges of another epoch are free places: clearing costs nothing */
} s2s_trie;

/* The child of `node` along `symbol`, or S2S_TRIE_NONE. */
uint32_t s2s_trie_find(const s2s_trie *trie, uint32_t node, uint32_t symbol);
/* The same, and makes the child where there is none. */
s2s_status s2s_trie_add(s2s_trie *trie, uint32_t node, uint32_t symbol, uint32_t *child,
                        s2s_err *err);
/* The number of a whole sequence. */
s2s_status s2s_trie_number(s2s_trie *trie, const uint32_t *symbols, size_t n, uint32_t *number,
                           s2s_err *err);
/* Leaves the root alone and keeps the memory. */
void s2s_trie_clear(s2s_trie *trie);
void s2s_trie_release(s2s_trie *trie);

#endif
