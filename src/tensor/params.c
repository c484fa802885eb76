/* See params.h. */
#include "tensor/params.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum { ALIGN_ELEMENTS = 16 };

s2s_param s2s_params_add(s2s_params *params, int rows, int width, s2s_init init, double scale,
                         const char *name_format, ...) {
    if (params->error.status) return S2S_NO_PARAM;
    char name[256];
    va_list args;
    va_start(args, name_format);
    vsnprintf(name, sizeof name, name_format, args);
    va_end(args);
    s2s_param_info info = {
        .name = s2s_arena_strndup(&params->arena, name, strlen(name), &params->error),
        .rows = rows,
        .width = width,
        .init = init,
        .scale = scale,
        .decays = rows > 1};
    if (!info.name || s2s_grow(&params->items, &params->capacity, params->n + 1,
                               sizeof *params->items, &params->error))
        return S2S_NO_PARAM;
    params->items[params->n++] = info;
    return (s2s_param)params->n - 1;
}

void s2s_params_may_pack(s2s_params *params, s2s_param param) {
    if (param >= 0) params->items[param].packs = true;
}

/* Places the parameters that have values in the block. */
static void lay_out(s2s_params *params, bool packed_too) {
    for (size_t i = 0; i < params->n; i++) {
        s2s_param_info *info = params->items + i;
        size_t size = info->packs && !packed_too ? 0 : s2s_param_size(params, (s2s_param)i);
        info->offset = params->size;
        params->size += (size + ALIGN_ELEMENTS - 1) / ALIGN_ELEMENTS * ALIGN_ELEMENTS;
    }
}

static s2s_status make_packed(s2s_params *params, s2s_err *err) {
    params->packed = calloc(params->n, sizeof *params->packed);
    return params->packed ? S2S_OK : s2s_fail_memory(err, params->n * sizeof *params->packed);
}

s2s_status s2s_params_allocate(s2s_params *params, s2s_params_use use, s2s_err *err) {
    if (params->error.status) {
        *err = params->error;
        return err->status;
    }
    lay_out(params, use != S2S_PARAMS_DECODE);
    size_t bytes = params->size * sizeof(s2s_real);
    params->value = s2s_block_alloc(bytes, err);
    if (!params->value) return S2S_MEMORY;
    if (use == S2S_PARAMS_DECODE) return make_packed(params, err);
    if (use == S2S_PARAMS_KEEP) return S2S_OK;
    params->gradient = s2s_block_alloc(bytes, err);
    return params->gradient ? S2S_OK : S2S_MEMORY;
}

static void initialize_one(const s2s_param_info *info, s2s_real *value, s2s_rng rng) {
    size_t size = (size_t)info->rows * (size_t)info->width;
    double bound = sqrt(6.0 / (info->rows + info->width));
    for (size_t i = 0; i < size; i++) switch (info->init) {
        case S2S_INIT_ZERO:
            value[i] = 0;
            break;
        case S2S_INIT_ONE:
            value[i] = 1;
            break;
        case S2S_INIT_XAVIER:
            value[i] = (s2s_real)(bound * (2 * s2s_rng_uniform(&rng) - 1));
            break;
        case S2S_INIT_NORMAL:
            value[i] = (s2s_real)(info->scale * s2s_rng_normal(&rng));
            break;
        }
}

/* FNV-1a of the name: the number of a parameter's random stream. */
static uint64_t name_stream(const char *name) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 0x100000001B3u;
    return hash;
}

void s2s_params_initialize(s2s_params *params, uint64_t seed) {
    for (size_t i = 0; i < params->n; i++) {
        const s2s_param_info *info = params->items + i;
        initialize_one(info, params->value + info->offset,
                       s2s_rng_init(seed, name_stream(info->name)));
    }
}

s2s_status s2s_params_pack(s2s_params *params, s2s_weight_type type, s2s_err *err) {
    S2S_TRY(make_packed(params, err));
    for (size_t i = 0; i < params->n; i++) {
        const s2s_param_info *info = params->items + i;
        if (info->packs)
            S2S_TRY(s2s_packed_create(params->packed + i, type, params->value + info->offset,
                                      info->rows, info->width, err));
    }
    return S2S_OK;
}

void s2s_params_put(s2s_params *params, s2s_param param, s2s_packed packed) {
    s2s_packed_release(params->packed + param);
    params->packed[param] = packed;
}

bool s2s_params_packed_type(const s2s_params *params, s2s_weight_type *type) {
    for (size_t i = 0; i < params->n; i++) {
        const s2s_packed *packed = s2s_param_packed(params, (s2s_param)i);
        if (!packed) continue;
        *type = packed->type;
        return true;
    }
    return false;
}

void s2s_params_unpack(s2s_params *params) {
    for (size_t i = 0; params->packed && i < params->n; i++) s2s_packed_release(params->packed + i);
    free(params->packed);
    params->packed = NULL;
}

void s2s_params_release(s2s_params *params) {
    s2s_params_unpack(params);
    s2s_block_free(params->value, params->size * sizeof(s2s_real));
    s2s_block_free(params->gradient, params->size * sizeof(s2s_real));
    free(params->items);
    s2s_arena_release(&params->arena);
    *params = (s2s_params){0};
}

void s2s_params_freeze(s2s_params *params, s2s_param param) {
    if (param < 0 || params->error.status) return;
    params->items[param].frozen = true;
    params->items[param].decays = false;
}

void s2s_params_clear_frozen(s2s_params *params) {
    for (size_t i = 0; i < params->n; i++)
        if (params->items[i].frozen)
            memset(s2s_param_gradient(params, (s2s_param)i), 0,
                   s2s_param_size(params, (s2s_param)i) * sizeof *params->gradient);
}

size_t s2s_params_count(const s2s_params *params) {
    size_t count = 0;
    for (size_t i = 0; i < params->n; i++) count += s2s_param_size(params, (s2s_param)i);
    return count;
}

s2s_param s2s_params_find(const s2s_params *params, const char *name) {
    for (size_t i = 0; i < params->n; i++)
        if (!strcmp(params->items[i].name, name)) return (s2s_param)i;
    return S2S_NO_PARAM;
}
