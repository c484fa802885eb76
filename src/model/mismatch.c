/* What to say when a file's tensors are not those of the recipe: which, how many, and the key of
 * the recipe that likely decides. The parts of names are those that model.c and stack.c declare. */
#include <stdio.h>
#include <string.h>

#include "model/weights.h"

/* --- the key that decides --- */

typedef struct key {
    char text[64];
} key;

/* A key without a dot is the encoder's or the decoder's, whichever the tensor belongs to. */
static key key_of(const char *tensor, const char *name) {
    key k;
    const char *section = strncmp(tensor, "encoder.", 8) ? "decoder." : "encoder.";
    snprintf(k.text, sizeof k.text, "%s%s", strchr(name, '.') ? "" : section, name);
    return k;
}

/* The length of "encoder.layers.12." in a tensor's name; 0: it is not of a layer. */
static size_t layer_prefix(const char *name) {
    const char *layers = strstr(name, ".layers."), *end = layers ? strchr(layers + 8, '.') : NULL;
    return end ? (size_t)(end - name) + 1 : 0;
}

/* Why a tensor may exist on one side alone. The first part that its name has counts. */
static key key_of_existence(const char *tensor, bool layer_on_both_sides) {
    static const struct {
        const char *part, *key;
    } rules[] = {{"encoder.norm.", "norm"},
                 {"decoder.norm.", "norm"},
                 {"output.bias", "decoder.output_bias"},
                 {"norm.bias", "norm_type (or bias)"},
                 {".bias", "bias"},
                 {"embedding_norm.", "embedding_norm"},
                 {"embedding.weight", "decoder.tie"},
                 {"output.weight", "decoder.tie"},
                 {"positions.", "positions"},
                 {"relative.", "positions"}};
    if (layer_prefix(tensor) && !layer_on_both_sides) return key_of(tensor, "layers");
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strstr(tensor, rules[i].part)) return key_of(tensor, rules[i].key);
    return key_of(tensor, "type");
}

/* What the size of its rows or its width comes from. A bias counts as rows: it is as long as its
 * matrix has rows. */
static key key_of_size(const char *tensor, bool rows) {
    static const struct {
        const char *part, *rows, *width;
    } rules[] = {{"self_attention.qkv.", "kv_heads", "width"},
                 {"cross_attention.kv.", "kv_heads", "encoder.width"},
                 {"feed_forward.in.", "feed_forward (or activation)", "width"},
                 {"feed_forward.out.weight", "width", "feed_forward"},
                 {"positions.weight", "max_positions", "width"},
                 {"relative.weight", "relative_buckets", "heads"},
                 {"", "width", "width"}};
    size_t i = 0;
    while (!strstr(tensor, rules[i].part)) i++;
    return key_of(tensor, rows ? rules[i].rows : rules[i].width);
}

/* --- tensors on one side alone --- */

/* A set of names that the other side lacks. */
typedef struct difference {
    size_t n;
    const char *first;
    bool layer_on_both_sides; /* the other side has other tensors of the first one's layer */
} difference;

static bool file_has_layer(const s2s_safetensors *file, const char *name) {
    size_t length = layer_prefix(name);
    for (size_t i = 0; length && i < s2s_safetensors_count(file); i++)
        if (!strncmp(s2s_safetensors_at(file, i)->name, name, length)) return true;
    return false;
}

static bool params_have_layer(const s2s_params *params, const char *name) {
    size_t length = layer_prefix(name);
    for (size_t i = 0; length && i < params->n; i++)
        if (!strncmp(params->items[i].name, name, length)) return true;
    return false;
}

static difference find_missing(const s2s_params *params, const s2s_safetensors *file) {
    difference missing = {0};
    for (size_t i = 0; i < params->n; i++)
        if (!s2s_safetensors_find(file, params->items[i].name) && !missing.n++)
            missing.first = params->items[i].name;
    if (missing.n) missing.layer_on_both_sides = file_has_layer(file, missing.first);
    return missing;
}

static difference find_unexpected(const s2s_params *params, const s2s_safetensors *file) {
    difference unexpected = {0};
    for (size_t i = 0; i < s2s_safetensors_count(file); i++) {
        const char *name = s2s_safetensors_at(file, i)->name;
        if (s2s_params_find(params, name) == S2S_NO_PARAM && !unexpected.n++)
            unexpected.first = name;
    }
    if (unexpected.n) unexpected.layer_on_both_sides = params_have_layer(params, unexpected.first);
    return unexpected;
}

static s2s_status refuse_foreign(const s2s_params *params, const s2s_safetensors *file,
                                 s2s_err *err) {
    size_t n = s2s_safetensors_count(file);
    return s2s_fail(
        err, S2S_INPUT,
        "%s: is not a model of s2s: it holds %zu other tensors (the first is \"%.100s\") and none "
        "of the recipe's %zu (the first is \"%s\"); tools/import_marian.py converts "
        "Transformers' Marian models",
        s2s_safetensors_path(file), n, n ? s2s_safetensors_at(file, 0)->name : "", params->n,
        params->items[0].name);
}

typedef struct phrase {
    char text[256];
} phrase;

static phrase tell(difference d, const char *what) {
    phrase p;
    if (d.n)
        snprintf(p.text, sizeof p.text, "%zu %s, the first is \"%.150s\"", d.n, what, d.first);
    else
        snprintf(p.text, sizeof p.text, "none %s", what);
    return p;
}

static s2s_status compare_names(const s2s_params *params, const s2s_safetensors *file,
                                s2s_err *err) {
    difference missing = find_missing(params, file), unexpected = find_unexpected(params, file);
    if (!missing.n && !unexpected.n) return S2S_OK;
    if (missing.n == params->n) return refuse_foreign(params, file, err);
    difference telling = missing.n ? missing : unexpected;
    return s2s_fail(
        err, S2S_INPUT,
        "%s: does not fit the recipe: of %zu tensors %s; of %zu in the file %s; the recipe's %s "
        "likely decides",
        s2s_safetensors_path(file), params->n, tell(missing, "are missing").text,
        s2s_safetensors_count(file), tell(unexpected, "are unexpected").text,
        key_of_existence(telling.first, telling.layer_on_both_sides).text);
}

/* --- shapes --- */

/* What has a row, or an element, for each piece of a vocabulary. */
static bool has_row_per_piece(const char *tensor) {
    return strstr(tensor, "embedding.weight") || !strncmp(tensor, "output.", 7);
}

static s2s_status refuse_shape(const s2s_param_info *info, const s2s_stored_tensor *tensor,
                               const s2s_safetensors *file, s2s_err *err) {
    char found[S2S_SHAPE_TEXT], expected[S2S_SHAPE_TEXT];
    s2s_stored_shape_text(tensor, found);
    s2s_shape_text(info->rows, info->width, expected);
    bool matrix = tensor->dimensions == 2;
    bool same_width = matrix && tensor->shape[1] == (uint64_t)info->width;
    if (same_width && has_row_per_piece(info->name))
        return s2s_fail(
            err, S2S_INPUT,
            "%s: tensor \"%s\" has shape %s (expected %s): the weights are for a vocabulary of "
            "%llu pieces, and the one given has %d; put the model's own vocabulary in its place",
            s2s_safetensors_path(file), info->name, found, expected,
            (unsigned long long)tensor->shape[0], info->rows);
    bool bias = info->rows == 1 && strstr(info->name, ".bias");
    return s2s_fail(
        err, S2S_INPUT,
        "%s: tensor \"%s\" has shape %s, and the recipe makes it %s; the recipe's %s likely "
        "decides",
        s2s_safetensors_path(file), info->name, found, expected,
        key_of_size(info->name, bias || same_width).text);
}

/* Panels are bytes whose number alone can be compared. */
static s2s_status compare_packed(const s2s_param_info *info, const s2s_stored_tensor *tensor,
                                 const s2s_safetensors *file, s2s_weight_type type, s2s_err *err) {
    size_t expected = s2s_packed_bytes(type, info->rows, info->width);
    bool aligned = (uintptr_t)tensor->data % sizeof(float) == 0;
    if (tensor->dtype == S2S_DTYPE_U8 && tensor->count == expected && aligned) return S2S_OK;
    if (!aligned)
        return s2s_fail(
            err, S2S_INPUT,
            "%s: tensor \"%s\" lies where it cannot be mapped; quantize the model again",
            s2s_safetensors_path(file), info->name);
    return s2s_fail(
        err, S2S_INPUT,
        "%s: tensor \"%s\" holds %zu %s, and a packed [%d, %d] takes %zu bytes; quantize "
        "the model again with this recipe and vocabulary",
        s2s_safetensors_path(file), info->name, tensor->count, s2s_dtype_name(tensor->dtype),
        info->rows, info->width, expected);
}

s2s_status s2s_weights_compare(const s2s_params *params, const s2s_safetensors *file,
                               const s2s_weight_type *packed, s2s_err *err) {
    S2S_TRY(compare_names(params, file, err));
    for (size_t i = 0; i < params->n; i++) {
        const s2s_param_info *info = params->items + i;
        const s2s_stored_tensor *tensor = s2s_safetensors_find(file, info->name);
        if (packed && info->packs)
            S2S_TRY(compare_packed(info, tensor, file, *packed, err));
        else if (!s2s_stored_has_shape(tensor, info->rows, info->width))
            return refuse_shape(info, tensor, file, err);
    }
    return S2S_OK;
}
