/* See vocabulary.h. A vocabulary is a SentencePiece model and the normalisation that comes before
 * it. */
#define _GNU_SOURCE /* memrchr */
#include "text/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "text/sample.h"
#include "text/sentencepiece.h"

struct s2s_vocabulary {
    s2s_spm *spm;
    s2s_text_recipe recipe; /* its strings are not used */
    s2s_sampler *sampler;   /* NULL: the recipe has no sampling */
    bool words_apart;       /* words one by one give the pieces of the whole text */
    char digest[33];
};

/* --- lists of ids --- */

s2s_status s2s_ids_push(s2s_ids *ids, int32_t id, s2s_err *err) {
    S2S_TRY(s2s_grow(&ids->data, &ids->capacity, ids->size + 1, sizeof *ids->data, err));
    ids->data[ids->size++] = id;
    return S2S_OK;
}

void s2s_ids_release(s2s_ids *ids) {
    free(ids->data);
    *ids = (s2s_ids){0};
}

/* --- loading --- */

/* Raised whenever s2s_normalize or the sampler gives something else for the same recipe and text.
 */
enum { RULES_VERSION = 1 };

static void make_digest(s2s_vocabulary *v, const void *model, size_t size) {
    const s2s_text_recipe *r = &v->recipe;
    XXH128_hash_t content = XXH3_128bits(model, size);
    uint64_t parts[] = {content.high64,   content.low64, r->lowercase,
                        r->normalization, r->whitespace, RULES_VERSION};
    XXH128_hash_t all = XXH3_128bits(parts, sizeof parts);
    snprintf(v->digest, sizeof v->digest, "%016llx%016llx", (unsigned long long)all.high64,
             (unsigned long long)all.low64);
}

/* Whether the model sees two texts and the blank between them as it sees each by itself. */
static s2s_status begins_anew(bool *anew, const s2s_spm *spm, s2s_err *err) {
    s2s_buf whole = {0}, parts = {0};
    s2s_status status = s2s_spm_surface(spm, "a a", 3, &whole, err);
    for (int i = 0; i < 2 && status == S2S_OK; i++)
        status = s2s_spm_surface(spm, "a", 1, &parts, err);
    *anew = status == S2S_OK && whole.size == parts.size &&
            memcmp(whole.data, parts.data, whole.size) == 0;
    s2s_buf_release(&whole);
    s2s_buf_release(&parts);
    return status;
}

/* So it is where a blank only ever begins a piece. */
static s2s_status find_words_apart(s2s_vocabulary *v, s2s_err *err) {
    static const char blank[] = "\xE2\x96\x81";
    if (v->recipe.whitespace != S2S_WHITESPACE_COLLAPSE) return S2S_OK;
    if (s2s_spm_id(v->spm, blank) == s2s_spm_unk(v->spm)) return S2S_OK;
    for (int32_t id = 0; id < s2s_spm_size(v->spm); id++) {
        const char *piece = s2s_spm_piece(v->spm, id);
        if (*piece && strstr(piece + 1, blank)) return S2S_OK;
    }
    return begins_anew(&v->words_apart, v->spm, err);
}

static s2s_status load(s2s_vocabulary *v, const s2s_map *model, s2s_err *err) {
    S2S_TRY(s2s_spm_load(&v->spm, model->data, model->size, err));
    make_digest(v, model->data, model->size);
    S2S_TRY(find_words_apart(v, err));
    if (v->recipe.sampling_alpha <= 0) return S2S_OK;
    return s2s_sampler_create(&v->sampler, v->spm, v->recipe.sampling_alpha,
                              (int)v->recipe.sampling_nbest, err);
}

s2s_status s2s_vocabulary_load(s2s_vocabulary **vocabulary, const char *path,
                               const s2s_text_recipe *recipe, s2s_err *err) {
    s2s_map model;
    S2S_TRY(s2s_map_open(&model, path, err));
    s2s_vocabulary *v = calloc(1, sizeof *v);
    s2s_status status = S2S_MEMORY;
    if (!v) {
        s2s_fail_memory(err, sizeof *v);
    } else {
        v->recipe = *recipe;
        status = load(v, &model, err);
        if (status != S2S_OK) s2s_fail_within(err, "%s", path);
    }
    s2s_map_close(&model);
    if (status == S2S_OK)
        *vocabulary = v;
    else
        s2s_vocabulary_free(v);
    return status;
}

void s2s_vocabulary_free(s2s_vocabulary *vocabulary) {
    if (!vocabulary) return;
    s2s_sampler_free(vocabulary->sampler);
    s2s_spm_free(vocabulary->spm);
    free(vocabulary);
}

/* --- what it holds --- */

int s2s_vocabulary_size(const s2s_vocabulary *vocabulary) {
    return s2s_spm_size(vocabulary->spm);
}

int32_t s2s_vocabulary_unk(const s2s_vocabulary *vocabulary) {
    return s2s_spm_unk(vocabulary->spm);
}

int32_t s2s_vocabulary_bos(const s2s_vocabulary *vocabulary) {
    int32_t bos = s2s_spm_bos(vocabulary->spm);
    return bos >= 0 ? bos : s2s_spm_eos(vocabulary->spm);
}

int32_t s2s_vocabulary_eos(const s2s_vocabulary *vocabulary) {
    return s2s_spm_eos(vocabulary->spm);
}

const char *s2s_vocabulary_piece(const s2s_vocabulary *vocabulary, int32_t id) {
    return s2s_spm_piece(vocabulary->spm, id);
}

int32_t s2s_vocabulary_id(const s2s_vocabulary *vocabulary, const char *piece) {
    return s2s_spm_id(vocabulary->spm, piece);
}

void s2s_vocabulary_digest(const s2s_vocabulary *vocabulary, char digest[33]) {
    snprintf(digest, 33, "%s", vocabulary->digest);
}

bool s2s_vocabulary_samples(const s2s_vocabulary *vocabulary) {
    return vocabulary->sampler;
}

/* --- text to ids and back --- */

/* Bytes that are encoded at once where that makes no difference: SentencePiece takes 200 times as much memory. */
enum { MOST_AT_ONCE = 1 << 16 };
/* SentencePiece's longest pieces have 16 characters. */
enum { PIECE_BYTES = 64 };

/* How much of a text is encoded at once: all, or whole words. */
static size_t first_part(const s2s_vocabulary *v, const char *text, size_t length) {
    if (length <= MOST_AT_ONCE || !v->words_apart) return length;
    const char *blank = memrchr(text, ' ', MOST_AT_ONCE);
    if (!blank) blank = memchr(text + MOST_AT_ONCE, ' ', length - MOST_AT_ONCE);
    return blank ? (size_t)(blank - text) : length;
}

/* Stops after `most` ids; *rest: bytes that were not looked at. */
static s2s_status encode_normal(const s2s_vocabulary *v, const char *text, size_t length,
                                size_t most, s2s_ids *ids, size_t *rest, s2s_err *err) {
    size_t begin = ids->size;
    while (length && ids->size - begin <= most) {
        size_t part = first_part(v, text, length);
        S2S_TRY(s2s_spm_encode(v->spm, text, part, ids, err));
        if (part < length) part++; /* the blank between the two is the next one's first piece */
        text += part;
        length -= part;
    }
    *rest = length;
    return S2S_OK;
}

/* Bytes that hold more than `most` pieces: a text without blanks is encoded at once. Ends with a character. */
static size_t enough_bytes(const char *text, size_t length, size_t most) {
    if (most >= length / PIECE_BYTES) return length;
    size_t end = (most + 1) * PIECE_BYTES;
    while (end && ((unsigned char)text[end] & 0xC0) == 0x80) end--;
    return end;
}

/* The first `most` ids; *more: there was more text. */
static s2s_status encode_head(const s2s_vocabulary *v, const s2s_buf *normal, size_t most,
                              s2s_ids *ids, bool *more, s2s_err *err) {
    size_t begin = ids->size, rest = 0, bytes = enough_bytes(normal->data, normal->size, most);
    S2S_TRY(encode_normal(v, normal->data, bytes, most, ids, &rest, err));
    *more = rest || bytes < normal->size || ids->size - begin > most;
    if (ids->size - begin > most) ids->size = begin + most;
    return S2S_OK;
}

/* Where bytes begin that hold more than the last `most` pieces: with a word, if one begins near, so that they are the
 * pieces of the whole text; else with a character. */
static size_t tail_begin(const s2s_vocabulary *v, const char *text, size_t length, size_t most) {
    if (most >= length / PIECE_BYTES) return 0;
    size_t begin = length - (most + 1) * PIECE_BYTES;
    size_t least = begin > MOST_AT_ONCE ? begin - MOST_AT_ONCE : 0;
    const char *blank = v->words_apart ? memrchr(text + least, ' ', begin - least) : NULL;
    if (blank) return (size_t)(blank - text) + 1;
    if (v->words_apart && !least) return 0;
    while (begin < length && ((unsigned char)text[begin] & 0xC0) == 0x80) begin++;
    return begin;
}

/* The last `most` ids of a text that has more. */
static s2s_status encode_tail(const s2s_vocabulary *v, const s2s_buf *normal, size_t most,
                              s2s_ids *ids, s2s_err *err) {
    const s2s_cut last = {.keep = S2S_LONG_TAIL, .most = most};
    size_t begin = ids->size, rest, from = tail_begin(v, normal->data, normal->size, most);
    S2S_TRY(encode_normal(v, normal->data + from, normal->size - from, SIZE_MAX, ids, &rest, err));
    ids->size = begin + s2s_cut_ids(&last, ids->data + begin, ids->size - begin);
    return S2S_OK;
}

s2s_status s2s_vocabulary_encode_cut(const s2s_vocabulary *vocabulary, const char *text,
                                     size_t length, const s2s_cut *cut, s2s_ids *ids, bool *was_cut,
                                     s2s_err *err) {
    s2s_buf normal = {0};
    size_t begin = ids->size, head = s2s_cut_head(cut);
    s2s_status status = s2s_normalize(&vocabulary->recipe, text, length, &normal, err);
    if (status == S2S_OK) status = encode_head(vocabulary, &normal, cut->most, ids, was_cut, err);
    if (status == S2S_OK && *was_cut && head < cut->most) {
        if (ids->size - begin > head) ids->size = begin + head;
        status = encode_tail(vocabulary, &normal, cut->most - head, ids, err);
    }
    s2s_buf_release(&normal);
    return status;
}

s2s_status s2s_vocabulary_encode(const s2s_vocabulary *vocabulary, const char *text, size_t length,
                                 s2s_ids *ids, s2s_err *err) {
    static const s2s_cut nothing = {.most = SIZE_MAX};
    bool was_cut;
    return s2s_vocabulary_encode_cut(vocabulary, text, length, &nothing, ids, &was_cut, err);
}

s2s_status s2s_vocabulary_sample(const s2s_vocabulary *vocabulary, const char *text, size_t length,
                                 uint64_t seed, s2s_ids *ids, s2s_err *err) {
    if (!vocabulary->sampler) return s2s_vocabulary_encode(vocabulary, text, length, ids, err);
    s2s_buf normal = {0};
    s2s_status status = s2s_normalize(&vocabulary->recipe, text, length, &normal, err);
    if (status == S2S_OK && normal.size)
        status = s2s_sampler_draw(vocabulary->sampler, normal.data, normal.size, seed, ids, err);
    s2s_buf_release(&normal);
    return status;
}

s2s_status s2s_vocabulary_nbest(const s2s_vocabulary *vocabulary, const char *text, size_t length,
                                int n, s2s_ids *ids, s2s_ids *starts, s2s_err *err) {
    if (!s2s_spm_has_nbest(vocabulary->spm))
        return s2s_fail(err, S2S_USAGE, "n-best segmentations need a unigram vocabulary");
    s2s_buf normal = {0};
    s2s_status status = s2s_normalize(&vocabulary->recipe, text, length, &normal, err);
    if (status == S2S_OK)
        status = s2s_spm_nbest(vocabulary->spm, normal.size ? normal.data : "", normal.size, n, ids,
                               starts, err);
    s2s_buf_release(&normal);
    return status;
}

bool s2s_vocabulary_is_text(const s2s_vocabulary *vocabulary, int32_t id) {
    return s2s_spm_is_text(vocabulary->spm, id) || s2s_spm_is_byte(vocabulary->spm, id);
}

s2s_status s2s_vocabulary_decode(const s2s_vocabulary *vocabulary, const int32_t *ids, size_t n,
                                 s2s_buf *text, s2s_err *err) {
    s2s_ids kept = {0};
    s2s_status status = S2S_OK;
    int size = s2s_spm_size(vocabulary->spm);
    for (size_t i = 0; i < n && status == S2S_OK; i++) {
        if (ids[i] < 0 || ids[i] >= size)
            status = s2s_fail(err, S2S_INPUT,
                              "token %d is outside this vocabulary of %d pieces: it belongs to "
                              "another model",
                              (int)ids[i], size);
        else if (s2s_vocabulary_is_text(vocabulary, ids[i]))
            status = s2s_ids_push(&kept, ids[i], err);
    }
    if (status == S2S_OK) status = s2s_spm_decode(vocabulary->spm, kept.data, kept.size, text, err);
    s2s_ids_release(&kept);
    return status;
}
