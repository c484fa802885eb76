/* The machine's own speed, measured now: the yardstick of everything else. See bench.h. */
#include <stdbool.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "cli/bench.h"
#include "kernel/gemm.h"
#include "kernel/kernels.h"

/* Least seconds of `work(self)` over all its runs in `seconds`, after one to warm up: other
 * processes only ever make a run longer. */
static double least_seconds(void (*work)(void *self), void *self, double seconds) {
    work(self);
    double least = 1e30, end = s2s_clock() + seconds;
    do {
        double begin = s2s_clock();
        work(self);
        double taken = s2s_clock() - begin;
        if (taken < least) least = taken;
    } while (s2s_clock() < end);
    return least;
}

/* --- matrix product --- */

enum { M = S2S_BENCH_M, N = S2S_BENCH_N, K = S2S_BENCH_K };

typedef struct product {
    s2s_real *a, *b, *c;
} product;

static void multiply_one(void *self) {
    product *p = self;
    s2s_gemm(false, true, M, N, K, p->a, K, p->b, K, p->c, N, false);
}

static void multiply_all(void *self) {
    product *p = self;
    s2s_gemm_parallel(false, true, M, N, K, p->a, K, p->b, K, p->c, N, false, NULL);
}

static s2s_status measure_products(s2s_machine_speed *speed, double seconds, s2s_err *err) {
    size_t elements = (size_t)M * K + (size_t)N * K + (size_t)M * N;
    s2s_real *block = s2s_block_alloc(elements * sizeof *block, err);
    if (!block) return S2S_MEMORY;
    for (size_t i = 0; i < elements; i++) block[i] = (s2s_real)(i % 7) - 3;
    product p = {block, block + (size_t)M * K, block + (size_t)M * K + (size_t)N * K};
    double flops = 2.0 * M * N * K;
    int threads = s2s_threads();
    s2s_threads_set(1); /* outside a parallel region a library would use all */
    speed->gflops_one = 1e-9 * flops / least_seconds(multiply_one, &p, seconds);
    s2s_threads_set(threads);
    speed->gflops_all = 1e-9 * flops / least_seconds(multiply_all, &p, seconds);
    s2s_block_free(block, elements * sizeof *block);
    return S2S_OK;
}

/* --- memory (the triad of McCalpin's STREAM, 1995) --- */

enum { STREAM_BYTES = 128 << 20 /* an array; caches are smaller */ };

typedef struct stream {
    s2s_real *y, *a, *b;
    size_t n;
} stream;

static void triad(void *self) {
    const stream *s = self;
    s2s_real *restrict y = s->y;
    const s2s_real *restrict a = s->a, *restrict b = s->b;
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < s->n; i++) y[i] = a[i] + 3 * b[i];
}

static s2s_status measure_memory(s2s_machine_speed *speed, double seconds, s2s_err *err) {
    size_t bytes = 3 * (size_t)STREAM_BYTES;
    s2s_real *block = s2s_block_alloc(bytes, err);
    if (!block) return S2S_MEMORY;
    size_t n = STREAM_BYTES / sizeof *block;
    stream s = {block, block + n, block + 2 * n, n};
    for (size_t i = 0; i < 3 * n; i++) block[i] = 1;
    speed->bandwidth = 1e-9 * (double)bytes / least_seconds(triad, &s, seconds);
    s2s_block_free(block, bytes);
    return S2S_OK;
}

s2s_status s2s_bench_machine(s2s_machine_speed *speed, double seconds, s2s_err *err) {
    S2S_TRY(measure_products(speed, seconds, err));
    return measure_memory(speed, seconds, err);
}
