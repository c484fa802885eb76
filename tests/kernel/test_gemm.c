/* The gemm door: every transposition against plain loops, and the same bits with any number of
 * threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "kernel/gemm.h"
#include "trial.h"

typedef void gemm_function(bool transpose_a, bool transpose_b, int m, int n, int k,
                           const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c,
                           int ldc, bool add);

typedef struct shape {
    int m, n, k;
} shape;

/* op(A) and op(B) with rows that lie `gap` further apart than they must. */
typedef struct operands {
    bool transpose_a, transpose_b;
    int lda, ldb, ldc;
    s2s_real *a, *b, *c;
    size_t c_size;
} operands;

static operands make_operands(shape s, int way, int gap) {
    operands o = {.transpose_a = way & 1, .transpose_b = way & 2, .ldc = s.n + gap};
    o.lda = (o.transpose_a ? s.m : s.k) + gap;
    o.ldb = (o.transpose_b ? s.k : s.n) + gap;
    size_t a = (size_t)(o.transpose_a ? s.k : s.m) * (size_t)o.lda + 1;
    size_t b = (size_t)(o.transpose_b ? s.n : s.k) * (size_t)o.ldb + 1;
    o.c_size = (size_t)s.m * (size_t)o.ldc;
    o.a = malloc(a * sizeof *o.a);
    o.b = malloc(b * sizeof *o.b);
    o.c = malloc((o.c_size + 1) * sizeof *o.c);
    assert_true(o.a && o.b && o.c);
    fill_uniform(o.a, a, 1);
    fill_uniform(o.b, b, 2);
    fill_uniform(o.c, o.c_size, 3);
    return o;
}

static void free_operands(operands *o) {
    free(o->a);
    free(o->b);
    free(o->c);
}

static void call(gemm_function *gemm, shape s, const operands *o, bool adds) {
    gemm(o->transpose_a, o->transpose_b, s.m, s.n, s.k, o->a, o->lda, o->b, o->ldb, o->c, o->ldc,
         adds);
}

static double expected_element(shape s, const operands *o, int i, int j) {
    double sum = 0;
    for (int p = 0; p < s.k; p++) {
        size_t a = o->transpose_a ? (size_t)p * (size_t)o->lda + (size_t)i
                                  : (size_t)i * (size_t)o->lda + (size_t)p;
        size_t b = o->transpose_b ? (size_t)j * (size_t)o->ldb + (size_t)p
                                  : (size_t)p * (size_t)o->ldb + (size_t)j;
        sum += (double)o->a[a] * (double)o->b[b];
    }
    return sum;
}

static void check_gemm(gemm_function *gemm, shape s, int way, int gap) {
    bool adds = way & 4;
    operands o = make_operands(s, way, gap), before = make_operands(s, way, gap);
    call(gemm, s, &o, adds);
    for (int i = 0; i < s.m; i++)
        for (int j = 0; j < o.ldc; j++) {
            size_t at = (size_t)i * (size_t)o.ldc + (size_t)j;
            double expected = j < s.n ? expected_element(s, &o, i, j) : 0,
                   old = (double)before.c[at];
            if (adds || j >= s.n) expected += old;
            if (fabs((double)o.c[at] - expected) > 1e-5 * (4 + sqrt((double)s.k) * 5))
                fail_msg("%d x %d x %d, way %d, gap %d, element %d %d: %g, expected %g", s.m, s.n,
                         s.k, way, gap, i, j, (double)o.c[at], expected);
        }
    free_operands(&o);
    free_operands(&before);
}

static const shape shapes[] = {{1, 1, 1},    {1, 7, 3},     {5, 1, 9},      {3, 4, 0},
                               {0, 3, 2},    {2, 0, 2},     {17, 33, 5},    {64, 64, 64},
                               {65, 3, 130}, {300, 19, 40}, {130, 65, 700}, {9, 2100, 6}};
enum { SHAPES = sizeof shapes / sizeof *shapes, WAYS = 8 };

static void products_are_right(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; i < SHAPES; i++)
        for (int way = 0; way < WAYS; way++) {
            check_gemm(s2s_gemm, shapes[i], way, 0);
            check_gemm(s2s_gemm, shapes[i], way, 3);
            check_gemm(s2s_gemm_parallel, shapes[i], way, 0);
            check_gemm(s2s_gemm_parallel, shapes[i], way, 3);
        }
}

/* Tall, wide, and small with a long inner size: what activations, logits and weight gradients are.
 */
static const shape large[] = {
    {1030, 70, 90}, {70, 4200, 30}, {128, 96, 3000}, {700, 300, 200}, {2100, 24, 2110}};

static void threads_do_not_matter(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        for (int way = 0; way < WAYS; way++) {
            operands one = make_operands(large[i], way, 1);
            s2s_threads_set(1);
            call(s2s_gemm_parallel, large[i], &one, way & 4);
            for (int threads = 2; threads <= 5; threads += threads == 3 ? 2 : 1) {
                operands many = make_operands(large[i], way, 1);
                s2s_threads_set(threads);
                call(s2s_gemm_parallel, large[i], &many, way & 4);
                if (memcmp(one.c, many.c, one.c_size * sizeof *one.c))
                    fail_msg("shape %zu, way %d: other bits with %d threads", i, way, threads);
                free_operands(&many);
            }
            free_operands(&one);
        }
}

/* oneDNN takes threads of its own outside a parallel region; the bits are the same. */
static void regions_do_not_matter(void **state) {
    (void)state;
    const shape s = {257, 300, 511};
    operands inside = make_operands(s, 0, 0), outside = make_operands(s, 0, 0);
    s2s_threads_set(2);
    call(s2s_gemm, s, &outside, false);
#pragma omp parallel
#pragma omp single
    call(s2s_gemm, s, &inside, false);
    assert_memory_equal(inside.c, outside.c, inside.c_size * sizeof *inside.c);
    free_operands(&inside);
    free_operands(&outside);
}

static void check_transpose(int rows, int columns) {
    s2s_real *from = guarded((size_t)(rows * columns)), *to = guarded((size_t)(rows * columns));
    fill_uniform(from, (size_t)(rows * columns), 1);
    s2s_kernel()->transpose(to, rows, from, columns, rows, columns);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) assert_true(to[c * rows + r] == from[r * columns + c]);
}

static void transpose(void **state) {
    (void)state;
    const char *before = s2s_kernel()->name;
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++) {
        assert_true(s2s_kernel_choose(kernels.items[k]->name));
        for (int rows = 1; rows < 40; rows += 3)
            for (int columns = 1; columns < 40; columns += 4) check_transpose(rows, columns);
        check_transpose(32, 48);
    }
    assert_true(s2s_kernel_choose(before));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_right),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(regions_do_not_matter),
        cmocka_unit_test(transpose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
