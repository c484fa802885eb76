/* Laying YAML over the struct, key by key, as the schema says. */
#include <string.h>

#include "recipe/draft.h"
#include "recipe/value.h"

static s2s_status fail_unknown(const s2s_draft *draft, const s2s_section *section,
                               const char *prefix, const s2s_node *key, s2s_err *err) {
    const char *dot = *prefix ? "." : "";
    char nearest[128];
    s2s_quoted name = s2s_quote(key->text);
    if (s2s_schema_nearest(draft->schema, section, prefix, key->text, nearest))
        return s2s_fail_at(err, key, "%s%s%s: unknown key; did you mean %s?", prefix, dot,
                           name.text, nearest);
    s2s_buf known = {0};
    s2s_status status = S2S_OK;
    for (int i = 0; i < section->n && status == S2S_OK; i++)
        status = s2s_buf_printf(&known, err, "%s%s", i ? ", " : "", section->keys[i].name);
    if (status == S2S_OK)
        status = s2s_fail_at(err, key, "%s%s%s: unknown key; known here: %s", prefix, dot,
                             name.text, known.data);
    s2s_buf_release(&known);
    return status;
}

/* Remembers a path that was written absolute, because it is to be written so again. */
static s2s_status note_absolute(s2s_draft *draft, const s2s_node *node, const char *field,
                                s2s_err *err) {
    s2s_recipe *recipe = draft->recipe;
    if (!recipe || s2s_node_is_null(node) || node->text[0] != '/') return S2S_OK;
    s2s_path_list *item = s2s_arena_alloc(&recipe->arena, sizeof *item, err);
    if (!item) return S2S_MEMORY;
    *item = (s2s_path_list){*(const char *const *)(const void *)field, recipe->given_absolute};
    recipe->given_absolute = item;
    return S2S_OK;
}

static s2s_status bind_key(s2s_draft *draft, const s2s_key *key, void *owner, const char *path,
                           const s2s_node *node, s2s_err *err) {
    char *field = (char *)owner + key->offset;
    switch (key->type) {
    case S2S_KEY_SECTION:
        return s2s_bind_section(draft, key->section, field, path, node, err);
    case S2S_KEY_CORPORA:
    case S2S_KEY_TESTS:
        return s2s_bind_corpora(draft, key, (s2s_corpora *)(void *)field, path, node, err);
    case S2S_KEY_NAMED:
        return s2s_bind_named(draft, key, (s2s_list *)(void *)field, path, node, err);
    case S2S_KEY_BASE:
        if (node->origin->is_file) return S2S_OK; /* load.c has laid it under this layer */
        return s2s_fail_at(err, node, "base: can only stand in a recipe");
    case S2S_KEY_BOOL:
    case S2S_KEY_INT:
    case S2S_KEY_REAL:
    case S2S_KEY_ENUM:
    case S2S_KEY_STRING:
    case S2S_KEY_PATH:
    case S2S_KEY_REALS:
    case S2S_KEY_ENUMS:
    case S2S_KEY_LIST:
        break;
    }
    s2s_status status = s2s_value_set(key, node, owner, draft->values, err);
    if (status == S2S_OK && key->type == S2S_KEY_PATH)
        return note_absolute(draft, node, field, err);
    if (status != S2S_USAGE) return status;
    s2s_fail_within(err, "%s", path);
    return s2s_fail_within_at(err, node);
}

s2s_status s2s_bind_section(s2s_draft *draft, const s2s_section *section, void *owner,
                            const char *prefix, const s2s_node *node, s2s_err *err) {
    if (s2s_node_is_null(node)) return S2S_OK; /* a section whose keys are all commented out */
    if (node->kind != S2S_NODE_MAP)
        return s2s_fail_at(err, node, "%s%sexpected a section (lines of `key: value`), not %s",
                           prefix, *prefix ? ": " : "",
                           node->kind == S2S_NODE_LIST ? "a list" : "a single value");
    for (const s2s_entry *entry = node->first; entry; entry = entry->next) {
        const s2s_key *key = s2s_schema_find(section, entry->key->text, strlen(entry->key->text));
        if (!key) return fail_unknown(draft, section, prefix, entry->key, err);
        const char *path = s2s_draft_join(draft, prefix, key->name, err);
        if (!path) return S2S_MEMORY;
        S2S_TRY(bind_key(draft, key, owner, path, entry->value, err));
        /* A --set of one key does not answer for the section around it. */
        bool stays = key->type == S2S_KEY_SECTION && !node->origin->is_file;
        if (!stays || !s2s_draft_given(draft, path))
            S2S_TRY(s2s_draft_note(draft, path, entry->value, err));
    }
    return S2S_OK;
}
