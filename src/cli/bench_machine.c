/* The machine's own speed, measured now: the yardstick of everything else. See bench.h. */
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "cli/bench.h"
#include "kernel/bf16.h"
#include "kernel/gemm.h"
#include "kernel/packed.h"

/* Other processes only ever make a run longer. */
double s2s_bench_least(void (*work)(void *self), void *self, double seconds) {
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

/* --- matrix products --- */

enum { M = S2S_BENCH_M, N = S2S_BENCH_N, K = S2S_BENCH_K };

typedef struct product {
    s2s_real *a, *b, *c;
    s2s_packed packed; /* b */
    s2s_real *scratch; /* of packed and of bfloat16 products */
} product;

static void multiply_one(void *self) {
    product *p = self;
    s2s_gemm(false, true, M, N, K, p->a, K, p->b, K, p->c, N, false);
}

static void multiply_all(void *self) {
    product *p = self;
    s2s_gemm_parallel(false, true, M, N, K, p->a, K, p->b, K, p->c, N, false, NULL);
}

static void multiply_packed(void *self) {
    product *p = self;
    s2s_gemm_packed(M, p->a, K, &p->packed, NULL, p->c, N, p->scratch);
}

static void multiply_bf16_one(void *self) {
    product *p = self;
    s2s_bf16_gemm(false, true, M, N, K, p->a, K, p->b, K, p->c, N, false, p->scratch);
}

static void multiply_bf16_all(void *self) {
    product *p = self;
    s2s_bf16_gemm_parallel(false, true, M, N, K, p->a, K, p->b, K, p->c, N, false, NULL,
                           s2s_threads(), p->scratch);
}

static s2s_peak peak_of(void (*one)(void *self), void (*all)(void *self), product *p,
                        double seconds) {
    double operations = 2.0 * M * N * K;
    int threads = s2s_threads();
    s2s_peak peak;
    s2s_threads_set(1); /* outside a parallel region a library would use all */
    peak.one = 1e-9 * operations / s2s_bench_least(one, p, seconds);
    s2s_threads_set(threads);
    peak.all = 1e-9 * operations / s2s_bench_least(all, p, seconds);
    return peak;
}

static s2s_status measure_int8(s2s_machine_speed *speed, product *p, double seconds, s2s_err *err) {
    S2S_TRY(s2s_packed_create(&p->packed, S2S_WEIGHT_INT8, p->b, N, K, err));
    size_t bytes = s2s_packed_scratch(&p->packed, M) * sizeof *p->scratch;
    p->scratch = s2s_block_alloc(bytes, err);
    if (p->scratch) speed->int8 = peak_of(multiply_packed, multiply_packed, p, seconds);
    s2s_block_free(p->scratch, bytes);
    s2s_packed_release(&p->packed);
    return p->scratch ? S2S_OK : S2S_MEMORY;
}

static s2s_status measure_bf16(s2s_machine_speed *speed, product *p, double seconds, s2s_err *err) {
    size_t bytes = s2s_bf16_scratch(N, K, s2s_threads()) * sizeof *p->scratch;
    p->scratch = s2s_block_alloc(bytes, err);
    if (p->scratch) speed->bf16 = peak_of(multiply_bf16_one, multiply_bf16_all, p, seconds);
    s2s_block_free(p->scratch, bytes);
    return p->scratch ? S2S_OK : S2S_MEMORY;
}

static s2s_status measure_products(s2s_machine_speed *speed, double seconds, s2s_err *err) {
    size_t elements = (size_t)M * K + (size_t)N * K + (size_t)M * N;
    s2s_real *block = s2s_block_alloc(elements * sizeof *block, err);
    if (!block) return S2S_MEMORY;
    for (size_t i = 0; i < elements; i++) block[i] = (s2s_real)(i % 7) - 3;
    product p = {.a = block, .b = block + (size_t)M * K};
    p.c = p.b + (size_t)N * K;
    speed->real = peak_of(multiply_one, multiply_all, &p, seconds);
    s2s_status status = measure_bf16(speed, &p, seconds, err);
    if (status == S2S_OK) status = measure_int8(speed, &p, seconds, err);
    s2s_block_free(block, elements * sizeof *block);
    return status;
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
    speed->bandwidth = 1e-9 * (double)bytes / s2s_bench_least(triad, &s, seconds);
    s2s_block_free(block, bytes);
    return S2S_OK;
}

/* --- caches --- */

/* What the C library knows; names that it does not have are left out. */
static void ask_caches(s2s_machine_speed *speed) {
#ifdef _SC_LEVEL3_CACHE_SIZE
    static const int names[S2S_CACHE_LEVELS] = {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE,
                                                _SC_LEVEL3_CACHE_SIZE};
    for (int i = 0; i < S2S_CACHE_LEVELS; i++) {
        long bytes = sysconf(names[i]);
        speed->cache[i] = bytes > 0 ? bytes : 0;
    }
#else
    (void)speed;
#endif
}

s2s_status s2s_bench_machine(s2s_machine_speed *speed, double seconds, s2s_err *err) {
    *speed = (s2s_machine_speed){0};
    ask_caches(speed);
    S2S_TRY(measure_products(speed, seconds, err));
    return measure_memory(speed, seconds, err);
}
