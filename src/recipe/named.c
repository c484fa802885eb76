/* Items with names: a mapping of names to sections, as an array of structs (S2S_KEY_NAMED). */
#include <string.h>

#include "recipe/draft.h"
#include "recipe/value.h"

/* The mapping that a short form stands for: {FIRST KEY: node}. */
static s2s_status write_out(s2s_draft *draft, const s2s_key *key, const s2s_node **node,
                            s2s_err *err) {
    const char *first = key->section->keys[0].name;
    return s2s_tree_wrap(node, first, strlen(first), *node, &draft->nodes, err);
}

static s2s_status bind_item(s2s_draft *draft, const s2s_key *key, char *item, const char *prefix,
                            const s2s_entry *entry, s2s_err *err) {
    const char *name = entry->key->text;
    const s2s_node *node = entry->value;
    const char *path = s2s_draft_join(draft, prefix, name, err);
    const char *kept = s2s_arena_strndup(draft->values, name, strlen(name), err);
    if (!path || !kept) return S2S_MEMORY;
    memcpy(item, &kept, sizeof kept);
    S2S_TRY(s2s_section_set_initial(key->section, item + key->inner, draft->values, err));
    S2S_TRY(s2s_draft_note(draft, path, node, err));
    if (node->kind == S2S_NODE_SCALAR && key->flags & S2S_KEY_SHORT && !s2s_node_is_null(node))
        S2S_TRY(write_out(draft, key, &node, err));
    if (s2s_node_is_null(node)) return S2S_OK; /* `NAME:` alone: all as by default */
    return s2s_bind_section(draft, key->section, item + key->inner, path, node, err);
}

s2s_status s2s_bind_named(s2s_draft *draft, const s2s_key *key, s2s_list *list, const char *prefix,
                          const s2s_node *node, s2s_err *err) {
    if (node->kind != S2S_NODE_MAP)
        return s2s_fail_at(err, node, "%s: expected names, each with a section", prefix);
    if (!node->n) return s2s_fail_at(err, node, "%s: empty; give at least one", prefix);
    list->items = s2s_arena_alloc(draft->values, (size_t)node->n * key->size, err);
    if (!list->items) return S2S_MEMORY;
    list->n = node->n;
    char *item = list->items;
    for (const s2s_entry *entry = node->first; entry; entry = entry->next, item += key->size) {
        if (!*entry->key->text) return s2s_fail_at(err, entry->key, "%s: a name is empty", prefix);
        S2S_TRY(bind_item(draft, key, item, prefix, entry, err));
    }
    return S2S_OK;
}
