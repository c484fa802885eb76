/* Writing safetensors: the header in memory, the elements as a stream. See safetensors.h. */
#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tensor/safetensors.h"

/* Behind what is mapped, elements lie in the file by falling size, each kind in the order of its
 * entries: so every tensor is aligned to its element, as the format's own library does it. */
static const s2s_dtype written_order[] = {S2S_DTYPE_I64, S2S_DTYPE_F32, S2S_DTYPE_BF16,
                                          S2S_DTYPE_U8};
enum { KINDS = 1 + sizeof written_order / sizeof *written_order, HEADER_ALIGN = 64 };

static bool is_of_kind(const s2s_safetensors_entry *entry, int kind) {
    return kind == 0 ? entry->mapped : !entry->mapped && entry->dtype == written_order[kind - 1];
}

static size_t entry_count(const s2s_safetensors_entry *entry) {
    return (size_t)entry->rows * (size_t)entry->width;
}

/* --- header --- */

/* Steals `value`, which may be NULL: then memory is out or the text is not UTF-8. */
static s2s_status put(json_t *object, const char *key, json_t *value, s2s_err *err) {
    if (s2s_utf8_check(key, strlen(key)) >= 0) {
        json_decref(value);
        return s2s_fail(err, S2S_INPUT, "the name \"%.200s\" is not valid UTF-8", key);
    }
    return json_object_set_new(object, key, value) ? s2s_fail_memory(err, strlen(key)) : S2S_OK;
}

static json_t *describe(const s2s_safetensors_entry *entry, size_t begin, size_t end) {
    json_t *shape = entry->rows == 1
                        ? json_pack("[I]", (json_int_t)entry->width)
                        : json_pack("[I, I]", (json_int_t)entry->rows, (json_int_t)entry->width);
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", s2s_dtype_name(entry->dtype), "shape", shape,
                     "data_offsets", (json_int_t)begin, (json_int_t)end);
}

static s2s_status describe_kind(json_t *header, int kind, const s2s_safetensors_entry *entries,
                                size_t n, size_t *at, s2s_err *err) {
    for (size_t i = 0; i < n; i++) {
        if (!is_of_kind(entries + i, kind)) continue;
        if (json_object_get(header, entries[i].name))
            return s2s_fail(err, S2S_INPUT, "two tensors are called \"%.200s\"", entries[i].name);
        size_t end = *at + entry_count(entries + i) * s2s_dtype_size(entries[i].dtype);
        S2S_TRY(put(header, entries[i].name, describe(entries + i, *at, end), err));
        *at = end;
    }
    return S2S_OK;
}

static s2s_status describe_notes(json_t *header, const s2s_safetensors_note *notes, size_t n,
                                 s2s_err *err) {
    json_t *object = json_object();
    S2S_TRY(put(header, "__metadata__", object, err));
    for (size_t i = 0; i < n; i++) {
        if (s2s_utf8_check(notes[i].value, strlen(notes[i].value)) >= 0)
            return s2s_fail(err, S2S_INPUT, "the value of \"%.200s\" is not valid UTF-8",
                            notes[i].key);
        S2S_TRY(put(object, notes[i].key, json_string(notes[i].value), err));
    }
    return S2S_OK;
}

static s2s_status describe_all(json_t *header, const s2s_safetensors_entry *entries, size_t n,
                               const s2s_safetensors_note *notes, size_t notes_n, s2s_err *err) {
    size_t at = 0;
    S2S_TRY(describe_notes(header, notes, notes_n, err));
    for (int kind = 0; kind < KINDS; kind++)
        S2S_TRY(describe_kind(header, kind, entries, n, &at, err));
    assert(json_object_size(header) == n + 1); /* else an entry is of a type that is not written */
    return S2S_OK;
}

/* --- file --- */

/* The length, then the JSON with spaces, so that the elements begin at a multiple of HEADER_ALIGN. */
static s2s_status write_header(s2s_writer *writer, const json_t *header, s2s_err *err) {
    char *text = json_dumps(header, JSON_COMPACT);
    if (!text) return s2s_fail_memory(err, 0);
    size_t size = strlen(text);
    static const char spaces[HEADER_ALIGN + 1] =
        "                                                                ";
    size_t whole = sizeof(uint64_t) + size;
    uint64_t padded = size + (HEADER_ALIGN - whole % HEADER_ALIGN) % HEADER_ALIGN;
    s2s_status status = s2s_writer_write(writer, &padded, sizeof padded, err);
    if (status == S2S_OK) status = s2s_writer_write(writer, text, size, err);
    if (status == S2S_OK) status = s2s_writer_write(writer, spaces, padded - size, err);
    free(text);
    return status;
}

/* Rounded to float piece by piece: in the usual build a copy that costs nothing beside the disk. */
static s2s_status write_reals(s2s_writer *writer, const s2s_real *values, size_t n, s2s_err *err) {
    enum { PIECE = 4096 };
    float piece[PIECE];
    for (size_t at = 0; at < n; at += PIECE) {
        size_t count = n - at < PIECE ? n - at : PIECE;
        for (size_t i = 0; i < count; i++) piece[i] = (float)values[at + i];
        S2S_TRY(s2s_writer_write(writer, piece, count * sizeof *piece, err));
    }
    return S2S_OK;
}

static s2s_status write_elements(s2s_writer *writer, const s2s_safetensors_entry *entries, size_t n,
                                 s2s_err *err) {
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < n; i++) {
            const s2s_safetensors_entry *entry = entries + i;
            size_t count = entry_count(entry);
            if (!is_of_kind(entry, kind)) continue;
            S2S_TRY(entry->dtype == S2S_DTYPE_F32
                        ? write_reals(writer, entry->data, count, err)
                        : s2s_writer_write(writer, entry->data,
                                           count * s2s_dtype_size(entry->dtype), err));
        }
    return S2S_OK;
}

s2s_status s2s_safetensors_put(s2s_writer *writer, const s2s_safetensors_entry *entries, size_t n,
                               const s2s_safetensors_note *notes, size_t notes_n, s2s_err *err) {
    json_t *header = json_object();
    if (!header) return s2s_fail_memory(err, 0);
    s2s_status status = describe_all(header, entries, n, notes, notes_n, err);
    if (status != S2S_OK) s2s_fail_within(err, "cannot write %s", s2s_writer_path(writer));
    if (status == S2S_OK) status = write_header(writer, header, err);
    if (status == S2S_OK) status = write_elements(writer, entries, n, err);
    json_decref(header);
    return status;
}

s2s_status s2s_safetensors_write(const char *path, const s2s_safetensors_entry *entries, size_t n,
                                 const s2s_safetensors_note *notes, size_t notes_n, s2s_err *err) {
    s2s_writer *writer;
    S2S_TRY(s2s_writer_open(&writer, path, err));
    s2s_status status = s2s_safetensors_put(writer, entries, n, notes, notes_n, err);
    if (status == S2S_OK) return s2s_writer_commit(writer, err);
    s2s_writer_abort(writer);
    return status;
}
