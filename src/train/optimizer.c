/* See optimizer.h. */
#include "train/optimizer.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "kernel/kernels.h"

enum { PIECE = 1 << 16 }; /* elements of a task, and of a partial sum */

s2s_status s2s_optimizer_init(s2s_optimizer *o, const s2s_optimizer_recipe *recipe,
                              s2s_params *params, uint64_t seed, s2s_err *err) {
    *o = (s2s_optimizer){.recipe = recipe, .params = params, .seed = seed};
    size_t bytes = s2s_optimizer_moment_bytes(o);
    if (!bytes) return S2S_OK;
    o->m = s2s_block_alloc(bytes, err);
    o->v = o->m ? s2s_block_alloc(bytes, err) : NULL;
    return o->v ? S2S_OK : S2S_MEMORY;
}

void s2s_optimizer_release(s2s_optimizer *o) {
    if (!o->params) return;
    s2s_block_free(o->m, s2s_optimizer_moment_bytes(o));
    s2s_block_free(o->v, s2s_optimizer_moment_bytes(o));
    *o = (s2s_optimizer){0};
}

bool s2s_optimizer_in_bfloat16(const s2s_optimizer *o) {
    return o->recipe->moments == S2S_BFLOAT16_MOMENTS;
}

size_t s2s_optimizer_moment_bytes(const s2s_optimizer *o) {
    if (o->recipe->type == S2S_SGD) return 0;
    return o->params->size *
           (s2s_optimizer_in_bfloat16(o) ? sizeof(s2s_bfloat16) : sizeof(s2s_real));
}

static long pieces_of(size_t n) {
    return (long)((n + PIECE - 1) / PIECE);
}

static size_t piece_size(size_t n, long i) {
    size_t left = n - (size_t)i * PIECE;
    return left < PIECE ? left : PIECE;
}

/* Partial sums are added in order, so that threads do not matter. */
double s2s_gradient_norm(const s2s_params *params, double scale) {
    enum { ROUND = 1024 };
    double total = 0, sums[ROUND];
    long pieces = pieces_of(params->size);
    for (long begin = 0; begin < pieces; begin += ROUND) {
        long n = pieces - begin < ROUND ? pieces - begin : ROUND;
#pragma omp parallel for schedule(static)
        for (long i = 0; i < n; i++)
            sums[i] = s2s_kernel()->sum_squares(params->gradient + (size_t)(begin + i) * PIECE,
                                                piece_size(params->size, begin + i));
        for (long i = 0; i < n; i++) total += sums[i];
    }
    return sqrt(total) * fabs(scale);
}

/* value -= rate (scale gradient + decay value); clears the gradient. */
static void sgd_range(s2s_params *params, size_t begin, size_t size, double rate, double scale,
                      double decay) {
    long pieces = pieces_of(size);
#pragma omp parallel for schedule(static)
    for (long i = 0; i < pieces; i++) {
        size_t n = piece_size(size, i);
        s2s_real *value = params->value + begin + (size_t)i * PIECE;
        s2s_real *gradient = params->gradient + begin + (size_t)i * PIECE;
        if (decay > 0) s2s_kernel()->scale_shift(value, (int)n, (s2s_real)(1 - rate * decay), 0);
        s2s_kernel()->axpy(value, gradient, (s2s_real)(-rate * scale), n);
        memset(gradient, 0, n * sizeof *gradient);
    }
}

static void sgd_step(s2s_optimizer *o, double rate, double scale) {
    double decay = o->recipe->weight_decay;
    if (decay == 0) {
        sgd_range(o->params, 0, o->params->size, rate, scale, 0);
        return;
    }
    for (size_t i = 0; i < o->params->n; i++) {
        const s2s_param_info *info = o->params->items + i;
        size_t size = s2s_param_size(o->params, (s2s_param)i);
        sgd_range(o->params, info->offset, size, rate, scale, info->decays ? decay : 0);
    }
}

/* Pieces are the same for any number of threads, so that the place of a piece and the step can be the key of its
 * random numbers. */
static void adam_piece(s2s_optimizer *o, size_t at, size_t n, const s2s_adam *adam) {
    s2s_real *value = o->params->value + at, *gradient = o->params->gradient + at;
    if (!s2s_optimizer_in_bfloat16(o)) {
        s2s_kernel()->adam(value, gradient, (s2s_real *)o->m + at, (s2s_real *)o->v + at, n, adam);
        return;
    }
    uint64_t key = s2s_rng_mix(s2s_rng_mix(o->seed, (uint64_t)o->steps), at);
    s2s_rounding rounding = {{(uint32_t)key, (uint32_t)(key >> 32)}};
    s2s_kernel()->adam_bfloat16(value, gradient, (s2s_bfloat16 *)o->m + at,
                                (s2s_bfloat16 *)o->v + at, n, adam, &rounding);
}

/* A stretch of one parameter, or of the padding behind it. */
static void adam_range(s2s_optimizer *o, size_t begin, size_t size, const s2s_adam *adam) {
    long pieces = pieces_of(size);
#pragma omp parallel for schedule(static)
    for (long i = 0; i < pieces; i++)
        adam_piece(o, begin + (size_t)i * PIECE, piece_size(size, i), adam);
}

static void adam_step(s2s_optimizer *o, double learning_rate, double scale) {
    const s2s_optimizer_recipe *r = o->recipe;
    double t = (double)o->steps;
    s2s_adam plain = {.beta1 = (s2s_real)r->adam_betas[0],
                      .beta2 = (s2s_real)r->adam_betas[1],
                      .eps = (s2s_real)r->adam_eps,
                      .step = (s2s_real)(learning_rate / (1 - pow(r->adam_betas[0], t))),
                      .root = (s2s_real)(1 / sqrt(1 - pow(r->adam_betas[1], t))),
                      .gradient_scale = (s2s_real)scale};
    s2s_adam decaying = plain;
    if (r->type == S2S_ADAMW)
        decaying.decay = (s2s_real)(learning_rate * r->weight_decay);
    else
        decaying.l2 = (s2s_real)r->weight_decay;
    if (r->weight_decay == 0) {
        adam_range(o, 0, o->params->size, &plain);
        return;
    }
    for (size_t i = 0; i < o->params->n; i++) {
        const s2s_param_info *info = o->params->items + i;
        adam_range(o, info->offset, s2s_param_size(o->params, (s2s_param)i),
                   info->decays ? &decaying : &plain);
    }
}

void s2s_optimizer_step(s2s_optimizer *o, double learning_rate, double scale, double norm) {
    double clip = o->recipe->clip_norm;
    if (clip > 0 && norm > clip) scale *= clip / norm;
    o->steps++;
    if (o->recipe->type == S2S_SGD)
        sgd_step(o, learning_rate, scale);
    else
        adam_step(o, learning_rate, scale);
}
