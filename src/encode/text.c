/* See text.h.
 *
 * A vocabulary takes the begin of any text for the begin of a word. A part that follows a mask is therefore encoded
 * behind a guard, a character that no piece goes beyond, whose own pieces are then left out. */
#define _GNU_SOURCE /* memmem */
#include "encode/text.h"

#include <string.h>

#include "search/session.h"

/* --- symbols --- */

s2s_status s2s_encode_symbols_of(s2s_encode_symbols *symbols, const s2s_model *model,
                                 const s2s_vocabulary *vocabulary, s2s_err *err) {
    const s2s_objective_shape *shape = model->shape;
    *symbols = (s2s_encode_symbols){.begin = -1, .end = s2s_vocabulary_eos(vocabulary), .mask = -1};
    if (!shape->encoder)
        return s2s_fail(err, S2S_INPUT,
                        "the model has no encoder: it was trained to write, not to "
                        "read whole texts (objective.type)");
    if (shape->targets) return S2S_OK;
    symbols->begin = s2s_vocabulary_bos(vocabulary);
    if (!shape->symbol) return S2S_OK;
    symbols->mask_text = shape->symbol;
    symbols->mask = s2s_vocabulary_id(vocabulary, shape->symbol);
    if (symbols->mask != s2s_vocabulary_unk(vocabulary)) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "the model's vocabulary has no piece %s", shape->symbol);
}

size_t s2s_encode_longest(const s2s_encode_symbols *symbols, const s2s_model *model) {
    int around = 1 + (symbols->begin >= 0), longest = s2s_session_longest(&model->recipe->encoder);
    return longest > around ? (size_t)(longest - around) : 0;
}

static s2s_status begin(const s2s_encode_symbols *symbols, s2s_ids *ids, s2s_err *err) {
    return symbols->begin < 0 ? S2S_OK : s2s_ids_push(ids, symbols->begin, err);
}

s2s_status s2s_encode_plain(const s2s_encode_symbols *symbols, const s2s_vocabulary *vocabulary,
                            const char *text, size_t length, const s2s_cut *cut, s2s_ids *ids,
                            bool *was_cut, s2s_err *err) {
    S2S_TRY(begin(symbols, ids, err));
    S2S_TRY(s2s_vocabulary_encode_cut(vocabulary, text, length, cut, ids, was_cut, err));
    return s2s_ids_push(ids, symbols->end, err);
}

/* --- parts between masks --- */

typedef struct part {
    const s2s_vocabulary *vocabulary;
    const char *text;
    size_t length;
    size_t most; /* tokens that are looked at; what has more is refused later */
} part;

static s2s_status encode_part(const part *p, s2s_ids *ids, s2s_err *err) {
    const s2s_cut cut = {.most = p->most};
    bool was_cut;
    return s2s_vocabulary_encode_cut(p->vocabulary, p->text, p->length, &cut, ids, &was_cut, err);
}

/* Unknown characters side by side become one token: so would the guard and the first one of a part, which is therefore
 * asked about by itself. */
static s2s_status begins_unknown(const part *p, bool *unknown, s2s_err *err) {
    s2s_ids ids = {0};
    part first = *p;
    for (first.length = 1; first.length < p->length; first.length++)
        if (((unsigned char)p->text[first.length] & 0xC0) != 0x80) break;
    s2s_status status = encode_part(&first, &ids, err);
    *unknown = ids.size && ids.data[ids.size - 1] == s2s_vocabulary_unk(p->vocabulary);
    s2s_ids_release(&ids);
    return status;
}

/* Appends what of `whole` comes behind the guard's own ids; where it does not begin with those, the part as it is by
 * itself. */
static s2s_status take_behind(const part *p, const s2s_ids *guard, const s2s_ids *whole,
                              s2s_ids *ids, s2s_err *err) {
    size_t n = guard->size;
    if (n > whole->size || memcmp(guard->data, whole->data, n * sizeof *guard->data) != 0)
        return encode_part(p, ids, err);
    bool unknown = false;
    if (n && guard->data[n - 1] == s2s_vocabulary_unk(p->vocabulary))
        S2S_TRY(begins_unknown(p, &unknown, err));
    if (unknown) S2S_TRY(s2s_ids_push(ids, s2s_vocabulary_unk(p->vocabulary), err));
    for (size_t i = n; i < whole->size; i++) S2S_TRY(s2s_ids_push(ids, whole->data[i], err));
    return S2S_OK;
}

static s2s_status encode_behind_mask(const part *p, s2s_ids *ids, s2s_err *err) {
    static const char sign[] = "\xEF\xBF\xBC"; /* U+FFFC, which stands for what is no text */
    const part alone = {p->vocabulary, sign, sizeof sign - 1, SIZE_MAX};
    s2s_buf text = {0};
    s2s_ids guard = {0}, whole = {0};
    s2s_status status = s2s_buf_append(&text, sign, sizeof sign - 1, err);
    if (status == S2S_OK) status = s2s_buf_append(&text, p->text, p->length, err);
    if (status == S2S_OK) status = encode_part(&alone, &guard, err);
    const part guarded = {p->vocabulary, text.data, text.size, p->most + guard.size};
    if (status == S2S_OK) status = encode_part(&guarded, &whole, err);
    if (status == S2S_OK) status = take_behind(p, &guard, &whole, ids, err);
    s2s_buf_release(&text);
    s2s_ids_release(&guard);
    s2s_ids_release(&whole);
    return status;
}

static s2s_status add_part(part p, bool first, bool last, s2s_ids *ids, s2s_err *err) {
    while (!last && p.length && p.text[p.length - 1] == ' ') p.length--;
    if (!p.length) return S2S_OK;
    return first ? encode_part(&p, ids, err) : encode_behind_mask(&p, ids, err);
}

/* --- texts with masks --- */

static s2s_status check(size_t masks, size_t tokens, size_t most, const char *mask_text,
                        s2s_err *err) {
    if (!masks) return s2s_fail(err, S2S_INPUT, "there is no %s in the text", mask_text);
    if (masks > S2S_MOST_MASKS)
        return s2s_fail(err, S2S_INPUT, "the text has more than %d masks", S2S_MOST_MASKS);
    if (tokens > most)
        return s2s_fail(err, S2S_INPUT,
                        "the text has more tokens than the %zu that the model has positions for or "
                        "search.max_source_length allows; shorten it",
                        most);
    return S2S_OK;
}

s2s_status s2s_encode_masked(const s2s_encode_symbols *symbols, const s2s_vocabulary *vocabulary,
                             const char *text, size_t length, size_t most, s2s_ids *ids,
                             s2s_ids *masks, s2s_err *err) {
    size_t size = strlen(symbols->mask_text), first_mask = masks->size;
    const char *end = text + length;
    S2S_TRY(begin(symbols, ids, err));
    size_t first = ids->size;
    for (const char *from = text, *mask; from; from = mask ? mask + size : NULL) {
        mask = memmem(from, (size_t)(end - from), symbols->mask_text, size);
        part p = {vocabulary, from, (size_t)((mask ? mask : end) - from), most + 1};
        S2S_TRY(add_part(p, from == text, !mask, ids, err));
        if (!mask) break;
        S2S_TRY(s2s_ids_push(masks, (int32_t)ids->size, err));
        S2S_TRY(s2s_ids_push(ids, symbols->mask, err));
        if (masks->size - first_mask > S2S_MOST_MASKS || ids->size - first > most) break;
    }
    S2S_TRY(check(masks->size - first_mask, ids->size - first, most, symbols->mask_text, err));
    return s2s_ids_push(ids, symbols->end, err);
}
