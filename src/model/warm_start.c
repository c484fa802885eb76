/* See warm_start.h. */
#include "model/warm_start.h"

#include <stdio.h>
#include <string.h>

#include "model/folder.h"
#include "model/weights.h"

enum { NAME = 256 };

/* One stack's way from the file to the model. */
typedef struct transfer {
    s2s_model *model;
    const s2s_stack *stack;
    const char *part, *source; /* "encoder", "decoder": here and in the file */
    const s2s_safetensors *file;
    int taken, fresh; /* tensors */
} transfer;

const char *s2s_warm_start_folder(const s2s_recipe *recipe) {
    return recipe->encoder.from ? recipe->encoder.from : recipe->decoder.from;
}

static bool begins_with(const char *name, const char *part) {
    size_t n = strlen(part);
    return strncmp(name, part, n) == 0 && name[n] == '.';
}

static bool has_part(const s2s_safetensors *file, const char *part) {
    for (size_t i = 0; i < s2s_safetensors_count(file); i++)
        if (begins_with(s2s_safetensors_at(file, i)->name, part)) return true;
    return false;
}

static s2s_status take(transfer *t, s2s_param param, const char *name, s2s_err *err) {
    s2s_param_info stored = t->model->params.items[param];
    stored.name = name;
    t->taken++;
    return s2s_weights_values(t->file, &stored, s2s_param_value(&t->model->params, param), err);
}

static s2s_status take_own(transfer *t, s2s_param param, s2s_err *err) {
    char name[NAME];
    const char *own = t->model->params.items[param].name;
    snprintf(name, sizeof name, "%s%s", t->source, own + strlen(t->part));
    bool may_miss = strstr(own, ".cross_attention.") != NULL;
    if (may_miss && !s2s_safetensors_find(t->file, name)) {
        t->fresh++;
        return S2S_OK;
    }
    return take(t, param, name, err);
}

/* It may be one matrix with others there, and here. */
static s2s_status take_embedding(transfer *t, s2s_err *err) {
    char name[NAME];
    snprintf(name, sizeof name, "%s.embedding.weight", t->source);
    bool own = s2s_safetensors_find(t->file, name) != NULL;
    return take(t, t->stack->embedding, own ? name : "embedding.weight", err);
}

/* What lies behind the stack that makes the output. */
static s2s_status take_if_alike(transfer *t, s2s_param param, s2s_err *err) {
    const s2s_param_info *info = t->model->params.items + param;
    const s2s_stored_tensor *stored = s2s_safetensors_find(t->file, info->name);
    bool alike = stored && s2s_stored_has_shape(stored, info->rows, info->width);
    return alike ? take(t, param, info->name, err) : S2S_OK;
}

static s2s_status take_all(transfer *t, bool last, s2s_err *err) {
    const s2s_params *params = &t->model->params;
    for (size_t i = 0; i < params->n; i++) {
        const char *name = params->items[i].name;
        s2s_param param = (s2s_param)i;
        bool output = begins_with(name, "head") || begins_with(name, "output");
        if (param == t->stack->embedding) continue;
        if (begins_with(name, t->part))
            S2S_TRY(take_own(t, param, err));
        else if (output && last)
            S2S_TRY(take_if_alike(t, param, err));
    }
    return take_embedding(t, err);
}

static s2s_status take_from(transfer *t, const char *folder, bool last, s2s_log *log,
                            s2s_err *err) {
    const char *other = strcmp(t->part, "encoder") ? "encoder" : "decoder";
    S2S_TRY(s2s_weights_check_plain(t->file, err));
    t->source = has_part(t->file, t->part) ? t->part : other;
    S2S_TRY(take_all(t, last, err));
    s2s_log_say(log, "%s: %d tensors from %s", t->part, t->taken, folder);
    if (t->fresh)
        s2s_log_say(log, "  %d tensors of cross-attention begin at random: there are none there",
                    t->fresh);
    return S2S_OK;
}

static s2s_status start(s2s_model *model, const s2s_stack *stack, const char *part, bool last,
                        s2s_log *log, s2s_err *err) {
    const char *folder = stack->recipe ? stack->recipe->from : NULL;
    if (!folder) return S2S_OK;
    s2s_arena arena = {0};
    s2s_safetensors *file = NULL;
    const char *path = s2s_path_join(&arena, folder, S2S_WEIGHTS_FILE, err);
    s2s_status status = path ? s2s_safetensors_open(&file, path, err) : S2S_MEMORY;
    transfer t = {.model = model, .stack = stack, .part = part, .file = file};
    if (status == S2S_OK) status = take_from(&t, folder, last, log, err);
    s2s_safetensors_close(file);
    s2s_arena_release(&arena);
    return status == S2S_OK ? S2S_OK : s2s_fail_within(err, "%s.from", part);
}

s2s_status s2s_warm_start(s2s_model *model, s2s_log *log, s2s_err *err) {
    bool alone = !model->shape->decoder;
    S2S_TRY(start(model, &model->encoder, "encoder", alone, log, err));
    return start(model, &model->decoder, "decoder", true, log, err);
}
