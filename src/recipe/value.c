/* See value.h. What reads them from YAML is parse.c. */
#include "recipe/value.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "recipe/number.h"

/* A field of a list is read and written as s2s_list, whatever its items. */
static_assert(sizeof(s2s_string_list) == sizeof(s2s_list) &&
                  offsetof(s2s_string_list, n) == offsetof(s2s_list, n),
              "lists are laid out alike");

size_t s2s_value_size(const s2s_key *key) {
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
    memcpy((char *)to + key->offset, (const char *)from + key->offset, s2s_value_size(key));
    if (key->type == S2S_KEY_ENUMS)
        memcpy((char *)to + key->filled, (const char *)from + key->filled, sizeof(int));
}

static s2s_list list_of(const s2s_key *key, const void *owner) {
    s2s_list list;
    memcpy(&list, (const char *)owner + key->offset, sizeof list);
    return list;
}

bool s2s_key_is_list(const s2s_key *key) {
    return key->type == S2S_KEY_LIST || key->type == S2S_KEY_REALS || key->type == S2S_KEY_ENUMS;
}

int s2s_value_count(const s2s_key *key, const void *owner) {
    if (key->type == S2S_KEY_LIST) return list_of(key, owner).n;
    int filled = key->count ? key->count : 1;
    if (key->type == S2S_KEY_ENUMS)
        memcpy(&filled, (const char *)owner + key->filled, sizeof filled);
    return filled;
}

const void *s2s_value_item(const s2s_key *key, const void *owner, int index) {
    const char *items = list_of(key, owner).items;
    return items + (size_t)index * s2s_value_size(key->item);
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
        return s2s_print_real(((const double *)(const void *)field)[index], text, err);
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
    case S2S_KEY_LIST:
        return s2s_value_print(key->item, s2s_value_item(key, owner, index), 0, text, err);
    case S2S_KEY_SECTION:
    case S2S_KEY_CORPORA:
    case S2S_KEY_TESTS:
    case S2S_KEY_NAMED:
    case S2S_KEY_BASE:
        break;
    }
    return S2S_OK;
}

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
