/* Tiling of products over threads; see gemm.h. */
#include "kernel/gemm.h"

#include <string.h>

#include "kernel/blas.h"

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

/* Rows and columns of a tile. Many rows and few columns (activations): 256 whole rows. A small C with a
 * long inner size (weight gradients): C is cut in both directions, at least 8 tiles where it is not tiny. */
enum { TILE_ROWS = 256, TILE_COLUMNS = 2048, SMALL_ROWS = 64 };

static int tile_rows(int m, int k) {
    if (m > 8 * TILE_ROWS || k <= m) return TILE_ROWS;
    int eighth = (m / 8 + 15) / 16 * 16; /* whole vectors */
    return eighth < SMALL_ROWS ? SMALL_ROWS : eighth > TILE_ROWS ? TILE_ROWS : eighth;
}

void s2s_gemm_parallel(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a,
                       int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add) {
    int rows = tile_rows(m, k), columns = TILE_COLUMNS;
    int down = (m + rows - 1) / rows, across = (n + columns - 1) / columns;
#pragma omp parallel for schedule(dynamic, 1)
    for (int tile = 0; tile < down * across; tile++) {
        int i = tile / across * rows, j = tile % across * columns;
        int tm = m - i < rows ? m - i : rows, tn = n - j < columns ? n - j : columns;
        const s2s_real *ta = a + (transpose_a ? (size_t)i : (size_t)i * (size_t)lda);
        const s2s_real *tb = b + (transpose_b ? (size_t)j * (size_t)ldb : (size_t)j);
        s2s_gemm(transpose_a, transpose_b, tm, tn, k, ta, lda, tb, ldb, c + (size_t)i * ldc + j,
                 ldc, add);
    }
}
