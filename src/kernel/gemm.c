/* Tiling of products over threads; see gemm.h. */
#include "kernel/gemm.h"

#include <string.h>

#include "kernel/blas.h"
#include "kernel/kernels.h"
#include "kernel/tiles.h"

void s2s_gemm(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a, int lda,
              const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add) {
    if (m <= 0 || n <= 0) return;
    if (k <= 0) { /* oneDNN would leave C as it is */
        for (int i = 0; i < m && !add; i++) memset(c + (size_t)i * ldc, 0, (size_t)n * sizeof *c);
        return;
    }
#ifdef S2S_HAVE_ONEDNN
    s2s_onednn_gemm(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, add, c, ldc);
#else
    s2s_blis_gemm(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, add, c, ldc);
#endif
}

const char *s2s_gemm_name(void) {
#ifdef S2S_HAVE_ONEDNN
    return s2s_onednn_name();
#else
    return s2s_blis_name();
#endif
}

void s2s_gemm_parallel(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a,
                       int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add,
                       const s2s_real *bias) {
    s2s_tiles tiles = s2s_tiles_of(m, n, k);
#pragma omp parallel for schedule(dynamic, 1)
    for (int i = 0; i < tiles.count; i++) {
        s2s_tile t = s2s_tile_at(&tiles, i);
        size_t row = (size_t)t.row, column = (size_t)t.column;
        s2s_gemm(transpose_a, transpose_b, t.rows, t.columns, k,
                 a + (transpose_a ? row : row * (size_t)lda), lda,
                 b + (transpose_b ? column * (size_t)ldb : column), ldb,
                 c + row * (size_t)ldc + column, ldc, add);
        if (bias)
            s2s_kernel()->add_row(c + row * (size_t)ldc + column, ldc, bias + column, t.rows,
                                  t.columns);
    }
}
