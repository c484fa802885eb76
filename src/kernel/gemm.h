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

/* The same on all threads. Called outside parallel regions. */
void s2s_gemm_parallel(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a,
                       int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add);

/* --- weights packed once, for products with few rows (decoding) --- */

/* A weight [out x in] in panels of columns; immutable. Owner: who made it. */
typedef struct s2s_packed {
    s2s_real *panels; /* [ceil(out / panel)] [in] [panel] */
    int out, in, panel;
    size_t bytes;
} s2s_packed;

s2s_status s2s_packed_create(s2s_packed *packed, const s2s_real *weight, int out, int in,
                             s2s_err *err);
void s2s_packed_release(s2s_packed *packed);

/* C [m x out] = A [m x in] W^T on all threads. A row of C depends on its row of A alone, bit for bit: what
 * else is in the batch does not matter. */
void s2s_gemm_packed(int m, const s2s_real *a, int lda, const s2s_packed *weight, s2s_real *c,
                     int ldc);

/* --- what is behind the door, for `s2s bench` and `s2s --version` --- */

/* "oneDNN 2.6.3" or "BLIS 0.9.0 (skx)". */
const char *s2s_gemm_name(void);

#endif
