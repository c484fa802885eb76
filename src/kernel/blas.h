/* The libraries behind gemm.h; private to this folder. Each computes C = alpha op(A) op(B) + beta C on the
 * calling thread. */
#ifndef S2S_KERNEL_BLAS_H
#define S2S_KERNEL_BLAS_H

#include <stdbool.h>

#include "kernel/real.h"

typedef void s2s_blas_gemm(bool transpose_a, bool transpose_b, int m, int n, int k,
                           const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real beta,
                           s2s_real *c, int ldc);

s2s_blas_gemm s2s_blis_gemm;
const char *s2s_blis_name(void);

#ifdef S2S_HAVE_ONEDNN
s2s_blas_gemm s2s_onednn_gemm;
const char *s2s_onednn_name(void);
#endif

#endif
