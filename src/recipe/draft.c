/* See draft.h: the places of values. */
#include "recipe/draft.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void s2s_draft_release(s2s_draft *draft) {
    free(draft->places);
    s2s_arena_release(&draft->nodes);
}

static s2s_place *find(const s2s_draft *draft, const char *path, size_t length) {
    for (size_t i = 0; i < draft->n_places; i++) {
        const char *known = draft->places[i].path;
        if (strncmp(known, path, length) == 0 && known[length] == '\0') return &draft->places[i];
    }
    return NULL;
}

s2s_status s2s_draft_note(s2s_draft *draft, const char *path, const s2s_node *node, s2s_err *err) {
    s2s_place *place = find(draft, path, strlen(path));
    if (!place) {
        S2S_TRY(s2s_grow(&draft->places, &draft->capacity, draft->n_places + 1,
                         sizeof *draft->places, err));
        place = &draft->places[draft->n_places++];
    }
    *place = (s2s_place){path, node};
    return S2S_OK;
}

const s2s_node *s2s_draft_given(const s2s_draft *draft, const char *path) {
    const s2s_place *place = find(draft, path, strlen(path));
    return place ? place->node : NULL;
}

void s2s_draft_forget(s2s_draft *draft, const char *path, bool itself) {
    size_t length = strlen(path), kept = 0;
    for (size_t i = 0; i < draft->n_places; i++) {
        const char *known = draft->places[i].path;
        bool under = strncmp(known, path, length) == 0;
        bool gone = under && (known[length] == '.' || (known[length] == '\0' && itself));
        if (!gone) draft->places[kept++] = draft->places[i];
    }
    draft->n_places = kept;
}

const char *s2s_draft_join(s2s_draft *draft, const char *prefix, const char *name, s2s_err *err) {
    size_t before = strlen(prefix), length = strlen(name);
    if (!before) return s2s_arena_strndup(&draft->nodes, name, length, err);
    char *path = s2s_arena_alloc(&draft->nodes, before + length + 2, err);
    if (path) snprintf(path, before + length + 2, "%s.%s", prefix, name);
    return path;
}

s2s_key_path s2s_key_path_make(const char *prefix, const char *key) {
    s2s_key_path path;
    snprintf(path.text, sizeof path.text, "%s.%s", prefix, key);
    return path;
}

/* The node to point at for a mistake at `path`; NULL: nothing near it was given. */
static const s2s_node *blame(const s2s_draft *draft, const char *path, const char *other) {
    const s2s_node *node = s2s_draft_given(draft, path);
    if (!node && other) node = s2s_draft_given(draft, other);
    for (size_t length = strlen(path); !node && length > 0; length--) {
        const s2s_place *place = path[length] == '.' ? find(draft, path, length) : NULL;
        if (place) node = place->node;
    }
    return node;
}

s2s_status s2s_draft_fail(const s2s_draft *draft, s2s_err *err, const char *path, const char *other,
                          const char *format, ...) {
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const s2s_node *node = blame(draft, path, other);
    if (node) return s2s_fail_at(err, node, "%s: %s", path, message);
    return s2s_fail(err, S2S_USAGE, "%s: %s: %s", draft->path, path, message);
}
