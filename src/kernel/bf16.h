/* Matrix products of bfloat16 numbers (the upper half of a float), summed as floats.
 *
 * Matrices are reals in memory: each side is rounded to the nearest bfloat16 and put into the order in which
 * the product reads it, a block at a time. Blocks are cut by shape alone, so the result has the same bits with
 * any number of threads. Processors differ in the last bits: those with instructions for it (AMX,
 * AVX512-BF16) sum in another order and take numbers below 2^-126 for 0. */
#ifndef S2S_KERNEL_BF16_H
#define S2S_KERNEL_BF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernels.h"

/* Elements of scratch for a product with these sizes, on at most so many threads. */
size_t s2s_bf16_scratch(int n, int k, int threads);

/* As s2s_gemm and s2s_gemm_parallel (gemm.h), on at most `threads`, with that scratch. */
void s2s_bf16_gemm(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a,
                   int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add,
                   s2s_real *scratch);
void s2s_bf16_gemm_parallel(bool transpose_a, bool transpose_b, int m, int n, int k,
                            const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c,
                            int ldc, bool add, const s2s_real *bias, int threads,
                            s2s_real *scratch);

/* --- for the kernels of this folder --- */

enum { S2S_BF16_COLUMNS = 64, S2S_BF16_DEPTH = 16 /* pairs; inner sizes are rounded up to them */ };

s2s_bf16_product s2s_bf16_product_by_mm;  /* with the mm of the kernels in use */
s2s_bf16_product s2s_bf16_product_avx512; /* AVX512-BF16 */
s2s_bf16_product s2s_bf16_product_amx;

#endif
