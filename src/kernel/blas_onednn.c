/* oneDNN's sgemm. Within a parallel region it runs on the calling thread. */
#include <dnnl.h>
#include <stdio.h>

#include "kernel/blas.h"

void s2s_onednn_gemm(bool transpose_a, bool transpose_b, int m, int n, int k, const float *a,
                     int lda, const float *b, int ldb, float beta, float *c, int ldc) {
    dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1.0f, a, lda, b, ldb,
               beta, c, ldc);
}

const char *s2s_onednn_name(void) {
    static char name[48];
    const dnnl_version_t *version = dnnl_version();
    snprintf(name, sizeof name, "oneDNN %d.%d.%d", version->major, version->minor, version->patch);
    return name;
}
