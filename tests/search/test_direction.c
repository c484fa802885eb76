/* A scorer that writes from right to left is searched like any other; what is found is told in the order of the text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake.h"

enum { SENTENCES = 12, LONGEST = 6, MOST = 400 };

/* A copy of a hypothesis. */
typedef struct found {
    int length, scored, source_tokens;
    int32_t ids[40];
    double log_probabilities[41];
    s2s_real attention[41 * (LONGEST + 1)];
    double log_probability, score;
} found;

typedef struct catcher {
    fake_io io; /* that feeds */
    found *all;
    int n, cut; /* cut: at the maximum length */
} catcher;

static s2s_status next(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    catcher *c = self;
    s2s_search_io io = fake_io_make(&c->io);
    return io.next(io.self, request, more, err);
}

static s2s_status keep(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                       s2s_err *err) {
    (void)index;
    (void)err;
    catcher *c = self;
    for (int i = 0; i < n; i++, c->n++) {
        const s2s_hypothesis *h = best + i;
        found *f = c->all + c->n;
        assert_true(c->n < MOST);
        *f = (found){.length = h->length,
                     .scored = h->scored,
                     .source_tokens = h->source_tokens,
                     .log_probability = h->log_probability,
                     .score = h->score};
        size_t tokens = (size_t)h->length, scored = (size_t)h->scored;
        memcpy(f->ids, h->ids, tokens * sizeof *f->ids);
        memcpy(f->log_probabilities, h->log_probabilities, scored * sizeof *f->log_probabilities);
        memcpy(f->attention, h->attention,
               scored * (size_t)h->source_tokens * sizeof *f->attention);
        c->cut += h->scored == h->length;
    }
    return S2S_OK;
}

static catcher search(bool right_to_left) {
    fake f;
    fake_init(&f, 9);
    f.scorer.right_to_left = right_to_left;
    s2s_search_recipe recipe = fake_recipe(4, 3, 5);
    recipe.max_decoding_length = 5;
    catcher c = {.io = {.sentences = SENTENCES, .longest = LONGEST}};
    c.all = calloc(MOST, sizeof *c.all);
    assert_non_null(c.all);
    s2s_search_io io = {.self = &c, .attention = true, .next = next, .done = keep};
    assert_int_equal(s2s_search_run(&f.scorer, 1, &recipe, io, NULL), S2S_OK);
    fake_release(&f);
    return c;
}

static void expect_turned(const found *a, const found *b) {
    assert_int_equal(a->length, b->length);
    assert_int_equal(a->scored, b->scored);
    assert_true(a->score == b->score && a->log_probability == b->log_probability);
    size_t width = (size_t)a->source_tokens;
    for (int i = 0; i < a->scored; i++) {
        int at = i < a->length ? a->length - 1 - i : i; /* the end symbol stays the last */
        if (i < a->length) assert_int_equal(a->ids[i], b->ids[at]);
        assert_true(a->log_probabilities[i] == b->log_probabilities[at]);
        assert_memory_equal(a->attention + (size_t)i * width, b->attention + (size_t)at * width,
                            width * sizeof *a->attention);
    }
}

static void results_are_in_the_order_of_the_text(void **state) {
    (void)state;
    catcher left = search(false), right = search(true);
    int longer = 0;
    assert_int_equal(left.n, right.n);
    for (int i = 0; i < left.n; i++) {
        expect_turned(left.all + i, right.all + i);
        longer += left.all[i].length > 1 && left.all[i].ids[0] != right.all[i].ids[0];
    }
    assert_true(longer > SENTENCES);
    assert_true(left.cut > 0 && left.cut < left.n); /* some have an end symbol, and some not */
    fake_io_release(&left.io);
    fake_io_release(&right.io);
    free(left.all);
    free(right.all);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(results_are_in_the_order_of_the_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
