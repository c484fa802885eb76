/* Loaders: every example once an epoch, limits, order, resuming, ranks, weights. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/thread.h"
#include "data/loader.h"
#include "examples.h"

enum { EPOCHS = 2 };
static const s2s_translation_symbols symbols = {2, 1, 2, S2S_LEFT_TO_RIGHT};
static const s2s_cursor start = {0, 0};

static s2s_loader_options options_of(int64_t batch_tokens, uint64_t seed) {
    return (s2s_loader_options){
        .batch_tokens = batch_tokens, .seed = seed, .shuffle = true, .rank = 0, .ranks = 1};
}

static s2s_loader *open_loader(const s2s_dataset *d, s2s_loader_options options, s2s_cursor at) {
    s2s_loader *loader;
    s2s_err err = {0};
    if (s2s_loader_create(&loader, d, s2s_translation_collator(&symbols), options, at, &err) !=
        S2S_OK)
        fail_msg("%s", err.message);
    return loader;
}

static const s2s_batch *next(s2s_loader *loader, s2s_cursor *cursor) {
    const s2s_batch *batch;
    s2s_err err = {0};
    assert_int_equal(s2s_loader_next(loader, &batch, cursor, &err), S2S_OK);
    return batch;
}

/* All that a plan would read. */
static uint64_t fingerprint(const s2s_batch *b) {
    uint64_t hash = XXH3_64bits(&b->index, sizeof b->index);
    for (int i = 0; i < S2S_STREAMS; i++) {
        const s2s_stream *s = &b->stream[i];
        hash = XXH3_64bits_withSeed(s->ids, (size_t)s->tokens * 4, hash);
        hash = XXH3_64bits_withSeed(s->starts, (size_t)(s->sequences + 1) * 4, hash);
    }
    return XXH3_64bits_withSeed(b->labels, (size_t)b->labels_n * 4, hash);
}

static void check_stream(const s2s_stream *s, int64_t limit) {
    assert_true(s->sequences > 0 && s->tokens <= limit);
    assert_int_equal(s->starts[0], 0);
    assert_int_equal(s->starts[s->sequences], s->tokens);
    for (int i = 0; i < s->sequences; i++) assert_true(s->starts[i] < s->starts[i + 1]);
}

/* The shape of a batch, and its labels: the target moved by one. */
static void check_batch(const s2s_batch *b, int64_t limit) {
    const s2s_stream *source = &b->stream[S2S_SOURCE], *target = &b->stream[S2S_TARGET];
    check_stream(source, limit);
    check_stream(target, limit);
    assert_int_equal(source->sequences, target->sequences);
    assert_int_equal(b->labels_n, target->tokens);
    assert_null(b->predicted);
    for (int i = 0; i < target->sequences; i++) {
        int first = target->starts[i], last = target->starts[i + 1] - 1;
        assert_int_equal(source->ids[source->starts[i + 1] - 1], symbols.source_eos);
        assert_int_equal(target->ids[first], symbols.target_bos);
        assert_int_equal(b->labels[last], symbols.target_eos);
        for (int j = first; j < last; j++) assert_int_equal(b->labels[j], target->ids[j + 1]);
    }
}

/* Which example a sequence of a batch is: sources of test corpora are all different. */
static uint64_t find_example(const s2s_dataset *d, const s2s_batch *b, int sequence) {
    const s2s_stream *s = &b->stream[S2S_SOURCE];
    int n = s->starts[sequence + 1] - s->starts[sequence] - 1;
    for (uint64_t i = 0; i < s2s_dataset_size(d); i++) {
        s2s_example e = s2s_dataset_get(d, i);
        if (e.source_length == n &&
            !memcmp(e.source, s->ids + s->starts[sequence], (size_t)n * sizeof(int32_t)))
            return i;
    }
    fail_msg("a sequence is no example");
    return 0;
}

/* Adds how often each example comes in `epoch`, which begins now. */
static void count_epoch(s2s_loader *loader, const s2s_dataset *d, int64_t limit, uint64_t epoch,
                        int *counts) {
    s2s_cursor cursor;
    uint64_t batches = 0;
    do {
        const s2s_batch *b = next(loader, &cursor);
        check_batch(b, limit);
        batches++;
        for (int j = 0; j < b->stream[0].sequences; j++) counts[find_example(d, b, j)]++;
    } while (cursor.epoch == epoch);
    assert_int_equal(batches, s2s_loader_batches(loader));
}

static void test_every_example_once(void **state) {
    (void)state;
    enum { N = 700 };
    examples e;
    examples_make(&e, (uint64_t[]){N}, 1, 0);
    s2s_dataset *d = examples_open(&e);
    int64_t smallest = s2s_dataset_longest(d) + 1;
    int64_t limits[] = {smallest, 512, 100000};
    for (int i = 0; i < 3; i++) {
        s2s_loader *loader = open_loader(d, options_of(limits[i], 5), start);
        for (uint64_t epoch = 0; epoch < EPOCHS; epoch++) {
            int counts[N] = {0};
            count_epoch(loader, d, limits[i], epoch, counts);
            for (int j = 0; j < N; j++) assert_int_equal(counts[j], 1);
        }
        s2s_loader_free(loader);
    }
    s2s_dataset_free(d);
    examples_release(&e);
}

/* The other direction turns targets round, and nothing else. */
static void test_from_right_to_left(void **state) {
    (void)state;
    static const s2s_translation_symbols turned = {2, 1, 2, S2S_RIGHT_TO_LEFT};
    examples e;
    examples_make(&e, (uint64_t[]){200}, 1, 0);
    s2s_dataset *d = examples_open(&e);
    s2s_loader *left = open_loader(d, options_of(512, 5), start), *right;
    s2s_err err = {0};
    assert_int_equal(s2s_loader_create(&right, d, s2s_translation_collator(&turned),
                                       options_of(512, 5), start, &err),
                     S2S_OK);
    s2s_cursor cursor;
    const s2s_batch *a = next(left, &cursor), *b = next(right, &cursor);
    check_batch(b, 512);
    const s2s_stream *x = &a->stream[S2S_TARGET], *y = &b->stream[S2S_TARGET];
    const s2s_stream *source = &a->stream[S2S_SOURCE];
    assert_memory_equal(source->ids, b->stream[S2S_SOURCE].ids, (size_t)source->tokens * 4);
    assert_memory_equal(x->starts, y->starts, (size_t)(x->sequences + 1) * 4);
    for (int i = 0; i < x->sequences; i++) {
        int first = x->starts[i], last = x->starts[i + 1] - 1; /* of the labels, the end symbol */
        for (int j = first; j < last; j++)
            assert_int_equal(a->labels[j], b->labels[first + last - 1 - j]);
    }
    s2s_loader_free(left);
    s2s_loader_free(right);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* Batches are well filled: sorting by length leaves little room. */
static void test_fill(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){3000}, 1, 0);
    s2s_dataset *d = examples_open(&e);
    s2s_loader *loader = open_loader(d, options_of(1000, 5), start);
    s2s_cursor cursor;
    uint64_t batches = s2s_loader_batches(loader);
    double tokens = 0;
    for (uint64_t i = 0; i < batches; i++) {
        const s2s_batch *b = next(loader, &cursor);
        int a = b->stream[0].tokens, c = b->stream[1].tokens;
        tokens += a > c ? a : c;
    }
    assert_true(tokens / ((double)batches * 1000) > 0.9);
    s2s_loader_free(loader);
    s2s_dataset_free(d);
    examples_release(&e);
}

enum { STEPS = 150 };

static void record(const s2s_dataset *d, s2s_loader_options options, s2s_cursor at, int steps,
                   uint64_t *prints, s2s_cursor *cursors) {
    s2s_loader *loader = open_loader(d, options, at);
    s2s_cursor cursor;
    for (int i = 0; i < steps; i++) {
        prints[i] = fingerprint(next(loader, &cursor));
        if (cursors) cursors[i] = cursor;
    }
    s2s_loader_free(loader);
}

/* The stream of batches is the same again, from any cursor, and with any number of threads. */
static void check_resuming(double alpha) {
    examples e;
    examples_make(&e, (uint64_t[]){300}, 1, alpha);
    s2s_dataset *d = examples_open(&e);
    uint64_t whole[STEPS], other[STEPS];
    s2s_cursor cursors[STEPS];
    s2s_loader_options options = options_of(400, 9);
    record(d, options, start, STEPS, whole, cursors);
    assert_true(cursors[STEPS - 1].epoch >= 2);
    for (int from = 0; from < STEPS - 1; from += 29) {
        s2s_threads_set(1 + from % 3);
        record(d, options, cursors[from], STEPS - 1 - from, other, NULL);
        assert_memory_equal(other, whole + from + 1, (size_t)(STEPS - 1 - from) * sizeof *whole);
    }
    s2s_threads_set(0);
    options.seed = 10;
    record(d, options, start, STEPS, other, NULL);
    assert_memory_not_equal(other, whole, sizeof whole);
    s2s_dataset_free(d);
    examples_release(&e);
}

static void test_resuming(void **state) {
    (void)state;
    check_resuming(0);
}

static void test_resuming_with_sampling(void **state) {
    (void)state;
    check_resuming(0.2);
}

/* Epochs differ in order, and with sampling in segmentation. */
static void test_epochs_differ(void **state) {
    (void)state;
    for (int sampling = 0; sampling < 2; sampling++) {
        examples e;
        examples_make(&e, (uint64_t[]){200}, 1, sampling ? 0.2 : 0);
        s2s_dataset *d = examples_open(&e);
        s2s_loader *loader = open_loader(d, options_of(300, 9), start);
        long tokens[EPOCHS] = {0};
        uint64_t first[EPOCHS];
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            s2s_cursor cursor = {(uint64_t)epoch, 0};
            for (uint64_t i = 0; cursor.epoch == (uint64_t)epoch; i++) {
                const s2s_batch *b = next(loader, &cursor);
                check_batch(b, 300);
                assert_int_equal(b->index, ((uint64_t)epoch << 32) + i);
                if (i == 0) first[epoch] = fingerprint(b);
                tokens[epoch] += b->stream[0].tokens;
            }
        }
        assert_true(first[0] != first[1]);
        long stored = 0;
        for (uint64_t i = 0; i < s2s_dataset_size(d); i++)
            stored += s2s_dataset_get(d, i).source_length + 1;
        for (int epoch = 0; epoch < EPOCHS;
             epoch++) /* random ones have more pieces than the best */
            assert_true(sampling ? tokens[epoch] > stored * 11 / 10 : tokens[epoch] == stored);
        assert_true(!sampling || tokens[0] != tokens[1]);
        s2s_loader_free(loader);
        s2s_dataset_free(d);
        examples_release(&e);
    }
}

/* --- ranks --- */

/* Together, ranks get the stream of a single process, in turn, and agree on where they are. */
static void test_ranks(void **state) {
    (void)state;
    enum { RANKS = 3, ROUNDS = STEPS / RANKS };
    examples e;
    examples_make(&e, (uint64_t[]){300}, 1, 0);
    s2s_dataset *d = examples_open(&e);
    uint64_t whole[STEPS], part[ROUNDS];
    s2s_cursor alone[STEPS], cursors[ROUNDS];
    s2s_loader_options options = options_of(400, 9);
    record(d, options, start, STEPS, whole, alone);
    options.ranks = RANKS;
    for (int rank = 0; rank < RANKS; rank++) {
        options.rank = rank;
        record(d, options, start, ROUNDS, part, cursors);
        for (int i = 0; i < ROUNDS; i++) {
            assert_true(part[i] == whole[i * RANKS + rank]);
            assert_memory_equal(&cursors[i], &alone[i * RANKS + RANKS - 1], sizeof(s2s_cursor));
        }
        record(d, options, cursors[20], 5, part, NULL); /* resumed */
        for (int i = 0; i < 5; i++) assert_true(part[i] == whole[(21 + i) * RANKS + rank]);
    }
    s2s_dataset_free(d);
    examples_release(&e);
}

/* --- file order --- */

static void check_file_order(const s2s_dataset *d, int rank, int ranks) {
    s2s_loader_options options = options_of(300, 1);
    options.shuffle = false;
    options.rank = rank;
    options.ranks = ranks;
    s2s_loader *loader = open_loader(d, options, start);
    s2s_cursor cursor;
    uint64_t expected = 0, batches = 0, all = s2s_loader_batches(loader);
    for (const s2s_batch *b; (b = next(loader, &cursor)); batches++) {
        check_batch(b, 300);
        for (int i = 0; i < b->stream[0].sequences; i++) {
            uint64_t example = find_example(d, b, i);
            if (ranks == 1) assert_int_equal(example, expected++);
        }
    }
    assert_null(next(loader, &cursor)); /* and stays at the end */
    if (ranks == 1) assert_int_equal(expected, s2s_dataset_size(d));
    assert_int_equal(batches, (all - (uint64_t)rank + (uint64_t)ranks - 1) / (uint64_t)ranks);
    s2s_loader_free(loader);
}

static void test_file_order(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){100, 50}, 2, 0.1); /* no sampling in validation */
    e.items[1].weight = 0;                            /* and no weights */
    s2s_dataset *d = examples_open(&e);
    check_file_order(d, 0, 1);
    check_file_order(d, 0, 2);
    check_file_order(d, 1, 2);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* --- weights --- */

static void test_weights(void **state) {
    (void)state;
    enum { A = 100, B = 200, C = 50, N = A + B + C };
    examples e;
    examples_make(&e, (uint64_t[]){A, B, C}, 3, 0);
    e.items[0].weight = 2.25;
    e.items[1].weight = 0.3;
    e.items[2].weight = 0;
    s2s_dataset *d = examples_open(&e);
    s2s_loader *loader = open_loader(d, options_of(500, 3), start);
    int total[N] = {0};
    for (uint64_t epoch = 0; epoch < 40; epoch++) {
        int counts[N] = {0}, sums[3] = {0};
        count_epoch(loader, d, 500, epoch, counts);
        for (int i = 0; i < N; i++) {
            int corpus = i < A ? 0 : i < A + B ? 1 : 2;
            sums[corpus] += counts[i];
            total[i] += counts[i];
            if (corpus == 0) assert_true(counts[i] == 2 || counts[i] == 3);
            if (corpus == 1) assert_true(counts[i] <= 1);
        }
        assert_int_equal(sums[0], 225);
        assert_int_equal(sums[1], 60);
        assert_int_equal(sums[2], 0);
    }
    /* each example has its chance: 40 draws of 0.3, five standard deviations */
    for (int i = A; i < A + B; i++) assert_true(fabs(total[i] - 12.0) < 5 * sqrt(40 * 0.3 * 0.7));
    s2s_loader_free(loader);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* --- mistakes --- */

static void expect_error(const s2s_dataset *d, s2s_loader_options options, s2s_cursor at,
                         s2s_status status, const char *part) {
    s2s_loader *loader;
    s2s_err err = {0};
    assert_int_equal(
        s2s_loader_create(&loader, d, s2s_translation_collator(&symbols), options, at, &err),
        status);
    assert_null(loader);
    if (!strstr(err.message, part)) fail_msg("\"%s\" is not in \"%s\"", part, err.message);
}

static void test_mistakes(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){60}, 1, 0);
    s2s_dataset *d = examples_open(&e);
    expect_error(d, options_of(s2s_dataset_longest(d), 1), start, S2S_USAGE,
                 "too small for the longest example");
    s2s_loader_options many = options_of(100000, 1);
    many.ranks = 2;
    expect_error(d, many, start, S2S_USAGE, "2 processes are more than");
    expect_error(d, options_of(500, 1), (s2s_cursor){0, 1000}, S2S_INPUT, "have changed");
    s2s_dataset_free(d);
    e.items[0].weight = 0;
    d = examples_open(&e);
    expect_error(d, options_of(500, 1), start, S2S_USAGE, "the weights of all corpora are 0");
    s2s_dataset_free(d);
    examples_release(&e);
}

/* Freed while the ring is full, half empty, or never used. */
static void test_early_end(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){100}, 1, 0);
    s2s_dataset *d = examples_open(&e);
    for (int steps = 0; steps < 60; steps++) {
        s2s_loader *loader = open_loader(d, options_of(400, (uint64_t)steps), start);
        s2s_cursor cursor;
        for (int i = 0; i < steps % 12; i++) next(loader, &cursor);
        s2s_loader_free(loader);
    }
    s2s_dataset_free(d);
    examples_release(&e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_example_once),
        cmocka_unit_test(test_fill),
        cmocka_unit_test(test_from_right_to_left),
        cmocka_unit_test(test_resuming),
        cmocka_unit_test(test_resuming_with_sampling),
        cmocka_unit_test(test_epochs_differ),
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_file_order),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_early_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
