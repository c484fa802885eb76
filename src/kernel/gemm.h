/* Matrix products: the one door to BLIS and oneDNN.
 *
 * All matrices are row-major. Large products are cut into tiles by their shape alone, each computed by one
 * thread with one library call, so that the result has the same bits with any number of threads. */
#ifndef S2S_KERNEL_GEMM_H
#define S2S_KERNEL_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "kernel/real.h"

/* C = op(A) op(B) (+ C when `add`), C [m x n], inner size k; op transposes when its flag is set. Within a
 * parallel region on the calling thread only; outside of one oneDNN takes threads of its own. */
void s2s_gemm(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a, int lda,
              const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add);

/* The same on all threads, then `bias` (NULL: none) is added to each row. Called outside parallel regions. */
void s2s_gemm_parallel(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a,
                       int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add,
                       const s2s_real *bias);

/* --- what is behind the door, for `s2s bench` and `s2s --version` --- */

/* "oneDNN 2.6.3" or "BLIS 0.9.0 (skx)". */
const char *s2s_gemm_name(void);

#endif
