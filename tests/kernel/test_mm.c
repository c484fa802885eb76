/* The small product of each kernel against three plain loops, and that its rows stand alone. */
#include <math.h>
#include <string.h>

#include "trial.h"

typedef struct product {
    int m, n, k, row, column, ldb, ldc;
    const s2s_real *a, *b;
} product;

static double element(const product *p, int i, int j, double begin) {
    double sum = begin;
    for (int e = 0; e < p->k; e++)
        sum += (double)p->a[(size_t)i * (size_t)p->row + (size_t)e * (size_t)p->column] *
               (double)p->b[(size_t)e * (size_t)p->ldb + (size_t)j];
    return sum;
}

static void check_product(const s2s_kernels *kernels, const product *p, s2s_real *c, bool adds) {
    const double before = 0.5;
    for (int i = 0; i < p->m * p->ldc; i++) c[i] = (s2s_real)before;
    kernels->mm(p->m, p->n, p->k, p->a, p->row, p->column, p->b, p->ldb, c, p->ldc, adds);
    for (int i = 0; i < p->m; i++)
        for (int j = 0; j < p->ldc; j++) {
            double value = (double)c[(size_t)i * (size_t)p->ldc + (size_t)j];
            double expected = j < p->n ? element(p, i, j, adds ? before : 0) : before;
            if (fabs(value - expected) > 2e-6 * (1 + 4 * p->k))
                fail_msg("%s, %d x %d x %d, element %d %d: %g, expected %g", kernels->name, p->m,
                         p->n, p->k, i, j, value, expected);
        }
}

enum { MOST_M = 26, MOST_N = 67, MOST_K = 17, GAP = 2 };

/* A and B and C end at their pages' ends; A once by rows, once transposed. */
static void check_shape(const s2s_kernels *kernels, int m, int n, int k) {
    static s2s_real *rooms[3];
    const size_t room = MOST_N * MOST_N;
    for (int i = 0; i < 3; i++)
        if (!rooms[i]) rooms[i] = guarded(room);
    for (int way = 0; way < 8; way++) {
        bool transposed = way & 1, adds = way & 2;
        int gap = way & 4 ? GAP : 0, lda = (transposed ? m : k) + gap;
        size_t a = (size_t)(transposed ? k : m) * (size_t)lda, b = (size_t)k * (size_t)(n + gap);
        s2s_real *pa = rooms[0] + room - a, *pb = rooms[1] + room - b;
        s2s_real *pc = rooms[2] + room - (size_t)m * (size_t)(n + gap);
        fill_uniform(pa, a, 1);
        fill_uniform(pb, b, 2);
        product p = {m, n, k, transposed ? 1 : lda, transposed ? lda : 1, n + gap, n + gap, pa, pb};
        check_product(kernels, &p, pc, adds);
    }
}

static void small_shapes(void **state) {
    (void)state;
    const int inner[] = {0, 1, 2, 3, 5, 8, MOST_K};
    kernel_list kernels = kernels_here();
    for (int i = 0; i < kernels.n; i++)
        for (int m = 1; m <= MOST_M; m++)
            for (int n = 1; n <= MOST_N; n++)
                check_shape(kernels.items[i], m, n, inner[(m + n) % 7]);
    for (int i = 0; i < kernels.n; i++)
        for (int m = 1; m <= 13; m += 3)
            for (int n = 1; n <= 34; n++)
                for (int k = 0; k < 7; k++) check_shape(kernels.items[i], m, n, inner[k]);
}

/* The bits of a row of C do not depend on how many rows are computed with it. */
static void rows_stand_alone(void **state) {
    (void)state;
    enum { M = 40, N = 211, K = 133 };
    static s2s_real a[M * K], b[K * N], all[M * N], some[M * N];
    fill_uniform(a, M * K, 1);
    fill_uniform(b, K * N, 2);
    kernel_list kernels = kernels_here();
    for (int i = 0; i < kernels.n; i++) {
        kernels.items[i]->mm(M, N, K, a, K, 1, b, N, all, N, false);
        for (int m = 1; m <= 13; m++)
            for (int first = 0; first + m <= M; first += m) {
                kernels.items[i]->mm(m, N, K, a + first * K, K, 1, b, N, some, N, false);
                assert_memory_equal(some, all + first * N, (size_t)(m * N) * sizeof *all);
            }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_shapes),
        cmocka_unit_test(rows_stand_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
