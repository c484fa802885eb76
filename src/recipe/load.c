/* Loading a recipe: its file, the recipes that it builds on, --set, and the phases after (draft.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recipe/draft.h"
#include "recipe/path.h"
#include "recipe/value.h"

/* A recipe file that is being read, and those that build on it. */
typedef struct layer {
    const char *path;   /* as messages show it */
    const char *folder; /* absolute */
    const char *file;   /* absolute path without links, which tells files apart; NULL: no file */
    const struct layer *above;
    int depth; /* layers above it */
} layer;

static const char kind[] = "recipe";

static s2s_status begin_layer(s2s_draft *draft, layer *l, const char *path, const layer *above,
                              s2s_err *err) {
    char *folder, *real;
    S2S_TRY(s2s_path_real(&real, path, &draft->nodes, err));
    S2S_TRY(s2s_path_folder(&folder, path, &draft->nodes, err));
    l->file = real;
    l->path = path;
    l->folder = folder;
    l->above = above;
    l->depth = above ? above->depth + 1 : 0;
    return S2S_OK;
}

/* --- base --- */

static s2s_status bind_layer(s2s_draft *draft, const layer *l, const char *text, size_t length,
                             s2s_err *err);

static s2s_status check_circle(const layer *below, const s2s_node *node, s2s_err *err) {
    for (const layer *l = below->above; l; l = l->above)
        if (l->file && below->file && strcmp(l->file, below->file) == 0)
            return s2s_fail_at(err, node, "base: %.200s builds on itself through %.200s", l->path,
                               below->above->path);
    return S2S_OK;
}

/* Reads the recipe that `node` names and binds it before the one that names it. */
static s2s_status bind_base(s2s_draft *draft, const layer *above, const s2s_node *node,
                            s2s_err *err) {
    if (node->kind != S2S_NODE_SCALAR || !*node->text)
        return s2s_fail_at(err, node, "base: expected the path of one recipe");
    char *absolute;
    s2s_status status = s2s_path_absolute(&absolute, above->folder, node->text, &draft->nodes, err);
    if (status == S2S_USAGE) return s2s_fail_within_at(err, node);
    S2S_TRY(status);
    char *shown = s2s_path_beside(above->path, node->text, &draft->nodes, err);
    if (!shown) return S2S_MEMORY;
    layer l = {0};
    S2S_TRY(begin_layer(draft, &l, absolute, above, err));
    l.path = shown;
    S2S_TRY(check_circle(&l, node, err));
    s2s_buf text = {0};
    status = s2s_document_text(&text, absolute, kind, err);
    if (status == S2S_IO) {
        s2s_fail_within(err, "base");
        s2s_fail_within_at(err, node);
    }
    if (status == S2S_OK) status = bind_layer(draft, &l, text.data, text.size, err);
    s2s_buf_release(&text);
    return status;
}

/* A variant must not write to the run folder of the recipe that it builds on. */
static void forget_identity(s2s_draft *draft) {
    draft->recipe->name = draft->recipe->output = NULL;
    s2s_draft_forget(draft, "name", true);
    s2s_draft_forget(draft, "output", true);
}

static bool is_resolved(const char *text, size_t length) {
    static const char begin[] = S2S_RESOLVED_BEGIN;
    return length >= sizeof begin - 1 && memcmp(text, begin, sizeof begin - 1) == 0;
}

static s2s_status check_end(const layer *l, const char *text, size_t length, s2s_err *err) {
    static const char end[] = S2S_RESOLVED_END;
    size_t room = sizeof end - 1;
    while (strchr(" \r\n", text[length - 1])) length--;
    if (memcmp(text + length - room, end, room) == 0) return S2S_OK;
    return s2s_fail(
        err, S2S_USAGE,
        "%s: cut short: its first line announces \"...\" as the last; take a whole copy "
        "of it",
        l->path);
}

static s2s_status bind_layer(s2s_draft *draft, const layer *l, const char *text, size_t length,
                             s2s_err *err) {
    bool resolved = is_resolved(text, length);
    if (resolved) S2S_TRY(check_end(l, text, length, err));
    s2s_origin origin = {.name = l->path,
                         .folder = l->folder,
                         .kind = kind,
                         .is_file = true,
                         .is_resolved = resolved,
                         .layer = -l->depth};
    const s2s_node *root;
    S2S_TRY(s2s_document_tree(&root, text, length, &origin, &draft->nodes, err));
    const s2s_node *base = s2s_tree_find(root, "base");
    if (base && !s2s_node_is_null(base)) {
        S2S_TRY(bind_base(draft, l, base, err));
        forget_identity(draft);
    }
    return s2s_bind_section(draft, &s2s_schema, draft->recipe, "", root, err);
}

/* --- all of it --- */

static s2s_status build(s2s_draft *draft, const char *text, size_t length, const char *path,
                        const char *const *sets, int n_sets, s2s_err *err) {
    layer l = {0};
    S2S_TRY(begin_layer(draft, &l, path, NULL, err));
    draft->path = path;
    draft->folder = l.folder;
    draft->schema = &s2s_schema;
    draft->values = &draft->recipe->arena;
    s2s_recipe *recipe = draft->recipe;
    S2S_TRY(s2s_section_set_initial(&s2s_schema, recipe, &recipe->arena, err));
    S2S_TRY(bind_layer(draft, &l, text, length, err));
    for (int i = 0; i < n_sets; i++) S2S_TRY(s2s_bind_set(draft, sets[i], err));
    S2S_TRY(s2s_resolve(draft, err));
    return s2s_check(draft, err);
}

s2s_status s2s_recipe_parse(s2s_recipe **recipe, const char *text, size_t length, const char *path,
                            const char *const *sets, int n_sets, s2s_err *err) {
    *recipe = NULL;
    s2s_draft draft = {.recipe = calloc(1, sizeof **recipe)};
    if (!draft.recipe) return s2s_fail_memory(err, sizeof **recipe);
    s2s_status status = build(&draft, text, length, path, sets, n_sets, err);
    s2s_draft_release(&draft);
    if (status == S2S_OK)
        *recipe = draft.recipe;
    else
        s2s_recipe_free(draft.recipe);
    return status;
}

s2s_status s2s_recipe_load(s2s_recipe **recipe, const char *path, const char *const *sets,
                           int n_sets, s2s_err *err) {
    *recipe = NULL;
    s2s_buf text = {0};
    s2s_status status = s2s_document_text(&text, path, kind, err);
    if (status == S2S_OK)
        status = s2s_recipe_parse(recipe, text.data, text.size, path, sets, n_sets, err);
    s2s_buf_release(&text);
    return status;
}

void s2s_recipe_free(s2s_recipe *recipe) {
    if (!recipe) return;
    s2s_arena_release(&recipe->arena);
    free(recipe);
}
