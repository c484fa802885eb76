/* See pool.h. */
#include "encode/pool.h"

#include <math.h>

const char *const s2s_pooling_names[] = {
    [S2S_POOL_MEAN] = "mean", [S2S_POOL_FIRST] = "first", NULL};

static s2s_slot emit(s2s_plan *plan, const s2s_model *model, s2s_slot states) {
    (void)plan;
    (void)model;
    return states;
}

/* Of the first n rows, added in their order. */
static bool read_mean(s2s_tensor rows, int n, float *vector) {
    bool finite = true;
    for (int i = 0; i < rows.width; i++) {
        double sum = 0;
        for (int r = 0; r < n; r++)
            sum += (double)rows.data[(size_t)r * (size_t)rows.width + (size_t)i];
        vector[i] = (float)(sum / n);
        finite = finite && isfinite(vector[i]);
    }
    return finite;
}

static bool read_all(const s2s_reading *reading, s2s_tensor rows, void *results) {
    (void)reading;
    return read_mean(rows, rows.rows, results);
}

static bool read_first(const s2s_reading *reading, s2s_tensor rows, void *results) {
    (void)reading;
    return read_mean(rows, 1, results);
}

s2s_reading s2s_pool_reading(const s2s_model *model, s2s_pooling pooling) {
    return (s2s_reading){.emit = emit,
                         .size = (size_t)model->recipe->encoder.width * sizeof(float),
                         .read = pooling == S2S_POOL_MEAN ? read_all : read_first};
}
