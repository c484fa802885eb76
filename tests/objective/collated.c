/* See collated.h. */
#include "collated.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

s2s_objective made_objective(const s2s_objective_recipe *recipe) {
    return (s2s_objective){.recipe = recipe,
                           .bos = BOS,
                           .eos = EOS,
                           .mask = MASK,
                           .sentinel = FIRST_SENTINEL,
                           .sentinel_step = 1};
}

/* --- texts --- */

texts texts_of_lengths(const int *lengths, int n, int line) {
    size_t total = 1;
    for (int i = 0; i < n; i++) total += (size_t)lengths[i];
    texts t = {calloc((size_t)n, sizeof *t.examples), malloc(total * sizeof *t.ids), n};
    assert_true(t.examples && t.ids);
    int32_t *at = t.ids;
    for (int i = 0; i < n; at += lengths[i++]) {
        t.examples[i] = (s2s_example){.source = at, .source_length = lengths[i]};
        for (int k = 0; k < lengths[i]; k++)
            at[k] = line && (k + 1) % (line + 1) == 0 ? EOS : FIRST_WORD + k;
    }
    return t;
}

texts texts_alike(int length, int n, int line) {
    int *lengths = malloc((size_t)n * sizeof *lengths);
    assert_non_null(lengths);
    for (int i = 0; i < n; i++) lengths[i] = length;
    texts t = texts_of_lengths(lengths, n, line);
    free(lengths);
    return t;
}

void texts_release(texts *t) {
    free(t->examples);
    free(t->ids);
}

/* --- batches --- */

enum { ARRAYS = 6, MARKS = 64, MARK = -77 };

/* As the loader counts it: a text and two symbols on either side. */
static int room_of(const texts *t) {
    int room = 0;
    for (int i = 0; i < t->n; i++) room += t->examples[i].source_length + 2;
    return room;
}

static void make_arrays(collated *c) {
    size_t each = (size_t)c->capacity + 1 + MARKS;
    c->memory = malloc(ARRAYS * each * sizeof *c->memory);
    assert_non_null(c->memory);
    for (size_t i = 0; i < ARRAYS * each; i++) c->memory[i] = MARK;
    int32_t *at = c->memory;
    for (int i = 0; i < S2S_STREAMS; i++) {
        c->batch.stream[i].ids = at;
        c->batch.stream[i].starts = at + each;
        at += 2 * each;
    }
    c->batch.labels = at;
    c->batch.predicted = at + each;
}

static void check_marks(const collated *c) {
    size_t each = (size_t)c->capacity + 1 + MARKS;
    for (size_t i = 0; i < ARRAYS; i++) {
        bool is_starts = i == 1 || i == 3;
        for (size_t k = (size_t)c->capacity + is_starts; k < each; k++)
            assert_int_equal(c->memory[i * each + k], MARK);
    }
}

static void check_stream(const s2s_stream *s, int sequences, int capacity) {
    assert_int_equal(s->sequences, sequences);
    assert_int_equal(s->starts[0], 0);
    assert_int_equal(s->starts[sequences], s->tokens);
    assert_true(s->tokens <= capacity);
    for (int i = 0; i < sequences; i++) assert_true(s->starts[i] < s->starts[i + 1]);
}

static void check_batch(const collated *c, const texts *t) {
    const s2s_stream *source = &c->batch.stream[S2S_SOURCE], *target = &c->batch.stream[S2S_TARGET];
    check_stream(source, t->n, c->capacity);
    check_stream(target, t->n, c->capacity);
    assert_int_equal(c->batch.labels_n, target->tokens);
    assert_null(c->batch.predicted);
    for (int i = 0; i < t->n; i++) {
        int first = target->starts[i], last = target->starts[i + 1] - 1;
        int most = t->examples[i].source_length + 2;
        assert_true(last + 1 - first <= most && source->starts[i + 1] - source->starts[i] <= most);
        assert_int_equal(source->ids[source->starts[i + 1] - 1], EOS);
        assert_int_equal(target->ids[first], BOS);
        assert_int_equal(c->batch.labels[last], EOS);
        assert_memory_equal(c->batch.labels + first, target->ids + first + 1,
                            (size_t)(last - first) * sizeof(int32_t));
    }
}

collated collate_texts(const s2s_objective_kind *kind, const s2s_objective *objective,
                       const texts *t, uint64_t key) {
    collated c = {.capacity = room_of(t)};
    make_arrays(&c);
    s2s_collator collator = kind->collator(objective);
    collator.collate(collator.self, t->examples, t->n, key, &c.batch);
    check_marks(&c);
    check_batch(&c, t);
    return c;
}

void collated_release(collated *c) {
    free(c->memory);
}

bool collated_equal(const collated *a, const collated *b) {
    for (int i = 0; i < S2S_STREAMS; i++) {
        const s2s_stream *x = &a->batch.stream[i], *y = &b->batch.stream[i];
        if (x->tokens != y->tokens || x->sequences != y->sequences ||
            memcmp(x->ids, y->ids, (size_t)x->tokens * sizeof *x->ids))
            return false;
    }
    return true;
}

static row row_of(const s2s_stream *s, int sequence, int begin, int end) {
    int first = s->starts[sequence] + begin;
    return (row){s->ids + first, s->starts[sequence + 1] - end - first};
}

row source_of(const collated *c, int sequence) {
    return row_of(&c->batch.stream[S2S_SOURCE], sequence, 0, 1);
}

row target_of(const collated *c, int sequence) {
    return row_of(&c->batch.stream[S2S_TARGET], sequence, 1, 0);
}

/* --- expectations --- */

void expect_row(row r, const int32_t *ids, int n) {
    assert_int_equal(r.n, n);
    if (n) assert_memory_equal(r.ids, ids, (size_t)n * sizeof *ids);
}

void expect_share(double count, double n, double p) {
    double deviation = sqrt(n * p * (1 - p));
    if (fabs(count - n * p) > 5 * deviation)
        fail_msg("%g of %g is not the share %g (five deviations: %g)", count, n, p, 5 * deviation);
}
