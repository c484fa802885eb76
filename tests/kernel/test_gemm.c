/* The gemm door, for floats and for bfloat16: every transposition against plain loops, and the same bits with
 * any number of threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "kernel/bf16.h"
#include "kernel/gemm.h"
#include "trial.h"

typedef void gemm_function(bool transpose_a, bool transpose_b, int m, int n, int k,
                           const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c,
                           int ldc, bool add);

/* What the parallel ones add to each row. */
static s2s_real bias[4200];

static void gemm_parallel(bool transpose_a, bool transpose_b, int m, int n, int k,
                          const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c,
                          int ldc, bool add) {
    s2s_gemm_parallel(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, add, bias);
}

typedef struct shape {
    int m, n, k;
} shape;

/* Multiples of 1/32 below 4, which are bfloat16 numbers, too. */
static void fill_coarse(s2s_real *x, size_t n, uint64_t stream) {
    fill_uniform(x, n, stream);
    for (size_t i = 0; i < n; i++) x[i] = (s2s_real)(floor((double)x[i] * 32) / 32);
}

/* --- bfloat16 products as the others are called --- */

/* Scratch full of NaN, which a product must not read before it has written there. */
static s2s_real *make_scratch(int n, int k) {
    size_t bytes = s2s_bf16_scratch(n, k, s2s_threads()) * sizeof(s2s_real);
    s2s_real *scratch = malloc(bytes);
    assert_non_null(scratch);
    return memset(scratch, 0xFF, bytes);
}

static void bf16_gemm(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a,
                      int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add) {
    s2s_real *scratch = make_scratch(n, k);
    s2s_bf16_gemm(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, add, scratch);
    free(scratch);
}

static void bf16_gemm_parallel(bool transpose_a, bool transpose_b, int m, int n, int k,
                               const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c,
                               int ldc, bool add) {
    s2s_real *scratch = make_scratch(n, k);
    s2s_bf16_gemm_parallel(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc, add, bias,
                           s2s_threads(), scratch);
    free(scratch);
}

/* --- operands --- */

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
    fill_coarse(o.a, a, 1);
    fill_coarse(o.b, b, 2);
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
    bool biased = gemm == gemm_parallel || gemm == bf16_gemm_parallel;
    bool adds = way & 4;
    operands o = make_operands(s, way, gap), before = make_operands(s, way, gap);
    call(gemm, s, &o, adds);
    for (int i = 0; i < s.m; i++)
        for (int j = 0; j < o.ldc; j++) {
            size_t at = (size_t)i * (size_t)o.ldc + (size_t)j;
            double expected = j < s.n ? expected_element(s, &o, i, j) : 0,
                   old = (double)before.c[at];
            if (adds || j >= s.n) expected += old;
            if (biased && j < s.n) expected += (double)bias[j];
            if (fabs((double)o.c[at] - expected) > 1e-5 * (4 + sqrt((double)s.k) * 5))
                fail_msg("%d x %d x %d, way %d, gap %d, element %d %d: %g, expected %g", s.m, s.n,
                         s.k, way, gap, i, j, (double)o.c[at], expected);
        }
    free_operands(&o);
    free_operands(&before);
}

static const shape shapes[] = {{1, 1, 1},    {1, 7, 3},     {5, 1, 9},      {3, 4, 0},
                               {0, 3, 2},    {2, 0, 2},     {17, 33, 5},    {64, 64, 64},
                               {65, 3, 130}, {300, 19, 40}, {130, 65, 700}, {9, 2100, 6},
                               {47, 81, 33}, {31, 16, 1025}};
enum { SHAPES = sizeof shapes / sizeof *shapes, WAYS = 8 };

static void products_are_right(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; i < SHAPES; i++)
        for (int way = 0; way < WAYS; way++) {
            check_gemm(s2s_gemm, shapes[i], way, 0);
            check_gemm(s2s_gemm, shapes[i], way, 3);
            check_gemm(gemm_parallel, shapes[i], way, 0);
            check_gemm(gemm_parallel, shapes[i], way, 3);
        }
}

static void bf16_products_are_right(void **state) {
    (void)state;
    const char *before = s2s_kernel()->name;
    kernel_list kernels = kernels_here();
    for (int i = 0; i < kernels.n * SHAPES * WAYS; i++) {
        assert_true(s2s_kernel_choose(kernels.items[i / SHAPES / WAYS]->name));
        check_gemm(bf16_gemm, shapes[i / WAYS % SHAPES], i % WAYS, 0);
        check_gemm(bf16_gemm_parallel, shapes[i / WAYS % SHAPES], i % WAYS, 3);
    }
    assert_true(s2s_kernel_choose(before));
}

/* Tall, wide, and small with a long inner size: what activations, logits and weight gradients are.
 */
static const shape large[] = {
    {1030, 70, 90}, {70, 4200, 30}, {128, 96, 3000}, {700, 300, 200}, {2100, 24, 2110}};

static void check_threads(gemm_function *gemm, shape s, int way) {
    operands one = make_operands(s, way, 1);
    s2s_threads_set(1);
    call(gemm, s, &one, way & 4);
    for (int threads = 2; threads <= 5; threads += threads == 3 ? 2 : 1) {
        operands many = make_operands(s, way, 1);
        s2s_threads_set(threads);
        call(gemm, s, &many, way & 4);
        if (memcmp(one.c, many.c, one.c_size * sizeof *one.c))
            fail_msg("%d x %d x %d, way %d: other bits with %d threads", s.m, s.n, s.k, way,
                     threads);
        free_operands(&many);
    }
    free_operands(&one);
}

static void threads_do_not_matter(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        for (int way = 0; way < WAYS; way++) {
            check_threads(gemm_parallel, large[i], way);
            check_threads(bf16_gemm_parallel, large[i], way);
        }
}

/* Every kind of number rounds as the reference does: ties, the largest ones, infinity, NaN. */
static void rounding_is_to_nearest_even(void **state) {
    (void)state;
    const struct {
        uint32_t bits, rounded;
    } cases[] = {{0x3f808000, 0x3f80}, {0x3f818000, 0x3f82}, {0x3f808001, 0x3f81},
                 {0x3f807fff, 0x3f80}, {0x7f7fffff, 0x7f80}, {0x7f800000, 0x7f80},
                 {0xff800000, 0xff80}, {0x80000000, 0x8000}, {0x00000001, 0x0000},
                 {0x7f800001, 0x7fc0}, {0xffffffff, 0xffff}};
    enum { N = sizeof cases / sizeof *cases };
    s2s_real x[N];
    for (int i = 0; i < N; i++) {
        float value;
        memcpy(&value, &cases[i].bits, sizeof value);
        x[i] = (s2s_real)value;
    }
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++) {
        s2s_bf16_pair in_rows[8], of_rows[N];
        kernels.items[k]->pair_in_rows(in_rows, 8, x, N, 1, N);
        kernels.items[k]->pair_of_rows(of_rows, N, x, N, 1, N);
        for (int i = 0; i < 16; i++)
            assert_int_equal(in_rows[i / 2] >> i % 2 * 16 & 0xffff, i < N ? cases[i].rounded : 0);
        for (int i = 0; i < N; i++) assert_int_equal(of_rows[i], cases[i].rounded);
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
    fill_coarse(bias, sizeof bias / sizeof *bias, 4);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_right),          cmocka_unit_test(bf16_products_are_right),
        cmocka_unit_test(rounding_is_to_nearest_even), cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(regions_do_not_matter),       cmocka_unit_test(transpose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
