/* The rule about texts with too many tokens, by itself and on the way from text to tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "sentences.h"
#include "text/cut.h"

/* --- which of n tokens stay --- */

/* 0 .. n - 1, cut, must be `wanted`: numbers parted by blanks. */
static void expect_cut(s2s_cut cut, size_t n, const char *wanted) {
    int32_t ids[16];
    char found[128] = "";
    for (size_t i = 0; i < n; i++) ids[i] = (int32_t)i;
    size_t left = s2s_cut_ids(&cut, ids, n);
    for (size_t i = 0; i < left; i++) {
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%s%d", i ? " " : "", ids[i]);
    }
    assert_string_equal(found, wanted);
}

static void test_what_stays(void **state) {
    (void)state;
    expect_cut((s2s_cut){S2S_LONG_HEAD, 3, 0.5}, 6, "0 1 2");
    expect_cut((s2s_cut){S2S_LONG_TAIL, 3, 0.5}, 6, "3 4 5");
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 4, 0.5}, 7, "0 1 5 6");
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 4, 0.25}, 7, "0 4 5 6");
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 4, 0.75}, 5, "0 1 2 4");
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 3, 0.5}, 5, "0 1 4"); /* 1.5 is rounded up */
}

static void test_lengths_at_the_edge(void **state) {
    (void)state;
    static const s2s_long_text all[] = {S2S_LONG_HEAD, S2S_LONG_TAIL, S2S_LONG_HEAD_TAIL};
    for (int i = 0; i < 3; i++) {
        expect_cut((s2s_cut){all[i], 3, 0.5}, 0, "");
        expect_cut((s2s_cut){all[i], 3, 0.5}, 2, "0 1");
        expect_cut((s2s_cut){all[i], 3, 0.5}, 3, "0 1 2");
        expect_cut((s2s_cut){all[i], 0, 0.5}, 3, "");
        expect_cut((s2s_cut){all[i], SIZE_MAX, 0.5}, 3, "0 1 2");
    }
    expect_cut((s2s_cut){S2S_LONG_HEAD, 3, 0.5}, 4, "0 1 2");
    expect_cut((s2s_cut){S2S_LONG_TAIL, 3, 0.5}, 4, "1 2 3");
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 3, 0.5}, 4, "0 1 3");
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 1, 0.5}, 2, "0");
}

/* However small or large its share, a side of head-tail is never empty. */
static void test_shares_at_the_edge(void **state) {
    (void)state;
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 2, 0.5}, 9, "0 8");
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 3, 0.001}, 9, "0 7 8");
    expect_cut((s2s_cut){S2S_LONG_HEAD_TAIL, 3, 0.999}, 9, "0 1 8");
}

/* --- from text --- */

/* Encodes `text` for each policy, and compares with cutting all of its ids. */
static void expect_same(const s2s_vocabulary *v, const char *text, const s2s_ids *all,
                        size_t most) {
    for (s2s_long_text keep = S2S_LONG_HEAD; keep <= S2S_LONG_HEAD_TAIL; keep++) {
        const s2s_cut cut = {keep, most, 0.3};
        s2s_ids some = {0};
        s2s_err err = {0};
        bool was_cut;
        int32_t *wanted = malloc((all->size + 1) * sizeof *wanted);
        memcpy(wanted, all->data, all->size * sizeof *wanted);
        size_t left = s2s_cut_ids(&cut, wanted, all->size);
        s2s_ids_push(&some, 7, &err); /* what is there already stays */
        assert_int_equal(
            s2s_vocabulary_encode_cut(v, text, strlen(text), &cut, &some, &was_cut, &err), S2S_OK);
        assert_int_equal(was_cut, all->size > most);
        assert_int_equal(some.size, 1 + left);
        assert_int_equal(some.data[0], 7);
        if (left) assert_memory_equal(some.data + 1, wanted, left * sizeof *wanted);
        free(wanted);
        s2s_ids_release(&some);
    }
}

static void encode_all(const s2s_vocabulary *v, const char *text, s2s_ids *all) {
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_encode(v, text, strlen(text), all, &err), S2S_OK);
}

static void test_cut_while_encoding(void **state) {
    const s2s_vocabulary *v = *state;
    char sentence[512];
    make_sentence(1, sentence, sizeof sentence);
    s2s_ids all = {0};
    encode_all(v, sentence, &all);
    assert_in_range(all.size, 3, 500);
    for (size_t most = 0; most <= all.size + 1; most++) expect_same(v, sentence, &all, most);
    s2s_ids_release(&all);
}

/* Of a text of several stretches only the ends are looked at; what is found there is what all of it gives. */
static void test_ends_of_a_long_text(void **state) {
    enum { SENTENCES = 4000 };
    const s2s_vocabulary *v = *state;
    s2s_buf text = {0};
    s2s_ids all = {0};
    s2s_err err = {0};
    char sentence[512];
    for (uint64_t i = 0; i < SENTENCES; i++) {
        size_t length = make_sentence(i, sentence, sizeof sentence);
        s2s_buf_append(&text, sentence, length, &err);
        s2s_buf_append(&text, " ", 1, &err);
    }
    assert_true(text.size > 2 * 65536); /* more than is encoded at once, twice */
    encode_all(v, text.data, &all);
    static const size_t mosts[] = {1, 2, 50, 1000};
    for (int i = 0; i < 4; i++) expect_same(v, text.data, &all, mosts[i]);
    expect_same(v, text.data, &all, all.size - 1);
    expect_same(v, text.data, &all, all.size);
    s2s_ids_release(&all);
    s2s_buf_release(&text);
}

/* Of a word of a megabyte SentencePiece sees a part only, here one unknown piece; that more was cut is told. */
static void test_a_long_word(void **state) {
    enum { LONG = 1 << 20 };
    const s2s_vocabulary *v = *state;
    char *word = malloc(LONG);
    assert_non_null(word);
    for (int i = 0; i < LONG; i += 2) memcpy(word + i, "\xD0\x96", 2);
    for (s2s_long_text keep = S2S_LONG_HEAD; keep <= S2S_LONG_HEAD_TAIL; keep++) {
        const s2s_cut cut = {keep, 10, 0.5};
        s2s_ids some = {0};
        s2s_err err = {0};
        bool was_cut;
        assert_int_equal(s2s_vocabulary_encode_cut(v, word, LONG, &cut, &some, &was_cut, &err),
                         S2S_OK);
        assert_in_range(some.size, 1, 10);
        assert_true(was_cut);
        s2s_ids_release(&some);
    }
    free(word);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stays),          cmocka_unit_test(test_lengths_at_the_edge),
        cmocka_unit_test(test_shares_at_the_edge),  cmocka_unit_test(test_cut_while_encoding),
        cmocka_unit_test(test_ends_of_a_long_text), cmocka_unit_test(test_a_long_word),
    };
    return cmocka_run_group_tests(tests, set_up_vocabulary, tear_down_vocabulary);
}
