/* The vector kernels, written once over a vector of S2S_LANES floats (a GCC/Clang vector extension) and
 * compiled by kernels_avx2.c and kernels_avx512.c. Before including this file they define
 *
 *   S2S_LANES, WIDE    floats in a register; registers in a row of the widest tile of `mm`
 *   vec, ivec          float and int32_t vectors
 *   v_sqrt, v_max, v_sum, v_largest, v_load_part, v_store_part, v_mul_wide,
 *   v_permute          lane i of the result is lane index[i]
 *   v_store_bytes      rounds to integers and stores them as n signed bytes
 *
 * Every kernel handles any size: whole vectors first, then a part of one. */
#include <math.h>
#include <string.h>

#include "kernel/kernels.h"

typedef vec vec_unaligned __attribute__((aligned(4), may_alias));
typedef unsigned uvec __attribute__((vector_size(4 * S2S_LANES)));

#define INLINE static inline __attribute__((always_inline))

INLINE vec v_load(const float *p) {
    return *(const vec_unaligned *)p;
}

INLINE void v_store(float *p, vec x) {
    *(vec_unaligned *)p = x;
}

/* Subtracting 0 changes no number, so that only the broadcast is left; adding 0 would turn -0 into 0. */
INLINE vec v_all(float x) {
    return x - (vec){0};
}

/* a where the mask (all ones or all zeros a lane) is set, else b */
INLINE vec v_select(ivec mask, vec a, vec b) {
    return (vec)((mask & (ivec)a) | (~mask & (ivec)b));
}

/* Ones in the first n lanes. */
INLINE ivec v_first(int n) {
    ivec lane;
    for (int i = 0; i < S2S_LANES; i++) lane[i] = i;
    return lane < n;
}

/* Runs BODY for each vector of n elements with i at its first element and `part` lanes used. */
#define FOR_VECTORS(n)                                                                             \
    for (size_t i = 0, part; part = (n)-i < S2S_LANES ? (n)-i : S2S_LANES, i < (n); i += S2S_LANES)

INLINE vec v_get(const float *p, size_t part) {
    return part == S2S_LANES ? v_load(p) : v_load_part(p, (int)part);
}

INLINE void v_put(float *p, vec x, size_t part) {
    if (part == S2S_LANES)
        v_store(p, x);
    else
        v_store_part(p, x, (int)part);
}

INLINE void v_put_or_add(float *p, vec x, size_t part, bool accumulate) {
    v_put(p, accumulate ? v_get(p, part) + x : x, part);
}

/* e^x by reduction to [-ln2/2, ln2/2] and a polynomial (coefficients of Cephes' expf, 2 ulp); 0 below the
 * smallest normal number. */
INLINE vec v_exp(vec x) {
    const vec magic = v_all(12582912.0f); /* 1.5 * 2^23: adding it rounds to an integer */
    ivec tiny = x < -87.3f;
    x = v_select(x > 88.0f, v_all(88.0f), x);
    vec n = (x * 1.44269504088896341f + magic) - magic;
    vec r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    vec p = v_all(1.9875691500e-4f);
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    ivec exponent = (__builtin_convertvector(n, ivec) + 127) << 23;
    return v_select(tiny, v_all(0), p * (vec)exponent);
}

/* The error function for x >= 0 (Abramowitz and Stegun 7.1.26, absolute error 1.5e-7), given e^(-x^2). */
INLINE vec v_erf_positive(vec x, vec exp_minus_square) {
    vec t = 1.0f / (1.0f + 0.3275911f * x);
    vec p = 1.061405429f * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    return 1.0f - p * t * exp_minus_square;
}

INLINE vec v_sigmoid(vec x) {
    return 1.0f / (1.0f + v_exp(-x));
}

/* --- sums --- */

static void add(float *y, const float *a, const float *b, size_t n) {
    FOR_VECTORS(n) v_put(y + i, v_get(a + i, part) + v_get(b + i, part), part);
}

static void axpy(float *y, const float *x, float alpha, size_t n) {
    FOR_VECTORS(n) v_put(y + i, v_get(y + i, part) + alpha * v_get(x + i, part), part);
}

static double sum_squares(const float *x, size_t n) {
    enum { RUN = 4096 }; /* floats are added for so long before a double takes over */
    double total = 0;
    for (size_t begin = 0; begin < n; begin += RUN) {
        size_t run = n - begin < RUN ? n - begin : RUN;
        vec sum = v_all(0);
        FOR_VECTORS(run) {
            vec value = v_get(x + begin + i, part);
            sum += value * value;
        }
        total += v_sum(sum);
    }
    return total;
}

static void add_row(float *y, int ld, const float *row, int rows, int width) {
    for (int r = 0; r < rows; r++, y += ld) add(y, y, row, (size_t)width);
}

static void column_sums(float *sums, const float *x, int ld, int rows, int width) {
    FOR_VECTORS((size_t)width) {
        vec sum = v_get(sums + i, part);
        for (int r = 0; r < rows; r++) sum += v_get(x + (size_t)r * ld + i, part);
        v_put(sums + i, sum, part);
    }
}

/* --- dropout --- */

/* Philox (base/rng.h) for S2S_LANES neighbouring counters at once. */
INLINE void v_philox(uint64_t key, uint64_t counter, uint64_t stream, uvec words[4]) {
    unsigned k0 = (unsigned)key, k1 = (unsigned)(key >> 32);
    /* a run of lanes starts at a multiple of S2S_LANES, so the low word does not overflow within it */
    uvec x0 = (uvec){0} + (unsigned)counter, x1 = (uvec){0} + (unsigned)(counter >> 32);
    uvec x2 = (uvec){0} + (unsigned)stream, x3 = (uvec){0} + (unsigned)(stream >> 32);
    for (int lane = 0; lane < S2S_LANES; lane++) x0[lane] += (unsigned)lane;
    for (int round = 0; round < 10; round++) {
        uvec high0, low0, high1, low1;
        v_mul_wide(x0, 0xD2511F53u, &high0, &low0);
        v_mul_wide(x2, 0xCD9E8D57u, &high1, &low1);
        x0 = high1 ^ x1 ^ k0, x1 = low1, x2 = high0 ^ x3 ^ k1, x3 = low0;
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    words[0] = x0, words[1] = x1, words[2] = x2, words[3] = x3;
}

static void dropout(float *y, const float *x, const float *residual, size_t n, const s2s_dropout *d,
                    size_t offset) {
    const ivec threshold = (ivec){0} + (int)d->threshold;
    for (size_t begin = 0; begin < n; begin += S2S_DROPOUT_BLOCK) {
        uint64_t counter = (offset + begin) / S2S_DROPOUT_BLOCK * 16;
        for (int lane = 0; lane < 16; lane += S2S_LANES) {
            uvec words[4];
            v_philox(d->key, counter + (uint64_t)lane, d->stream, words);
            for (int group = 0; group < 8; group++) {
                size_t i = begin + (size_t)(group * 16 + lane);
                if (i >= n) break;
                size_t part = n - i < S2S_LANES ? n - i : S2S_LANES;
                uvec number = (words[group / 2] >> (group % 2 * 16)) & 0xFFFFu;
                ivec kept = (ivec)number >= threshold;
                vec value = v_select(kept, v_get(x + i, part) * d->scale, v_all(0));
                if (residual) value += v_get(residual + i, part);
                v_put(y + i, value, part);
            }
        }
    }
}

/* --- norms --- */

INLINE float row_mean(const float *x, size_t width) {
    vec sum = v_all(0);
    FOR_VECTORS(width) sum += v_get(x + i, part);
    return v_sum(sum) / (float)width;
}

INLINE float row_inverse(const float *x, size_t width, float mean, float eps) {
    vec sum = v_all(0);
    FOR_VECTORS(width) {
        vec d = v_get(x + i, part) - mean;
        if (part < S2S_LANES) d = v_select(v_first((int)part), d, v_all(0));
        sum += d * d;
    }
    return 1.0f / sqrtf(v_sum(sum) / (float)width + eps);
}

static void norm(float *y, const float *x, const float *gain, const float *bias, int rows,
                 int width, float eps, bool center) {
    for (int r = 0; r < rows; r++, x += width, y += width) {
        float mean = center ? row_mean(x, (size_t)width) : 0;
        float inverse = row_inverse(x, (size_t)width, mean, eps);
        FOR_VECTORS((size_t)width) {
            vec value = (v_get(x + i, part) - mean) * inverse;
            if (gain) value *= v_get(gain + i, part);
            if (bias) value += v_get(bias + i, part);
            v_put(y + i, value, part);
        }
    }
}

static void norm_backward(float *dx, float *dgain, float *dbias, const float *dy, const float *x,
                          const float *gain, int rows, int width, float eps, bool center,
                          bool accumulate) {
    for (int r = 0; r < rows; r++, x += width, dy += width, dx += width) {
        float mean = center ? row_mean(x, (size_t)width) : 0;
        float inverse = row_inverse(x, (size_t)width, mean, eps);
        vec sum = v_all(0), sum_xhat = v_all(0);
        FOR_VECTORS((size_t)width) {
            vec gradient =
                v_get(dy + i, part); /* its unused lanes are 0, and so are all products */
            vec xhat = (v_get(x + i, part) - mean) * inverse;
            vec g = gain ? gradient * v_get(gain + i, part) : gradient;
            sum += g;
            sum_xhat += g * xhat;
            if (dgain) v_put(dgain + i, v_get(dgain + i, part) + gradient * xhat, part);
            if (dbias) v_put(dbias + i, v_get(dbias + i, part) + gradient, part);
        }
        float mean_g = center ? v_sum(sum) / (float)width : 0,
              mean_xhat = v_sum(sum_xhat) / (float)width;
        FOR_VECTORS((size_t)width) {
            vec xhat = (v_get(x + i, part) - mean) * inverse;
            vec g = gain ? v_get(dy + i, part) * v_get(gain + i, part) : v_get(dy + i, part);
            v_put_or_add(dx + i, inverse * (g - mean_g - xhat * mean_xhat), part, accumulate);
        }
    }
}

/* --- softmax and cross-entropy --- */

static float maximum(const float *x, int n) {
    vec max = v_all(x[0]);
    FOR_VECTORS((size_t)n) {
        vec value = v_get(x + i, part);
        if (part < S2S_LANES) value = v_select(v_first((int)part), value, max);
        max = v_max(max, value);
    }
    return v_largest(max);
}

static void softmax(float *x, int ld, int rows, int n, int causal, float scale) {
    for (int r = 0; r < rows; r++, x += ld) {
        int seen = causal >= 0 && causal + r + 1 < n ? causal + r + 1 : n;
        float max = maximum(x, seen) * scale;
        vec sum = v_all(0);
        FOR_VECTORS((size_t)seen) {
            vec value = v_exp(v_get(x + i, part) * scale - max);
            if (part < S2S_LANES) value = v_select(v_first((int)part), value, v_all(0));
            sum += value;
            v_put(x + i, value, part);
        }
        float inverse = 1.0f / v_sum(sum);
        FOR_VECTORS((size_t)seen) v_put(x + i, v_get(x + i, part) * inverse, part);
        if (seen < n) memset(x + seen, 0, (size_t)(n - seen) * sizeof *x);
    }
}

static void softmax_backward(float *dp, const float *p, int ld, int rows, int n, float scale) {
    for (int r = 0; r < rows; r++, dp += ld, p += ld) {
        vec sum = v_all(0);
        FOR_VECTORS((size_t)n) sum += v_get(p + i, part) * v_get(dp + i, part);
        float dot = v_sum(sum);
        FOR_VECTORS((size_t)n)
        v_put(dp + i, scale * v_get(p + i, part) * (v_get(dp + i, part) - dot), part);
    }
}

static void exp_sums(float *x, int n, float max, double *exp_sum, double *sum) {
    vec e = v_all(0), s = v_all(0);
    FOR_VECTORS((size_t)n) {
        vec value = v_get(x + i, part), power = v_exp(value - max);
        if (part < S2S_LANES) power = v_select(v_first((int)part), power, v_all(0));
        v_put(x + i, power, part);
        e += power;
        s += value;
    }
    *exp_sum = v_sum(e);
    *sum = v_sum(s);
}

static void scale_shift(float *x, int n, float scale, float shift) {
    FOR_VECTORS((size_t)n) v_put(x + i, v_get(x + i, part) * scale + shift, part);
}

/* --- attention over rows that lie apart --- */

static void dots(float *scores, const float *q, const float *const *keys, int offset, int n,
                 int width) {
    for (int k = 0; k < n; k++) {
        const float *key = keys[k] + offset;
        vec sum = v_all(0);
        FOR_VECTORS((size_t)width) sum += v_get(q + i, part) * v_get(key + i, part);
        scores[k] = v_sum(sum);
    }
}

static void weighted_sum(float *y, const float *p, const float *const *values, int offset, int n,
                         int width) {
    FOR_VECTORS((size_t)width) {
        vec sum = v_all(0);
        for (int k = 0; k < n; k++) sum += p[k] * v_get(values[k] + offset + i, part);
        v_put(y + i, sum, part);
    }
}

#include "kernel/vector_activation.h"
#include "kernel/vector_optimizer.h"
#include "kernel/vector_panel.h"
#include "kernel/vector_products.h"

#define KERNEL_TABLE(table_name, int8, bf16)                                                       \
    {                                                                                              \
        .name = (table_name), .add = add, .axpy = axpy, .transpose = transpose,                    \
        .quantize = quantize, .int8_product = (int8), .bf16_product = (bf16),                      \
        .pair_in_rows = pair_in_rows, .pair_of_rows = pair_of_rows,                                \
        .transpose_pairs = transpose_pairs, .sum_squares = sum_squares, .add_row = add_row,        \
        .column_sums = column_sums, .relu = relu, .relu_backward = relu_backward, .gelu = gelu,    \
        .gelu_backward = gelu_backward, .gelu_tanh = gelu_tanh,                                    \
        .gelu_tanh_backward = gelu_tanh_backward, .geglu = geglu,                                  \
        .geglu_backward = geglu_backward, .swiglu = swiglu, .swiglu_backward = swiglu_backward,    \
        .dropout = dropout, .norm = norm, .norm_backward = norm_backward, .softmax = softmax,      \
        .softmax_backward = softmax_backward, .max = maximum, .exp_sums = exp_sums,                \
        .scale_shift = scale_shift, .dots = dots, .weighted_sum = weighted_sum, .adam = adam,      \
        .adam_bfloat16 = adam_bfloat16, .mm = mm, .real_product = real_product,                    \
    }
