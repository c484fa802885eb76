/* The kernels in plain C: the reference that the vector versions are tested against, and what runs on any
 * other processor and in the double-precision build. */
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "kernel/bf16.h"
#include "kernel/int8.h"

typedef s2s_real real;

static const double SQRT_HALF = 0.70710678118654752440, NORMAL_PEAK = 0.39894228040143267794;
static const double SQRT_2_OVER_PI = 0.79788456080286535588, GELU_CUBE = 0.044715;

static void add(real *y, const real *a, const real *b, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

static void axpy(real *y, const real *x, real alpha, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] += alpha * x[i];
}

static double sum_squares(const real *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
    return sum;
}

static void add_row(real *y, int ld, const real *row, int rows, int width) {
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < width; i++) y[(size_t)r * ld + i] += row[i];
}

static void column_sums(real *sums, const real *x, int ld, int rows, int width) {
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < width; i++) sums[i] += x[(size_t)r * ld + i];
}

/* --- activations --- */

static void put(real *to, real value, bool accumulate) {
    *to = accumulate ? *to + value : value;
}

static void relu(real *y, const real *x, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

static void relu_backward(real *dx, const real *dy, const real *y, real scale, size_t n,
                          bool accumulate) {
    for (size_t i = 0; i < n; i++) put(dx + i, y[i] > 0 ? scale * dy[i] : 0, accumulate);
}

static void gelu(real *y, const real *x, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = (real)(0.5 * x[i] * (1 + erf(x[i] * SQRT_HALF)));
}

static void gelu_backward(real *dx, const real *dy, const real *x, size_t n, bool accumulate) {
    for (size_t i = 0; i < n; i++) {
        double cdf = 0.5 * (1 + erf(x[i] * SQRT_HALF));
        double pdf = exp(-0.5 * (double)x[i] * x[i]) * NORMAL_PEAK;
        put(dx + i, (real)(dy[i] * (cdf + x[i] * pdf)), accumulate);
    }
}

static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
}

/* The tanh form of gelu is x times this. */
static double gelu_tanh_gate(double x) {
    return sigmoid(2 * SQRT_2_OVER_PI * (x + GELU_CUBE * x * x * x));
}

static double gelu_tanh_slope(double x) {
    double s = gelu_tanh_gate(x);
    return s + x * s * (1 - s) * 2 * SQRT_2_OVER_PI * (1 + 3 * GELU_CUBE * x * x);
}

static void gelu_tanh(real *y, const real *x, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = (real)(x[i] * gelu_tanh_gate(x[i]));
}

static void gelu_tanh_backward(real *dx, const real *dy, const real *x, size_t n, bool accumulate) {
    for (size_t i = 0; i < n; i++) put(dx + i, (real)(dy[i] * gelu_tanh_slope(x[i])), accumulate);
}

static void geglu(real *y, const real *a, const real *b, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = (real)(a[i] * gelu_tanh_gate(a[i]) * b[i]);
}

static void geglu_backward(real *da, real *db, const real *dy, const real *a, const real *b,
                           size_t n, bool accumulate) {
    for (size_t i = 0; i < n; i++) {
        put(da + i, (real)(dy[i] * b[i] * gelu_tanh_slope(a[i])), accumulate);
        put(db + i, (real)(dy[i] * a[i] * gelu_tanh_gate(a[i])), accumulate);
    }
}

static void swiglu(real *y, const real *a, const real *b, size_t n) {
    for (size_t i = 0; i < n; i++) y[i] = (real)(a[i] * sigmoid(a[i]) * b[i]);
}

static void swiglu_backward(real *da, real *db, const real *dy, const real *a, const real *b,
                            size_t n, bool accumulate) {
    for (size_t i = 0; i < n; i++) {
        double s = sigmoid(a[i]), silu = a[i] * s;
        put(da + i, (real)(dy[i] * b[i] * (s + silu * (1 - s))), accumulate);
        put(db + i, (real)(dy[i] * silu), accumulate);
    }
}

/* --- dropout --- */

/* Numbers of the 128 elements of a block, see s2s_dropout. */
static void block_numbers(const s2s_dropout *dropout, uint64_t block,
                          uint16_t numbers[S2S_DROPOUT_BLOCK]) {
    for (int lane = 0; lane < 16; lane++) {
        uint32_t words[4];
        s2s_philox(dropout->key, block * 16 + (uint64_t)lane, dropout->stream, words);
        for (int group = 0; group < 8; group++)
            numbers[group * 16 + lane] = (uint16_t)(words[group / 2] >> (group % 2 * 16));
    }
}

static void dropout(real *y, const real *x, const real *residual, size_t n,
                    const s2s_dropout *dropout, size_t offset) {
    for (size_t begin = 0; begin < n; begin += S2S_DROPOUT_BLOCK) {
        uint16_t numbers[S2S_DROPOUT_BLOCK];
        block_numbers(dropout, (offset + begin) / S2S_DROPOUT_BLOCK, numbers);
        for (size_t i = begin; i < n && i < begin + S2S_DROPOUT_BLOCK; i++) {
            real kept = numbers[i - begin] >= dropout->threshold ? x[i] * dropout->scale : 0;
            y[i] = residual ? residual[i] + kept : kept;
        }
    }
}

/* --- norms --- */

typedef struct moments {
    double mean, inverse; /* 1 / sqrt(variance + eps) */
} moments;

static moments row_moments(const real *x, int width, real eps, bool center) {
    double mean = 0, variance = 0;
    for (int i = 0; center && i < width; i++) mean += x[i];
    mean /= width;
    for (int i = 0; i < width; i++) variance += (x[i] - mean) * (x[i] - mean);
    return (moments){mean, 1 / sqrt(variance / width + (double)eps)};
}

static void norm(real *y, const real *x, const real *gain, const real *bias, int rows, int width,
                 real eps, bool center) {
    for (int r = 0; r < rows; r++, x += width, y += width) {
        moments row = row_moments(x, width, eps, center);
        for (int i = 0; i < width; i++) {
            double normed = (x[i] - row.mean) * row.inverse;
            y[i] = (real)(normed * (gain ? gain[i] : 1) + (bias ? bias[i] : 0));
        }
    }
}

/* With xhat = (x - mean) inverse and g = dy gain:
 * dx = inverse (g - mean(g) - xhat mean(g xhat)); without centring the mean(g) term is not there. */
static void norm_backward(real *dx, real *dgain, real *dbias, const real *dy, const real *x,
                          const real *gain, int rows, int width, real eps, bool center,
                          bool accumulate) {
    for (int r = 0; r < rows; r++, x += width, dy += width, dx += width) {
        moments row = row_moments(x, width, eps, center);
        double sum = 0, sum_xhat = 0;
        for (int i = 0; i < width; i++) {
            double xhat = (x[i] - row.mean) * row.inverse, g = dy[i] * (gain ? gain[i] : 1);
            sum += g;
            sum_xhat += g * xhat;
            if (dgain) dgain[i] += (real)(dy[i] * xhat);
            if (dbias) dbias[i] += dy[i];
        }
        if (!center) sum = 0;
        for (int i = 0; i < width; i++) {
            double xhat = (x[i] - row.mean) * row.inverse, g = dy[i] * (gain ? gain[i] : 1);
            put(dx + i, (real)(row.inverse * (g - sum / width - xhat * sum_xhat / width)),
                accumulate);
        }
    }
}

/* --- softmax and cross-entropy --- */

static real maximum(const real *x, int n) {
    real max = x[0];
    for (int i = 1; i < n; i++) max = x[i] > max ? x[i] : max;
    return max;
}

static void softmax(real *x, int ld, int rows, int n, int causal, real scale) {
    for (int r = 0; r < rows; r++, x += ld) {
        int seen = causal >= 0 && causal + r + 1 < n ? causal + r + 1 : n;
        double sum = 0, max = scale * (double)maximum(x, seen);
        for (int i = 0; i < seen; i++) {
            x[i] = (real)exp(scale * (double)x[i] - max);
            sum += x[i];
        }
        for (int i = 0; i < seen; i++) x[i] = (real)(x[i] / sum);
        for (int i = seen; i < n; i++) x[i] = 0;
    }
}

static void softmax_backward(real *dp, const real *p, int ld, int rows, int n, real scale) {
    for (int r = 0; r < rows; r++, dp += ld, p += ld) {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += (double)p[i] * dp[i];
        for (int i = 0; i < n; i++) dp[i] = (real)(scale * p[i] * (dp[i] - sum));
    }
}

static void exp_sums(real *x, int n, real max, double *exp_sum, double *sum) {
    double e = 0, s = 0;
    for (int i = 0; i < n; i++) {
        s += x[i];
        x[i] = (real)exp((double)x[i] - max);
        e += x[i];
    }
    *exp_sum = e;
    *sum = s;
}

static void scale_shift(real *x, int n, real scale, real shift) {
    for (int i = 0; i < n; i++) x[i] = scale * x[i] + shift;
}

/* --- attention over rows that lie apart --- */

static void dots(real *scores, const real *q, const real *const *keys, int offset, int n,
                 int width) {
    for (int i = 0; i < n; i++) {
        const real *key = keys[i] + offset;
        double sum = 0;
        for (int j = 0; j < width; j++) sum += (double)q[j] * key[j];
        scores[i] = (real)sum;
    }
}

static void weighted_sum(real *y, const real *p, const real *const *values, int offset, int n,
                         int width) {
    memset(y, 0, (size_t)width * sizeof *y);
    for (int i = 0; i < n; i++) axpy(y, values[i] + offset, p[i], (size_t)width);
}

/* --- optimizer --- */

/* One element; m and v are what the next step begins with. */
static void adam_element(real *value, real *gradient, real *m, real *v, const s2s_adam *o) {
    real g = *gradient * o->gradient_scale + o->l2 * *value;
    *m = o->beta1 * *m + (1 - o->beta1) * g;
    *v = o->beta2 * *v + (1 - o->beta2) * g * g;
    real update = o->step * *m / ((real)sqrt((double)*v) * o->root + o->eps);
    *value -= update + o->decay * *value;
    *gradient = 0;
}

static void adam(real *value, real *gradient, real *m, real *v, size_t n, const s2s_adam *o) {
    for (size_t i = 0; i < n; i++) adam_element(value + i, gradient + i, m + i, v + i, o);
}

/* See s2s_rounding. */
static uint32_t rounding_number(const s2s_rounding *rounding, uint32_t i) {
    uint32_t x = i ^ rounding->key[0];
    x = (x ^ x >> 16) * 0x7FEB352Du;
    x = (x ^ x >> 15 ^ rounding->key[1]) * 0x846CA68Bu;
    return x ^ x >> 16;
}

static void adam_bfloat16(real *value, real *gradient, s2s_bfloat16 *m, s2s_bfloat16 *v, size_t n,
                          const s2s_adam *o, const s2s_rounding *rounding) {
    for (size_t i = 0; i < n; i++) {
        real first = s2s_bfloat16_widen(m[i]), second = s2s_bfloat16_widen(v[i]);
        uint32_t number = rounding_number(rounding, (uint32_t)i);
        adam_element(value + i, gradient + i, &first, &second, o);
        m[i] = s2s_bfloat16_round((float)first, number & 0xFFFF);
        v[i] = s2s_bfloat16_round((float)second, number >> 16);
    }
}

/* --- products --- */

static void transpose(real *dst, int ldd, const real *src, int lds, int rows, int columns) {
    for (int c = 0; c < columns; c++)
        for (int r = 0; r < rows; r++) dst[(size_t)c * ldd + r] = src[(size_t)r * lds + c];
}

static void mm(int m, int n, int k, const real *a, int row, int column, const real *b, int ldb,
               real *c, int ldc, bool accumulate) {
    for (int i = 0; i < m; i++) {
        real *out = c + (size_t)i * ldc;
        if (!accumulate) memset(out, 0, (size_t)n * sizeof *out);
        for (int p = 0; p < k; p++)
            axpy(out, b + (size_t)p * ldb, a[(size_t)i * row + (size_t)p * column], (size_t)n);
    }
}

static void real_product(int m, int columns, int k, const real *a, int lda, const real *panel,
                         const real *bias, real *c, int ldc) {
    mm(m, columns, k, a, lda, 1, panel, S2S_PANEL, c, ldc, false);
    if (bias) add_row(c, ldc, bias, m, columns);
}

/* --- bfloat16 --- */

static s2s_bf16_pair pair_of(real first, real second) {
    return s2s_bfloat16_nearest((float)first) | (s2s_bf16_pair)s2s_bfloat16_nearest((float)second)
                                                    << 16;
}

static void pair_in_rows(s2s_bf16_pair *dst, int ldd, const real *x, int ldx, int rows, int width) {
    for (int r = 0; r < rows; r++, dst += ldd, x += ldx)
        for (int p = 0; p < ldd; p++)
            dst[p] = pair_of(2 * p < width ? x[2 * p] : 0, 2 * p + 1 < width ? x[2 * p + 1] : 0);
}

static void pair_of_rows(s2s_bf16_pair *dst, int ldd, const real *x, int ldx, int rows, int width) {
    for (int r = 0; r < rows; r += 2, dst += ldd, x += 2 * (size_t)ldx)
        for (int i = 0; i < width; i++) dst[i] = pair_of(x[i], r + 1 < rows ? x[ldx + i] : 0);
}

static void transpose_pairs(s2s_bf16_pair *dst, int ldd, const s2s_bf16_pair *src, int lds,
                            int rows, int columns) {
    for (int c = 0; c < columns; c++)
        for (int r = 0; r < rows; r++) dst[(size_t)c * ldd + r] = src[(size_t)r * lds + c];
}

/* --- int8 --- */

static void quantize(const s2s_int8_rows *rows, const real *x, int ldx, int n, int width) {
    for (int r = 0; r < n; r++, x += ldx) {
        int8_t *q = rows->q + (size_t)r * rows->ld;
        real largest = 0;
        for (int i = 0; i < width; i++) largest = fmax(largest, fabs(x[i]));
        for (int i = 0; i < width; i++) largest += x[i] - x[i]; /* NaN where one is not finite */
        real raise = largest > 0 ? 127 / largest : 0;
        int32_t sum = 0;
        for (int i = 0; i < width; i++) sum += q[i] = (int8_t)lrint((double)(x[i] * raise));
        memset(q + width, 0, rows->ld - (size_t)width);
        rows->scale[r] = largest / 127;
        rows->sum[r] = sum;
    }
}

static void int8_product(int m, int columns, const s2s_int8_rows *a, const unsigned char *panel,
                         const real *bias, real *c, int ldc) {
    const float *scales = s2s_int8_scales(a, panel);
    for (int r = 0; r < m; r++)
        for (int j = 0; j < columns; j++) {
            const int8_t *q = a->q + (size_t)r * a->ld;
            int32_t sum = -128 * a->sum[r];
            for (size_t i = 0; i < a->ld; i++)
                sum += q[i] * panel[(i / 4 * S2S_PANEL + (size_t)j) * 4 + i % 4];
            c[(size_t)r * ldc + j] = (real)sum * (a->scale[r] * scales[j]) + (bias ? bias[j] : 0);
        }
}

const s2s_kernels s2s_kernels_generic = {
    .name = "generic",
    .add = add,
    .axpy = axpy,
    .sum_squares = sum_squares,
    .add_row = add_row,
    .column_sums = column_sums,
    .relu = relu,
    .relu_backward = relu_backward,
    .gelu = gelu,
    .gelu_backward = gelu_backward,
    .gelu_tanh = gelu_tanh,
    .gelu_tanh_backward = gelu_tanh_backward,
    .geglu = geglu,
    .geglu_backward = geglu_backward,
    .swiglu = swiglu,
    .swiglu_backward = swiglu_backward,
    .dropout = dropout,
    .norm = norm,
    .norm_backward = norm_backward,
    .softmax = softmax,
    .softmax_backward = softmax_backward,
    .max = maximum,
    .exp_sums = exp_sums,
    .scale_shift = scale_shift,
    .dots = dots,
    .weighted_sum = weighted_sum,
    .adam = adam,
    .adam_bfloat16 = adam_bfloat16,
    .transpose = transpose,
    .mm = mm,
    .real_product = real_product,
    .quantize = quantize,
    .int8_product = int8_product,
    .pair_in_rows = pair_in_rows,
    .pair_of_rows = pair_of_rows,
    .transpose_pairs = transpose_pairs,
    .bf16_product = s2s_bf16_product_by_mm,
};
