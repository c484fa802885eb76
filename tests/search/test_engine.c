/* How it runs: batches, order, memory, failures, interrupts. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/interrupt.h"
#include "base/thread.h"
#include "fake.h"

static void run_and_keep(int vocabulary, const s2s_search_recipe *recipe, fake_io *io) {
    fake f;
    fake_init(&f, vocabulary);
    io->keep = true;
    assert_int_equal(s2s_search_run(&f.scorer, 1, recipe, fake_io_make(io), NULL), S2S_OK);
    assert_int_equal(io->done, io->sentences);
    assert_true(f.open_most <= recipe->batch_sentences);
    fake_release(&f);
}

static void assert_same_output(const fake_io *a, const fake_io *b) {
    assert_int_equal(a->output.size, b->output.size);
    assert_memory_equal(a->output.data, b->output.data, a->output.size);
}

static void test_batches_change_nothing(void **state) {
    (void)state;
    enum { SENTENCES = 40 };
    fake_io alone = {.sentences = SENTENCES, .longest = 30};
    s2s_search_recipe recipe = fake_recipe(4, 3, 1);
    run_and_keep(20, &recipe, &alone);
    for (int batch = 1; batch <= SENTENCES + 1; batch++)
        for (int tokens = 1; tokens <= 4096; tokens *= 16) {
            fake_io io = {.sentences = SENTENCES, .longest = 30};
            recipe.batch_sentences = batch;
            recipe.batch_tokens = tokens;
            run_and_keep(20, &recipe, &io);
            assert_same_output(&io, &alone);
            fake_io_release(&io);
        }
    fake_io_release(&alone);
}

static void test_threads_change_nothing(void **state) {
    (void)state;
    fake_io one = {.sentences = 20, .longest = 10}, three = one;
    s2s_search_recipe recipe = fake_recipe(5, 5, 8);
    recipe.max_decoding_length = 12;
    s2s_threads_set(1);
    run_and_keep(3000, &recipe, &one);
    s2s_threads_set(3);
    run_and_keep(3000, &recipe, &three);
    s2s_threads_set(0);
    assert_same_output(&one, &three);
    fake_io_release(&one);
    fake_io_release(&three);
}

static void test_sources_open_in_groups(void **state) {
    (void)state;
    fake f;
    fake_init(&f, 12);
    fake_io io = {.sentences = 400, .longest = 10};
    s2s_search_recipe recipe = fake_recipe(2, 1, 32);
    recipe.batch_tokens = 25;
    assert_int_equal(s2s_search_run(&f.scorer, 1, &recipe, fake_io_make(&io), NULL), S2S_OK);
    assert_true(f.tokens_most <= 4 * 25);
    assert_true(f.group_most > 1 && f.groups < 400);
    assert_true(f.open_most > 8); /* steps have many rows */
    fake_io_release(&io);
    fake_release(&f);
}

static void test_a_source_above_the_limit_is_searched_alone(void **state) {
    (void)state;
    fake f;
    fake_init(&f, 12);
    fake_io io = {.sentences = 50, .longest = 300};
    s2s_search_recipe recipe = fake_recipe(2, 1, 32);
    recipe.batch_tokens = 5;
    assert_int_equal(s2s_search_run(&f.scorer, 1, &recipe, fake_io_make(&io), NULL), S2S_OK);
    assert_int_equal(io.done, 50);
    assert_true(f.tokens_most <= 300);
    fake_io_release(&io);
    fake_release(&f);
}

static void test_one_by_one_for_a_batch_of_one(void **state) {
    (void)state;
    fake_io io = {.sentences = 20, .longest = 5};
    s2s_search_recipe recipe = fake_recipe(2, 1, 1);
    run_and_keep(12, &recipe, &io);
    assert_int_equal(io.ahead_most, 1);
    fake_io_release(&io);
}

/* Nobody who waits for each answer is kept waiting by a line without tokens, however many workers there are. */
static void test_empty_sources_one_by_one(void **state) {
    (void)state;
    enum { SENTENCES = 9 };
    static const int32_t ids[] = {3, 4};
    const int32_t *const sources[SENTENCES] = {[1] = ids, [5] = ids, [6] = ids};
    const int lengths[SENTENCES] = {[1] = 2, [5] = 1, [6] = 2};
    for (int workers = 1; workers <= 2; workers++) {
        fake f[2];
        for (int i = 0; i < 2; i++) fake_init(&f[i], 12);
        const s2s_scorer scorers[] = {f[0].scorer, f[1].scorer};
        fake_io io = {.sources = sources, .lengths = lengths, .sentences = SENTENCES};
        s2s_search_recipe recipe = fake_recipe(2, 1, 1);
        assert_int_equal(s2s_search_run(scorers, workers, &recipe, fake_io_make(&io), NULL),
                         S2S_OK);
        assert_int_equal(io.done, SENTENCES);
        assert_int_equal(io.ahead_most, 1);
        for (int i = 0; i < 2; i++) fake_release(&f[i]);
        fake_io_release(&io);
    }
}

static void run_sources(const int32_t *const *sources, const int *lengths, int n, int vocabulary) {
    for (int batch = 1; batch < 4; batch++) {
        fake_io io = {.sources = sources, .lengths = lengths, .sentences = (uint64_t)n};
        s2s_search_recipe recipe = fake_recipe(3, 2, batch);
        run_and_keep(vocabulary, &recipe, &io);
        fake_io_release(&io);
    }
}

static void test_empty_sources_and_no_sources(void **state) {
    (void)state;
    static const int32_t ids[] = {3, 4};
    const int32_t *const sources[200] = {[0] = ids, [3] = ids, [4] = ids, [199] = ids};
    const int lengths[200] = {[0] = 2, [3] = 1, [4] = 2, [199] = 2};
    run_sources(sources, lengths, 200, 12); /* more than a window of empty ones in between */
    run_sources(sources + 5, lengths + 5, 150, 12);
    run_sources(sources, lengths, 0, 12);
    run_sources(sources, lengths, 5, 2); /* eos and one other token */
}

static void test_result_of_an_empty_source(void **state) {
    (void)state;
    const int32_t *const sources[1] = {NULL};
    const int lengths[1] = {0};
    fake_io io = {.sources = sources, .lengths = lengths, .sentences = 1};
    s2s_search_recipe recipe = fake_recipe(3, 2, 4);
    s2s_buf expected = {0};
    run_and_keep(12, &recipe, &io);
    s2s_hypothesis empty = {.ids = NULL, .ending = S2S_ENDED};
    assert_int_equal(fake_put(&expected, 0, &empty, 1, NULL), S2S_OK);
    assert_int_equal(io.output.size, expected.size);
    assert_memory_equal(io.output.data, expected.data, expected.size);
    s2s_buf_release(&expected);
    fake_io_release(&io);
}

static void test_a_hundred_thousand_sentences(void **state) {
    (void)state;
    fake f;
    fake_init(&f, 6);
    f.ending = 1;
    fake_io io = {.sentences = 100000, .longest = 4};
    s2s_search_recipe recipe = fake_recipe(2, 1, 16);
    assert_int_equal(s2s_search_run(&f.scorer, 1, &recipe, fake_io_make(&io), NULL), S2S_OK);
    assert_int_equal(io.done, 100000);
    assert_int_equal(f.opens, 100000);
    assert_int_equal(f.closes, 100000);
    assert_true(f.open_most <= 16);
    assert_true(f.capacity <= 16);
    assert_true(io.ahead_most <= 16 * 16); /* results that wait are in there */
    /* The batch is kept full: of the 2 * 16 rows that a step may have (a sentence's first has one),
     * most. */
    assert_true((double)f.rows > 0.75 * 2 * 16 * f.steps);
    fake_io_release(&io);
    fake_release(&f);
}

static void test_a_long_one_holds_the_others_up_within_bounds(void **state) {
    (void)state;
    enum { SENTENCES = 500 };
    const int32_t usual[] = {1, 2, 3}, endless[] = {9, 9};
    const int32_t *sources[SENTENCES];
    int lengths[SENTENCES];
    for (int i = 0; i < SENTENCES; i++) {
        sources[i] = i == 10 ? endless : usual;
        lengths[i] = i == 10 ? 2 : 3;
    }
    fake f;
    fake_init(&f, 6);
    f.endless = 9;
    f.ending = 1;
    fake_io io = {.sources = sources, .lengths = lengths, .sentences = SENTENCES};
    s2s_search_recipe recipe = fake_recipe(2, 1, 4);
    recipe.max_decoding_length = 600;
    assert_int_equal(s2s_search_run(&f.scorer, 1, &recipe, fake_io_make(&io), NULL), S2S_OK);
    assert_int_equal(io.done, SENTENCES);
    assert_int_equal(io.ahead_most, 16 * 4);
    fake_io_release(&io);
    fake_release(&f);
}

/* --- workers --- */

enum { WORKERS = 3 };

/* Scorers of workers, who take from one io. */
typedef struct crew {
    fake fakes[WORKERS];
    s2s_scorer scorers[WORKERS];
} crew;

static void crew_init(crew *c, int vocabulary) {
    for (int i = 0; i < WORKERS; i++) {
        fake_init(&c->fakes[i], vocabulary);
        c->scorers[i] = c->fakes[i].scorer;
    }
}

/* fake_release checks that all sentences were closed. */
static void crew_release(crew *c) {
    for (int i = 0; i < WORKERS; i++) fake_release(&c->fakes[i]);
}

static void test_workers_change_nothing(void **state) {
    (void)state;
    fake_io alone = {.sentences = 3000, .longest = 30};
    s2s_search_recipe recipe = fake_recipe(4, 3, 8);
    run_and_keep(20, &recipe, &alone);
    crew c;
    crew_init(&c, 20);
    fake_io io = {.sentences = 3000, .longest = 30, .keep = true};
    assert_int_equal(s2s_search_run(c.scorers, WORKERS, &recipe, fake_io_make(&io), NULL), S2S_OK);
    assert_int_equal(io.done, io.sentences);
    assert_same_output(&io, &alone);
    assert_true(io.ahead_most <= 16 * 8 * WORKERS);
    for (int i = 0; i < WORKERS; i++) assert_true(c.fakes[i].opens > 0);
    crew_release(&c);
    fake_io_release(&io);
    fake_io_release(&alone);
}

/* Of few sentences each worker gets some; of fewer than workers one does all. */
static void test_workers_share_what_there_is(void **state) {
    (void)state;
    for (int sentences = 0; sentences <= 2 * WORKERS; sentences++) {
        crew c;
        crew_init(&c, 20);
        fake_io io = {.sentences = (uint64_t)sentences, .longest = 30};
        s2s_search_recipe recipe = fake_recipe(2, 1, 64);
        assert_int_equal(s2s_search_run(c.scorers, WORKERS, &recipe, fake_io_make(&io), NULL),
                         S2S_OK);
        assert_int_equal(io.done, sentences);
        assert_true(c.fakes[0].group_most <= (sentences < WORKERS ? WORKERS : 2));
        crew_release(&c);
        fake_io_release(&io);
    }
}

/* A chunk that a long source ends early says nothing of what is to come. */
static void test_workers_stay_after_a_short_chunk(void **state) {
    (void)state;
    enum { SENTENCES = 3000, LONG = 200 };
    static const int32_t ids[LONG] = {[0] = 3, [1] = 4, [2] = 5};
    const int32_t *sources[SENTENCES];
    int lengths[SENTENCES];
    for (int i = 0; i < SENTENCES; i++) {
        sources[i] = ids;
        lengths[i] = i ? 3 : LONG;
    }
    crew c;
    crew_init(&c, 20);
    fake_io io = {.sources = sources, .lengths = lengths, .sentences = SENTENCES};
    s2s_search_recipe recipe = fake_recipe(4, 1, 8);
    recipe.batch_tokens = 10; /* 16 times as many end a chunk */
    assert_int_equal(s2s_search_run(c.scorers, WORKERS, &recipe, fake_io_make(&io), NULL), S2S_OK);
    assert_int_equal(io.done, SENTENCES);
    for (int i = 0; i < WORKERS; i++) assert_true(c.fakes[i].opens > 0);
    crew_release(&c);
    fake_io_release(&io);
}

static void test_a_failing_worker_stops_all(void **state) {
    (void)state;
    for (int n = 1; n < 30; n += 7) {
        crew c;
        s2s_err err = {0};
        crew_init(&c, 20);
        for (int i = 0; i < WORKERS; i++) c.fakes[i].fail_step = n;
        fake_io io = {.sentences = 100000, .longest = 30};
        s2s_search_recipe recipe = fake_recipe(2, 1, 8);
        assert_int_equal(s2s_search_run(c.scorers, WORKERS, &recipe, fake_io_make(&io), &err),
                         S2S_INPUT);
        assert_non_null(strstr(err.message, "step failed"));
        assert_true(io.done < 100000);
        crew_release(&c);
        fake_io_release(&io);
    }
}

/* --- failures --- */

static s2s_status run_failing(fake *f, fake_io *io, s2s_err *err) {
    s2s_search_recipe recipe = fake_recipe(3, 2, 6);
    recipe.batch_tokens = 20;
    io->sentences = 30;
    io->longest = 8;
    return s2s_search_run(&f->scorer, 1, &recipe, fake_io_make(io), err);
}

/* Makes the n-th call of one kind fail for every n that is reached. */
static void fail_everywhere(size_t scorer_field, size_t io_field, s2s_status status,
                            const char *message) {
    bool reached = true;
    int n = 1;
    for (; reached; n++) {
        fake f;
        fake_io io = {0};
        s2s_err err = {0};
        fake_init(&f, 10);
        int *at =
            scorer_field ? (int *)((char *)&f + scorer_field) : (int *)((char *)&io + io_field);
        *at = n;
        s2s_status got = run_failing(&f, &io, &err);
        reached = got != S2S_OK;
        if (reached) {
            assert_int_equal(got, status);
            assert_int_equal(err.status, status);
            assert_non_null(strstr(err.message, message));
        }
        fake_io_release(&io);
        fake_release(&f); /* checks that all is closed */
    }
    assert_true(n > 5);
}

static void test_failures_are_forwarded(void **state) {
    (void)state;
    fail_everywhere(offsetof(fake, fail_open), 0, S2S_INPUT, "open failed");
    fail_everywhere(offsetof(fake, fail_step), 0, S2S_INPUT, "step failed");
    fail_everywhere(offsetof(fake, nan_step), 0, S2S_NUMERIC, "not finite numbers");
    fail_everywhere(0, offsetof(fake_io, fail_next), S2S_IO, "next failed");
    fail_everywhere(0, offsetof(fake_io, fail_done), S2S_IO, "done failed");
}

/* In a process of its own: the flag stays set. */
static void test_interrupt(void **state) {
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fake f;
        fake_io io = {0};
        s2s_err err = {0};
        s2s_interrupt_install();
        fake_init(&f, 10);
        f.raise_step = 3;
        bool right = run_failing(&f, &io, &err) == S2S_INTERRUPTED && f.steps == 3 &&
                     f.open_now == 0 && f.opens == f.closes && err.status == S2S_INTERRUPTED;
        _exit(right ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batches_change_nothing),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_sources_open_in_groups),
        cmocka_unit_test(test_a_source_above_the_limit_is_searched_alone),
        cmocka_unit_test(test_one_by_one_for_a_batch_of_one),
        cmocka_unit_test(test_empty_sources_one_by_one),
        cmocka_unit_test(test_empty_sources_and_no_sources),
        cmocka_unit_test(test_result_of_an_empty_source),
        cmocka_unit_test(test_a_hundred_thousand_sentences),
        cmocka_unit_test(test_a_long_one_holds_the_others_up_within_bounds),
        cmocka_unit_test(test_workers_change_nothing),
        cmocka_unit_test(test_workers_share_what_there_is),
        cmocka_unit_test(test_workers_stay_after_a_short_chunk),
        cmocka_unit_test(test_a_failing_worker_stops_all),
        cmocka_unit_test(test_failures_are_forwarded),
        cmocka_unit_test(test_interrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
