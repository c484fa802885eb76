/* See tree.h. The parser is libyaml's; here its events become nodes. */
#include "recipe/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/file.h"

/* Bounds that no recipe comes near, and hostile ones run into. */
enum { DEEPEST = 32, MOST_ENTRIES = 1024 };

typedef struct anchor {
    const char *name;
    const s2s_node *node;
    struct anchor *before;
} anchor;

typedef struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the present one */
    const char *text;
    size_t length;
    const s2s_origin *origin;
    s2s_arena *arena;
    anchor *anchors;
} reader;

/* --- messages --- */

static s2s_status fail_place(s2s_err *err, const s2s_origin *origin, int line, int column,
                             const char *message) {
    if (origin->is_file)
        return s2s_fail(err, S2S_USAGE, "%s:%d:%d: %s", origin->name, line, column, message);
    return s2s_fail(err, S2S_USAGE, "%s: %s", origin->name, message);
}

s2s_status s2s_fail_at(s2s_err *err, const s2s_node *node, const char *format, ...) {
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return fail_place(err, node->origin, node->line, node->column, message);
}

s2s_status s2s_fail_within_at(s2s_err *err, const s2s_node *node) {
    if (!err) return S2S_USAGE;
    char message[sizeof err->message];
    memcpy(message, err->message, sizeof message);
    s2s_status status = err->status;
    fail_place(err, node->origin, node->line, node->column, message);
    return err->status = status;
}

static s2s_status fail_mark(reader *r, yaml_mark_t mark, const char *message, s2s_err *err) {
    return fail_place(err, r->origin, (int)mark.line + 1, (int)mark.column + 1, message);
}

static bool tab_indents(const reader *r, size_t line) {
    const char *at = r->text, *end = r->text + r->length;
    for (; line > 0 && at < end; line--) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline) return false;
        at = newline + 1;
    }
    while (at < end && *at == ' ') at++;
    return at < end && *at == '\t';
}

static s2s_status fail_yaml(reader *r, s2s_err *err) {
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR) return s2s_fail_memory(err, r->length);
    char message[512], begin[64] = "";
    if (tab_indents(r, p->problem_mark.line))
        return fail_mark(r, p->problem_mark, "a tab cannot indent YAML; use spaces", err);
    /* What is never closed is noticed far from where it has to be mended. */
    if (p->context && p->context_mark.line != p->problem_mark.line)
        snprintf(begin, sizeof begin, " that begins at %zu:%zu", p->context_mark.line + 1,
                 p->context_mark.column + 1);
    snprintf(message, sizeof message, "not valid YAML: %s%s%s%s",
             p->problem ? p->problem : "unknown", p->context ? ", " : "",
             p->context ? p->context : "", begin);
    /* A reader error (bytes that are no text) has no mark. */
    if (p->error == YAML_READER_ERROR)
        return s2s_fail(err, S2S_USAGE, "%s: %s (byte %zu)", r->origin->name, message,
                        p->problem_offset + 1);
    return fail_mark(r, p->problem_mark, message, err);
}

/* --- events to nodes --- */

static s2s_status next_event(reader *r, s2s_err *err) {
    yaml_event_delete(&r->event);
    if (!yaml_parser_parse(&r->parser, &r->event)) return fail_yaml(r, err);
    return S2S_OK;
}

static s2s_node *new_node(s2s_node_kind kind, const s2s_origin *origin, s2s_arena *arena,
                          s2s_err *err) {
    s2s_node *node = s2s_arena_alloc(arena, sizeof *node, err);
    if (!node) return NULL;
    node->kind = kind;
    node->origin = origin;
    return node;
}

/* *last is the entry that was appended before, NULL at first. */
static s2s_status append_entry(s2s_node *node, s2s_entry **last, const s2s_node *key,
                               const s2s_node *value, s2s_arena *arena, s2s_err *err) {
    if (node->n >= MOST_ENTRIES)
        return s2s_fail_at(err, value, "more than %d entries", MOST_ENTRIES);
    s2s_entry *entry = s2s_arena_alloc(arena, sizeof *entry, err);
    if (!entry) return S2S_MEMORY;
    entry->key = key;
    entry->value = value;
    if (*last)
        (*last)->next = entry;
    else
        node->first = entry;
    *last = entry;
    node->n++;
    return S2S_OK;
}

static s2s_status read_node(reader *r, int depth, const s2s_node **node, s2s_err *err);

static s2s_status read_scalar(reader *r, s2s_node *node, s2s_err *err) {
    const char *text = (const char *)r->event.data.scalar.value;
    size_t length = r->event.data.scalar.length;
    if (memchr(text, '\0', length))
        return s2s_fail_at(err, node, "text with a NUL character (\\0) is not possible here");
    node->plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = s2s_arena_strndup(r->arena, text, length, err);
    return node->text ? S2S_OK : S2S_MEMORY;
}

static s2s_status read_list(reader *r, int depth, s2s_node *node, s2s_err *err) {
    s2s_entry *last = NULL;
    for (;;) {
        S2S_TRY(next_event(r, err));
        if (r->event.type == YAML_SEQUENCE_END_EVENT) return S2S_OK;
        const s2s_node *value;
        S2S_TRY(read_node(r, depth + 1, &value, err));
        S2S_TRY(append_entry(node, &last, NULL, value, r->arena, err));
    }
}

static s2s_status check_key(const s2s_node *map, const s2s_node *key, s2s_err *err) {
    if (key->kind != S2S_NODE_SCALAR) return s2s_fail_at(err, key, "a key must be a word");
    for (const s2s_entry *entry = map->first; entry; entry = entry->next)
        if (strcmp(entry->key->text, key->text) == 0)
            return s2s_fail_at(err, key, "%.100s: given twice; the first is in line %d", key->text,
                               entry->key->line);
    return S2S_OK;
}

static s2s_status read_map(reader *r, int depth, s2s_node *node, s2s_err *err) {
    s2s_entry *last = NULL;
    for (;;) {
        S2S_TRY(next_event(r, err));
        if (r->event.type == YAML_MAPPING_END_EVENT) return S2S_OK;
        const s2s_node *key, *value;
        S2S_TRY(read_node(r, depth + 1, &key, err));
        S2S_TRY(check_key(node, key, err));
        S2S_TRY(next_event(r, err));
        S2S_TRY(read_node(r, depth + 1, &value, err));
        S2S_TRY(append_entry(node, &last, key, value, r->arena, err));
    }
}

/* The node that an alias names. Anchors are known once their node is complete, so none holds
 * itself. */
static s2s_status read_alias(reader *r, const s2s_node **node, s2s_err *err) {
    const char *name = (const char *)r->event.data.alias.anchor;
    for (const anchor *a = r->anchors; a; a = a->before)
        if (strcmp(a->name, name) == 0) {
            *node = a->node;
            return S2S_OK;
        }
    char message[192];
    snprintf(message, sizeof message, "*%.60s: no anchor &%.60s stands before it", name, name);
    return fail_mark(r, r->event.start_mark, message, err);
}

static s2s_status add_anchor(reader *r, const char *name, const s2s_node *node, s2s_err *err) {
    anchor *a = s2s_arena_alloc(r->arena, sizeof *a, err);
    if (!a) return S2S_MEMORY;
    a->name = name;
    a->node = node;
    a->before = r->anchors;
    r->anchors = a;
    return S2S_OK;
}

/* The anchor and tag that the three events with a value have in common. */
static void event_marks(const yaml_event_t *event, const yaml_char_t **name,
                        const yaml_char_t **tag, s2s_node_kind *kind) {
    if (event->type == YAML_SCALAR_EVENT) {
        *kind = S2S_NODE_SCALAR;
        *name = event->data.scalar.anchor, *tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        *kind = S2S_NODE_LIST;
        *name = event->data.sequence_start.anchor, *tag = event->data.sequence_start.tag;
    } else {
        *kind = S2S_NODE_MAP;
        *name = event->data.mapping_start.anchor, *tag = event->data.mapping_start.tag;
    }
}

/* The node that begins with the present event; its last event is the present one afterwards. */
static s2s_status read_node(reader *r, int depth, const s2s_node **result, s2s_err *err) {
    if (r->event.type == YAML_ALIAS_EVENT) return read_alias(r, result, err);
    const yaml_char_t *anchor_name, *tag;
    s2s_node_kind kind;
    event_marks(&r->event, &anchor_name, &tag, &kind);
    s2s_node *node = new_node(kind, r->origin, r->arena, err);
    if (!node) return S2S_MEMORY;
    node->line = (int)r->event.start_mark.line + 1;
    node->column = (int)r->event.start_mark.column + 1;
    if (tag)
        return s2s_fail_at(err, node, "YAML tags (%.60s) are not used in %ss", tag,
                           r->origin->kind);
    if (depth > DEEPEST) return s2s_fail_at(err, node, "nested more than %d deep", DEEPEST);
    const char *name = NULL;
    if (anchor_name) {
        const char *given = (const char *)anchor_name;
        name = s2s_arena_strndup(r->arena, given, strlen(given), err);
        if (!name) return S2S_MEMORY;
    }
    if (kind == S2S_NODE_SCALAR)
        S2S_TRY(read_scalar(r, node, err));
    else if (kind == S2S_NODE_LIST)
        S2S_TRY(read_list(r, depth, node, err));
    else
        S2S_TRY(read_map(r, depth, node, err));
    *result = node;
    return name ? add_anchor(r, name, node, err) : S2S_OK;
}

static s2s_status read_document(reader *r, const s2s_node **root, s2s_err *err) {
    do S2S_TRY(next_event(r, err)); /* the start of the stream, then of a document */
    while (r->event.type == YAML_STREAM_START_EVENT);
    if (r->event.type == YAML_STREAM_END_EVENT)
        return s2s_fail(err, S2S_USAGE, "%s: empty: nothing is given", r->origin->name);
    S2S_TRY(next_event(r, err));
    S2S_TRY(read_node(r, 0, root, err));
    S2S_TRY(next_event(r, err)); /* the end of the document */
    S2S_TRY(next_event(r, err));
    if (r->event.type == YAML_STREAM_END_EVENT) return S2S_OK;
    char message[128];
    snprintf(message, sizeof message, "a second document begins; a %.20s is one document",
             r->origin->kind);
    return fail_mark(r, r->event.start_mark, message, err);
}

static s2s_status check_bytes(const char *text, size_t length, const s2s_origin *origin,
                              s2s_err *err) {
    ptrdiff_t bad = s2s_utf8_check(text, length);
    if (bad < 0) return S2S_OK;
    int line = 1;
    for (ptrdiff_t i = 0; i < bad; i++) line += text[i] == '\n';
    return s2s_fail(err, S2S_USAGE, "%s: not UTF-8 text (byte 0x%02x in line %d); is it a %s?",
                    origin->name, (unsigned char)text[bad], line, origin->kind);
}

s2s_status s2s_tree_read(const s2s_node **root, const char *text, size_t length,
                         const s2s_origin *origin, s2s_arena *arena, s2s_err *err) {
    S2S_TRY(check_bytes(text, length, origin, err));
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
        text += 3;
        length -= 3;
    }
    reader r = {.text = text, .length = length, .origin = origin, .arena = arena};
    if (!yaml_parser_initialize(&r.parser)) return s2s_fail_memory(err, length);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    s2s_status status = read_document(&r, root, err);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}

/* --- looking at nodes, and making them --- */

const s2s_node *s2s_tree_find(const s2s_node *map, const char *key) {
    for (const s2s_entry *entry = map->first; entry; entry = entry->next)
        if (strcmp(entry->key->text, key) == 0) return entry->value;
    return NULL;
}

bool s2s_node_is_null(const s2s_node *node) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != S2S_NODE_SCALAR || !node->plain) return false;
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
        if (strcmp(node->text, nulls[i]) == 0) return true;
    return false;
}

s2s_status s2s_tree_wrap(const s2s_node **map, const char *key, size_t length,
                         const s2s_node *value, s2s_arena *arena, s2s_err *err) {
    s2s_node *outer = new_node(S2S_NODE_MAP, value->origin, arena, err);
    s2s_node *name = new_node(S2S_NODE_SCALAR, value->origin, arena, err);
    if (!outer || !name) return S2S_MEMORY;
    name->text = s2s_arena_strndup(arena, key, length, err);
    if (!name->text) return S2S_MEMORY;
    *map = outer;
    s2s_entry *last = NULL;
    return append_entry(outer, &last, name, value, arena, err);
}
