/* Matrix products of ops, in the precision of their plan; private to op/. */
#ifndef S2S_OP_PRODUCT_H
#define S2S_OP_PRODUCT_H

#include "tensor/run.h"

/* C (+)= op(A) op(B), then `bias` (NULL: none) to each row: on all threads, and on the calling one without a
 * bias. See gemm.h. */
void s2s_op_product(const s2s_run *run, bool transpose_a, bool transpose_b, int m, int n, int k,
                    const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc,
                    bool add, const s2s_real *bias, s2s_real *scratch);
void s2s_op_product_here(const s2s_run *run, bool transpose_a, bool transpose_b, int m, int n,
                         int k, const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c,
                         int ldc, bool add, s2s_real *scratch);

/* Elements of scratch for either with these sizes. */
size_t s2s_op_product_scratch(const s2s_run *run, int n, int k);
size_t s2s_op_product_here_scratch(const s2s_run *run, int n, int k);

#endif
