/* See average.h. */
#include "train/average.h"

#include "model/folder.h"

s2s_status s2s_average_weights(s2s_model *model, const char *const *paths, int n, s2s_err *err) {
    size_t size = model->params.size;
    double *sum = s2s_block_alloc(size * sizeof *sum, err);
    if (!sum) return S2S_MEMORY;
    s2s_status status = S2S_OK;
    for (int i = 0; i < n && status == S2S_OK; i++) {
        status = s2s_model_load_weights(model, paths[i], err);
        for (size_t k = 0; status == S2S_OK && k < size; k++) sum[k] += model->params.value[k];
    }
    for (size_t k = 0; status == S2S_OK && k < size; k++)
        model->params.value[k] = (s2s_real)(sum[k] / n);
    s2s_block_free(sum, size * sizeof *sum);
    return status;
}
