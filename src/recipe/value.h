/* Between text and typed fields: one value as the schema describes it. */
#ifndef S2S_RECIPE_VALUE_H
#define S2S_RECIPE_VALUE_H

#include "recipe/schema.h"
#include "recipe/tree.h"

/* Writes what `node` holds to the key's field in `owner`, the struct that the key belongs to. The
 * message of a failure tells what is wrong, but not where. For keys with neither section nor
 * corpora. */
s2s_status s2s_value_set(const s2s_key *key, const s2s_node *node, void *owner, s2s_arena *arena,
                         s2s_err *err);
/* Sets all defaults of a section and the sections below it. */
s2s_status s2s_section_set_initial(const s2s_section *section, void *owner, s2s_arena *arena,
                                   s2s_err *err);
/* Copies a key's field between structs of the same type; strings are shared. */
void s2s_value_copy(const s2s_key *key, const void *from, void *to);

/* Bytes of a key's field, for keys with neither section nor corpora. */
size_t s2s_value_size(const s2s_key *key);
/* Whether a key's field has several items: REALS, ENUMS or LIST. */
bool s2s_key_is_list(const s2s_key *key);
/* Item `index` of a LIST's field, which is a field of key->item. */
const void *s2s_value_item(const s2s_key *key, const void *owner, int index);

/* Appends item `index` of the key's field (0 for all that is no list) as text; "null" for a NULL string. Numbers come
 * out as the shortest text that reads back as the same number. */
s2s_status s2s_value_print(const s2s_key *key, const void *owner, int index, s2s_buf *text,
                           s2s_err *err);
/* How many items a list's field has; 1 for all others. */
int s2s_value_count(const s2s_key *key, const void *owner);

/* `text` cut and cleaned for a message. */
typedef struct s2s_quoted {
    char text[64];
} s2s_quoted;
s2s_quoted s2s_quote(const char *text);

#endif
