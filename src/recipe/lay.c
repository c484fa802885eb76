/* Search keys for one line of input, laid over a search that is there already. */
#include <string.h>

#include "recipe/draft.h"

/* They are worked out or allotted before the first line comes. */
static const char *const of_the_run[] = {"batch_sentences",
                                         "batch_tokens",
                                         "head_share",
                                         "long_sources",
                                         "max_source_length",
                                         "shortlist",
                                         "suppress_tokens",
                                         "mbr",
                                         "mbr_candidates",
                                         NULL};

static s2s_status check_keys(const s2s_node *root, s2s_err *err) {
    if (root->kind != S2S_NODE_MAP) return S2S_OK; /* binding tells */
    for (const s2s_entry *entry = root->first; entry; entry = entry->next)
        for (int i = 0; of_the_run[i]; i++)
            if (strcmp(entry->key->text, of_the_run[i]) == 0)
                return s2s_fail(err, S2S_USAGE,
                                "search.%s: can be set for the whole input only, not for a line",
                                of_the_run[i]);
    return S2S_OK;
}

static s2s_status lay(s2s_draft *draft, const char *text, size_t length, s2s_err *err) {
    s2s_origin origin = {.name = "search", .kind = "recipe"};
    const s2s_node *root;
    S2S_TRY(s2s_tree_read(&root, text, length, &origin, &draft->nodes, err));
    S2S_TRY(check_keys(root, err));
    S2S_TRY(s2s_bind_section(draft, &s2s_search_schema, &draft->recipe->search,
                             "search", root, err));
    return s2s_check_search(draft, &draft->recipe->search, "search", err);
}

s2s_status s2s_search_recipe_lay(s2s_search_recipe *search, const char *text, size_t length,
                                 s2s_err *err) {
    s2s_recipe recipe = {.search = *search};
    s2s_draft draft = {.recipe = &recipe, .schema = &s2s_schema, .values = &recipe.arena};
    s2s_status status = lay(&draft, text, length, err);
    if (status == S2S_OK) *search = recipe.search;
    s2s_draft_release(&draft);
    s2s_arena_release(&recipe.arena);
    return status;
}
