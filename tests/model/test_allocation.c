/* No allocation in a training step, and none in a decoding step: malloc, calloc, realloc, aligned
 * allocation and mmap are counted by the one who calls them, this program (into which s2s is
 * linked) or a library.
 *
 * Nothing of s2s may allocate. Libraries may while they warm up; what they do afterwards is
 * printed, and only the matrix libraries may: oneDNN packs matrices into memory of its own, and the
 * pool of BLIS grows when two threads first happen to multiply at the same time. */
#define _GNU_SOURCE /* dladdr, RTLD_NEXT, MAP_ANONYMOUS */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/thread.h"
#include "fixture.h"
#include "train/optimizer.h"

/* --- counting --- */

extern char __executable_start, etext; /* where the program's own code lies */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

enum { CALLERS = 4096 };
static atomic_bool counting;
static atomic_int own, foreign;
static atomic_uintptr_t callers[CALLERS]; /* of foreign calls, the first of them */

static void count(void *caller) {
    if (!atomic_load_explicit(&counting, memory_order_relaxed)) return;
    char *address = caller;
    if (address >= &__executable_start && address < &etext) {
        atomic_fetch_add(&own, 1);
        return;
    }
    int number = atomic_fetch_add(&foreign, 1);
    if (number < CALLERS) atomic_store(callers + number, (uintptr_t)caller);
}

#define COUNT() count(__builtin_return_address(0))
#define COUNTED __attribute__((noinline)) /* or the return address would be the caller's own */

COUNTED void *malloc(size_t size) {
    COUNT();
    return __libc_malloc(size);
}

COUNTED void *calloc(size_t n, size_t size) {
    COUNT();
    return __libc_calloc(n, size);
}

COUNTED void *realloc(void *old, size_t size) {
    COUNT();
    return __libc_realloc(old, size);
}

COUNTED void *aligned_alloc(size_t alignment, size_t size) {
    COUNT();
    return __libc_memalign(alignment, size);
}

COUNTED int posix_memalign(void **block, size_t alignment, size_t size) {
    COUNT();
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : 12; /* ENOMEM */
}

COUNTED void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    typedef void *map_function(void *, size_t, int, int, int, off_t);
    static map_function *real;
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "mmap");
    COUNT();
    return real(address, size, protection, flags, file, offset);
}

static void start_counting(void) {
    atomic_store(&own, 0);
    atomic_store(&foreign, 0);
    for (int i = 0; i < CALLERS; i++) atomic_store(callers + i, 0);
    atomic_store(&counting, true);
}

/* Ends counting; asserts that s2s did not allocate, and of libraries oneDNN and BLIS alone. */
static void check_counts(const char *what) {
    atomic_store(&counting, false);
    int others = 0;
    for (int i = 0; i < CALLERS && i < atomic_load(&foreign); i++) {
        Dl_info info = {0};
        int known = dladdr((void *)atomic_load(callers + i), &info);
        const char *library = known && info.dli_fname ? info.dli_fname : "?";
        if (strstr(library, "dnnl") || strstr(library, "blis")) continue;
        print_message("%s: %s allocates\n", what, library);
        others++;
    }
    print_message("%s: s2s allocated %d times, libraries %d times\n", what, atomic_load(&own),
                  atomic_load(&foreign));
    assert_int_equal(atomic_load(&own), 0);
    assert_int_equal(others, 0);
}

/* --- steps --- */

/* The counter itself: an allocation of this program is seen. */
static void allocations_are_seen(void **state) {
    (void)state;
    start_counting();
    void *volatile block = malloc(10);
    void *volatile map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    atomic_store(&counting, false);
    assert_int_equal(atomic_load(&own), 2);
    free(block);
    munmap(map, 4096);
}

static void train_step(const fixture *f, s2s_run *run, s2s_optimizer *optimizer) {
    s2s_err err;
    assert_int_equal(s2s_run_bind(run, &f->batch, 7, &err), S2S_OK);
    s2s_run_forward(run);
    s2s_run_backward(run);
    double scale = 1.0 / f->batch.labels_n;
    s2s_optimizer_step(optimizer, 1e-3, scale, s2s_gradient_norm(&f->model->params, scale));
}

static void training(int threads, const char *what) {
    fixture f;
    pass p;
    s2s_optimizer optimizer;
    s2s_err err;
    s2s_threads_set(threads);
    fixture_make_large(&f);
    pass_create(&p, &f, true);
    assert_int_equal(
        s2s_optimizer_init(&optimizer, &f.recipe->train.optimizer, &f.model->params, 1, &err),
        S2S_OK);
    for (int step = 0; step < 2; step++) train_step(&f, p.run, &optimizer);
    start_counting();
    for (int step = 0; step < 3; step++) train_step(&f, p.run, &optimizer);
    check_counts(what);
    s2s_optimizer_release(&optimizer);
    pass_free(&p);
    fixture_close(&f);
}

static void training_step_allocates_nothing(void **state) {
    (void)state;
    training(1, "training, 1 thread");
    training(2, "training, 2 threads");
}

/* With packed weights, as when decoding, no library is asked at all. */
static void forward_with_packed_weights_allocates_nothing(void **state) {
    (void)state;
    fixture f;
    pass p;
    s2s_err err;
    s2s_threads_set(2);
    fixture_make_large(&f);
    assert_int_equal(s2s_params_pack(&f.model->params, S2S_WEIGHT_FLOAT32, &err), S2S_OK);
    pass_create(&p, &f, false);
    s2s_run_forward(p.run);
    start_counting();
    s2s_run_forward(p.run);
    check_counts("forward, packed");
    assert_int_equal(atomic_load(&foreign), 0);
    pass_free(&p);
    fixture_close(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_seen),
        cmocka_unit_test(training_step_allocates_nothing),
        cmocka_unit_test(forward_with_packed_weights_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
