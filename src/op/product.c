/* See product.h. */
#include "op/product.h"

#include "kernel/bf16.h"
#include "kernel/gemm.h"

static bool is_bf16(const s2s_run *run) {
    return run->plan->precision == S2S_BFLOAT16;
}

void s2s_op_product(const s2s_run *run, bool transpose_a, bool transpose_b, int m, int n, int k,
                    const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc,
                    bool add, const s2s_real *bias, s2s_real *scratch) {
    if (is_bf16(run))
        s2s_bf16_gemm_parallel(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, add, bias,
                               s2s_run_threads(run), scratch);
    else
        s2s_gemm_parallel(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, add, bias);
}

void s2s_op_product_here(const s2s_run *run, bool transpose_a, bool transpose_b, int m, int n,
                         int k, const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c,
                         int ldc, bool add, s2s_real *scratch) {
    if (is_bf16(run))
        s2s_bf16_gemm(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, add, scratch);
    else
        s2s_gemm(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, add);
}

size_t s2s_op_product_scratch(const s2s_run *run, int n, int k) {
    return is_bf16(run) ? s2s_bf16_scratch(n, k, run->threads) : 0;
}

size_t s2s_op_product_here_scratch(const s2s_run *run, int n, int k) {
    return is_bf16(run) ? s2s_bf16_scratch(n, k, 1) : 0;
}
