/* Packed weights of every type and with every kernel: right products, rows that do not depend on the batch
 * or on threads, rows read back, and int8 kernels that agree with the reference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "kernel/packed.h"
#include "trial.h"

enum { M = 200 };

static const double BF16_STEP = 1.0 / 256; /* half of the last bit, relative */

typedef struct product {
    int out, in;
    s2s_real *a, *weight, *bias, *c, *scratch;
    s2s_packed packed;
} product;

static s2s_real *numbers(size_t n, uint64_t stream) {
    s2s_real *made = guarded(n);
    fill_uniform(made, n, stream);
    return made;
}

static product make(s2s_weight_type type, int out, int in) {
    product p = {.out = out, .in = in};
    s2s_err err;
    p.a = numbers((size_t)(M * in), 1);
    p.weight = numbers((size_t)(out * in), 2);
    p.bias = numbers((size_t)out, 3);
    p.c = guarded((size_t)(M * out));
    for (int i = 0; i < in; i++) p.a[5 * in + i] = 0; /* a row that has no largest number */
    assert_int_equal(s2s_packed_create(&p.packed, type, p.weight, out, in, &err), S2S_OK);
    p.scratch = guarded(s2s_packed_scratch(&p.packed, M));
    return p;
}

static void multiply(const product *p, int first, int m, s2s_real *c) {
    s2s_gemm_packed(m, p->a + (size_t)(first * p->in), p->in, &p->packed, p->bias, c, p->out,
                    p->scratch);
}

static double largest(const s2s_real *x, int n) {
    double most = 0;
    for (int i = 0; i < n; i++) most = fmax(most, fabs((double)x[i]));
    return most;
}

/* How far a sum may be from the true one. Each int8 factor is off by up to half a step of 1/127, each bfloat16 factor by
 * half of its last bit. */
static double tolerance(const product *p, const s2s_real *a, const s2s_real *w) {
    if (p->packed.type == S2S_WEIGHT_FLOAT32) return 1e-5 * (4 + 5 * sqrt(p->in));
    if (p->packed.type == S2S_WEIGHT_BFLOAT16) {
        double bound = 1e-4;
        for (int i = 0; i < p->in; i++) bound += 2.01 * BF16_STEP * fabs((double)(a[i] * w[i]));
        return bound;
    }
    double step_a = largest(a, p->in) / 127, step_w = largest(w, p->in) / 127, bound = 1e-4;
    for (int i = 0; i < p->in; i++)
        bound += 0.501 * (fabs((double)a[i]) * step_w + fabs((double)w[i]) * step_a) +
                 0.26 * step_a * step_w;
    return bound;
}

static void check_sums(const product *p) {
    for (int i = 0; i < M; i++)
        for (int j = 0; j < p->out; j++) {
            const s2s_real *a = p->a + i * p->in, *w = p->weight + j * p->in;
            double sum = (double)p->bias[j];
            for (int k = 0; k < p->in; k++) sum += (double)a[k] * (double)w[k];
            if (fabs((double)p->c[i * p->out + j] - sum) > tolerance(p, a, w))
                fail_msg("%s, type %d, %d x %d, row %d, column %d: %g, expected %g",
                         s2s_kernel()->name, (int)p->packed.type, p->out, p->in, i, j,
                         (double)p->c[i * p->out + j], sum);
        }
}

static void check_batches(const product *p) {
    const int batches[] = {1, 2, 3, 4, 5, 7, 16, 31, 33, 95, 96, 97, 160};
    s2s_real *some = guarded((size_t)(160 * p->out));
    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
        for (int first = 0; first + batches[b] <= M; first += 23) {
            s2s_threads_set(1 + (int)b % 3);
            multiply(p, first, batches[b], some);
            assert_memory_equal(some, p->c + (size_t)(first * p->out),
                                (size_t)(batches[b] * p->out) * sizeof *some);
        }
}

static void check_rows(const product *p) {
    s2s_real *row = guarded((size_t)p->in);
    for (int r = 0; r < p->out; r++) {
        const s2s_real *weight = p->weight + r * p->in;
        double half_step = 0.5001 * largest(weight, p->in) / 127;
        s2s_packed_row(&p->packed, r, row);
        for (int i = 0; i < p->in; i++) {
            double off = fabs((double)row[i] - (double)weight[i]);
            switch (p->packed.type) {
            case S2S_WEIGHT_INT8:
                assert_true(off <= half_step);
                break;
            case S2S_WEIGHT_BFLOAT16:
                assert_true(off <= BF16_STEP * fabs((double)weight[i]));
                break;
            default:
                assert_true(off == 0);
            }
        }
    }
}

/* A weight that is made bit by bit of another's rows, in any order, gives what that one does. */
static void check_gathered(const product *p) {
    enum { WHOLE = 3 * S2S_PANEL };
    s2s_packed made = {0};
    s2s_err err;
    for (int out = 1; out < WHOLE; out = out * 3 + 1)
        assert_int_equal(s2s_packed_extend(&made, p->packed.type, out, p->in, &err), S2S_OK);
    for (int j = 0; j < made.out; j++) s2s_packed_copy_row(&made, j, &p->packed, j * 7 % p->out);
    int copied = made.out;
    assert_int_equal(s2s_packed_extend(&made, p->packed.type, WHOLE, p->in, &err), S2S_OK);
    s2s_real *without_bias = guarded((size_t)(M * p->out)), *c = guarded((size_t)(M * WHOLE));
    s2s_gemm_packed(M, p->a, p->in, &p->packed, NULL, without_bias, p->out, p->scratch);
    s2s_gemm_packed(M, p->a, p->in, &made, NULL, c, WHOLE, p->scratch);
    for (int i = 0; i < M; i++)
        for (int j = 0; j < WHOLE; j++) {
            if (j < copied)
                assert_memory_equal(&c[i * WHOLE + j], &without_bias[i * p->out + j * 7 % p->out],
                                    sizeof *c);
            else
                assert_true(c[i * WHOLE + j] == 0);
        }
    s2s_packed_release(&made);
}

static const struct {
    int out, in;
} shapes[] = {{1, 5}, {15, 1}, {64, 40}, {150, 77}, {33, 64}, {90, 128}, {130, 192}, {70, 1100}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static void each_kernel(s2s_weight_type type) {
    const char *before = s2s_kernel()->name;
    kernel_list kernels = kernels_here();
    for (int k = 0; k < kernels.n; k++)
        for (int s = 0; s < SHAPES; s++) {
            assert_true(s2s_kernel_choose(kernels.items[k]->name));
            product p = make(type, shapes[s].out, shapes[s].in);
            s2s_threads_set(2);
            multiply(&p, 0, M, p.c);
            check_sums(&p);
            check_batches(&p);
            check_rows(&p);
            check_gathered(&p);
            s2s_packed_release(&p.packed);
        }
    assert_true(s2s_kernel_choose(before));
}

static void float32(void **state) {
    (void)state;
    each_kernel(S2S_WEIGHT_FLOAT32);
}

static void int8(void **state) {
    (void)state;
    each_kernel(S2S_WEIGHT_INT8);
}

static void bfloat16(void **state) {
    (void)state;
    each_kernel(S2S_WEIGHT_BFLOAT16);
}

/* The integers are the same with every kernel, so only the last roundings may differ. */
static void int8_kernels_agree(void **state) {
    (void)state;
    const char *before = s2s_kernel()->name;
    kernel_list kernels = kernels_here();
    for (int s = 0; s < SHAPES; s++) {
        product p = make(S2S_WEIGHT_INT8, shapes[s].out, shapes[s].in);
        size_t n = (size_t)(M * p.out);
        s2s_real *expected = guarded(n);
        assert_true(s2s_kernel_choose("generic"));
        multiply(&p, 0, M, expected);
        for (int k = 1; k < kernels.n; k++) {
            assert_true(s2s_kernel_choose(kernels.items[k]->name));
            multiply(&p, 0, M, p.c);
            for (size_t i = 0; i < n; i++)
                assert_true(fabs((double)(p.c[i] - expected[i])) <=
                            1e-6 * fmax(4, fabs((double)expected[i])));
        }
        s2s_packed_release(&p.packed);
    }
    assert_true(s2s_kernel_choose(before));
}

/* What is no number is not rounded to one: its row, and no other, is NaN. */
static void odd_numbers_stay_odd(void **state) {
    (void)state;
    const char *before = s2s_kernel()->name;
    kernel_list kernels = kernels_here();
    const s2s_real odd[] = {(s2s_real)NAN, (s2s_real)INFINITY, (s2s_real)-INFINITY};
    for (int k = 0; k < kernels.n; k++)
        for (int i = 0; i < 3 * 77; i++) {
            assert_true(s2s_kernel_choose(kernels.items[k]->name));
            product p = make(S2S_WEIGHT_INT8, 33, 77);
            p.a[7 * 77 + i / 3] = odd[i % 3];
            multiply(&p, 6, 3, p.c);
            for (int j = 0; j < 33; j++) {
                assert_true(isnan(p.c[33 + j]));
                assert_true(isfinite(p.c[j]) && isfinite(p.c[66 + j]));
            }
            s2s_packed_release(&p.packed);
        }
    assert_true(s2s_kernel_choose(before));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(float32),
        cmocka_unit_test(int8),
        cmocka_unit_test(bfloat16),
        cmocka_unit_test(int8_kernels_agree),
        cmocka_unit_test(odd_numbers_stay_odd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
