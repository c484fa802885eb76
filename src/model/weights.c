/* Parameters to a safetensors file and back. See folder.h. */
#include "model/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/folder.h"

/* Raised when names or meanings of tensors change, so that an older program refuses what it would
 * misread. */
static const char version_key[] = "s2s_format", version[] = "1";

/* --- writing --- */

s2s_status s2s_weights_put(const s2s_model *model, s2s_writer *writer,
                           const s2s_safetensors_note *notes, size_t n, s2s_err *err) {
    enum { OURS = 2, NOTES = 8 };
    const s2s_params *params = &model->params;
    s2s_safetensors_note all[NOTES] = {{version_key, version}, {"s2s_version", S2S_VERSION}};
    for (size_t i = 0; i < n && i < NOTES - OURS; i++) all[OURS + i] = notes[i];
    s2s_safetensors_entry *entries = calloc(params->n + 1, sizeof *entries);
    if (!entries) return s2s_fail_memory(err, params->n * sizeof *entries);
    for (size_t i = 0; i < params->n; i++)
        entries[i] = (s2s_safetensors_entry){.name = params->items[i].name,
                                             .dtype = S2S_DTYPE_F32,
                                             .rows = params->items[i].rows,
                                             .width = params->items[i].width,
                                             .data = s2s_param_value(params, (s2s_param)i)};
    s2s_status status = s2s_safetensors_put(writer, entries, params->n, all, OURS + n, err);
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
    if (!found || !strcmp(found, version)) return S2S_OK; /* others' tools may leave it out */
    return s2s_fail(err, S2S_INPUT,
                    "%s: is of format version %.20s, and this program reads version %s; use "
                    "the s2s that wrote it (%.20s) or a newer one",
                    s2s_safetensors_path(file), found, version,
                    writer ? writer : "version unknown");
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

s2s_status s2s_weights_read(s2s_model *model, const s2s_safetensors *file, s2s_err *err) {
    s2s_params *params = &model->params;
    S2S_TRY(check_version(file, err));
    S2S_TRY(s2s_weights_compare(params, file, err));
    for (size_t i = 0; i < params->n; i++) {
        const s2s_param_info *info = params->items + i;
        s2s_real *value = s2s_param_value(params, (s2s_param)i);
        S2S_TRY(s2s_safetensors_read(file, info->name, info->rows, info->width, value, err));
        S2S_TRY(check_finite(file, info->name, value, s2s_param_size(params, (s2s_param)i), err));
    }
    return S2S_OK;
}

s2s_status s2s_model_load_weights(s2s_model *model, const char *path, s2s_err *err) {
    s2s_safetensors *file;
    S2S_TRY(s2s_safetensors_open(&file, path, err));
    s2s_status status = s2s_weights_read(model, file, err);
    s2s_safetensors_close(file);
    return status;
}
