/* See warm_start.h. */
#include "model/warm_start.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
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
    bool taken = t->stack != &t->model->encoder && t->model->encoder.recipe &&
                 t->model->encoder.recipe->from &&
                 t->stack->embedding == t->model->encoder.embedding;
    return taken ? S2S_OK
                 : take_embedding(t, err); /* what is one matrix for both is the encoder's */
}

/* The first key by which the same numbers would mean something else. */
static const char *odd_key(const s2s_stack_recipe *a, const s2s_stack_recipe *b) {
    if (a->heads != b->heads) return "heads";
    if (a->kv_heads != b->kv_heads) return "kv_heads";
    if (a->activation != b->activation) return "activation";
    if (a->norm != b->norm) return "norm";
    if (a->norm_type != b->norm_type) return "norm_type";
    if (a->positions != b->positions) return "positions";
    if (a->embedding_scale != b->embedding_scale) return "embedding_scale";
    return NULL;
}

static const char *odd_text_key(const s2s_text_recipe *a, const s2s_text_recipe *b) {
    if (a->lowercase != b->lowercase) return "lowercase";
    if (a->normalization != b->normalization) return "normalization";
    return a->whitespace != b->whitespace ? "whitespace" : NULL;
}

static s2s_status compare_recipes(const transfer *t, const s2s_recipe *other, s2s_err *err) {
    bool encoder = strcmp(t->source, "encoder") == 0;
    const char *key = odd_key(t->stack->recipe, encoder ? &other->encoder : &other->decoder);
    if (key)
        return s2s_fail(err, S2S_INPUT, "the model there has another %s.%s: give this one the same",
                        t->source, key);
    key = odd_text_key(&t->model->recipe->text, &other->text);
    if (!key) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "the model there has another text.%s: give this one the same",
                    key);
}

/* Rows of an embedding mean what their vocabulary says. */
static s2s_status compare_vocabularies(const char *own, const char *other, s2s_err *err) {
    char digests[2][33];
    S2S_TRY(s2s_file_digest(own, digests[0], err));
    S2S_TRY(s2s_file_digest(other, digests[1], err));
    if (!strcmp(digests[0], digests[1])) return S2S_OK;
    return s2s_fail(
        err, S2S_INPUT,
        "%s is not the vocabulary of this run, %s: leave text.vocabulary.model out, and begin anew "
        "with --restart",
        other, own);
}

/* What names and shapes of tensors do not tell. */
static s2s_status check_meaning(const transfer *t, const char *folder, s2s_err *err) {
    s2s_arena arena = {0};
    s2s_recipe *other = NULL;
    const char *recipe = s2s_path_join(&arena, folder, S2S_RECIPE_FILE, err),
               *theirs = s2s_path_join(&arena, folder, S2S_SHARED_VOCABULARY_FILE, err),
               *own =
                   s2s_path_join(&arena, t->model->recipe->output, S2S_SHARED_VOCABULARY_FILE, err);
    s2s_status status = recipe && theirs && own ? S2S_OK : S2S_MEMORY;
    if (status == S2S_OK) status = s2s_recipe_load(&other, recipe, NULL, 0, err);
    if (status == S2S_OK) status = compare_recipes(t, other, err);
    if (status == S2S_OK) status = compare_vocabularies(own, theirs, err);
    s2s_recipe_free(other);
    s2s_arena_release(&arena);
    return status;
}

static s2s_status take_from(transfer *t, const char *folder, bool last, s2s_log *log,
                            s2s_err *err) {
    const char *other = strcmp(t->part, "encoder") ? "encoder" : "decoder";
    S2S_TRY(s2s_weights_check_plain(t->file, err));
    t->source = has_part(t->file, t->part) ? t->part : other;
    S2S_TRY(check_meaning(t, folder, err));
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
