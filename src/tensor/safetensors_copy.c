/* Taking a tensor's values out of an open safetensors file, in the type and shape that the caller
 * needs. See safetensors.h. */
#include <stdio.h>
#include <string.h>

#include "tensor/safetensors.h"

void s2s_stored_shape_text(const s2s_stored_tensor *tensor, char text[S2S_SHAPE_TEXT]) {
    int used = snprintf(text, S2S_SHAPE_TEXT, "[");
    for (int i = 0; i < tensor->dimensions; i++) /* 8 sizes of 20 digits fit */
        used += snprintf(text + used, (size_t)(S2S_SHAPE_TEXT - used), "%s%llu", i ? ", " : "",
                         (unsigned long long)tensor->shape[i]);
    snprintf(text + used, (size_t)(S2S_SHAPE_TEXT - used), "]");
}

void s2s_shape_text(int64_t rows, int64_t width, char text[S2S_SHAPE_TEXT]) {
    if (rows == 1)
        snprintf(text, S2S_SHAPE_TEXT, "[%lld]", (long long)width);
    else
        snprintf(text, S2S_SHAPE_TEXT, "[%lld, %lld]", (long long)rows, (long long)width);
}

bool s2s_stored_has_shape(const s2s_stored_tensor *tensor, int64_t rows, int64_t width) {
    const uint64_t *shape = tensor->shape;
    if (tensor->dimensions == 1) return rows == 1 && shape[0] == (uint64_t)width;
    return tensor->dimensions == 2 && shape[0] == (uint64_t)rows && shape[1] == (uint64_t)width;
}

static s2s_status need(const s2s_safetensors *file, const char *name,
                       const s2s_stored_tensor **tensor, s2s_err *err) {
    *tensor = s2s_safetensors_find(file, name);
    if (*tensor) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%s: tensor \"%s\" is missing", s2s_safetensors_path(file),
                    name);
}

static s2s_status refuse_dtype(const s2s_safetensors *file, const s2s_stored_tensor *tensor,
                               const char *expected, s2s_err *err) {
    return s2s_fail(err, S2S_INPUT, "%s: tensor \"%s\" is of type %s (expected %s)",
                    s2s_safetensors_path(file), tensor->name, s2s_dtype_name(tensor->dtype),
                    expected);
}

s2s_status s2s_safetensors_read(const s2s_safetensors *file, const char *name, int64_t rows,
                                int64_t width, s2s_real *out, s2s_err *err) {
    const s2s_stored_tensor *tensor = NULL;
    S2S_TRY(need(file, name, &tensor, err));
    if (!s2s_dtype_is_real(tensor->dtype))
        return refuse_dtype(file, tensor, "F32, F64, F16 or BF16", err);
    if (!s2s_stored_has_shape(tensor, rows, width)) {
        char found[S2S_SHAPE_TEXT], expected[S2S_SHAPE_TEXT];
        s2s_stored_shape_text(tensor, found);
        s2s_shape_text(rows, width, expected);
        return s2s_fail(err, S2S_INPUT, "%s: tensor \"%s\" has shape %s (expected %s)",
                        s2s_safetensors_path(file), name, found, expected);
    }
    s2s_dtype_to_real(tensor->dtype, tensor->data, tensor->count, out);
    return S2S_OK;
}

s2s_status s2s_safetensors_read_raw(const s2s_safetensors *file, const char *name, s2s_dtype dtype,
                                    size_t count, void *out, s2s_err *err) {
    const s2s_stored_tensor *tensor = NULL;
    S2S_TRY(need(file, name, &tensor, err));
    if (tensor->dtype != dtype) return refuse_dtype(file, tensor, s2s_dtype_name(dtype), err);
    if (tensor->count != count)
        return s2s_fail(err, S2S_INPUT, "%s: tensor \"%s\" has %zu elements (expected %zu)",
                        s2s_safetensors_path(file), name, tensor->count, count);
    if (count) memcpy(out, tensor->data, tensor->size);
    return S2S_OK;
}
