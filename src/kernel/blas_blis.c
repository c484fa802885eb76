/* BLIS (Van Zee and van de Geijn 2015), with its choice of kernels corrected.
 *
 * BLIS 0.9 knows processors by a list of models and falls back to slow kernels on newer ones. What counts is
 * only which instructions the processor has, so the architecture is chosen from these before BLIS's first
 * call, through BLIS_ARCH_TYPE; its numbers differ between versions, so the name is looked up. A value that
 * the user set wins. */
#include <blis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "kernel/blas.h"

/* The name is asked for number by number; the table behind bli_arch_string has BLIS_NUM_ARCHS entries. */
static int arch_number(const char *name) {
    for (int id = 0; id < BLIS_NUM_ARCHS; id++)
        if (!strcmp(bli_arch_string((arch_t)id), name)) return id;
    return -1;
}

/* Runs before main: BLIS reads the environment once, at its first call. */
__attribute__((constructor)) static void correct_architecture(void) {
    const s2s_cpu *cpu = s2s_cpu_features();
    const char *name = cpu->avx512 ? "skx" : cpu->avx2 && cpu->fma ? "haswell" : NULL;
    int id = name ? arch_number(name) : -1;
    char number[16];
    snprintf(number, sizeof number, "%d", id);
    if (id >= 0) setenv("BLIS_ARCH_TYPE", number, 0);
}

void s2s_blis_gemm(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a,
                   int lda, const s2s_real *b, int ldb, s2s_real beta, s2s_real *c, int ldc) {
    rntm_t one_thread = BLIS_RNTM_INITIALIZER;
    bli_rntm_set_num_threads(1, &one_thread);
    obj_t ma, mb, mc, scale_ab, scale_c;
    s2s_real one = 1;
    const num_t type = sizeof(s2s_real) == sizeof(double) ? BLIS_DOUBLE : BLIS_FLOAT;
    bli_obj_create_1x1_with_attached_buffer(type, &one, &scale_ab);
    bli_obj_create_1x1_with_attached_buffer(type, &beta, &scale_c);
    bli_obj_create_with_attached_buffer(type, transpose_a ? k : m, transpose_a ? m : k,
                                        (void *)(size_t)a, lda, 1, &ma);
    bli_obj_create_with_attached_buffer(type, transpose_b ? n : k, transpose_b ? k : n,
                                        (void *)(size_t)b, ldb, 1, &mb);
    bli_obj_create_with_attached_buffer(type, m, n, c, ldc, 1, &mc);
    if (transpose_a) bli_obj_set_conjtrans(BLIS_TRANSPOSE, &ma);
    if (transpose_b) bli_obj_set_conjtrans(BLIS_TRANSPOSE, &mb);
    bli_gemm_ex(&scale_ab, &ma, &mb, &scale_c, &mc, NULL, &one_thread);
}

const char *s2s_blis_name(void) {
    static char name[64];
    bli_init(); /* the architecture is known only after it */
    snprintf(name, sizeof name, "BLIS %s (%s)", bli_info_get_version_str(),
             bli_arch_string(bli_arch_query_id()));
    return name;
}
