/* See terms.h. */
#include "search/terms.h"

#include <stdlib.h>
#include <string.h>

/* The unknown symbol is refused: it would come in the output instead of what was asked for. */
static s2s_status add_ids(s2s_request_builder *b, const char *text, const char *what,
                          const s2s_vocabulary *target, int *n, s2s_err *err) {
    size_t begin = b->ids.size;
    S2S_TRY(s2s_vocabulary_encode(target, text, strlen(text), &b->ids, err));
    *n = (int)(b->ids.size - begin);
    for (size_t i = begin; i < b->ids.size; i++)
        if (b->ids.data[i] == s2s_vocabulary_unk(target))
            return s2s_fail(
                err, S2S_INPUT,
                "%s: \"%.60s\" has a character that the model's vocabulary does not know", what,
                text);
    return S2S_OK;
}

/* Lengths first: where the ids lie is known when all are there. */
static s2s_status add_phrase(s2s_request_builder *b, size_t number, const char *text,
                             const char *what, const s2s_vocabulary *target, s2s_err *err) {
    s2s_phrase *phrase = &b->phrases[number];
    S2S_TRY(add_ids(b, text, what, target, &phrase->n, err));
    size_t n = (size_t)phrase->n;
    if (b->right_to_left) s2s_reverse(b->ids.data + b->ids.size - n, n, sizeof *b->ids.data);
    return phrase->n ? S2S_OK : s2s_fail(err, S2S_INPUT, "%s: a phrase is empty", what);
}

static s2s_status add_piece(s2s_request_builder *b, size_t number, const char *piece,
                            const s2s_vocabulary *target, s2s_err *err) {
    int32_t id = s2s_vocabulary_id(target, piece), unk = s2s_vocabulary_unk(target);
    if (id == unk && strcmp(piece, s2s_vocabulary_piece(target, unk)) != 0)
        return s2s_fail(err, S2S_USAGE,
                        "search.suppress_tokens: \"%.60s\" is no piece of the target vocabulary",
                        piece);
    b->phrases[number].n = 1;
    return s2s_ids_push(&b->ids, id, err);
}

static s2s_status add_all(s2s_request_builder *b, const s2s_line_terms *terms,
                          s2s_string_list suppressed, const s2s_vocabulary *target, s2s_err *err) {
    size_t n = 0;
    for (int i = 0; i < terms->required.n; i++)
        S2S_TRY(add_phrase(b, n++, terms->required.items[i], "required", target, err));
    for (int i = 0; i < terms->forbidden.n; i++)
        S2S_TRY(add_phrase(b, n++, terms->forbidden.items[i], "forbidden", target, err));
    for (int i = 0; i < suppressed.n; i++)
        S2S_TRY(add_piece(b, n++, suppressed.items[i], target, err));
    return S2S_OK;
}

s2s_status s2s_request_build(s2s_request_builder *b, const s2s_line_terms *terms,
                             s2s_string_list suppressed, const s2s_vocabulary *target,
                             s2s_err *err) {
    int required = terms->required.n, forbidden = terms->forbidden.n + suppressed.n;
    b->request = (s2s_request){.recipe = terms->search};
    b->ids.size = 0;
    if (required > S2S_MOST_REQUIRED)
        return s2s_fail(err, S2S_INPUT, "required: at most %d phrases", S2S_MOST_REQUIRED);
    if (terms->prefix && b->right_to_left)
        return s2s_fail(err, S2S_INPUT,
                        "prefix: the model writes from right to left, so what a translation begins "
                        "with cannot be given; give it in \"required\"");
    size_t phrases = (size_t)required + (size_t)forbidden;
    if (!phrases && !terms->prefix) return S2S_OK;
    S2S_TRY(s2s_grow(&b->phrases, &b->phrases_capacity, phrases, sizeof *b->phrases, err));
    if (terms->prefix)
        S2S_TRY(add_ids(b, terms->prefix, "prefix", target, &b->request.prefix_n, err));
    S2S_TRY(add_all(b, terms, suppressed, target, err));
    const int32_t *ids = b->ids.data;
    b->request.prefix = ids;
    ids += b->request.prefix_n;
    for (size_t i = 0; i < phrases; i++) {
        b->phrases[i].ids = ids;
        ids += b->phrases[i].n;
    }
    b->request.required = (s2s_phrases){b->phrases, required};
    b->request.forbidden = (s2s_phrases){b->phrases + required, forbidden};
    return S2S_OK;
}

void s2s_request_builder_release(s2s_request_builder *builder) {
    s2s_ids_release(&builder->ids);
    free(builder->phrases);
    *builder = (s2s_request_builder){0};
}
