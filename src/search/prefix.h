/* The output prefixes of a sentence as a tree: a node is a token and the node before it. What
 * hypotheses have in common is stored once, and extending one costs a node, whatever its length. */
#ifndef S2S_SEARCH_PREFIX_H
#define S2S_SEARCH_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory.h"

enum { S2S_EMPTY_PREFIX = -1 };

typedef struct s2s_prefix_node {
    double log_probability; /* of the token after what is before it */
    int32_t parent, token;
    int32_t state; /* the scorer's that the token was chosen from */
    int32_t seen;  /* 1: the token stands before it as well; where the tree marks that */
} s2s_prefix_node;

/* All zero is a valid, empty tree. */
typedef struct s2s_prefixes {
    s2s_prefix_node *nodes;
    size_t n, capacity;
    bool marks_seen; /* takes a walk to the root for each node: for who reads it */
} s2s_prefixes;

/* The node of prefix `added->parent` followed by `added->token`; `seen` is worked out. */
s2s_status s2s_prefixes_extend(s2s_prefixes *prefixes, const s2s_prefix_node *added, int32_t *node,
                               s2s_err *err);
/* The tokens of a prefix of known length, first to last, into ids [length], and what each is worth into
 * log_probabilities [length]. */
void s2s_prefixes_read(const s2s_prefixes *prefixes, int32_t node, int length, int32_t *ids,
                       double *log_probabilities);
void s2s_prefixes_clear(s2s_prefixes *prefixes); /* keeps the memory for the next sentence */
void s2s_prefixes_release(s2s_prefixes *prefixes);

#endif
