/* Results on their way from a worker to the caller: what is made of them there, and how much of them may wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

#include <cmocka.h>

#include "fake.h"
#include "search/result.h"

enum { WORKERS = 3, SENTENCES = 2000 };

/* --- found --- */

/* Gives out the last hypothesis alone, with the number of all as its score: either the workers choose it, or who gets
 * the results. */
typedef struct chooser {
    fake_io io;
    s2s_search_io inner; /* of `io` */
    bool by_worker;
    int fail_found; /* at the n-th call, from 1; 0: never */
    atomic_int calls, wrong;
} chooser;

static s2s_hypothesis last_of(const s2s_hypothesis *best, int n) {
    s2s_hypothesis last = best[n - 1];
    last.score = n;
    return last;
}

static s2s_status next(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    chooser *c = self;
    return c->inner.next(c->inner.self, request, more, err);
}

static s2s_status found(void *self, int worker, s2s_hypothesis *best, int *n, s2s_err *err) {
    chooser *c = self;
    int call = atomic_fetch_add(&c->calls, 1) + 1;
    if (worker < 0 || worker >= WORKERS || *n < 1) atomic_fetch_add(&c->wrong, 1);
    if (call == c->fail_found) return s2s_fail(err, S2S_INPUT, "found failed");
    best[0] = last_of(best, *n);
    *n = 1;
    return S2S_OK;
}

static s2s_status done(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                       s2s_err *err) {
    chooser *c = self;
    s2s_hypothesis last = c->by_worker ? best[0] : last_of(best, n);
    return c->inner.done(c->inner.self, index, &last, 1, err);
}

static s2s_status choose(chooser *c, s2s_err *err) {
    fake fakes[WORKERS];
    s2s_scorer scorers[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        fake_init(&fakes[i], 20);
        scorers[i] = fakes[i].scorer;
    }
    c->io = (fake_io){.sentences = SENTENCES, .longest = 20, .keep = true};
    c->inner = fake_io_make(&c->io);
    s2s_search_recipe recipe = fake_recipe(3, 3, 8);
    s2s_search_io io = {
        .self = c, .next = next, .found = c->by_worker ? found : NULL, .done = done};
    s2s_status status = s2s_search_run(scorers, WORKERS, &recipe, io, err);
    for (int i = 0; i < WORKERS; i++) fake_release(&fakes[i]);
    return status;
}

static void test_workers_may_change_what_they_found(void **state) {
    (void)state;
    chooser workers = {.by_worker = true}, taker = {.by_worker = false};
    assert_int_equal(choose(&workers, NULL), S2S_OK);
    assert_int_equal(choose(&taker, NULL), S2S_OK);
    assert_int_equal(workers.calls, SENTENCES);
    assert_int_equal(workers.wrong, 0);
    assert_int_equal(workers.io.output.size, taker.io.output.size);
    assert_memory_equal(workers.io.output.data, taker.io.output.data, taker.io.output.size);
    fake_io_release(&workers.io);
    fake_io_release(&taker.io);
}

static void test_what_they_fail_with_ends_the_search(void **state) {
    (void)state;
    for (int n = 1; n < SENTENCES; n += 333) {
        chooser c = {.by_worker = true, .fail_found = n};
        s2s_err err = {0};
        assert_int_equal(choose(&c, &err), S2S_INPUT);
        assert_non_null(strstr(err.message, "found failed"));
        assert_true(c.io.done < (uint64_t)n);
        fake_io_release(&c.io);
    }
}

/* --- bytes --- */

static void test_bound_of_a_result(void **state) {
    (void)state;
    s2s_search_recipe recipe = fake_recipe(5, 3, 1), own = recipe;
    const s2s_request plain = {.n = 6}, with_own = {.n = 6, .recipe = &own};
    own.n_best = 1;
    double base = sizeof(s2s_result), hypothesis = sizeof(s2s_hypothesis);
    assert_true(s2s_result_bound(&plain, &recipe, false) == base + 3 * (hypothesis + 40 * 12));
    assert_true(s2s_result_bound(&plain, &recipe, true) ==
                base + 3 * (hypothesis + 40 * (12 + 7 * sizeof(s2s_real))));
    assert_true(s2s_result_bound(&with_own, &recipe, false) == base + hypothesis + 40 * 12);
    own.max_decoding_length = INT64_MAX; /* more than there is memory for, and no smaller number */
    assert_true(s2s_result_bound(&with_own, &recipe, true) > 1e10);
}

/* The most sentences that were in hand. */
static uint64_t run_long(bool attention, int64_t longest, s2s_buf *output) {
    fake f;
    fake_init(&f, 12);
    f.ending = 2;
    static const int32_t source[] = {2, 3, 4, 5, 6, 7, 8};
    const int32_t *sources[100];
    int lengths[100];
    for (int i = 0; i < 100; i++) {
        sources[i] = source;
        lengths[i] = 7;
    }
    fake_io io = {.sources = sources,
                  .lengths = lengths,
                  .sentences = 100,
                  .keep = true,
                  .attention = attention};
    s2s_search_recipe recipe = fake_recipe(3, 3, 8);
    recipe.max_decoding_length = longest;
    assert_int_equal(s2s_search_run(&f.scorer, 1, &recipe, fake_io_make(&io), NULL), S2S_OK);
    assert_int_equal(io.done, 100);
    *output = io.output;
    io.output = (s2s_buf){0};
    fake_io_release(&io);
    fake_release(&f);
    return io.ahead_most;
}

/* A result of three times 2^20 tokens may have 36 MiB, so that the second fills the window; with attention to 8
 * source tokens more than 64, so that the first does. */
static void test_results_that_wait_are_bounded(void **state) {
    (void)state;
    s2s_buf usual, few;
    for (int attention = 0; attention < 2; attention++) {
        assert_true(run_long(attention, 100, &usual) > 8);
        assert_int_equal(run_long(attention, 1 << 20, &few), attention ? 1 : 2);
        assert_int_equal(few.size, usual.size);
        assert_memory_equal(few.data, usual.data, few.size);
        s2s_buf_release(&usual);
        s2s_buf_release(&few);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workers_may_change_what_they_found),
        cmocka_unit_test(test_what_they_fail_with_ends_the_search),
        cmocka_unit_test(test_bound_of_a_result),
        cmocka_unit_test(test_results_that_wait_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
