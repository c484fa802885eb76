/* See shortlist.h. The file, whose numbers are little-endian words of 32 bits:
 *
 *     header      96 bytes
 *     always      [always]
 *     starts      [source_size + 1]
 *     targets     [targets]
 *     (zeros up to 8 bytes)
 *     checksum    XXH3 64 of everything before it */
#include "text/shortlist.h"

#include <string.h>
#include <xxhash.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files would need their bytes swapped");

enum { VERSION = 1, DIGITS = 32, MARK_BITS = 64 };
static const char magic[8] = "s2sshort";

typedef struct header {
    char magic[8];
    uint32_t version, source_size, target_size;
    uint32_t always, targets; /* how many */
    uint32_t zero;
    char source_digest[DIGITS], target_digest[DIGITS]; /* s2s_vocabulary_digest */
} header;

_Static_assert(sizeof(header) == 96, "the header is a file's");

/* Of the file up to the checksum. */
static uint64_t body_size(const header *h) {
    uint64_t words = (uint64_t)h->always + h->source_size + 1 + h->targets;
    uint64_t size = sizeof *h + words * sizeof(uint32_t);
    return (size + 7) / 8 * 8;
}

static void copy_digest(char digits[DIGITS], const s2s_vocabulary *vocabulary) {
    char digest[DIGITS + 1];
    s2s_vocabulary_digest(vocabulary, digest);
    memcpy(digits, digest, DIGITS);
}

static header make_header(const s2s_vocabulary *source, const s2s_vocabulary *target) {
    header h = {.version = VERSION,
                .source_size = (uint32_t)s2s_vocabulary_size(source),
                .target_size = (uint32_t)s2s_vocabulary_size(target)};
    memcpy(h.magic, magic, sizeof magic);
    copy_digest(h.source_digest, source);
    copy_digest(h.target_digest, target);
    return h;
}

/* --- writing --- */

static s2s_status put_body(s2s_buf *file, const header *h, const s2s_shortlist *list,
                           s2s_err *err) {
    static const char zeros[8];
    size_t word = sizeof(uint32_t);
    S2S_TRY(s2s_buf_reserve(file, body_size(h) + sizeof(uint64_t), err));
    S2S_TRY(s2s_buf_append(file, h, sizeof *h, err));
    S2S_TRY(s2s_buf_append(file, list->always, h->always * word, err));
    S2S_TRY(s2s_buf_append(file, list->starts, (h->source_size + 1) * word, err));
    if (h->targets) S2S_TRY(s2s_buf_append(file, list->targets, h->targets * word, err));
    return s2s_buf_append(file, zeros, body_size(h) - file->size, err);
}

s2s_status s2s_shortlist_write(const s2s_shortlist *list, const char *path,
                               const s2s_vocabulary *source, const s2s_vocabulary *target,
                               s2s_err *err) {
    header h = make_header(source, target);
    h.always = (uint32_t)list->always_n;
    h.targets = list->starts[list->source_size];
    s2s_buf file = {0};
    s2s_status status = put_body(&file, &h, list, err);
    if (status == S2S_OK) {
        uint64_t checksum = XXH3_64bits(file.data, file.size);
        status = s2s_buf_append(&file, &checksum, sizeof checksum, err);
    }
    if (status == S2S_OK) status = s2s_write_file(path, file.data, file.size, err);
    s2s_buf_release(&file);
    return status;
}

/* --- reading --- */

static s2s_status check_whole(const s2s_map *map, const char *path, s2s_err *err) {
    header h;
    if (map->size < sizeof h || memcmp(map->data, magic, sizeof magic) != 0)
        return s2s_fail(err, S2S_INPUT, "%s: is no shortlist; `s2s vocab shortlist` makes one",
                        path);
    memcpy(&h, map->data, sizeof h);
    if (h.version != VERSION)
        return s2s_fail(err, S2S_INPUT,
                        "%s: is a shortlist of version %u, and this program reads version %d; "
                        "learn it again with `s2s vocab shortlist`",
                        path, (unsigned)h.version, VERSION);
    uint64_t checksum, body = body_size(&h);
    bool whole = map->size == body + sizeof checksum;
    if (whole) memcpy(&checksum, map->data + body, sizeof checksum);
    if (whole && XXH3_64bits(map->data, body) == checksum) return S2S_OK;
    return s2s_fail(err, S2S_INPUT,
                    "%s: is %s; copy it again, or learn it again with `s2s vocab shortlist`", path,
                    whole ? "damaged: its checksum is wrong" : "cut short, or has bytes too many");
}

/* Of the same size with other pieces it would load, and forbid what is right. */
static s2s_status check_vocabularies(const header *found, const s2s_vocabulary *source,
                                     const s2s_vocabulary *target, const char *path, s2s_err *err) {
    header own = make_header(source, target);
    bool source_fits = found->source_size == own.source_size &&
                       !memcmp(found->source_digest, own.source_digest, DIGITS);
    bool target_fits = found->target_size == own.target_size &&
                       !memcmp(found->target_digest, own.target_digest, DIGITS);
    if (source_fits && target_fits) return S2S_OK;
    return s2s_fail(err, S2S_INPUT,
                    "%s: was learnt with another %s vocabulary than the model's (of %u pieces, the "
                    "model's has %u; their normalisation counts, too); learn it for this model "
                    "with `s2s vocab shortlist`",
                    path, source_fits ? "target" : "source",
                    (unsigned)(source_fits ? found->target_size : found->source_size),
                    (unsigned)(source_fits ? own.target_size : own.source_size));
}

static bool ascending(const int32_t *ids, uint32_t n, int size) {
    for (uint32_t i = 0; i < n; i++)
        if (ids[i] < 0 || ids[i] >= size || (i && ids[i] <= ids[i - 1])) return false;
    return true;
}

/* A right checksum says only that the file is as it was written. */
static bool is_sound(const s2s_shortlist *list, uint32_t targets) {
    const uint32_t *starts = list->starts;
    if (!list->always_n) return false; /* without the end symbol nothing ever ends */
    if (!ascending(list->always, (uint32_t)list->always_n, list->target_size)) return false;
    if (starts[0] != 0 || starts[list->source_size] != targets) return false;
    for (int i = 0; i < list->source_size; i++) {
        if (starts[i + 1] < starts[i] || starts[i + 1] > targets) return false;
        if (!ascending(list->targets + starts[i], starts[i + 1] - starts[i], list->target_size))
            return false;
    }
    return true;
}

static s2s_status read_map(s2s_shortlist *list, const char *path, const s2s_vocabulary *source,
                           const s2s_vocabulary *target, s2s_err *err) {
    header h;
    S2S_TRY(check_whole(&list->map, path, err));
    memcpy(&h, list->map.data, sizeof h);
    S2S_TRY(check_vocabularies(&h, source, target, path, err));
    const void *always = list->map.data + sizeof h;
    list->source_size = (int)h.source_size;
    list->target_size = (int)h.target_size;
    list->always_n = (int)h.always;
    list->always = always;
    list->starts = (const uint32_t *)list->always + h.always;
    list->targets = (const int32_t *)list->starts + h.source_size + 1;
    if (h.always <= h.target_size && is_sound(list, h.targets)) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%s: holds numbers that are no tokens of the model", path);
}

s2s_status s2s_shortlist_open(s2s_shortlist *list, const char *path, const s2s_vocabulary *source,
                              const s2s_vocabulary *target, s2s_err *err) {
    *list = (s2s_shortlist){0};
    S2S_TRY(s2s_map_open(&list->map, path, err));
    s2s_status status = read_map(list, path, source, target, err);
    if (status != S2S_OK) s2s_shortlist_close(list);
    return status;
}

void s2s_shortlist_close(s2s_shortlist *list) {
    s2s_map_close(&list->map);
    *list = (s2s_shortlist){0};
}

/* --- use --- */

size_t s2s_shortlist_marks(const s2s_shortlist *list) {
    return ((size_t)list->target_size + MARK_BITS - 1) / MARK_BITS;
}

/* Returns how many of them were new. */
static size_t mark_all(uint64_t *marks, const int32_t *ids, size_t n) {
    size_t fresh = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t *word = marks + ids[i] / MARK_BITS, bit = UINT64_C(1) << ids[i] % MARK_BITS;
        fresh += !(*word & bit);
        *word |= bit;
    }
    return fresh;
}

s2s_status s2s_shortlist_tokens(const s2s_shortlist *list, const int32_t *source, int n,
                                uint64_t *marks, s2s_ids *tokens, s2s_err *err) {
    size_t words = s2s_shortlist_marks(list);
    size_t count = mark_all(marks, list->always, (size_t)list->always_n);
    for (int i = 0; i < n; i++) {
        uint32_t begin = list->starts[source[i]], end = list->starts[source[i] + 1];
        count += mark_all(marks, list->targets + begin, end - begin);
    }
    s2s_status status =
        s2s_grow(&tokens->data, &tokens->capacity, tokens->size + count, sizeof *tokens->data, err);
    for (size_t w = 0; w < words; w++) {
        for (uint64_t left = marks[w]; left && status == S2S_OK; left &= left - 1)
            tokens->data[tokens->size++] = (int32_t)w * MARK_BITS + __builtin_ctzll(left);
        marks[w] = 0;
    }
    return status;
}
