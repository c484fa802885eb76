/* Looking keys up in the schema, and telling people what they hold. */
#include <math.h>
#include <string.h>

#include "recipe/schema.h"

const s2s_key *s2s_schema_find(const s2s_section *section, const char *name, size_t length) {
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        if (strlen(key->name) == length && memcmp(key->name, name, length) == 0) return key;
    }
    return NULL;
}

const s2s_key *s2s_schema_walk(const char *path) {
    const s2s_section *section = &s2s_schema;
    for (;;) {
        size_t length = strcspn(path, ".");
        const s2s_key *key = section ? s2s_schema_find(section, path, length) : NULL;
        if (!key || path[length] == '\0') return key;
        section = key->section;
        path += length + 1;
    }
}

static s2s_status append(s2s_buf *text, const char *words, s2s_err *err) {
    return s2s_buf_append(text, words, strlen(words), err);
}

static s2s_status append_names(const s2s_key *key, const char *before, s2s_buf *text,
                               s2s_err *err) {
    S2S_TRY(append(text, before, err));
    for (const char *const *name = key->names; *name; name++)
        S2S_TRY(s2s_buf_printf(text, err, "%s%s", name == key->names ? "" : ", ", *name));
    return S2S_OK;
}

/* "a list of texts", or "text, or a list of texts". */
static s2s_status describe_list(const s2s_key *key, s2s_buf *text, s2s_err *err) {
    static const char *const several[] = {[S2S_KEY_INT] = "whole numbers",
                                          [S2S_KEY_REAL] = "numbers",
                                          [S2S_KEY_STRING] = "texts",
                                          [S2S_KEY_PATH] = "paths"};
    if (key->flags & S2S_KEY_OR_ONE) {
        S2S_TRY(s2s_key_describe(key->item, text, err));
        S2S_TRY(append(text, ", or ", err));
    }
    return s2s_buf_printf(text, err, "a list of %s", several[key->item->type]);
}

s2s_status s2s_key_describe(const s2s_key *key, s2s_buf *text, s2s_err *err) {
    switch (key->type) {
    case S2S_KEY_BOOL:
        return append(text, "true or false", err);
    case S2S_KEY_INT:
        return append(text, "a whole number", err);
    case S2S_KEY_REAL:
        return append(text, "a number", err);
    case S2S_KEY_ENUM:
        return append_names(key, key->names[1] ? "one of " : "only ", text, err);
    case S2S_KEY_STRING:
        return append(text, "text", err);
    case S2S_KEY_PATH:
        return append(text, "a path", err);
    case S2S_KEY_REALS:
        return s2s_buf_printf(text, err, "a list of %d numbers", key->count);
    case S2S_KEY_ENUMS:
        return append_names(key, "a list of any of ", text, err);
    case S2S_KEY_SECTION:
        return append(text, "a section (lines of `key: value`)", err);
    case S2S_KEY_CORPORA:
        return append(text, "a corpus, or a list of them", err);
    case S2S_KEY_TESTS:
        return append(text, "names, each with a corpus", err);
    case S2S_KEY_LIST:
        return describe_list(key, text, err);
    case S2S_KEY_NAMED:
        return append(text, "names, each with a section", err);
    case S2S_KEY_BASE:
        return append(text, "the path of a recipe", err);
    }
    return S2S_OK;
}

static bool has_range(const s2s_key *key) {
    return key->type == S2S_KEY_INT || key->type == S2S_KEY_REAL || key->type == S2S_KEY_REALS;
}

s2s_status s2s_key_range(const s2s_key *key, s2s_buf *text, s2s_err *err) {
    if (!has_range(key)) return S2S_OK;
    bool has_low = isfinite(key->low), has_high = isfinite(key->high);
    const char *or_zero = key->flags & S2S_KEY_OR_ZERO ? "0, or " : "";
    const char *below = key->flags & S2S_KEY_BELOW_HIGH ? "below " : "";
    const char *above = key->flags & S2S_KEY_ABOVE_LOW ? "above " : "";
    if (has_low && has_high)
        return s2s_buf_printf(text, err, "%s%s%.10g to %s%.10g", or_zero, *above ? above : "from ",
                              key->low, below, key->high);
    if (has_low)
        return s2s_buf_printf(text, err, "%s%s%.10g", or_zero, *above ? above : "at least ",
                              key->low);
    return S2S_OK;
}

bool s2s_key_in_range(const s2s_key *key, double value) {
    if (value == 0 && key->flags & S2S_KEY_OR_ZERO) return true;
    if (!isfinite(value)) return false;
    bool enough = key->flags & S2S_KEY_ABOVE_LOW ? value > key->low : value >= key->low;
    bool not_too_much = key->flags & S2S_KEY_BELOW_HIGH ? value < key->high : value <= key->high;
    return enough && not_too_much;
}
