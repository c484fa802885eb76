/* --set KEY.PATH=VALUE: a layer of one value. VALUE is YAML, so that `[bleu, chrf]` is a list. */
#include <stdio.h>
#include <string.h>

#include "recipe/draft.h"
#include "recipe/path.h"

/* Nests `value` into mappings, the innermost key first: a.b=1 becomes {a: {b: 1}}. */
static s2s_status nest(s2s_draft *draft, const char *text, size_t length, const s2s_node **node,
                       s2s_err *err) {
    for (;;) {
        size_t begin = length;
        while (begin > 0 && text[begin - 1] != '.') begin--;
        if (begin == length)
            return s2s_fail_at(err, *node,
                               "a key is missing; write KEY=VALUE, where KEY is like "
                               "train.max_steps");
        S2S_TRY(s2s_tree_wrap(node, text + begin, length - begin, *node, &draft->nodes, err));
        if (begin == 0) return S2S_OK;
        length = begin - 1;
    }
}

s2s_status s2s_bind_set(s2s_draft *draft, const char *text, s2s_err *err) {
    char name[256];
    snprintf(name, sizeof name, "--set %s", text);
    const char *equals = strchr(text, '=');
    if (!equals)
        return s2s_fail(err, S2S_USAGE, "%s: write KEY=VALUE, e.g. train.max_steps=1000", name);
    s2s_origin *origin = s2s_arena_alloc(&draft->nodes, sizeof *origin, err);
    char *kept = origin ? s2s_arena_strndup(&draft->nodes, name, strlen(name), err) : NULL;
    char *folder = NULL;
    if (!kept) return S2S_MEMORY;
    S2S_TRY(s2s_path_folder(&folder, "x", &draft->nodes, err)); /* of a file that lies here */
    *origin = (s2s_origin){.name = kept, .folder = folder, .kind = "recipe", .layer = 1};
    const s2s_node *node;
    S2S_TRY(s2s_tree_read(&node, equals + 1, strlen(equals + 1), origin, &draft->nodes, err));
    S2S_TRY(nest(draft, text, (size_t)(equals - text), &node, err));
    return s2s_bind_section(draft, &s2s_schema, draft->recipe, "", node, err);
}
