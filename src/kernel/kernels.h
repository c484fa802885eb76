/* Vector kernels: what lies between the matrix products. Each works on one thread's piece.
 *
 * kernels_generic.c is the reference in plain C, for every element type. kernels_avx2.c and
 * kernels_avx512.c are made of vector_body.h, compiled with their own flags; the best one that the
 * processor has is chosen once. S2S_KERNELS=generic|avx2|avxvnni|avx512|avx512vnni|avx512bf16|amx in the environment
 * overrides it; those that end in "vnni" or "bf16", and amx, differ from their base in the products of int8
 * and bfloat16 alone.
 *
 * Rows are row-major; `ld` is the distance of two rows in elements. Output may be the same memory as an input
 * where a comment says "in place". */
#ifndef S2S_KERNEL_KERNELS_H
#define S2S_KERNEL_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "kernel/bfloat16.h"
#include "kernel/real.h"

/* A dropout mask (Srivastava et al. 2014) that is drawn anew wherever it is needed. Element e of a tensor
 * is kept when its 16-bit number is at least `threshold`, then multiplied by `scale`.
 *
 * The numbers come in blocks of 128 elements: lane l = e % 16 of block b = e / 128 uses Philox counter
 * (16 b + l, stream), and element group g = e % 128 / 16 takes half-word g of its four words (low half of
 * word 0, high half of word 0, low half of word 1, ...). So 16 neighbours need 16 neighbouring counters,
 * which is what a vector unit likes. */
typedef struct s2s_dropout {
    uint64_t key, stream;
    uint32_t threshold; /* 0: everything is kept */
    s2s_real scale;
} s2s_dropout;

enum { S2S_DROPOUT_BLOCK = 128 };

/* Rate p in [0, 1), rounded to 1/65536. */
s2s_dropout s2s_dropout_make(double rate, uint64_t key, uint64_t stream);

/* One Adam step (Kingma and Ba 2015), with decoupled weight decay (Loshchilov and Hutter 2019). */
typedef struct s2s_adam {
    s2s_real beta1, beta2, eps;
    s2s_real step;           /* learning rate / (1 - beta1^t) */
    s2s_real root;           /* 1 / sqrt(1 - beta2^t) */
    s2s_real gradient_scale; /* the gradient is multiplied by this first */
    s2s_real decay;          /* AdamW: value -= decay * value */
    s2s_real l2;             /* Adam: gradient += l2 * value */
} s2s_adam;

/* Random numbers for rounding to bfloat16 (stochastic rounding, Gupta et al. 2015). Element i of a call has
 *
 *   x = i ^ key[0];  x ^= x >> 16;  x *= 0x7FEB352D;  x ^= x >> 15 ^ key[1];  x *= 0x846CA68B;  x ^= x >> 16
 *
 * (Wellons' integer hash "lowbias32" with a second key word inside), the low half for the first moment and the high
 * half for the second. Eleven operations a vector for two numbers a lane: rounding needs numbers that are uniform
 * and do not follow the gradient, not Philox's independence of everything from everything. That of different calls
 * comes from the key, which the caller mixes anew for each. */
typedef struct s2s_rounding {
    uint32_t key[2];
} s2s_rounding;

/* Rows as signed bytes: element i of row r is about q[r ld + i] scale[r]. Beyond a row's width, up to `ld`
 * (a multiple of 4), are zeros. */
typedef struct s2s_int8_rows {
    int8_t *q;
    size_t ld;
    s2s_real *scale;
    int32_t *sum; /* of the q of each row */
} s2s_int8_rows;

/* C [m x columns] = A [m x k] W^T (+ bias unless NULL), W a panel of real weights (packed.h) of which `columns` are used.
 * A row of C depends on its row of A alone, bit for bit, whatever m is. */
typedef void s2s_real_product(int m, int columns, int k, const s2s_real *a, int lda,
                              const s2s_real *panel, const s2s_real *bias, s2s_real *c, int ldc);

/* C [m x columns] = A W^T (+ bias), W a panel of int8 weights (packed.h) of which `columns` are used. */
typedef void s2s_int8_product(int m, int columns, const s2s_int8_rows *a,
                              const unsigned char *panel, const s2s_real *bias, s2s_real *c,
                              int ldc);

/* Two bfloat16 numbers (the upper halves of floats) that are neighbours along the inner index of a product,
 * the first in the lower half. */
typedef uint32_t s2s_bf16_pair;

/* C [m x columns] (+)= A B, the columns at most 64. A: rows of `lda` pairs; B: `pairs` rows of 64; `pairs` is
 * a multiple of 16, with zeros behind the inner size (bf16.h). */
typedef void s2s_bf16_product(int m, int columns, int pairs, const s2s_bf16_pair *a, int lda,
                              const s2s_bf16_pair *b, s2s_real *c, int ldc, bool add);

typedef struct s2s_kernels {
    const char *name;

    /* y = a + b; in place */
    void (*add)(s2s_real *y, const s2s_real *a, const s2s_real *b, size_t n);
    /* y += alpha x */
    void (*axpy)(s2s_real *y, const s2s_real *x, s2s_real alpha, size_t n);
    double (*sum_squares)(const s2s_real *x, size_t n);
    /* y[r] += row for each of `rows` rows */
    void (*add_row)(s2s_real *y, int ld, const s2s_real *row, int rows, int width);
    /* sums += the sum of the rows of x */
    void (*column_sums)(s2s_real *sums, const s2s_real *x, int ld, int rows, int width);

    /* y = max(x, 0); in place. dx (+)= scale dy where y > 0; dx may be dy */
    void (*relu)(s2s_real *y, const s2s_real *x, size_t n);
    void (*relu_backward)(s2s_real *dx, const s2s_real *dy, const s2s_real *y, s2s_real scale,
                          size_t n, bool add);
    /* y = x Phi(x) with the normal distribution function Phi (Hendrycks and Gimpel 2016); in place.
     * dx (+)= ...; dx may be dy */
    void (*gelu)(s2s_real *y, const s2s_real *x, size_t n);
    void (*gelu_backward)(s2s_real *dx, const s2s_real *dy, const s2s_real *x, size_t n, bool add);
    /* The same with the tanh form, y = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3) (ibid.) */
    void (*gelu_tanh)(s2s_real *y, const s2s_real *x, size_t n);
    void (*gelu_tanh_backward)(s2s_real *dx, const s2s_real *dy, const s2s_real *x, size_t n,
                               bool add);
    /* y = gelu_tanh(a) b (Shazeer 2020) */
    void (*geglu)(s2s_real *y, const s2s_real *a, const s2s_real *b, size_t n);
    void (*geglu_backward)(s2s_real *da, s2s_real *db, const s2s_real *dy, const s2s_real *a,
                           const s2s_real *b, size_t n, bool add);
    /* y = a sigmoid(a) b (ibid.) */
    void (*swiglu)(s2s_real *y, const s2s_real *a, const s2s_real *b, size_t n);
    void (*swiglu_backward)(s2s_real *da, s2s_real *db, const s2s_real *dy, const s2s_real *a,
                            const s2s_real *b, size_t n, bool add);

    /* y = mask(x) (+ residual when not NULL); in place. `offset`, a multiple of S2S_DROPOUT_BLOCK, is the
     * number of the first element. */
    void (*dropout)(s2s_real *y, const s2s_real *x, const s2s_real *residual, size_t n,
                    const s2s_dropout *dropout, size_t offset);

    /* y = gain (x - mean) / sqrt(variance + eps) + bias (Ba et al. 2016); without `center` the mean counts
     * as 0 (RMS norm, Zhang and Sennrich 2019). gain and bias may be NULL. In place. */
    void (*norm)(s2s_real *y, const s2s_real *x, const s2s_real *gain, const s2s_real *bias,
                 int rows, int width, s2s_real eps, bool center);
    /* dx (+)= ...; dgain, dbias += ... (NULL: not wanted). dx may be dy. */
    void (*norm_backward)(s2s_real *dx, s2s_real *dgain, s2s_real *dbias, const s2s_real *dy,
                          const s2s_real *x, const s2s_real *gain, int rows, int width,
                          s2s_real eps, bool center, bool add);

    /* x = softmax(scale x) over the first `n` elements of each row; with `causal` >= 0 row r has only
     * min(n, causal + r + 1) and the rest up to n becomes 0. In place. */
    void (*softmax)(s2s_real *x, int ld, int rows, int n, int causal, s2s_real scale);
    /* dp becomes the gradient before the softmax: scale p (dp - sum p dp) */
    void (*softmax_backward)(s2s_real *dp, const s2s_real *p, int ld, int rows, int n,
                             s2s_real scale);

    /* Of one row: its maximum. Then x = exp(x - max), with the sums of the old and of the new values. */
    s2s_real (*max)(const s2s_real *x, int n);
    void (*exp_sums)(s2s_real *x, int n, s2s_real max, double *exp_sum, double *sum);
    /* x = scale x + shift */
    void (*scale_shift)(s2s_real *x, int n, s2s_real scale, s2s_real shift);

    /* scores[i] = q . keys[i][offset ..]; y = sum of p[i] values[i][offset ..]; rows of `width` */
    void (*dots)(s2s_real *scores, const s2s_real *q, const s2s_real *const *keys, int offset,
                 int n, int width);
    void (*weighted_sum)(s2s_real *y, const s2s_real *p, const s2s_real *const *values, int offset,
                         int n, int width);

    /* One pass of the optimizer; clears the gradient. */
    void (*adam)(s2s_real *value, s2s_real *gradient, s2s_real *m, s2s_real *v, size_t n,
                 const s2s_adam *adam);
    /* The same with moments that are stored as bfloat16; n at most 2^32. */
    void (*adam_bfloat16)(s2s_real *value, s2s_real *gradient, s2s_bfloat16 *m, s2s_bfloat16 *v,
                          size_t n, const s2s_adam *adam, const s2s_rounding *rounding);

    /* dst [columns x ldd] = the transpose of src [rows x lds] */
    void (*transpose)(s2s_real *dst, int ldd, const s2s_real *src, int lds, int rows, int columns);

    /* C (+)= A B for small products. A's element (i, p) is a[i * row + p * column], so that A may be
     * transposed; B [k x n] and C [m x n] are row-major. A row of C depends on its row of A alone, bit for
     * bit, whatever m is. */
    void (*mm)(int m, int n, int k, const s2s_real *a, int row, int column, const s2s_real *b,
               int ldb, s2s_real *c, int ldc, bool add);

    s2s_real_product *real_product;

    /* Each row by its largest |x|, which becomes 127; a row of zeros has scale 0, and one with a number
     * that is not finite has scale NaN, so that what is made of it tells. */
    void (*quantize)(const s2s_int8_rows *rows, const s2s_real *x, int ldx, int n, int width);
    s2s_int8_product *int8_product;

    /* Rounded to the nearest bfloat16, pairs of neighbours in a row (the last one may be paired with 0; zeros
     * follow up to ldd), and pairs of two rows (the last one may be paired with a row of zeros). */
    void (*pair_in_rows)(s2s_bf16_pair *dst, int ldd, const s2s_real *x, int ldx, int rows,
                         int width);
    void (*pair_of_rows)(s2s_bf16_pair *dst, int ldd, const s2s_real *x, int ldx, int rows,
                         int width);
    void (*transpose_pairs)(s2s_bf16_pair *dst, int ldd, const s2s_bf16_pair *src, int lds,
                            int rows, int columns);
    s2s_bf16_product *bf16_product;
} s2s_kernels;

extern const s2s_kernels s2s_kernels_generic;
#ifdef S2S_HAVE_AVX_KERNELS
extern const s2s_kernels s2s_kernels_avx2, s2s_kernels_avxvnni, s2s_kernels_avx512,
    s2s_kernels_avx512vnni, s2s_kernels_avx512bf16, s2s_kernels_amx;
#endif

/* The kernels in use. */
const s2s_kernels *s2s_kernel(void);
/* S2S_USAGE where S2S_KERNELS names kernels that this build or processor does not have; the best are in use then. */
s2s_status s2s_kernel_check(s2s_err *err);
/* Chooses by name; false when this build or processor has none of that name. For tests and benchmarks. */
bool s2s_kernel_choose(const char *name);

#endif
