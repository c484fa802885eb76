/* The parameters of a model: named matrices in one flat block, and one more for gradients.
 *
 * A parameter is [rows x width]; a linear layer's weight is [out x in], a vector is [1 x width]. Names are
 * those of the file (docs/model-format.md). Parameters are declared first, then the blocks are made at once,
 * so that optimizers, checkpoints and reductions over processes work on plain arrays. */
#ifndef S2S_TENSOR_PARAMS_H
#define S2S_TENSOR_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "kernel/packed.h"
#include "kernel/real.h"

typedef int s2s_param; /* number of a parameter; S2S_NO_PARAM: none */
enum { S2S_NO_PARAM = -1 };

/* How a parameter begins: zeros, ones, uniform within +-sqrt(6 / (rows + width)) (Glorot and Bengio 2010), or
 * normal with `scale` as standard deviation. */
typedef enum s2s_init { S2S_INIT_ZERO, S2S_INIT_ONE, S2S_INIT_XAVIER, S2S_INIT_NORMAL } s2s_init;

typedef struct s2s_param_info {
    const char *name;
    int rows, width;
    size_t offset; /* in elements from the start of the block; a multiple of 16 */
    s2s_init init;
    double scale;
    bool decays; /* weight decay applies: matrices, not biases and norms */
    bool frozen; /* training does not change it */
    bool packs;  /* a weight of products or an embedding, which is read by s2s_param_packed first */
} s2s_param_info;

typedef struct s2s_params {
    s2s_param_info *items;
    size_t n, capacity;
    size_t size;                /* elements of a block, padding between parameters included */
    s2s_real *value, *gradient; /* [size]; gradient only for S2S_PARAMS_TRAIN */
    s2s_packed *packed;         /* [n] for decoding, empty where `packs` is not set; NULL: none */
    s2s_arena arena;            /* names */
    s2s_err error;              /* the first failure while declaring; sticky */
} s2s_params;

/* Declares a parameter with a printf-made name. After a failure (s2s_params.error) it does nothing. */
s2s_param s2s_params_add(s2s_params *params, int rows, int width, s2s_init init, double scale,
                         const char *name_format, ...) __attribute__((format(printf, 6, 7)));

/* Marks a declared parameter (see s2s_param_info.packs). */
void s2s_params_may_pack(s2s_params *params, s2s_param param);

/* What the parameters are for. */
typedef enum s2s_params_use {
    S2S_PARAMS_TRAIN, /* values and gradients */
    S2S_PARAMS_KEEP,  /* values */
    S2S_PARAMS_DECODE /* values of what is not packed; the rest is to be filled in by s2s_params_put */
} s2s_params_use;

/* Makes the zeroed blocks. Fails with the sticky error when declaring failed. */
s2s_status s2s_params_allocate(s2s_params *params, s2s_params_use use, s2s_err *err);
/* Draws initial values; each parameter from its own stream, so that one more layer changes no other. */
void s2s_params_initialize(s2s_params *params, uint64_t seed);
/* Packs the values for decoding; they must not change until s2s_params_unpack. */
s2s_status s2s_params_pack(s2s_params *params, s2s_weight_type type, s2s_err *err);
void s2s_params_unpack(s2s_params *params);
/* Of S2S_PARAMS_DECODE: one packed parameter, which it owns from now on. */
void s2s_params_put(s2s_params *params, s2s_param param, s2s_packed packed);
void s2s_params_release(s2s_params *params);

/* Parameters that training leaves alone: their gradients are cleared before a step, and they do not decay. */
void s2s_params_freeze(s2s_params *params, s2s_param param);
void s2s_params_clear_frozen(s2s_params *params);

size_t s2s_params_count(const s2s_params *params); /* elements, without padding */
s2s_param s2s_params_find(const s2s_params *params, const char *name); /* S2S_NO_PARAM: not there */

static inline s2s_real *s2s_param_value(const s2s_params *params, s2s_param param) {
    return param < 0 ? NULL : params->value + params->items[param].offset;
}

/* The type of the packed ones; false: none is packed. */
bool s2s_params_packed_type(const s2s_params *params, s2s_weight_type *type);

/* NULL: not packed. */
static inline const s2s_packed *s2s_param_packed(const s2s_params *params, s2s_param param) {
    return params->packed && params->packed[param].data ? params->packed + param : NULL;
}

static inline s2s_real *s2s_param_gradient(const s2s_params *params, s2s_param param) {
    return param < 0 ? NULL : params->gradient + params->items[param].offset;
}

/* Elements without padding. */
static inline size_t s2s_param_size(const s2s_params *params, s2s_param param) {
    return (size_t)params->items[param].rows * (size_t)params->items[param].width;
}

#endif
