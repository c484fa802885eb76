/* See trainer_file.h. */
#include "train/trainer_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/bfloat16.h"
#include "tensor/safetensors.h"

enum { MOMENTS = 2, MAX_BLOCKS, MAX_NOTES = 16, NOTE_SIZE = 32 };

static const char *const block_names[MAX_BLOCKS] = {"m", "v", "value"};

/* The flat blocks that a trainer state consists of. With EMA the model folder holds the averages, so the
 * weights themselves are here. */
static int blocks_of(const s2s_training_state *state, s2s_safetensors_entry blocks[MAX_BLOCKS]) {
    const s2s_params *params = &state->model->params;
    const void *data[MAX_BLOCKS] = {state->optimizer->m, state->optimizer->v,
                                    state->ema ? params->value : NULL};
    int n = 0;
    for (int i = 0; i < MAX_BLOCKS; i++) {
        bool half = i < MOMENTS && s2s_optimizer_in_bfloat16(state->optimizer);
        if (data[i])
            blocks[n++] = (s2s_safetensors_entry){.name = block_names[i],
                                                  .dtype = half ? S2S_DTYPE_BF16 : S2S_DTYPE_F32,
                                                  .rows = 1,
                                                  .width = (int64_t)params->size,
                                                  .data = data[i]};
    }
    return n;
}

/* A number of the progress and its name; written so that reading gives the same bits. */
typedef struct number {
    const char *name;
    int64_t *integer;
    double *real;
} number;

static int numbers_of(s2s_progress *p, s2s_optimizer *o, number numbers[MAX_NOTES]) {
    number all[] = {{"step", &p->step, NULL},
                    {"optimizer_steps", &o->steps, NULL},
                    {"epoch", (int64_t *)&p->cursor.epoch, NULL},
                    {"batch", (int64_t *)&p->cursor.batch, NULL},
                    {"plateau_best", NULL, &p->plateau.best},
                    {"plateau_factor", NULL, &p->plateau.factor},
                    {"plateau_bad", &p->plateau.bad, NULL},
                    {"has_best", &p->has_best, NULL},
                    {"best_metric", &p->best_metric, NULL},
                    {"best", NULL, &p->best},
                    {"best_step", &p->best_step, NULL},
                    {"bad", &p->bad, NULL},
                    {"validation_due", &p->validation_due, NULL},
                    {"seconds", NULL, &p->seconds},
                    {"labels", &p->labels, NULL}};
    memcpy(numbers, all, sizeof all);
    return (int)(sizeof all / sizeof *all);
}

s2s_status s2s_trainer_file_write(const s2s_training_state *state, const char *path, s2s_err *err) {
    s2s_safetensors_entry blocks[MAX_BLOCKS];
    number numbers[MAX_NOTES];
    s2s_safetensors_note notes[MAX_NOTES];
    char text[MAX_NOTES][NOTE_SIZE];
    int n = numbers_of(state->progress, state->optimizer, numbers);
    for (int i = 0; i < n; i++) {
        if (numbers[i].integer)
            snprintf(text[i], NOTE_SIZE, "%" PRId64, *numbers[i].integer);
        else
            snprintf(text[i], NOTE_SIZE, "%.17g", *numbers[i].real);
        notes[i] = (s2s_safetensors_note){numbers[i].name, text[i]};
    }
    int count = blocks_of(state, blocks);
    return s2s_safetensors_write(path, blocks, (size_t)count, notes, (size_t)n, err);
}

static s2s_status read_numbers(const s2s_safetensors *file, const number *numbers, int n,
                               s2s_err *err) {
    for (int i = 0; i < n; i++) {
        const char *text = s2s_safetensors_note_find(file, numbers[i].name);
        if (!text)
            return s2s_fail(err, S2S_INPUT,
                            "%s: the note %s is missing: this is no trainer state of s2s",
                            s2s_safetensors_path(file), numbers[i].name);
        if (numbers[i].integer)
            *numbers[i].integer = strtoll(text, NULL, 10);
        else
            *numbers[i].real = strtod(text, NULL);
    }
    return S2S_OK;
}

/* What was saved as floats; to the nearest, since the rounding at random belongs to steps. */
static s2s_status read_rounded(const s2s_safetensors *file, const char *name, size_t size,
                               s2s_bfloat16 *to, s2s_err *err) {
    s2s_real *from = s2s_block_alloc(size * sizeof *from, err);
    if (!from) return S2S_MEMORY;
    s2s_status status = s2s_safetensors_read(file, name, 1, (int64_t)size, from, err);
    for (size_t i = 0; status == S2S_OK && i < size; i++)
        to[i] = s2s_bfloat16_nearest((float)from[i]);
    s2s_block_free(from, size * sizeof *from);
    return status;
}

/* As they are, or, where a run goes on with other `moments` (--accept), as what they are now. */
static s2s_status read_moments(const s2s_training_state *state, const s2s_safetensors *file,
                               const char *name, void *to, s2s_err *err) {
    size_t size = state->model->params.size;
    if (!s2s_optimizer_in_bfloat16(state->optimizer))
        return s2s_safetensors_read(file, name, 1, (int64_t)size, to, err);
    if (s2s_safetensors_find(file, name)->dtype == S2S_DTYPE_BF16)
        return s2s_safetensors_read_raw(file, name, S2S_DTYPE_BF16, size, to, err);
    return read_rounded(file, name, size, to, err);
}

/* A run that goes on with another optimizer begins with zero moments, as in the first step. */
static s2s_status read_blocks(const s2s_training_state *state, const s2s_safetensors *file,
                              s2s_err *err) {
    s2s_real *value = state->model->params.value;
    void *moments[MOMENTS] = {state->optimizer->m, state->optimizer->v};
    size_t size = state->model->params.size;
    if (state->ema) memcpy(state->ema, value, size * sizeof *value);
    if (moments[0] && !s2s_safetensors_find(file, block_names[0])) state->optimizer->steps = 0;
    for (int i = 0; i < MOMENTS; i++)
        if (moments[i] && s2s_safetensors_find(file, block_names[i]))
            S2S_TRY(read_moments(state, file, block_names[i], moments[i], err));
    if (!s2s_safetensors_find(file, block_names[MOMENTS])) return S2S_OK;
    return s2s_safetensors_read(file, block_names[MOMENTS], 1, (int64_t)size, value, err);
}

s2s_status s2s_trainer_file_read(const s2s_training_state *state, const char *path, s2s_err *err) {
    s2s_safetensors *file;
    S2S_TRY(s2s_safetensors_open(&file, path, err));
    number numbers[MAX_NOTES];
    int n = numbers_of(state->progress, state->optimizer, numbers);
    s2s_status status = read_numbers(file, numbers, n, err);
    if (status == S2S_OK) status = read_blocks(state, file, err);
    s2s_safetensors_close(file);
    return status;
}
