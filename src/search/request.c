/* See request.h. */
#include "search/request.h"

#include <stdlib.h>
#include <string.h>

/* Where the parts of the copy go: what wants the strictest alignment comes first. */
typedef struct parts {
    s2s_search_recipe *recipe;
    s2s_phrase *phrases;
    int32_t *ids;
} parts;

static size_t tokens_of(s2s_phrases phrases) {
    size_t tokens = 0;
    for (int i = 0; i < phrases.n; i++) tokens += (size_t)phrases.items[i].n;
    return tokens;
}

static const int32_t *copy_ids(parts *to, const int32_t *ids, int n) {
    int32_t *copy = to->ids;
    if (n) memcpy(copy, ids, (size_t)n * sizeof *ids);
    to->ids += n;
    return copy;
}

static s2s_phrases copy_phrases(parts *to, s2s_phrases phrases) {
    s2s_phrases copy = {to->phrases, phrases.n};
    for (int i = 0; i < phrases.n; i++) {
        int n = phrases.items[i].n;
        *to->phrases++ = (s2s_phrase){copy_ids(to, phrases.items[i].ids, n), n};
    }
    return copy;
}

s2s_status s2s_request_copy(s2s_request **copied, const s2s_request *r, s2s_err *err) {
    size_t phrases = (size_t)r->required.n + (size_t)r->forbidden.n;
    size_t ids =
        (size_t)r->n + (size_t)r->prefix_n + tokens_of(r->required) + tokens_of(r->forbidden);
    size_t recipe = r->recipe ? sizeof *r->recipe : 0;
    size_t bytes = sizeof **copied + recipe + phrases * sizeof(s2s_phrase) + ids * sizeof(int32_t);
    s2s_request *copy = malloc(bytes);
    if (!copy) return s2s_fail_memory(err, bytes);
    char *room = (char *)(copy + 1);
    parts to = {.recipe = (s2s_search_recipe *)(void *)room,
                .phrases = (s2s_phrase *)(void *)(room + recipe)};
    to.ids = (int32_t *)(void *)(to.phrases + phrases);
    *copy = (s2s_request){.n = r->n, .prefix_n = r->prefix_n};
    if (r->recipe) {
        *to.recipe = *r->recipe;
        copy->recipe = to.recipe;
    }
    copy->ids = copy_ids(&to, r->ids, r->n);
    copy->prefix = copy_ids(&to, r->prefix, r->prefix_n);
    copy->required = copy_phrases(&to, r->required);
    copy->forbidden = copy_phrases(&to, r->forbidden);
    *copied = copy;
    return S2S_OK;
}
