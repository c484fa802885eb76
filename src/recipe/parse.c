/* From YAML to typed fields: see s2s_value_set in value.h. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "recipe/number.h"
#include "recipe/path.h"
#include "recipe/value.h"

/* Enum fields are read and written as int. */
static_assert(sizeof(s2s_metric_type) == sizeof(int), "an enum is as large as an int");

/* --- messages --- */

static s2s_status fail_expected(const s2s_key *key, const s2s_node *node, const char *hint,
                                s2s_err *err) {
    s2s_buf what = {0};
    s2s_status status = s2s_key_describe(key, &what, err);
    s2s_buf range = {0};
    if (status == S2S_OK) status = s2s_key_range(key, &range, err);
    if (status == S2S_OK) {
        bool ranged = range.size > 0, scalar = node->kind == S2S_NODE_SCALAR;
        const char *kind = node->kind == S2S_NODE_LIST ? "a list" : "a mapping";
        s2s_quoted given = s2s_quote(scalar ? node->text : "");
        const char *quote = scalar ? "\"" : "";
        status = s2s_fail(err, S2S_USAGE, "expected %s%s%s%s, not %s%s%s%s", what.data,
                          ranged ? " (" : "", ranged ? range.data : "", ranged ? ")" : "", quote,
                          scalar ? given.text : kind, quote, hint);
    }
    s2s_buf_release(&what);
    s2s_buf_release(&range);
    return status;
}

static s2s_status fail_range(const s2s_key *key, const char *given, s2s_err *err) {
    s2s_buf range = {0};
    s2s_status status = s2s_key_range(key, &range, err);
    if (status == S2S_OK)
        status = s2s_fail(err, S2S_USAGE, "%s is out of range (%s)", s2s_quote(given).text,
                          range.size ? range.data : "not finite");
    s2s_buf_release(&range);
    return status;
}

static s2s_status check_scalar(const s2s_key *key, const s2s_node *node, s2s_err *err) {
    if (node->kind != S2S_NODE_SCALAR) return fail_expected(key, node, "", err);
    if (s2s_node_is_null(node)) {
        s2s_buf what = {0};
        s2s_status status = s2s_key_describe(key, &what, err);
        if (status == S2S_OK)
            status = s2s_fail(err, S2S_USAGE, "has no value; expected %s", what.data);
        s2s_buf_release(&what);
        return status;
    }
    if (!node->plain) return fail_expected(key, node, " in quotes; leave the quotes out", err);
    return S2S_OK;
}

static s2s_status fail_null_item(const s2s_key *key, s2s_err *err) {
    s2s_buf what = {0};
    s2s_status status = s2s_key_describe(key->item, &what, err);
    if (status == S2S_OK)
        status = s2s_fail(err, S2S_USAGE, "an item is null; expected %s", what.data);
    s2s_buf_release(&what);
    return status;
}

/* --- values --- */

static s2s_status parse_bool(const s2s_key *key, const s2s_node *node, void *field, s2s_err *err) {
    S2S_TRY(check_scalar(key, node, err));
    bool yes = strcmp(node->text, "true") == 0;
    if (!yes && strcmp(node->text, "false") != 0) {
        static const char *const others[] = {"yes", "no", "on", "off", "y", "n", "true", "false"};
        const char *hint = "";
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            if (strcasecmp(node->text, others[i]) == 0)
                hint = "; write it so: YAML 1.2 has no other spelling";
        return fail_expected(key, node, hint, err);
    }
    memcpy(field, &yes, sizeof yes);
    return S2S_OK;
}

static s2s_status parse_int(const s2s_key *key, const s2s_node *node, void *field, s2s_err *err) {
    S2S_TRY(check_scalar(key, node, err));
    if (!s2s_is_whole(node->text)) {
        char hint[64] = "";
        double real = s2s_is_real(node->text) ? s2s_to_real(node->text) : NAN;
        if (fabs(real) < 1e15 && real == floor(real))
            snprintf(hint, sizeof hint, "; write %.0f", real);
        return fail_expected(key, node, hint, err);
    }
    errno = 0;
    int64_t value = strtoll(node->text, NULL, 10);
    if (errno || !s2s_key_in_range(key, (double)value)) return fail_range(key, node->text, err);
    memcpy(field, &value, sizeof value);
    return S2S_OK;
}

static s2s_status parse_real(const s2s_key *key, const s2s_node *node, void *field, s2s_err *err) {
    S2S_TRY(check_scalar(key, node, err));
    if (!s2s_is_real(node->text)) return fail_expected(key, node, "", err);
    double value = s2s_to_real(node->text);
    if (!s2s_key_in_range(key, value)) return fail_range(key, node->text, err);
    memcpy(field, &value, sizeof value);
    return S2S_OK;
}

static s2s_status parse_enum(const s2s_key *key, const s2s_node *node, void *field, s2s_err *err) {
    if (node->kind != S2S_NODE_SCALAR || s2s_node_is_null(node))
        return check_scalar(key, node, err); /* a name in quotes is as good as without */
    for (int value = 0; key->names[value]; value++)
        if (strcmp(key->names[value], node->text) == 0) {
            memcpy(field, &value, sizeof value);
            return S2S_OK;
        }
    const char *nearest = s2s_nearest_name(key->names, node->text);
    char hint[64] = "";
    if (nearest) snprintf(hint, sizeof hint, "; did you mean %s?", nearest);
    return fail_expected(key, node, hint, err);
}

static s2s_status parse_text(const s2s_key *key, const s2s_node *node, void *field,
                             s2s_arena *arena, s2s_err *err) {
    if (node->kind != S2S_NODE_SCALAR) return fail_expected(key, node, "", err);
    char *text = NULL;
    if (!s2s_node_is_null(node)) {
        if (!*node->text) return s2s_fail(err, S2S_USAGE, "is empty; write null for none");
        if (key->type == S2S_KEY_PATH)
            S2S_TRY(s2s_path_absolute(&text, node->origin->folder, node->text, arena, err));
        else
            text = s2s_arena_strndup(arena, node->text, strlen(node->text), err);
        if (!text) return S2S_MEMORY;
    }
    memcpy(field, &text, sizeof text);
    return S2S_OK;
}

static s2s_status parse_reals(const s2s_key *key, const s2s_node *node, char *field, s2s_err *err) {
    if (node->kind != S2S_NODE_LIST || node->n != key->count)
        return fail_expected(key, node, node->kind == S2S_NODE_LIST ? " of another length" : "",
                             err);
    for (const s2s_entry *item = node->first; item; item = item->next) {
        S2S_TRY(parse_real(key, item->value, field, err));
        field += sizeof(double);
    }
    return S2S_OK;
}

enum { MOST_VALUES = 64 }; /* that an enum has where several of them may be listed */

static s2s_status parse_enums(const s2s_key *key, const s2s_node *node, char *owner, s2s_err *err) {
    if (node->kind != S2S_NODE_LIST)
        return fail_expected(key, node, "; put it in brackets: [...]", err);
    int values[MOST_VALUES], filled = 0;
    assert(key->count <= MOST_VALUES);
    for (const s2s_entry *item = node->first; item; item = item->next) {
        int value;
        S2S_TRY(parse_enum(key, item->value, &value, err));
        for (int i = 0; i < filled; i++)
            if (values[i] == value)
                return s2s_fail(err, S2S_USAGE, "%s is listed twice", key->names[value]);
        assert(filled < key->count); /* there are no more names than places */
        values[filled++] = value;
    }
    memcpy(owner + key->offset, values, (size_t)filled * sizeof *values);
    memcpy(owner + key->filled, &filled, sizeof filled);
    return S2S_OK;
}

static s2s_status parse_items(const s2s_key *key, const s2s_entry *first, s2s_list *list,
                              s2s_arena *arena, s2s_err *err) {
    size_t size = s2s_value_size(key->item);
    list->items = s2s_arena_alloc(arena, (size_t)list->n * size, err);
    if (!list->items) return S2S_MEMORY;
    char *item = list->items;
    for (const s2s_entry *entry = first; entry; entry = entry->next, item += size) {
        if (entry->value->kind != S2S_NODE_SCALAR) return fail_expected(key, entry->value, "", err);
        if (s2s_node_is_null(entry->value)) return fail_null_item(key, err);
        S2S_TRY(s2s_value_set(key->item, entry->value, item, arena, err));
    }
    return S2S_OK;
}

static s2s_status parse_list(const s2s_key *key, const s2s_node *node, void *field,
                             s2s_arena *arena, s2s_err *err) {
    bool is_list = node->kind == S2S_NODE_LIST;
    if (!is_list && !(key->flags & S2S_KEY_OR_ONE))
        return fail_expected(key, node, "; put it in brackets: [...]", err);
    s2s_entry single = {.value = node};
    s2s_list list = {.n = is_list ? node->n : !s2s_node_is_null(node)};
    if (list.n) S2S_TRY(parse_items(key, is_list ? node->first : &single, &list, arena, err));
    memcpy(field, &list, sizeof list);
    return S2S_OK;
}

s2s_status s2s_value_set(const s2s_key *key, const s2s_node *node, void *owner, s2s_arena *arena,
                         s2s_err *err) {
    char *field = (char *)owner + key->offset;
    switch (key->type) {
    case S2S_KEY_BOOL:
        return parse_bool(key, node, field, err);
    case S2S_KEY_INT:
        return parse_int(key, node, field, err);
    case S2S_KEY_REAL:
        return parse_real(key, node, field, err);
    case S2S_KEY_ENUM:
        return parse_enum(key, node, field, err);
    case S2S_KEY_STRING:
    case S2S_KEY_PATH:
        return parse_text(key, node, field, arena, err);
    case S2S_KEY_REALS:
        return parse_reals(key, node, field, err);
    case S2S_KEY_ENUMS:
        return parse_enums(key, node, owner, err);
    case S2S_KEY_LIST:
        return parse_list(key, node, field, arena, err);
    case S2S_KEY_SECTION:
    case S2S_KEY_CORPORA:
    case S2S_KEY_TESTS:
    case S2S_KEY_NAMED:
    case S2S_KEY_BASE:
        break;
    }
    return S2S_OK;
}

/* --- defaults --- */

/* Sets the key's default. */
static s2s_status set_initial(const s2s_key *key, void *owner, s2s_arena *arena, s2s_err *err) {
    if (!key->initial) return S2S_OK;
    s2s_origin origin = {.name = key->name, .kind = "recipe"};
    s2s_arena nodes = {0};
    const s2s_node *node = NULL;
    s2s_status status =
        s2s_tree_read(&node, key->initial, strlen(key->initial), &origin, &nodes, err);
    if (status == S2S_OK) status = s2s_value_set(key, node, owner, arena, err);
    s2s_arena_release(&nodes);
    return status;
}

s2s_status s2s_section_set_initial(const s2s_section *section, void *owner, s2s_arena *arena,
                                   s2s_err *err) {
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        if (key->type == S2S_KEY_SECTION)
            S2S_TRY(s2s_section_set_initial(key->section, (char *)owner + key->offset, arena, err));
        else
            S2S_TRY(set_initial(key, owner, arena, err));
    }
    return S2S_OK;
}
