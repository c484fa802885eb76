/* Denoising: each way to spoil a text alone, within statistical bounds, and all of them together. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "collated.h"

/* Nothing is spoilt. */
static const s2s_objective_recipe nothing = {.type = S2S_DENOISING, .mean_span = 3};

static collated spoil(const s2s_objective_recipe *recipe, const texts *t, uint64_t key) {
    s2s_objective o = made_objective(recipe);
    collated c = collate_texts(&s2s_denoising_kind, &o, t, key);
    for (int i = 0; i < t->n; i++)
        expect_row(target_of(&c, i), t->examples[i].source, t->examples[i].source_length);
    return c;
}

static void without_shares_a_text_stays_as_it_is(void **state) {
    (void)state;
    texts t = texts_of_lengths((int[]){0, 1, 2, 30, 100}, 5, 4);
    collated c = spoil(&nothing, &t, 1);
    for (int i = 0; i < t.n; i++)
        expect_row(source_of(&c, i), t.examples[i].source, t.examples[i].source_length);
    collated_release(&c);
    texts_release(&t);
}

/* --- infilling --- */

enum { LONGEST_SPAN = 12 };
typedef struct spans {
    double hidden, masks,
        alone; /* alone: without another <mask> beside it, so that its length shows */
    double lengths[LONGEST_SPAN];
} spans;

/* Words of a text count up, so that what lies between two tells how many a span hides. */
static void add_source(spans *s, row source, int length) {
    int next = 0; /* the word that would come if nothing was hidden */
    for (int i = 0, masks = 0; i <= source.n; i++) {
        if (i < source.n && source.ids[i] == MASK) {
            masks++;
            continue;
        }
        int word = i < source.n ? source.ids[i] - FIRST_WORD : length;
        assert_true(word >= next);
        assert_true(masks || word == next);
        s->hidden += word - next;
        s->masks += masks;
        if (masks == 1) s->alone++;
        if (masks == 1 && word - next < LONGEST_SPAN) s->lengths[word - next]++;
        masks = 0;
        next = word + 1;
    }
}

/* Spans that are cut short at the end of what is to be hidden, one a text, are none of the law's: 1 of 100. */
static void infilling_hides_spans_of_poisson_lengths(void **state) {
    (void)state;
    enum { TEXTS = 300, LENGTH = 1000 };
    s2s_objective_recipe recipe = nothing;
    recipe.infilling = 0.3;
    texts t = texts_alike(LENGTH, TEXTS, 0);
    collated c = spoil(&recipe, &t, 8);
    spans s = {0};
    for (int i = 0; i < TEXTS; i++) add_source(&s, source_of(&c, i), LENGTH);
    assert_true(fabs(s.hidden - 0.3 * LENGTH * TEXTS) < 1);
    assert_true(fabs(s.hidden / s.masks - 3) < 0.05);
    double p = exp(-3);
    for (int k = 0; k < 8; p *= 3.0 / ++k) {
        double bound = 5 * sqrt(p * (1 - p) / s.alone) + 0.01 * p + 0.004;
        if (fabs(s.lengths[k] / s.alone - p) > bound)
            fail_msg("length %d: %g, not %g", k, s.lengths[k] / s.alone, p);
    }
    collated_release(&c);
    texts_release(&t);
}

/* Of short texts the share is right on average. */
static void infilling_of_short_texts(void **state) {
    (void)state;
    enum { TEXTS = 20000, LENGTH = 3 };
    s2s_objective_recipe recipe = nothing;
    recipe.infilling = 0.3;
    texts t = texts_alike(LENGTH, TEXTS, 0);
    collated c = spoil(&recipe, &t, 8);
    spans s = {0};
    for (int i = 0; i < TEXTS; i++) add_source(&s, source_of(&c, i), LENGTH);
    expect_share(s.hidden, TEXTS, 0.3 * LENGTH); /* 0 or 1 of a text */
    collated_release(&c);
    texts_release(&t);
}

/* --- deletion and masking --- */

static void deletion_and_masking_have_their_shares(void **state) {
    (void)state;
    enum { TEXTS = 200, LENGTH = 500 };
    s2s_objective_recipe recipe = nothing;
    recipe.deletion = 0.2;
    recipe.masking = 0.1;
    texts t = texts_alike(LENGTH, TEXTS, 0);
    collated c = spoil(&recipe, &t, 4);
    double masks = 0, words = 0, all = (double)LENGTH * TEXTS;
    for (int i = 0; i < TEXTS; i++) {
        row source = source_of(&c, i);
        int32_t before = FIRST_WORD - 1;
        for (int k = 0; k < source.n; k++) {
            masks += source.ids[k] == MASK;
            if (source.ids[k] == MASK) continue;
            assert_true(source.ids[k] > before); /* in order */
            before = source.ids[k];
            words++;
        }
    }
    expect_share(masks, all, 0.1);
    expect_share(all - masks - words, all, 0.2);
    collated_release(&c);
    texts_release(&t);
}

/* --- permutation --- */

enum { LINE = 4, WITH_END };

/* Which line stands at place `place`; all its words must be there. */
static int line_at(row source, int place) {
    const int32_t *ids = source.ids + place * WITH_END;
    int line = (ids[0] - FIRST_WORD) / WITH_END;
    for (int k = 0; k < LINE; k++) assert_int_equal(ids[k], FIRST_WORD + line * WITH_END + k);
    int end = place * WITH_END + LINE;
    if (end < source.n) assert_int_equal(source.ids[end], EOS);
    return line;
}

static void all_orders_of_lines_are_alike_likely(void **state) {
    (void)state;
    enum { TEXTS = 6000, LINES = 3 };
    s2s_objective_recipe recipe = nothing;
    recipe.permutation = 1;
    texts t = texts_alike(LINES * WITH_END - 1, TEXTS, LINE);
    collated c = spoil(&recipe, &t, 21);
    int orders[LINES * LINES * LINES] = {0}, seen = 0;
    for (int i = 0; i < TEXTS; i++) {
        row source = source_of(&c, i);
        assert_int_equal(source.n, LINES * WITH_END - 1);
        orders[9 * line_at(source, 0) + 3 * line_at(source, 1) + line_at(source, 2)]++;
    }
    for (int i = 0; i < LINES * LINES * LINES; i++) {
        if (!orders[i]) continue;
        expect_share(orders[i], TEXTS, 1.0 / 6);
        seen++;
    }
    assert_int_equal(seen, 6);
    collated_release(&c);
    texts_release(&t);
}

/* Of 10 lines 5 change places with each other; any of these stays where it is with probability 1/5. */
static void a_share_of_the_lines_is_permuted(void **state) {
    (void)state;
    enum { TEXTS = 2000, LINES = 10 };
    s2s_objective_recipe recipe = nothing;
    recipe.permutation = 0.5;
    texts t = texts_alike(LINES * WITH_END - 1, TEXTS, LINE);
    collated c = spoil(&recipe, &t, 22);
    int moved = 0;
    for (int i = 0; i < TEXTS; i++) {
        int here = 0;
        for (int k = 0; k < LINES; k++) here += line_at(source_of(&c, i), k) != k;
        assert_true(here <= LINES / 2);
        moved += here;
    }
    expect_share(moved, LINES * TEXTS, 0.4);
    collated_release(&c);
    texts_release(&t);
}

/* --- rotation --- */

static void a_share_of_the_texts_is_rotated(void **state) {
    (void)state;
    enum { TEXTS = 5000, LENGTH = 10 };
    s2s_objective_recipe recipe = nothing;
    recipe.rotation = 0.5;
    texts t = texts_alike(LENGTH, TEXTS, 0);
    collated c = spoil(&recipe, &t, 9);
    int begins[LENGTH] = {0};
    for (int i = 0; i < TEXTS; i++) {
        row source = source_of(&c, i);
        int first = source.ids[0] - FIRST_WORD;
        assert_int_equal(source.n, LENGTH);
        for (int k = 0; k < LENGTH; k++)
            assert_int_equal(source.ids[k], FIRST_WORD + (first + k) % LENGTH);
        begins[first]++;
    }
    expect_share(begins[0], TEXTS, 0.5 + 0.5 / LENGTH);
    for (int k = 1; k < LENGTH; k++) expect_share(begins[k], TEXTS, 0.5 / LENGTH);
    collated_release(&c);
    texts_release(&t);
}

/* --- all together --- */

static const s2s_objective_recipe bart = {
    .type = S2S_DENOISING, .mean_span = 3, .infilling = 0.3, .permutation = 1};

/* Shares that hide almost all, and empty spans as often as they come, in texts of every length; collate_texts sees
 * whether a sequence has the room. Lines without words are no trouble either. */
static void nothing_overflows(void **state) {
    (void)state;
    enum { LENGTHS = 120 };
    int lengths[LENGTHS];
    for (int i = 0; i < LENGTHS; i++) lengths[i] = i;
    s2s_objective_recipe recipes[] = {bart, bart, bart};
    recipes[0].mean_span = recipes[1].mean_span = 1;
    recipes[1].infilling = 0.99;
    recipes[2] = (s2s_objective_recipe){.mean_span = 1,
                                        .infilling = 0.6,
                                        .deletion = 0.1,
                                        .masking = 0.9,
                                        .permutation = 0.7,
                                        .rotation = 1};
    texts t = texts_of_lengths(lengths, LENGTHS, 3), ends = texts_alike(20, 50, 0);
    for (int i = 0; i < 50 * 20; i++) ends.ids[i] = EOS;
    int longer = 0;
    for (uint64_t key = 0; key < 150; key++) {
        collated c = spoil(&recipes[key % 3], &t, key);
        for (int i = 0; i < t.n; i++) longer += source_of(&c, i).n > lengths[i];
        collated_release(&c);
        c = spoil(&recipes[key % 3], &ends, key);
        collated_release(&c);
    }
    assert_true(longer > 100); /* the case that the room is for does come */
    texts_release(&t);
    texts_release(&ends);
}

/* Whatever is drawn, a source has only words of its text, each once at most. */
static void the_source_has_no_other_words(void **state) {
    (void)state;
    enum { LENGTH = 90 };
    texts t = texts_alike(LENGTH, 200, 8);
    collated c = spoil(&bart, &t, 17);
    for (int i = 0; i < t.n; i++) {
        int found[LENGTH] = {0};
        row source = source_of(&c, i);
        for (int k = 0; k < source.n; k++) {
            int32_t id = source.ids[k];
            if (id == MASK || id == EOS) continue;
            assert_in_range(id, FIRST_WORD, FIRST_WORD + LENGTH - 1);
            assert_int_equal(found[id - FIRST_WORD]++, 0);
        }
    }
    collated_release(&c);
    texts_release(&t);
}

static void draws_follow_from_key_and_number_alone(void **state) {
    (void)state;
    texts t = texts_alike(80, 40, 6), part = t;
    part.n = 15;
    collated a = spoil(&bart, &t, 5), b = spoil(&bart, &t, 5), other = spoil(&bart, &t, 6);
    assert_true(collated_equal(&a, &b));
    assert_false(collated_equal(&a, &other));
    collated some = spoil(&bart, &part, 5);
    for (int i = 0; i < part.n; i++) {
        row whole = source_of(&a, i);
        expect_row(source_of(&some, i), whole.ids, whole.n);
    }
    collated_release(&a);
    collated_release(&b);
    collated_release(&other);
    collated_release(&some);
    texts_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_shares_a_text_stays_as_it_is),
        cmocka_unit_test(infilling_hides_spans_of_poisson_lengths),
        cmocka_unit_test(infilling_of_short_texts),
        cmocka_unit_test(deletion_and_masking_have_their_shares),
        cmocka_unit_test(all_orders_of_lines_are_alike_likely),
        cmocka_unit_test(a_share_of_the_lines_is_permuted),
        cmocka_unit_test(a_share_of_the_texts_is_rotated),
        cmocka_unit_test(nothing_overflows),
        cmocka_unit_test(the_source_has_no_other_words),
        cmocka_unit_test(draws_follow_from_key_and_number_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
