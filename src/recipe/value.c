/* See value.h. */
#include "recipe/value.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "recipe/path.h"

/* Enum fields are read and written as int. */
static_assert(sizeof(s2s_metric_type) == sizeof(int), "an enum is as large as an int");

s2s_quoted s2s_quote(const char *text) {
    s2s_quoted quoted;
    size_t room = sizeof quoted.text - 4, length = strlen(text), kept = length;
    if (length > room) {
        kept = room;
        while (kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80)
            kept--; /* whole characters */
    }
    for (size_t i = 0; i < kept; i++)
        quoted.text[i] = iscntrl((unsigned char)text[i]) ? '?' : text[i];
    snprintf(quoted.text + kept, 4, "%s", kept < length ? "..." : "");
    return quoted;
}

/* --- numbers, whatever the locale --- */

/* A number in the "C" locale: a host program may have set one with a decimal comma. */
static double to_real(const char *text) {
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(c);
    double value = strtod(text, NULL);
    uselocale(before);
    if (c) freelocale(c);
    return value;
}

/* [-+] digits [. digits] [e [-+] digits], at least one digit before or after the point. */
static bool is_real(const char *text) {
    if (*text == '-' || *text == '+') text++;
    size_t whole = strspn(text, "0123456789"), part = 0;
    text += whole;
    if (*text == '.') {
        part = strspn(text + 1, "0123456789");
        text += 1 + part;
    }
    if (whole + part == 0) return false;
    if (*text != 'e' && *text != 'E') return *text == '\0';
    text++;
    if (*text == '-' || *text == '+') text++;
    size_t power = strspn(text, "0123456789");
    return power > 0 && text[power] == '\0';
}

static bool is_whole(const char *text) {
    if (*text == '-' || *text == '+') text++;
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0';
}

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

/* --- text to values --- */

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
    if (!is_whole(node->text)) {
        char hint[64] = "";
        double real = is_real(node->text) ? to_real(node->text) : NAN;
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
    if (!is_real(node->text)) return fail_expected(key, node, "", err);
    double value = to_real(node->text);
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

static size_t field_size(const s2s_key *key);

static s2s_status parse_list(const s2s_key *key, const s2s_node *node, void *field,
                             s2s_arena *arena, s2s_err *err) {
    s2s_entry single = {.value = node};
    bool is_list = node->kind == S2S_NODE_LIST;
    s2s_list list = {.n = is_list ? node->n : !s2s_node_is_null(node)};
    size_t size = field_size(key->item);
    if (list.n) list.items = s2s_arena_alloc(arena, (size_t)list.n * size, err);
    if (list.n && !list.items) return S2S_MEMORY;
    char *item = list.items;
    for (const s2s_entry *e = is_list ? node->first : &single; e && list.n; e = e->next) {
        if (s2s_node_is_null(e->value))
            return s2s_fail(err, S2S_USAGE, "an item is null; leave it out");
        S2S_TRY(s2s_value_set(key->item, e->value, item, arena, err));
        item += size;
    }
    memcpy(field, &list, sizeof list);
    return S2S_OK;
}

static s2s_status parse_one_string(const s2s_key *key, const s2s_node *node, void *field,
                                   s2s_arena *arena, s2s_err *err) {
    const char **item = s2s_arena_alloc(arena, sizeof *item, err);
    if (!item) return S2S_MEMORY;
    S2S_TRY(parse_text(key, node, item, arena, err));
    s2s_string_list list = {item, *item != NULL};
    memcpy(field, &list, sizeof list);
    return S2S_OK;
}

static s2s_status parse_strings(const s2s_key *key, const s2s_node *node, void *field,
                                s2s_arena *arena, s2s_err *err) {
    if (node->kind != S2S_NODE_LIST && key->flags & S2S_KEY_OR_ONE)
        return parse_one_string(key, node, field, arena, err);
    if (node->kind != S2S_NODE_LIST)
        return fail_expected(key, node, "; put it in brackets: [...]", err);
    size_t n = (size_t)node->n;
    const char **items = s2s_arena_alloc(arena, (n + 1) * sizeof *items, err);
    if (!items) return S2S_MEMORY;
    s2s_string_list list = {items, 0};
    for (const s2s_entry *item = node->first; item; item = item->next) {
        S2S_TRY(parse_text(key, item->value, &items[list.n], arena, err));
        if (!items[list.n++]) return s2s_fail(err, S2S_USAGE, "an item is null; expected text");
    }
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
    case S2S_KEY_STRINGS:
        return parse_strings(key, node, field, arena, err);
    case S2S_KEY_SECTION:
    case S2S_KEY_CORPORA:
    case S2S_KEY_TESTS:
    case S2S_KEY_NAMED:
    case S2S_KEY_BASE:
        break;
    }
    return S2S_OK;
}

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

/* --- values to values and text --- */

static size_t field_size(const s2s_key *key) {
    switch (key->type) {
    case S2S_KEY_BOOL:
        return sizeof(bool);
    case S2S_KEY_INT:
        return sizeof(int64_t);
    case S2S_KEY_REAL:
        return sizeof(double);
    case S2S_KEY_ENUM:
        return sizeof(int);
    case S2S_KEY_STRING:
    case S2S_KEY_PATH:
        return sizeof(char *);
    case S2S_KEY_REALS:
        return (size_t)key->count * sizeof(double);
    case S2S_KEY_ENUMS:
        return (size_t)key->count * sizeof(int);
    case S2S_KEY_LIST:
        return sizeof(s2s_list);
    case S2S_KEY_STRINGS:
        return sizeof(s2s_string_list);
    case S2S_KEY_SECTION:
    case S2S_KEY_CORPORA:
    case S2S_KEY_TESTS:
    case S2S_KEY_NAMED:
    case S2S_KEY_BASE:
        break;
    }
    return 0;
}

void s2s_value_copy(const s2s_key *key, const void *from, void *to) {
    memcpy((char *)to + key->offset, (const char *)from + key->offset, field_size(key));
    if (key->type == S2S_KEY_ENUMS)
        memcpy((char *)to + key->filled, (const char *)from + key->filled, sizeof(int));
}

static s2s_string_list strings_of(const s2s_key *key, const void *owner) {
    s2s_string_list list;
    memcpy(&list, (const char *)owner + key->offset, sizeof list);
    return list;
}

int s2s_value_count(const s2s_key *key, const void *owner) {
    int filled = key->count ? key->count : 1;
    const char *bytes = owner;
    if (key->type == S2S_KEY_STRINGS) return strings_of(key, owner).n;
    if (key->type == S2S_KEY_ENUMS) memcpy(&filled, bytes + key->filled, sizeof filled);
    if (key->type == S2S_KEY_LIST)
        filled = ((const s2s_list *)(const void *)(bytes + key->offset))->n;
    return filled;
}

static s2s_status print_real(double value, s2s_buf *text, s2s_err *err) {
    char digits[40];
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(c);
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) break;
    }
    uselocale(before);
    if (c) freelocale(c);
    char *power = strchr(digits, 'e'); /* 1e-09 is read as well, but 1e-9 is how people write it */
    if (power && power[2] == '0') memmove(power + 2, power + 3, strlen(power + 3) + 1);
    return s2s_buf_append(text, digits, strlen(digits), err);
}

s2s_status s2s_value_print(const s2s_key *key, const void *owner, int index, s2s_buf *text,
                           s2s_err *err) {
    const char *field = (const char *)owner + key->offset;
    switch (key->type) {
    case S2S_KEY_BOOL:
        return s2s_buf_printf(text, err, *(const bool *)field ? "true" : "false");
    case S2S_KEY_INT:
        return s2s_buf_printf(text, err, "%lld", (long long)*(const int64_t *)(const void *)field);
    case S2S_KEY_REAL:
    case S2S_KEY_REALS:
        return print_real(((const double *)(const void *)field)[index], text, err);
    case S2S_KEY_ENUM:
    case S2S_KEY_ENUMS: {
        const char *name = key->names[((const int *)(const void *)field)[index]];
        return s2s_buf_append(text, name, strlen(name), err);
    }
    case S2S_KEY_STRING:
    case S2S_KEY_PATH: {
        const char *string = *(const char *const *)(const void *)field;
        if (!string) string = "null";
        return s2s_buf_append(text, string, strlen(string), err);
    }
    case S2S_KEY_LIST: {
        const s2s_list *list = (const s2s_list *)(const void *)field;
        const char *item = (const char *)list->items + (size_t)index * field_size(key->item);
        return s2s_value_print(key->item, item, 0, text, err);
    }
    case S2S_KEY_STRINGS: {
        const char *string = strings_of(key, owner).items[index];
        return s2s_buf_append(text, string, strlen(string), err);
    }
    case S2S_KEY_SECTION:
    case S2S_KEY_CORPORA:
    case S2S_KEY_TESTS:
    case S2S_KEY_NAMED:
    case S2S_KEY_BASE:
        break;
    }
    return S2S_OK;
}
