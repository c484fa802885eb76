/* See trial.h. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "trial.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/rng.h"

kernel_list kernels_here(void) {
    const char *names[] = {"generic",    "avx2",       "avxvnni", "avx512",
                           "avx512vnni", "avx512bf16", "amx"};
    const s2s_kernels *before = s2s_kernel();
    kernel_list list = {0};
    for (int i = 0; i < KERNELS_MOST; i++)
        if (s2s_kernel_choose(names[i])) list.items[list.n++] = s2s_kernel();
    assert_true(s2s_kernel_choose(before->name));
    return list;
}

s2s_adam trial_adam(bool decay, bool l2) {
    return (s2s_adam){.beta1 = (s2s_real)0.9,
                      .beta2 = (s2s_real)0.98,
                      .eps = (s2s_real)1e-6,
                      .step = (s2s_real)0.02,
                      .root = (s2s_real)1.3,
                      .gradient_scale = (s2s_real)0.7,
                      .decay = decay ? (s2s_real)0.01 : 0,
                      .l2 = l2 ? (s2s_real)0.03 : 0};
}

void fill_uniform(s2s_real *x, size_t n, uint64_t stream) {
    s2s_rng rng = s2s_rng_init(20, stream);
    for (size_t i = 0; i < n; i++) x[i] = (s2s_real)(8 * s2s_rng_uniform(&rng) - 4);
}

s2s_real *guarded(size_t n) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t bytes = (n * sizeof(s2s_real) + page - 1) / page * page;
    char *block =
        mmap(NULL, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(block != MAP_FAILED);
    assert_int_equal(mprotect(block + bytes, page, PROT_NONE), 0);
    return (s2s_real *)(void *)(block + bytes) - n;
}

/* Pages of the largest trial; a smaller one uses their end. */
enum { LARGEST = 1000, GAP = 3, ROOM = TRIAL_ROWS * (LARGEST + GAP) };
typedef struct side {
    s2s_real *room[TRIAL_BUFFERS];
    trial trial;
} side;

static void start(side *s, int n, int gap, unsigned variant) {
    s->trial = (trial){.n = n, .ld = n + gap, .variant = variant};
    size_t elements = (size_t)TRIAL_ROWS * (size_t)s->trial.ld;
    for (int i = 0; i < TRIAL_BUFFERS; i++) {
        if (!s->room[i]) s->room[i] = guarded(ROOM);
        s->trial.buffer[i] = s->room[i] + ROOM - elements;
        fill_uniform(s->trial.buffer[i], elements, (uint64_t)i);
    }
}

static void check_close(double value, double expected, double tolerance, const char *kernels,
                        const trial *t, const char *where, int index) {
    if (fabs(value - expected) <= tolerance * fmax(1, fabs(expected))) return;
    fail_msg("%s, n %d, ld %d, variant %u, %s %d: %.9g, expected %.9g", kernels, t->n, t->ld,
             t->variant, where, index, value, expected);
}

static void compare(const side *reference, const side *other, double tolerance, const char *name) {
    const trial *r = &reference->trial, *o = &other->trial;
    for (int i = 0; i < 2; i++)
        check_close(o->result[i], r->result[i], tolerance, name, o, "result", i);
    for (int i = 0; i < TRIAL_BUFFERS; i++)
        for (int e = 0; e < TRIAL_ROWS * r->ld; e++)
            check_close((double)o->buffer[i][e], (double)r->buffer[i][e], tolerance, name, o,
                        "element", i * TRIAL_ROWS * r->ld + e);
}

static void compare_size(const trial_case *c, int n, int gap) {
    static side reference, other;
    kernel_list kernels = kernels_here();
    for (unsigned variant = 0; variant < c->variants; variant++) {
        start(&reference, n, gap, variant);
        c->call(&s2s_kernels_generic, &reference.trial);
        for (int k = 1; k < kernels.n; k++) {
            start(&other, n, gap, variant);
            c->call(kernels.items[k], &other.trial);
            compare(&reference, &other, c->tolerance, kernels.items[k]->name);
        }
    }
}

void trial_compare(const trial_case *c) {
    if (kernels_here().n < 2) skip(); /* a processor without AVX2 */
    for (int gap = 0; gap <= GAP; gap += GAP) {
        for (int n = 1; n <= 70; n++) compare_size(c, n, gap);
        for (int n = 127; n <= 130; n++) compare_size(c, n, gap);
        compare_size(c, LARGEST, gap);
    }
}
