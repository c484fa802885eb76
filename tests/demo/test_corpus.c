/* The corpus: the same from the same seed, no sentence twice, held-out combinations held out, all
 * words in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/corpus.h"
#include "demo/draft.h"
#include "demo/german.h"

static const size_t small[PART_COUNT] = {3000, 200, 200};

static void make(s2s_demo_corpus *corpus, const size_t sizes[PART_COUNT], uint64_t seed) {
    s2s_err err = {0};
    if (s2s_demo_corpus_make(corpus, sizes, seed, &err) != S2S_OK) fail_msg("%s", err.message);
}

static void same_seed_same_bytes(void **state) {
    (void)state;
    s2s_demo_corpus a, b, c;
    make(&a, small, 1);
    make(&b, small, 1);
    make(&c, small, 2);
    for (int part = 0; part < PART_COUNT; part++) {
        assert_int_equal(a.count[part], small[part]);
        assert_string_equal(a.lines[part].data, b.lines[part].data);
        assert_string_not_equal(a.lines[part].data, c.lines[part].data);
    }
    s2s_demo_corpus_release(&a);
    s2s_demo_corpus_release(&b);
    s2s_demo_corpus_release(&c);
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Splits the lines in place: column 0 is English, 1 German. */
static size_t cut(s2s_buf *lines, int column, char **sentences) {
    size_t count = 0;
    for (char *line = lines->data; line && *line; count++) {
        char *tab = strchr(line, '\t'), *end = strchr(line, '\n');
        assert_non_null(tab);
        assert_non_null(end);
        assert_true(tab < end);
        sentences[count] = column == 0 ? strndup(line, (size_t)(tab - line))
                                       : strndup(tab + 1, (size_t)(end - tab - 1));
        line = end + 1;
    }
    return count;
}

static void no_sentence_twice(void **state) {
    (void)state;
    s2s_demo_corpus corpus;
    make(&corpus, small, 3);
    size_t total = small[0] + small[1] + small[2];
    char **sentences = calloc(total, sizeof *sentences);
    for (int column = 0; column < 2; column++) {
        size_t count = 0;
        for (int part = 0; part < PART_COUNT; part++)
            count += cut(&corpus.lines[part], column, sentences + count);
        assert_int_equal(count, total);
        qsort(sentences, count, sizeof *sentences, compare);
        for (size_t i = 1; i < count; i++) assert_string_not_equal(sentences[i - 1], sentences[i]);
        for (size_t i = 0; i < count; i++) free(sentences[i]);
    }
    free(sentences);
    s2s_demo_corpus_release(&corpus);
}

/* The traits of what a draft imagines, and the part that it goes to. */
static bool imagine(s2s_draft *draft, uint64_t number, s2s_traits *traits, s2s_part *part) {
    s2s_draft_start(draft, 11, number);
    const s2s_clause *clause = s2s_imagine(draft);
    if (clause == NULL) return false;
    *traits = s2s_find_traits(clause);
    *part = s2s_part_for(traits);
    return *part != PART_COUNT;
}

static int compare_pairs(const void *a, const void *b) {
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

/* What the training sentences combine. */
typedef struct trained {
    uint64_t *pairs; /* sorted */
    unsigned *structures;
    size_t pair_count, sentence_count;
} trained;

enum { NUMBERS = 20000 };

static trained collect_trained(s2s_draft *draft) {
    trained all = {calloc((size_t)NUMBERS * HELD_OUT_PAIRS, sizeof *all.pairs),
                   calloc(NUMBERS, sizeof *all.structures), 0, 0};
    for (uint64_t i = 0; i < NUMBERS; i++) {
        s2s_traits traits;
        s2s_part part;
        if (!imagine(draft, i, &traits, &part) || part != TRAIN_PART) continue;
        all.structures[all.sentence_count++] = traits.structures;
        for (int j = 0; j < traits.pair_count; j++) all.pairs[all.pair_count++] = traits.pairs[j];
    }
    qsort(all.pairs, all.pair_count, sizeof *all.pairs, compare_pairs);
    return all;
}

static bool has_new_pair(const s2s_traits *traits, const trained *all) {
    for (int i = 0; i < traits->pair_count; i++)
        if (!bsearch(&traits->pairs[i], all->pairs, all->pair_count, sizeof *all->pairs,
                     compare_pairs))
            return true;
    return false;
}

static bool has_new_structures(const s2s_traits *traits, const trained *all) {
    for (size_t i = 0; i < all->sentence_count; i++)
        if ((all->structures[i] & traits->structures) == traits->structures) return false;
    return true;
}

/* Told from the sentences themselves: what a held-out sentence combines is in no training sentence.
 */
static void combinations_are_held_out(void **state) {
    (void)state;
    static s2s_draft draft;
    trained all = collect_trained(&draft);
    size_t held_out = 0, by_words = 0, by_structure = 0;
    for (uint64_t i = 0; i < NUMBERS; i++) {
        s2s_traits traits;
        s2s_part part;
        if (!imagine(&draft, i, &traits, &part) || part == TRAIN_PART) continue;
        bool new_pair = has_new_pair(&traits, &all),
             new_structure = has_new_structures(&traits, &all);
        assert_true(new_pair || new_structure);
        by_words += new_pair, by_structure += new_structure;
        held_out++;
    }
    assert_true(held_out > 500 && by_words > 200 && by_structure > 200);
    free(all.pairs);
    free(all.structures);
}

/* A model can only learn a word that the training part shows. */
static void all_words_are_trained(void **state) {
    (void)state;
    static const size_t large[PART_COUNT] = {20000, 0, 0};
    s2s_demo_corpus corpus;
    make(&corpus, large, 1);
    const char *lines = corpus.lines[TRAIN_PART].data;
    for (size_t i = 0; i < s2s_noun_count; i++)
        if (!strstr(lines, s2s_nouns[i].german))
            fail_msg("the noun %s is missing", s2s_nouns[i].german);
    for (size_t i = 0; i < s2s_place_count; i++)
        if (!strstr(lines, s2s_places[i].noun.german))
            fail_msg("the place %s is missing", s2s_places[i].noun.german);
    for (size_t i = 0; i < s2s_adjective_count; i++)
        if (!strstr(lines, s2s_adjectives[i].english))
            fail_msg("the adjective %s is missing", s2s_adjectives[i].english);
    for (size_t i = 0; i < s2s_verb_count; i++) {
        s2s_text past = {0}, present = {0};
        s2s_german_finite(&past, &s2s_verbs[i].german, PAST_FORM, SHE, false);
        s2s_german_finite(&present, &s2s_verbs[i].german, PRESENT_FORM, SHE, false);
        if (!strstr(lines, past.data) && !strstr(lines, present.data))
            fail_msg("the verb %s is missing", past.data);
    }
    s2s_demo_corpus_release(&corpus);
}

/* A capital first, one mark last, single spaces, no space before a comma, valid pairs of columns.
 */
static void sentences_are_well_formed(void **state) {
    (void)state;
    s2s_demo_corpus corpus;
    make(&corpus, small, 4);
    char **sentences = calloc(small[TRAIN_PART], sizeof *sentences);
    for (int column = 0; column < 2; column++) {
        size_t count = cut(&corpus.lines[TRAIN_PART], column, sentences);
        for (size_t i = 0; i < count; i++) {
            const char *sentence = sentences[i];
            char last = sentence[strlen(sentence) - 1];
            bool capital =
                (sentence[0] >= 'A' && sentence[0] <= 'Z') || (unsigned char)sentence[0] == 0xC3;
            bool clean = !strstr(sentence, "  ") && !strstr(sentence, " ,") &&
                         !strstr(sentence, ",,") && !strstr(sentence, "|");
            if (!capital || !clean || strchr(".?!", last) == NULL) fail_msg("'%s'", sentence);
            free(sentences[i]);
        }
    }
    free(sentences);
    s2s_demo_corpus_release(&corpus);
}

static void nothing_asked_nothing_made(void **state) {
    (void)state;
    static const size_t none[PART_COUNT] = {0, 0, 0};
    s2s_demo_corpus corpus;
    make(&corpus, none, 1);
    for (int part = 0; part < PART_COUNT; part++) assert_int_equal(corpus.lines[part].size, 0);
    s2s_demo_corpus_release(&corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_bytes),      cmocka_unit_test(no_sentence_twice),
        cmocka_unit_test(combinations_are_held_out), cmocka_unit_test(all_words_are_trained),
        cmocka_unit_test(sentences_are_well_formed), cmocka_unit_test(nothing_asked_nothing_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
