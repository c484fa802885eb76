/* A recipe in the making: the struct, and where each of its values was given. Other files with a schema of
 * their own are read through it as well (s2s_draft_load).
 *
 * Loading goes through phases, each in its own file: layers of YAML are bound onto the struct, the
 * base first (load.c, set.c, bind.c, corpus.c); what nobody gave is worked out (resolve.c); keys
 * are held against each other (check.c). */
#ifndef S2S_RECIPE_DRAFT_H
#define S2S_RECIPE_DRAFT_H

#include "recipe/schema.h"
#include "recipe/tree.h"

typedef struct s2s_place {
    const char *path; /* "train.max_steps" */
    const s2s_node *node;
} s2s_place;

typedef struct s2s_draft {
    s2s_recipe *recipe; /* NULL: the file is something else */
    const s2s_section *schema;
    s2s_arena *values; /* what the struct points to */
    s2s_arena nodes;   /* trees, origins and paths: what only loading needs */
    s2s_place *places;
    size_t n_places, capacity;
    const char *path;   /* of the file, for messages and its name */
    const char *folder; /* where it lies */
} s2s_draft;

void s2s_draft_release(s2s_draft *draft);

/* Remembers the node that gave the value at `path`; a later one takes the place of an earlier. */
s2s_status s2s_draft_note(s2s_draft *draft, const char *path, const s2s_node *node, s2s_err *err);
/* The node that gave the value at `path`, or NULL: nobody did. */
const s2s_node *s2s_draft_given(const s2s_draft *draft, const char *path);
/* Forgets everything that was given below `path`, and `path` itself where `itself`. */
void s2s_draft_forget(s2s_draft *draft, const char *path, bool itself);
/* "prefix.name", or "name" where the prefix is empty. NULL: no memory. */
const char *s2s_draft_join(s2s_draft *draft, const char *prefix, const char *name, s2s_err *err);

/* "prefix.key" of a section that stands in several places; no memory is needed. */
typedef struct s2s_key_path {
    char text[64];
} s2s_key_path;
s2s_key_path s2s_key_path_make(const char *prefix, const char *key);

/* S2S_USAGE with "FILE:LINE:COLUMN: PATH: MESSAGE". The place is where `path` was given, else where
 * `other` was (a key that contradicts it; may be NULL), else where the section around `path` was.
 */
s2s_status s2s_draft_fail(const s2s_draft *draft, s2s_err *err, const char *path, const char *other,
                          const char *format, ...) __attribute__((format(printf, 5, 6)));

/* --- files --- */

/* The bytes of a file that should be a `kind` ("recipe"); a pipe will do. */
s2s_status s2s_document_text(s2s_buf *text, const char *path, const char *kind, s2s_err *err);
/* The one mapping that such a file holds. `origin` is copied. */
s2s_status s2s_document_tree(const s2s_node **root, const char *text, size_t length,
                             const s2s_origin *origin, s2s_arena *arena, s2s_err *err);
/* Reads the file `path`, a `kind` but no recipe, onto `owner`: the defaults of draft->schema, and what
 * the file gives over them. `schema` and `values` of the draft must be set. */
s2s_status s2s_draft_load(s2s_draft *draft, void *owner, const char *path, const char *kind,
                          s2s_err *err);

/* --- phases --- */

/* Lays a mapping over the struct `owner`, which `section` describes and which stands at path
 * `prefix`. */
s2s_status s2s_bind_section(s2s_draft *draft, const s2s_section *section, void *owner,
                            const char *prefix, const s2s_node *node, s2s_err *err);
/* The same for a key that holds corpora. */
s2s_status s2s_bind_corpora(s2s_draft *draft, const s2s_key *key, s2s_corpora *corpora,
                            const char *prefix, const s2s_node *node, s2s_err *err);
/* And for one that holds items with names. */
s2s_status s2s_bind_named(s2s_draft *draft, const s2s_key *key, s2s_list *list, const char *prefix,
                          const s2s_node *node, s2s_err *err);
/* "KEY.PATH=VALUE" over everything. */
s2s_status s2s_bind_set(s2s_draft *draft, const char *text, s2s_err *err);

s2s_status s2s_resolve(s2s_draft *draft, s2s_err *err);
/* The part of it that lists the pieces which the objective needs. */
s2s_status s2s_resolve_symbols(s2s_draft *draft, s2s_err *err);
s2s_status s2s_check(const s2s_draft *draft, s2s_err *err);
/* The part of it for a search section at path `prefix`. */
s2s_status s2s_check_search(const s2s_draft *draft, const s2s_search_recipe *search,
                            const char *prefix, s2s_err *err);
/* And of that, what is given to no effect: a key that needs another one. */
s2s_status s2s_check_needs(const s2s_draft *draft, const s2s_search_recipe *search,
                           const char *prefix, s2s_err *err);
/* The corpora's part of both: each has one form, and all that belongs to it. */
s2s_status s2s_resolve_corpora(s2s_draft *draft, s2s_err *err);

#endif
