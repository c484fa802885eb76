/* The output prefixes of a sentence as a tree: a node is a token and the node before it. What
 * hypotheses have in common is stored once, and extending one costs a node, whatever its length. */
#ifndef S2S_SEARCH_PREFIX_H
#define S2S_SEARCH_PREFIX_H

#include <stdint.h>

#include "base/err.h"
#include "base/memory.h"

enum { S2S_EMPTY_PREFIX = -1 };

typedef struct s2s_prefix_node {
    int32_t parent, token;
} s2s_prefix_node;

/* All zero is a valid, empty tree. */
typedef struct s2s_prefixes {
    s2s_prefix_node *nodes;
    size_t n, capacity;
} s2s_prefixes;

/* The node of prefix `parent` followed by `token`. */
s2s_status s2s_prefixes_extend(s2s_prefixes *prefixes, int32_t parent, int32_t token, int32_t *node,
                               s2s_err *err);
/* The tokens of a prefix of known length, first to last, into ids [length]. */
void s2s_prefixes_read(const s2s_prefixes *prefixes, int32_t node, int32_t *ids, int length);
void s2s_prefixes_clear(s2s_prefixes *prefixes); /* keeps the memory for the next sentence */
void s2s_prefixes_release(s2s_prefixes *prefixes);

#endif
