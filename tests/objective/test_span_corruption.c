/* Span corruption: what is hidden, how often, and that source and target together are the text. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "collated.h"

enum { LENGTHS = 200 };

static const s2s_objective_recipe t5 = {
    .type = S2S_SPAN_CORRUPTION, .corruption = 0.15, .mean_span = 3};

static bool is_sentinel(int32_t id) {
    return id >= FIRST_SENTINEL && id < FIRST_WORD;
}

static collated corrupt(const s2s_objective_recipe *recipe, const texts *t, uint64_t key) {
    s2s_objective o = made_objective(recipe);
    return collate_texts(&s2s_span_corruption_kind, &o, t, key);
}

/* Every length from 0, a text each. */
static texts all_lengths(void) {
    int lengths[LENGTHS];
    for (int i = 0; i < LENGTHS; i++) lengths[i] = i;
    return texts_of_lengths(lengths, LENGTHS, 7);
}

/* --- source and target are the text --- */

/* Appends what sentinel `number` hides, behind `at` in the target; the place of the next sentinel. */
static int fill_in(row target, int at, int number, int32_t *text, int *n) {
    assert_int_equal(target.ids[at], FIRST_SENTINEL + number);
    int first = ++at;
    while (at < target.n && !is_sentinel(target.ids[at])) text[(*n)++] = target.ids[at++];
    assert_true(at > first); /* none is empty */
    assert_true(at < target.n);
    return at;
}

static void restore(row source, row target, const s2s_example *e) {
    int32_t text[2 * LENGTHS];
    int n = 0, sentinels = 0, at = 0;
    for (int i = 0; i < source.n; i++) {
        if (!is_sentinel(source.ids[i])) {
            text[n++] = source.ids[i];
            continue;
        }
        assert_false(i && is_sentinel(source.ids[i - 1]));
        assert_int_equal(source.ids[i], FIRST_SENTINEL + sentinels);
        at = fill_in(target, at, sentinels++, text, &n);
    }
    assert_int_equal(at, target.n - 1);
    assert_int_equal(target.ids[at], FIRST_SENTINEL + sentinels); /* the last one */
    expect_row((row){text, n}, e->source, e->source_length);
}

/* Among them shares and lengths that leave no room at all. */
static void gives_the_text_back(void **state) {
    (void)state;
    static const double settings[][2] = {{0.15, 3}, {0.5, 1}, {0.99, 1}, {0.99, 1000}, {0.001, 1}};
    texts t = all_lengths();
    for (size_t s = 0; s < sizeof settings / sizeof *settings; s++) {
        s2s_objective_recipe recipe = t5;
        recipe.corruption = settings[s][0];
        recipe.mean_span = settings[s][1];
        for (uint64_t key = 0; key < 20; key++) {
            collated c = corrupt(&recipe, &t, key);
            for (int i = 0; i < t.n; i++)
                restore(source_of(&c, i), target_of(&c, i), &t.examples[i]);
            collated_release(&c);
        }
    }
    texts_release(&t);
}

/* Words come once in a text, so that none may stand on both sides. */
static void the_source_does_not_tell_what_is_hidden(void **state) {
    (void)state;
    enum { LENGTH = 120 };
    texts t = texts_alike(LENGTH, 100, 0);
    collated c = corrupt(&t5, &t, 3);
    for (int i = 0; i < t.n; i++) {
        int found[LENGTH] = {0}, words = 0;
        row sides[] = {source_of(&c, i), target_of(&c, i)};
        for (int side = 0; side < 2; side++)
            for (int k = 0; k < sides[side].n; k++)
                if (!is_sentinel(sides[side].ids[k])) {
                    assert_int_equal(found[sides[side].ids[k] - FIRST_WORD]++, 0);
                    words++;
                }
        assert_int_equal(words, LENGTH);
    }
    collated_release(&c);
    texts_release(&t);
}

static void texts_of_no_and_one_token_hide_nothing(void **state) {
    (void)state;
    texts t = texts_of_lengths((int[]){0, 1, 2}, 3, 0);
    collated c = corrupt(&t5, &t, 1);
    const int32_t sentinel = FIRST_SENTINEL;
    for (int i = 0; i < 2; i++) {
        expect_row(source_of(&c, i), t.examples[i].source, i);
        expect_row(target_of(&c, i), &sentinel, 1);
    }
    assert_int_equal(target_of(&c, 2).n, 3); /* sentinel, a token, sentinel */
    collated_release(&c);
    texts_release(&t);
}

/* --- how much, and where --- */

typedef struct statistics {
    double hidden, spans, ones, places, first, last;
} statistics;

static void add_target(statistics *s, row target, int length) {
    int in_span = 0;
    for (int k = 1; k < target.n; k++) { /* behind the first sentinel */
        if (!is_sentinel(target.ids[k])) {
            int place = target.ids[k] - FIRST_WORD;
            s->hidden++;
            s->places += place;
            s->first += place == 0;
            s->last += place == length - 1;
            in_span++;
            continue;
        }
        s->spans++;
        s->ones += in_span == 1;
        in_span = 0;
    }
}

/* 15 of 100 tokens in 5 spans. Of the C(14, 4) = 1001 ways to part 15 into 5 the first part is 1 in C(13, 3) = 286. Of
 * the 85 that stay, 4 part spans; the 81 others lie in 6 places, so that none lies before the first span with
 * probability 5/86. */
static void shares_and_lengths_are_right(void **state) {
    (void)state;
    enum { TEXTS = 4000, LENGTH = 100 };
    texts t = texts_alike(LENGTH, TEXTS, 0);
    collated c = corrupt(&t5, &t, 11);
    statistics s = {0};
    for (int i = 0; i < t.n; i++) add_target(&s, target_of(&c, i), LENGTH);
    assert_true(s.hidden == 15 * TEXTS);
    assert_true(s.spans == 5 * TEXTS);
    expect_share(s.ones, s.spans, 286.0 / 1001);
    expect_share(s.first, TEXTS, 5.0 / 86);
    expect_share(s.last, TEXTS, 5.0 / 86);
    /* the middle, on average: a text's mean place deviates by less than 15 */
    assert_true(fabs(s.places / s.hidden - (LENGTH - 1) / 2.0) < 5 * 15 / sqrt(TEXTS));
    collated_release(&c);
    texts_release(&t);
}

/* --- draws --- */

static void draws_follow_from_key_and_number_alone(void **state) {
    (void)state;
    texts t = all_lengths(), part = t;
    part.n = LENGTHS / 2;
    collated a = corrupt(&t5, &t, 5), b = corrupt(&t5, &t, 5), other = corrupt(&t5, &t, 6);
    assert_true(collated_equal(&a, &b));
    assert_false(collated_equal(&a, &other));
    collated half = corrupt(&t5, &part, 5);
    for (int i = 0; i < part.n; i++) {
        row whole = target_of(&a, i);
        expect_row(target_of(&half, i), whole.ids, whole.n);
    }
    collated_release(&a);
    collated_release(&b);
    collated_release(&other);
    collated_release(&half);
    texts_release(&t);
}

/* No text within data.max_length needs more sentinels than its recipe counts, and the longest needs all. */
static void sentinels_suffice(void **state) {
    (void)state;
    static const double settings[][2] = {{0.15, 3}, {0.5, 1}, {0.9, 2}, {0.001, 1}};
    for (size_t s = 0; s < sizeof settings / sizeof *settings; s++) {
        s2s_recipe recipe = {.objective = t5};
        recipe.objective.corruption = settings[s][0];
        recipe.objective.mean_span = settings[s][1];
        for (int64_t length = 0; length < 600; length++) {
            recipe.data.max_length = length + 2;
            int64_t needed = s2s_spans_of(&recipe.objective, length).spans + 1;
            assert_int_equal(s2s_sentinels_of(&recipe), needed);
            recipe.data.max_length++;
            assert_true(s2s_sentinels_of(&recipe) >= needed);
        }
    }
    s2s_recipe none = {.objective = {.type = S2S_DENOISING}, .data = {.max_length = 100}};
    assert_int_equal(s2s_sentinels_of(&none), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_text_back),
        cmocka_unit_test(the_source_does_not_tell_what_is_hidden),
        cmocka_unit_test(texts_of_no_and_one_token_hide_nothing),
        cmocka_unit_test(shares_and_lengths_are_right),
        cmocka_unit_test(draws_follow_from_key_and_number_alone),
        cmocka_unit_test(sentinels_suffice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
