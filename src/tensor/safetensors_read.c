/* Reading safetensors: everything that a header says is checked against the file before anybody
 * relies on it. See safetensors.h. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tensor/safetensors.h"

/* The longest header that the format's own library accepts: what claims more is no such file. */
#define HEADER_MAX UINT64_C(100000000)

struct s2s_safetensors {
    char *path;
    s2s_map map;
    json_t *header; /* owns names and notes */
    const unsigned char *elements;
    size_t elements_size;
    s2s_stored_tensor *tensors; /* sorted by name */
    size_t n;
};

static const char metadata_key[] = "__metadata__";

/* --- header --- */

static s2s_status find_header(const s2s_safetensors *file, size_t *length, s2s_err *err) {
    uint64_t told;
    size_t size = file->map.size;
    if (size < sizeof told + 2) /* "{}" is the shortest header */
        return s2s_fail(
            err, S2S_INPUT,
            "%s: is no safetensors file: it has %zu bytes, and even an empty one has 10",
            file->path, size);
    memcpy(&told, file->map.data, sizeof told);
    if (told > size - sizeof told || told > HEADER_MAX || file->map.data[sizeof told] != '{')
        return s2s_fail(
            err, S2S_INPUT,
            "%s: is no safetensors file, or a truncated one: its first bytes tell of a header "
            "of %llu bytes, and %zu bytes follow, the first of them 0x%02x (expected '{')",
            file->path, (unsigned long long)told, size - sizeof told, file->map.data[sizeof told]);
    *length = told;
    return S2S_OK;
}

static s2s_status parse_header(s2s_safetensors *file, s2s_err *err) {
    size_t length = 0;
    S2S_TRY(find_header(file, &length, err));
    const unsigned char *text = file->map.data + sizeof(uint64_t);
    json_error_t why;
    file->header = json_loadb((const char *)text, length, JSON_REJECT_DUPLICATES, &why);
    if (!file->header)
        return s2s_fail(err, S2S_INPUT, "%s: damaged header: %s (byte %d of its JSON text)",
                        file->path, why.text, why.position);
    file->elements = text + length;
    file->elements_size = file->map.size - sizeof(uint64_t) - length;
    return S2S_OK;
}

static s2s_status check_notes(const s2s_safetensors *file, s2s_err *err) {
    json_t *notes = json_object_get(file->header, metadata_key), *value;
    const char *key;
    if (notes && !json_is_object(notes))
        return s2s_fail(err, S2S_INPUT, "%s: damaged header: %s is not a JSON object", file->path,
                        metadata_key);
    json_object_foreach(notes, key, value) if (!json_is_string(value)) return s2s_fail(
        err, S2S_INPUT, "%s: damaged header: %s: \"%.200s\" is not a text", file->path,
        metadata_key, key);
    return S2S_OK;
}

/* --- one tensor --- */

static s2s_status refuse(const s2s_safetensors *file, const char *name, const char *what,
                         s2s_err *err) {
    return s2s_fail(err, S2S_INPUT, "%s: damaged header: tensor \"%.200s\": %s", file->path, name,
                    what);
}

static bool read_size(const json_t *value, uint64_t *size) {
    if (!json_is_integer(value) || json_integer_value(value) < 0) return false;
    *size = (uint64_t)json_integer_value(value);
    return true;
}

/* The type may be a real one of the format that is smaller than a byte, or newer than this program.
 */
static s2s_status read_dtype(const s2s_safetensors *file, const json_t *info,
                             s2s_stored_tensor *tensor, s2s_err *err) {
    const char *name = json_string_value(json_object_get(info, "dtype"));
    if (!name) return refuse(file, tensor->name, "\"dtype\" is missing or not a text", err);
    if (!s2s_dtype_find(name, &tensor->dtype))
        return s2s_fail(err, S2S_INPUT,
                        "%s: tensor \"%.200s\": unknown type \"%.40s\" (expected F32, F64, "
                        "F16 or BF16)",
                        file->path, tensor->name, name);
    return S2S_OK;
}

static s2s_status read_shape(const s2s_safetensors *file, const json_t *info,
                             s2s_stored_tensor *tensor, s2s_err *err) {
    const json_t *shape = json_object_get(info, "shape");
    if (!json_is_array(shape) || json_array_size(shape) > S2S_STORED_DIMENSIONS)
        return refuse(file, tensor->name, "\"shape\" is not a list of at most 8 sizes", err);
    tensor->dimensions = (int)json_array_size(shape);
    tensor->count = 1;
    for (int i = 0; i < tensor->dimensions; i++) {
        uint64_t *size = tensor->shape + i;
        if (!read_size(json_array_get(shape, (size_t)i), size))
            return refuse(file, tensor->name, "\"shape\" holds what is not a size", err);
        if (*size && tensor->count > SIZE_MAX / 8 / *size)
            return refuse(file, tensor->name, "\"shape\" is larger than memory can be", err);
        tensor->count *= *size;
    }
    return S2S_OK;
}

static s2s_status read_place(const s2s_safetensors *file, const json_t *info,
                             s2s_stored_tensor *tensor, s2s_err *err) {
    const json_t *place = json_object_get(info, "data_offsets");
    uint64_t begin, end;
    if (json_array_size(place) != 2 || !read_size(json_array_get(place, 0), &begin) ||
        !read_size(json_array_get(place, 1), &end) || begin > end)
        return refuse(file, tensor->name, "\"data_offsets\" is not a begin and an end", err);
    if (end > file->elements_size)
        return s2s_fail(
            err, S2S_INPUT,
            "%s: is truncated: tensor \"%.200s\" ends at byte %llu of the elements, and the file "
            "holds %zu bytes of them; copy or make the file again",
            file->path, tensor->name, (unsigned long long)end, file->elements_size);
    tensor->size = end - begin;
    tensor->data = file->elements + begin;
    return S2S_OK;
}

static s2s_status read_tensor(const s2s_safetensors *file, const json_t *info,
                              s2s_stored_tensor *tensor, s2s_err *err) {
    if (!json_is_object(info)) return refuse(file, tensor->name, "it is not a JSON object", err);
    S2S_TRY(read_dtype(file, info, tensor, err));
    S2S_TRY(read_shape(file, info, tensor, err));
    S2S_TRY(read_place(file, info, tensor, err));
    size_t expected = tensor->count * s2s_dtype_size(tensor->dtype);
    if (tensor->size == expected) return S2S_OK;
    char shape[S2S_SHAPE_TEXT];
    s2s_stored_shape_text(tensor, shape);
    return s2s_fail(
        err, S2S_INPUT,
        "%s: damaged header: tensor \"%.200s\" of %s and shape %s takes %zu bytes, but its "
        "\"data_offsets\" span %zu",
        file->path, tensor->name, s2s_dtype_name(tensor->dtype), shape, expected, tensor->size);
}

/* --- all of them --- */

static s2s_status read_tensors(s2s_safetensors *file, s2s_err *err) {
    const char *name;
    json_t *info;
    size_t room =
        json_object_size(file->header) + 1; /* never nothing, which calloc may answer with NULL */
    file->tensors = calloc(room, sizeof *file->tensors);
    if (!file->tensors) return s2s_fail_memory(err, room * sizeof *file->tensors);
    json_object_foreach(file->header, name, info) {
        if (!strcmp(name, metadata_key)) continue;
        file->tensors[file->n] = (s2s_stored_tensor){.name = name};
        S2S_TRY(read_tensor(file, info, file->tensors + file->n++, err));
    }
    return S2S_OK;
}

static int by_place(const void *a, const void *b) {
    const s2s_stored_tensor *x = a, *y = b;
    if (x->data != y->data) return x->data < y->data ? -1 : 1;
    return (x->size > y->size) - (x->size < y->size);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const s2s_stored_tensor *)a)->name, ((const s2s_stored_tensor *)b)->name);
}

/* Sorted by place, each tensor must begin where the one before it ends, and the last where the file
 * ends. */
static s2s_status check_places(const s2s_safetensors *file, s2s_err *err) {
    const unsigned char *at = file->elements, *end = at + file->elements_size;
    for (size_t i = 0; i < file->n; i++) {
        const s2s_stored_tensor *tensor = file->tensors + i;
        if (tensor->data < at)
            return refuse(file, tensor->name, "its elements overlap those of another tensor", err);
        if (tensor->data > at)
            return refuse(file, tensor->name,
                          "bytes that belong to no tensor lie before its elements", err);
        at += tensor->size;
    }
    if (at == end) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%s: damaged: the last %td bytes belong to no tensor",
                    file->path, end - at);
}

/* --- opening, finding --- */

static s2s_status open_parts(s2s_safetensors *file, s2s_err *err) {
    S2S_TRY(s2s_map_open(&file->map, file->path, err));
    S2S_TRY(parse_header(file, err));
    S2S_TRY(check_notes(file, err));
    S2S_TRY(read_tensors(file, err));
    qsort(file->tensors, file->n, sizeof *file->tensors, by_place);
    S2S_TRY(check_places(file, err));
    qsort(file->tensors, file->n, sizeof *file->tensors, by_name);
    return S2S_OK;
}

s2s_status s2s_safetensors_open(s2s_safetensors **opened, const char *path, s2s_err *err) {
    *opened = NULL;
    s2s_safetensors *file = calloc(1, sizeof *file);
    if (!file) return s2s_fail_memory(err, sizeof *file);
    file->path = strdup(path);
    s2s_status status = file->path ? open_parts(file, err) : s2s_fail_memory(err, strlen(path));
    if (status == S2S_OK)
        *opened = file;
    else
        s2s_safetensors_close(file);
    return status;
}

void s2s_safetensors_close(s2s_safetensors *file) {
    if (!file) return;
    free(file->tensors);
    json_decref(file->header);
    s2s_map_close(&file->map);
    free(file->path);
    free(file);
}

const char *s2s_safetensors_path(const s2s_safetensors *file) {
    return file->path;
}

size_t s2s_safetensors_count(const s2s_safetensors *file) {
    return file->n;
}

const s2s_stored_tensor *s2s_safetensors_at(const s2s_safetensors *file, size_t index) {
    return file->tensors + index;
}

const s2s_stored_tensor *s2s_safetensors_find(const s2s_safetensors *file, const char *name) {
    s2s_stored_tensor key = {.name = name};
    return bsearch(&key, file->tensors, file->n, sizeof key, by_name);
}

void s2s_safetensors_forget(const s2s_safetensors *file, const char *name) {
    const s2s_stored_tensor *tensor = s2s_safetensors_find(file, name);
    if (tensor) s2s_map_forget(tensor->data, tensor->size);
}

const char *s2s_safetensors_note_find(const s2s_safetensors *file, const char *key) {
    return json_string_value(json_object_get(json_object_get(file->header, metadata_key), key));
}
