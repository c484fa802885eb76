/* The trie, and clipped counts against a count by plain comparison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "metric/ngram.h"

enum { ORDER = 4, LONGEST = 40, REFERENCES = 3 };

static s2s_err err;

static uint32_t number_of(s2s_trie *trie, const char *word) {
    uint32_t symbols[64], number;
    for (size_t i = 0; word[i]; i++) symbols[i] = (unsigned char)word[i];
    assert_int_equal(s2s_trie_number(trie, symbols, strlen(word), &number, &err), S2S_OK);
    return number;
}

static void test_equal_words_have_equal_numbers(void **state) {
    (void)state;
    s2s_trie trie = {0};
    assert_int_equal(s2s_trie_find(&trie, S2S_TRIE_ROOT, 'a'), S2S_TRIE_NONE);
    uint32_t house = number_of(&trie, "house"), houses = number_of(&trie, "houses");
    assert_int_not_equal(house, houses);
    assert_int_not_equal(house, number_of(&trie, "mouse"));
    assert_int_equal(house, number_of(&trie, "house"));
    assert_int_equal(s2s_trie_find(&trie, house, 's'), houses);
    assert_int_equal(s2s_trie_find(&trie, houses, 's'), S2S_TRIE_NONE);
    s2s_trie_clear(&trie);
    assert_int_equal(s2s_trie_find(&trie, S2S_TRIE_ROOT, 'h'), S2S_TRIE_NONE);
    s2s_trie_release(&trie);
}

static void test_trie_grows(void **state) {
    (void)state;
    enum { MANY = 100000 };
    s2s_trie trie = {0};
    for (int round = 0; round < 2; round++, s2s_trie_clear(&trie)) {
        uint32_t child;
        for (uint32_t i = 0; i < MANY; i++) {
            assert_int_equal(s2s_trie_add(&trie, i / 3, i % 3 * 0x10000, &child, &err), S2S_OK);
            assert_int_equal(child, i + 1);
        }
        for (uint32_t i = 0; i < MANY; i++)
            assert_int_equal(s2s_trie_find(&trie, i / 3, i % 3 * 0x10000), i + 1);
    }
    s2s_trie_release(&trie);
}

/* When the counter of clearings overflows, no edge of an earlier epoch may come back. */
static void test_epochs_begin_again(void **state) {
    (void)state;
    s2s_trie trie = {0};
    number_of(&trie, "old");
    trie.epoch = UINT32_MAX;
    number_of(&trie, "new");
    s2s_trie_clear(&trie);
    assert_int_equal(s2s_trie_find(&trie, S2S_TRIE_ROOT, 'o'), S2S_TRIE_NONE);
    assert_int_equal(s2s_trie_find(&trie, S2S_TRIE_ROOT, 'n'), S2S_TRIE_NONE);
    s2s_trie_release(&trie);
}

static size_t occurrences(const s2s_points *text, const uint32_t *ngram, size_t n) {
    size_t found = 0;
    for (size_t i = 0; i + n <= text->size; i++)
        found += !memcmp(text->data + i, ngram, n * sizeof *ngram);
    return found;
}

/* For each different n-gram of the hypothesis: the lesser of its count and its highest reference
 * count. */
static size_t slow_matches(const s2s_points *hypothesis, const s2s_points *references, int count,
                           size_t n) {
    size_t matches = 0;
    for (size_t i = 0; i + n <= hypothesis->size; i++) {
        const uint32_t *ngram = hypothesis->data + i;
        s2s_points before = {hypothesis->data, i + n - 1, 0};
        if (occurrences(&before, ngram, n)) continue;
        size_t here = occurrences(hypothesis, ngram, n), most = 0;
        for (int r = 0; r < count; r++) {
            size_t there = occurrences(&references[r], ngram, n);
            if (there > most) most = there;
        }
        matches += here < most ? here : most;
    }
    return matches;
}

/* Sequences of few symbols, so that n-grams repeat. */
static s2s_points random_sequence(uint32_t *seed) {
    s2s_points points = {0};
    size_t size = (*seed = *seed * 1664525 + 1013904223) >> 16 & 0x7FFF;
    for (size_t i = 0; i < size % LONGEST; i++) {
        *seed = *seed * 1664525 + 1013904223;
        assert_int_equal(s2s_points_push(&points, *seed >> 24 & 3, &err), S2S_OK);
    }
    return points;
}

static void test_matches_are_clipped_counts(void **state) {
    (void)state;
    s2s_ngrams ngrams = {0};
    uint32_t seed = 1;
    for (int round = 0; round < 500; round++, s2s_ngrams_clear(&ngrams)) {
        s2s_points hypothesis = random_sequence(&seed), references[REFERENCES];
        int count = 1 + round % REFERENCES;
        for (int r = 0; r < count; r++) {
            references[r] = random_sequence(&seed);
            assert_int_equal(s2s_ngrams_add_reference(&ngrams, &references[r], ORDER, &err),
                             S2S_OK);
        }
        double matches[ORDER];
        s2s_ngrams_match(&ngrams, &hypothesis, ORDER, matches);
        for (int n = 0; n < ORDER; n++)
            assert_int_equal((size_t)matches[n],
                             slow_matches(&hypothesis, references, count, (size_t)n + 1));
        s2s_points_release(&hypothesis);
        for (int r = 0; r < count; r++) s2s_points_release(&references[r]);
    }
    s2s_ngrams_release(&ngrams);
}

static void test_number_of_ngrams(void **state) {
    (void)state;
    assert_int_equal(s2s_ngrams_in(5, 1), 5);
    assert_int_equal(s2s_ngrams_in(5, 4), 2);
    assert_int_equal(s2s_ngrams_in(3, 4), 0);
    assert_int_equal(s2s_ngrams_in(0, 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_words_have_equal_numbers),
        cmocka_unit_test(test_trie_grows),
        cmocka_unit_test(test_epochs_begin_again),
        cmocka_unit_test(test_matches_are_clipped_counts),
        cmocka_unit_test(test_number_of_ngrams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
