/* The number of threads, and that each knows its index. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/thread.h"

static void count_is_what_was_set(void **state) {
    (void)state;
    for (int count = 1; count < 6; count++) {
        s2s_threads_set(count);
        assert_int_equal(s2s_threads(), count);
    }
}

static void zero_takes_the_affinity_mask(void **state) {
    (void)state;
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    s2s_threads_set(0);
    assert_int_equal(s2s_threads(), CPU_COUNT(&set));
}

static void each_thread_has_its_index(void **state) {
    (void)state;
    int seen[3] = {0};
    s2s_threads_set(3);
    assert_int_equal(s2s_thread_index(), 0);
#pragma omp parallel
    seen[s2s_thread_index()]++;
    for (int i = 0; i < 3; i++) assert_int_equal(seen[i], 1);
}

static bool blocks(int number) {
    sigset_t mask;
    return pthread_sigmask(SIG_SETMASK, NULL, &mask) == 0 && sigismember(&mask, number) == 1;
}

/* Also those that are started when the number grows. */
static void signals_are_for_the_main_thread(void **state) {
    (void)state;
    static const int counts[] = {2, 1, 5};
    for (int i = 0; i < 3; i++) {
        bool blocked[5] = {0};
        s2s_threads_set(counts[i]);
#pragma omp parallel
        blocked[s2s_thread_index()] = blocks(SIGINT) && blocks(SIGTERM);
        for (int t = 0; t < counts[i]; t++) assert_int_equal(blocked[t], t > 0);
    }
}

/* Each notes itself; what cmocka asserts must be on the main thread. */
typedef struct calls {
    int times[4], alone;
    unsigned failing; /* bits of those that fail */
} calls;

static s2s_status call(void *self, int i, s2s_err *err) {
    calls *c = self;
#pragma omp atomic
    c->times[i]++;
#pragma omp atomic
    c->alone += s2s_threads() == 1;
    return c->failing >> i & 1 ? s2s_fail(err, S2S_INPUT, "number %d", i) : S2S_OK;
}

static void each_works_by_itself(void **state) {
    (void)state;
    s2s_threads_set(4);
    calls all = {.failing = 0};
    s2s_err err = {0};
    assert_int_equal(s2s_threads_each(4, call, &all, &err), S2S_OK);
    for (int i = 0; i < 4; i++) assert_int_equal(all.times[i], 1);
    assert_int_equal(all.alone, 4);
    assert_int_equal(s2s_threads(), 4); /* of the main thread again */
    calls one = {.failing = 1 << 2};
    assert_int_equal(s2s_threads_each(4, call, &one, &err), S2S_INPUT);
    assert_string_equal(err.message, "number 2");
    calls some = {.failing = 1 << 1 | 1 << 3};
    assert_int_equal(s2s_threads_each(4, call, &some, &err), S2S_INPUT);
    assert_true(!strcmp(err.message, "number 1") || !strcmp(err.message, "number 3"));
    assert_int_equal(s2s_threads_each(4, call, &some, NULL), S2S_INPUT);
}

/* OpenMP would end the process. A sanitizer needs more memory for a thread than it can be refused. */
#ifndef __SANITIZE_ADDRESS__
static void threads_that_are_refused_are_told(void **state) {
    (void)state;
    enum { MANY = 1000 };
    s2s_err err = {0};
    struct rlimit before;
    assert_int_equal(s2s_threads_check(3, &err), S2S_OK);
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_AS, &(struct rlimit){1 << 28, before.rlim_max}), 0);
    s2s_status status = s2s_threads_check(MANY, &err);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(status, S2S_MEMORY);
    assert_non_null(strstr(err.message, "cannot start 1000 threads"));
    assert_int_equal(s2s_threads_check(3, &err), S2S_OK);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(count_is_what_was_set),
        cmocka_unit_test(zero_takes_the_affinity_mask),
        cmocka_unit_test(each_thread_has_its_index),
        cmocka_unit_test(signals_are_for_the_main_thread),
        cmocka_unit_test(each_works_by_itself),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(threads_that_are_refused_are_told),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
