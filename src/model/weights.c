/* Parameters to a safetensors file and back. See folder.h. */
#include "model/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/folder.h"

/* Raised when names or meanings of tensors change, so that an older program refuses what it would
 * misread. A file with packed weights is of the second version, and tells their type. */
static const char version_key[] = "s2s_format", version[] = "1", packed_version[] = "2",
                  type_key[] = "s2s_weights";

/* --- writing --- */

static s2s_safetensors_entry make_entry(const s2s_params *params, s2s_param param) {
    const s2s_param_info *info = params->items + param;
    const s2s_packed *packed = s2s_param_packed(params, param);
    s2s_safetensors_entry entry = {.name = info->name};
    if (packed) {
        size_t panel = s2s_packed_panel_bytes(packed->type, packed->in);
        entry.dtype = S2S_DTYPE_U8;
        entry.rows = (int64_t)(s2s_packed_bytes(packed->type, packed->out, packed->in) / panel);
        entry.width = (int64_t)panel;
        entry.data = packed->data;
        entry.mapped = true;
    } else {
        entry.dtype = S2S_DTYPE_F32;
        entry.rows = info->rows;
        entry.width = info->width;
        entry.data = s2s_param_value(params, param);
    }
    return entry;
}

s2s_status s2s_weights_put(const s2s_model *model, s2s_writer *writer,
                           const s2s_safetensors_note *notes, size_t n, s2s_err *err) {
    enum { NOTES = 9 }; /* three of its own */
    const s2s_params *params = &model->params;
    s2s_weight_type type;
    bool packed = s2s_params_packed_type(params, &type);
    s2s_safetensors_note all[NOTES] = {{version_key, packed ? packed_version : version},
                                       {"s2s_version", S2S_VERSION}};
    size_t noted = 2;
    if (packed) all[noted++] = (s2s_safetensors_note){type_key, s2s_weight_type_names[type]};
    for (size_t i = 0; i < n && noted < NOTES; i++) all[noted++] = notes[i];
    s2s_safetensors_entry *entries = calloc(params->n + 1, sizeof *entries);
    if (!entries) return s2s_fail_memory(err, params->n * sizeof *entries);
    for (size_t i = 0; i < params->n; i++) entries[i] = make_entry(params, (s2s_param)i);
    s2s_status status = s2s_safetensors_put(writer, entries, params->n, all, noted, err);
    free(entries);
    return status;
}

s2s_status s2s_model_save_weights(const s2s_model *model, const char *path, s2s_err *err) {
    s2s_writer *writer;
    S2S_TRY(s2s_writer_open(&writer, path, err));
    s2s_status status = s2s_weights_put(model, writer, NULL, 0, err);
    if (status == S2S_OK) return s2s_writer_commit(writer, err);
    s2s_writer_abort(writer);
    return status;
}

/* --- reading --- */

static s2s_status check_version(const s2s_safetensors *file, s2s_err *err) {
    const char *found = s2s_safetensors_note_find(file, version_key);
    const char *writer = s2s_safetensors_note_find(file, "s2s_version");
    if (!found || !strcmp(found, version) || !strcmp(found, packed_version))
        return S2S_OK; /* others' tools may leave it out */
    return s2s_fail(err, S2S_INPUT,
                    "%s: is of format version %.20s, and this program reads versions %s and %s; "
                    "use the s2s that wrote it (%.20s) or a newer one",
                    s2s_safetensors_path(file), found, version, packed_version,
                    writer ? writer : "version unknown");
}

/* The type of packed weights; *packed false: the file has none. */
static s2s_status find_packed(const s2s_safetensors *file, s2s_params_use use,
                              s2s_weight_type *type, bool *packed, s2s_err *err) {
    const char *name = s2s_safetensors_note_find(file, type_key);
    *packed = name != NULL;
    if (!name) return S2S_OK;
    if (!s2s_weight_type_find(name, type))
        return s2s_fail(err, S2S_INPUT,
                        "%s: holds weights of type \"%.40s\", which this program "
                        "does not know; use a newer one",
                        s2s_safetensors_path(file), name);
    if (use == S2S_PARAMS_DECODE) return S2S_OK;
    return s2s_fail(err, S2S_INPUT,
                    "%s: holds packed weights (%s), which serve only for translating; use the "
                    "model that it was made from",
                    s2s_safetensors_path(file), name);
}

s2s_status s2s_weights_check_plain(const s2s_safetensors *file, s2s_err *err) {
    s2s_weight_type type;
    bool packed;
    S2S_TRY(check_version(file, err));
    return find_packed(file, S2S_PARAMS_KEEP, &type, &packed, err);
}

/* One value that is no number makes every output one, far from its cause. */
static s2s_status check_finite(const s2s_safetensors *file, const char *name,
                               const s2s_real *values, size_t n, s2s_err *err) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return s2s_fail(
                err, S2S_NUMERIC,
                "%s: tensor \"%s\": element %zu is %f; the file is damaged, or its training "
                "went astray: use an earlier checkpoint",
                s2s_safetensors_path(file), name, i, (double)values[i]);
    return S2S_OK;
}

/* One parameter as numbers, into `values`. */
s2s_status s2s_weights_values(const s2s_safetensors *file, const s2s_param_info *info,
                              s2s_real *values, s2s_err *err) {
    S2S_TRY(s2s_safetensors_read(file, info->name, info->rows, info->width, values, err));
    return check_finite(file, info->name, values, (size_t)info->rows * (size_t)info->width, err);
}

/* One that is kept packed, from numbers. */
static s2s_status read_and_pack(s2s_params *params, s2s_param param, const s2s_safetensors *file,
                                s2s_err *err) {
    const s2s_param_info *info = params->items + param;
    size_t bytes = s2s_param_size(params, param) * sizeof(s2s_real);
    s2s_real *values = s2s_block_alloc(bytes, err);
    if (!values) return S2S_MEMORY;
    s2s_packed packed;
    s2s_status status = s2s_weights_values(file, info, values, err);
    if (status == S2S_OK)
        status =
            s2s_packed_create(&packed, S2S_WEIGHT_FLOAT32, values, info->rows, info->width, err);
    if (status == S2S_OK) s2s_params_put(params, param, packed);
    s2s_block_free(values, bytes);
    s2s_safetensors_forget(file, info->name);
    return status;
}

/* One that is packed in the file. */
static s2s_status borrow(s2s_params *params, s2s_param param, const s2s_safetensors *file,
                         s2s_weight_type type, s2s_err *err) {
    const s2s_param_info *info = params->items + param;
    s2s_packed packed = s2s_packed_borrow(type, s2s_safetensors_find(file, info->name)->data,
                                          info->rows, info->width);
    if (!s2s_packed_is_sound(&packed))
        return s2s_fail(err, S2S_NUMERIC,
                        "%s: tensor \"%s\" has a scale that is none; the file is damaged: quantize "
                        "the model again",
                        s2s_safetensors_path(file), info->name);
    s2s_params_put(params, param, packed);
    return S2S_OK;
}

s2s_status s2s_weights_read(s2s_model *model, const s2s_safetensors *file, s2s_params_use use,
                            s2s_err *err) {
    s2s_params *params = &model->params;
    s2s_weight_type type;
    bool packed;
    S2S_TRY(check_version(file, err));
    S2S_TRY(find_packed(file, use, &type, &packed, err));
    S2S_TRY(s2s_weights_compare(params, file, packed ? &type : NULL, err));
    for (size_t i = 0; i < params->n; i++) {
        const s2s_param_info *info = params->items + i;
        s2s_param param = (s2s_param)i;
        if (use != S2S_PARAMS_DECODE || !info->packs)
            S2S_TRY(s2s_weights_values(file, info, s2s_param_value(params, param), err));
        else if (packed)
            S2S_TRY(borrow(params, param, file, type, err));
        else
            S2S_TRY(read_and_pack(params, param, file, err));
    }
    return S2S_OK;
}

s2s_status s2s_model_load_weights(s2s_model *model, const char *path, s2s_err *err) {
    s2s_safetensors *file;
    S2S_TRY(s2s_safetensors_open(&file, path, err));
    s2s_status status = s2s_weights_read(model, file, S2S_PARAMS_KEEP, err);
    s2s_safetensors_close(file);
    return status;
}
