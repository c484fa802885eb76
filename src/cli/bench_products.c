/* The matrix products of a training step, one by one: each distinct shape by itself, through the door that ops
 * use. What a step makes of them is less by what lies between them. See bench.h. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "cli/bench.h"
#include "kernel/bf16.h"
#include "kernel/gemm.h"
#include "op/op.h"

static const char *const kind_names[S2S_PRODUCT_KINDS] = {"forward", "input gradient",
                                                          "weight gradient"};

const char *s2s_product_kind_name(s2s_product_kind kind) {
    return kind_names[kind];
}

double s2s_product_flops(const s2s_product *p) {
    return 2.0 * p->m * p->n * p->k;
}

/* --- which there are --- */

static s2s_status add(s2s_products *list, s2s_product_kind kind, int m, int n, int k,
                      s2s_err *err) {
    for (size_t i = 0; i < list->n; i++) {
        s2s_product *p = &list->items[i];
        if (p->kind != kind || p->m != m || p->n != n || p->k != k) continue;
        p->count++;
        return S2S_OK;
    }
    S2S_TRY(s2s_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items, err));
    list->items[list->n++] = (s2s_product){.kind = kind, .m = m, .n = n, .k = k, .count = 1};
    return S2S_OK;
}

/* The three of a linear layer [out x in] for so many rows. */
static s2s_status add_layer(s2s_products *list, int rows, int out, int in, s2s_err *err) {
    S2S_TRY(add(list, S2S_PRODUCT_FORWARD, rows, out, in, err));
    S2S_TRY(add(list, S2S_PRODUCT_INPUT_GRADIENT, rows, in, out, err));
    return add(list, S2S_PRODUCT_WEIGHT_GRADIENT, out, in, rows, err);
}

/* The output layer takes a chunk of rows after the other. */
static s2s_status collect(s2s_products *list, const s2s_run *run, s2s_err *err) {
    for (size_t i = 0; i < run->plan->n; i++) {
        const s2s_op *op = run->plan->ops + i;
        if (!s2s_op_has_weight(op, run->params)) continue;
        const s2s_param_info *weight = run->params->items + op->param[0];
        int rows = s2s_value(run, op->in[0]).rows;
        int most = s2s_op_is_fused(op) ? s2s_cross_entropy_rows(weight->rows) : rows;
        for (int first = 0; first < rows; first += most) {
            int part = rows - first < most ? rows - first : most;
            S2S_TRY(add_layer(list, part, weight->rows, weight->width, err));
        }
    }
    return S2S_OK;
}

/* --- how fast they are --- */

typedef struct factors {
    const s2s_product *product;
    s2s_real *a, *b, *c;
    s2s_real *scratch; /* NULL: products of floats */
} factors;

static void multiply(void *self) {
    const factors *f = self;
    const s2s_product *p = f->product;
    bool forward = p->kind == S2S_PRODUCT_FORWARD, weight = p->kind == S2S_PRODUCT_WEIGHT_GRADIENT;
    int lda = weight ? p->m : p->k, ldb = forward ? p->k : p->n;
    if (f->scratch)
        s2s_bf16_gemm_parallel(weight, forward, p->m, p->n, p->k, f->a, lda, f->b, ldb, f->c, p->n,
                               weight, NULL, s2s_threads(), f->scratch);
    else
        s2s_gemm_parallel(weight, forward, p->m, p->n, p->k, f->a, lda, f->b, ldb, f->c, p->n,
                          weight, NULL);
}

/* The larger of `most` and the elements of a matrix, in whole cache lines. */
static size_t larger(size_t most, int rows, int columns) {
    size_t elements = ((size_t)rows * (size_t)columns + 15) / 16 * 16;
    return elements > most ? elements : most;
}

/* One block for the matrices of any of them. */
static s2s_status measure(s2s_products *list, s2s_precision precision, double seconds,
                          s2s_err *err) {
    size_t a = 0, b = 0, c = 0, scratch = 0;
    for (size_t i = 0; i < list->n; i++) {
        const s2s_product *p = &list->items[i];
        a = larger(a, p->m, p->k);
        b = larger(b, p->k, p->n);
        c = larger(c, p->m, p->n);
        size_t needed = s2s_bf16_scratch(p->n, p->k, s2s_threads());
        if (precision == S2S_BFLOAT16 && needed > scratch) scratch = needed;
    }
    size_t elements = a + b + c + scratch;
    s2s_real *block = s2s_block_alloc(elements * sizeof *block, err);
    if (!block) return S2S_MEMORY;
    for (size_t i = 0; i < elements; i++) block[i] = (s2s_real)(i % 7) - 3;
    for (size_t i = 0; i < list->n; i++) {
        factors f = {&list->items[i], block, block + a, block + a + b,
                     scratch ? block + a + b + c : NULL};
        list->items[i].seconds = s2s_bench_least(multiply, &f, seconds / (double)list->n);
    }
    s2s_block_free(block, elements * sizeof *block);
    return S2S_OK;
}

static int by_time(const void *a, const void *b) {
    const s2s_product *x = a, *y = b;
    double left = x->count * x->seconds, right = y->count * y->seconds;
    return (left < right) - (left > right);
}

s2s_status s2s_bench_products(s2s_products *products, const s2s_run *run, double seconds,
                              s2s_err *err) {
    S2S_TRY(collect(products, run, err));
    if (!products->n) return S2S_OK;
    S2S_TRY(measure(products, run->plan->precision, seconds, err));
    qsort(products->items, products->n, sizeof *products->items, by_time);
    return S2S_OK;
}

void s2s_products_release(s2s_products *products) {
    free(products->items);
    *products = (s2s_products){0};
}
