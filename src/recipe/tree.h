/* YAML text as a tree of nodes that know where they stand. Reading fails on everything that a
 * recipe must not hold, so that code on top sees scalars, lists and mappings with distinct text
 * keys only. */
#ifndef S2S_RECIPE_TREE_H
#define S2S_RECIPE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/memory.h"

/* Where text comes from: a file, or a `--set` on the command line. */
typedef struct s2s_origin {
    const char *name;   /* for messages: the file's path, or "--set KEY=VALUE" */
    const char *folder; /* absolute; where relative paths start */
    const char *kind;   /* what the file should be, for messages: "recipe" */
    bool is_file;       /* lines and columns mean something */
    bool is_resolved;   /* every key is written out, also those that nobody gave */
    int layer;          /* one with a higher number is laid over it */
} s2s_origin;

typedef enum s2s_node_kind { S2S_NODE_SCALAR, S2S_NODE_LIST, S2S_NODE_MAP } s2s_node_kind;

typedef struct s2s_node s2s_node;

/* An item of a list (key NULL) or a mapping. */
typedef struct s2s_entry {
    const s2s_node *key, *value;
    struct s2s_entry *next;
} s2s_entry;

/* A node may stand in several places (YAML aliases), but never within itself. */
struct s2s_node {
    s2s_node_kind kind;
    const s2s_origin *origin;
    int line, column; /* from 1 */
    const char *text; /* of a scalar: valid UTF-8 without NUL */
    bool plain;       /* a scalar without quotes, which may be null, a number or a truth value */
    s2s_entry *first; /* of a list or mapping */
    int n;
};

/* The one document in `text`; the nodes live in `arena`. */
s2s_status s2s_tree_read(const s2s_node **root, const char *text, size_t length,
                         const s2s_origin *origin, s2s_arena *arena, s2s_err *err);

/* The value of a key in a mapping, or NULL. */
const s2s_node *s2s_tree_find(const s2s_node *map, const char *key);
bool s2s_node_is_null(const s2s_node *node);

/* Nodes for a value that no file holds: a mapping of one key, all with the value's origin. */
s2s_status s2s_tree_wrap(const s2s_node **map, const char *key, size_t length,
                         const s2s_node *value, s2s_arena *arena, s2s_err *err);

/* S2S_USAGE with "FILE:LINE:COLUMN: MESSAGE", or "ORIGIN: MESSAGE" where there are no lines. */
s2s_status s2s_fail_at(s2s_err *err, const s2s_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same place before a message that is there already. */
s2s_status s2s_fail_within_at(s2s_err *err, const s2s_node *node);

#endif
