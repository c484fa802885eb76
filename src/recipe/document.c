/* Files of YAML that a schema describes, whatever their kind (draft.h). */
#include <stdio.h>
#include <string.h>

#include "recipe/draft.h"
#include "recipe/path.h"
#include "recipe/value.h"

enum { LARGEST = 1 << 20 }; /* bytes; more is some other file */

static s2s_status read_stream(FILE *file, const char *path, const char *kind, s2s_buf *text,
                              s2s_err *err) {
    size_t got;
    do {
        S2S_TRY(s2s_buf_reserve(text, text->size + 65536, err));
        got = fread(text->data + text->size, 1, 65536, file);
        text->size += got;
        if (text->size > LARGEST)
            return s2s_fail(err, S2S_USAGE, "%s: more than %d bytes; is it a %s?", path,
                            (int)LARGEST, kind);
    } while (got > 0);
    return ferror(file) ? s2s_fail_errno(err, "read", path) : S2S_OK;
}

s2s_status s2s_document_text(s2s_buf *text, const char *path, const char *kind, s2s_err *err) {
    char verb[32];
    snprintf(verb, sizeof verb, "read the %s", kind);
    FILE *file = fopen(path, "rb");
    if (!file) return s2s_fail_errno(err, verb, path);
    s2s_status status = read_stream(file, path, kind, text, err);
    fclose(file);
    return status;
}

s2s_status s2s_document_tree(const s2s_node **root, const char *text, size_t length,
                             const s2s_origin *origin, s2s_arena *arena, s2s_err *err) {
    s2s_origin *kept = s2s_arena_alloc(arena, sizeof *kept, err); /* nodes point to it */
    if (!kept) return S2S_MEMORY;
    *kept = *origin;
    S2S_TRY(s2s_tree_read(root, text, length, kept, arena, err));
    if (s2s_node_is_null(*root)) return s2s_fail_at(err, *root, "empty: nothing is given");
    if ((*root)->kind != S2S_NODE_MAP)
        return s2s_fail_at(err, *root, "expected lines of `key: value`; is it a %s?", origin->kind);
    return S2S_OK;
}

s2s_status s2s_draft_load(s2s_draft *draft, void *owner, const char *path, const char *kind,
                          s2s_err *err) {
    char *folder;
    S2S_TRY(s2s_path_folder(&folder, path, &draft->nodes, err));
    draft->path = path;
    draft->folder = folder;
    S2S_TRY(s2s_section_set_initial(draft->schema, owner, draft->values, err));
    s2s_origin origin = {.name = path, .folder = folder, .kind = kind, .is_file = true};
    const s2s_node *root = NULL;
    s2s_buf text = {0};
    s2s_status status = s2s_document_text(&text, path, kind, err);
    if (status == S2S_OK)
        status = s2s_document_tree(&root, text.data, text.size, &origin, &draft->nodes, err);
    s2s_buf_release(&text);
    S2S_TRY(status);
    return s2s_bind_section(draft, draft->schema, owner, "", root, err);
}
