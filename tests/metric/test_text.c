/* Decoding, white space, lower case and tokenizers, against Python's and sacreBLEU's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "metric/points.h"
#include "metric/tokenize.h"
#include "metric/unicode.h"

static s2s_err err;

static void load(s2s_points *points, s2s_segment text) {
    assert_int_equal(s2s_points_decode(points, text.text, text.length, &err), S2S_OK);
}

static void assert_points_equal(const s2s_points *found, const s2s_points *wanted) {
    assert_int_equal(found->size, wanted->size);
    for (size_t i = 0; i < wanted->size; i++) assert_int_equal(found->data[i], wanted->data[i]);
}

/* Words joined by one space each: the form of the fixture. */
static void join_words(s2s_rewrite *rewrite) {
    s2s_points *out = &rewrite->spare;
    out->size = 0;
    for (s2s_span word = {0}; s2s_points_next_word(&rewrite->text, &word);) {
        if (out->size) assert_int_equal(s2s_points_push(out, ' ', &err), S2S_OK);
        for (size_t i = word.start; i < word.end; i++)
            assert_int_equal(s2s_points_push(out, rewrite->text.data[i], &err), S2S_OK);
    }
    s2s_rewrite_swap(rewrite);
}

static void test_tokens_equal_sacrebleu(void **state) {
    (void)state;
    json_t *lines = read_fixture("tokens.jsonl");
    s2s_rewrite rewrite = {0};
    s2s_points wanted = {0};
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        for (int t = S2S_TOK_13A; t <= S2S_TOK_ZH; t++) {
            s2s_tokenize tokenize = s2s_tokenizer_get((s2s_bleu_tokenizer)t);
            load(&rewrite.text, text_of(line, "text"));
            s2s_points_strip_end(&rewrite.text);
            assert_int_equal(tokenize(&rewrite, &err), S2S_OK);
            join_words(&rewrite);
            load(&wanted, text_of(line, s2s_bleu_tokenizer_names[t]));
            assert_points_equal(&rewrite.text, &wanted);
        }
    }
    s2s_rewrite_release(&rewrite);
    s2s_points_release(&wanted);
    json_decref(lines);
}

static void test_lower_case_equals_python(void **state) {
    (void)state;
    json_t *lines = read_fixture("tokens.jsonl");
    s2s_rewrite rewrite = {0};
    s2s_points wanted = {0};
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        load(&rewrite.text, text_of(line, "text"));
        assert_int_equal(s2s_lowercase(&rewrite, &err), S2S_OK);
        load(&wanted, text_of(line, "lower"));
        assert_points_equal(&rewrite.text, &wanted);
    }
    s2s_rewrite_release(&rewrite);
    s2s_points_release(&wanted);
    json_decref(lines);
}

/* Each case with what bytes.decode("utf-8", "replace") makes of it. */
static void test_invalid_utf8_is_replaced(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t points[6];
        size_t n;
    } cases[] = {
        {"a\x80z", {'a', 0xFFFD, 'z'}, 3},             /* a continuation without a start */
        {"\xC3", {0xFFFD}, 1},                         /* cut off */
        {"\xE2\x82z", {0xFFFD, 'z'}, 2},               /* a cut character is one mistake */
        {"\xE2\x82\xE2\x82\xAC", {0xFFFD, 0x20AC}, 2}, /* and does not eat the next */
        {"\xC0\xAF", {0xFFFD, 0xFFFD}, 2},             /* overlong */
        {"\xE0\x80\xAF", {0xFFFD, 0xFFFD, 0xFFFD}, 3}, /* overlong */
        {"\xED\xA0\x80", {0xFFFD, 0xFFFD, 0xFFFD}, 3}, /* a surrogate */
        {"\xF4\x90\x80\x80", {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, 4}, /* above U+10FFFF */
        {"\xF0\x9F\x98\x80\xFF", {0x1F600, 0xFFFD}, 2},
    };
    s2s_points points = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        load(&points, (s2s_segment){cases[i].bytes, strlen(cases[i].bytes)});
        assert_int_equal(points.size, cases[i].n);
        for (size_t k = 0; k < points.size; k++)
            assert_int_equal(points.data[k], cases[i].points[k]);
    }
    s2s_points_release(&points);
}

static void test_white_space_is_pythons(void **state) {
    (void)state;
    static const uint32_t spaces[] = {9,      10,     11,     12,     13,     0x1C,   0x1D,
                                      0x1E,   0x1F,   0x20,   0x85,   0xA0,   0x1680, 0x2000,
                                      0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
    static const uint32_t others[] = {0,    8,      14,     0x1B,   0x7F,  0x84,
                                      0xAD, 0x180E, 0x200B, 0x2060, 0xFEFF};
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        assert_true(s2s_is_space(spaces[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(s2s_is_space(others[i]));
}

/* Characters newer than the Unicode of utf8proc 2.8 come from the table. */
static void test_newer_characters_have_a_class(void **state) {
    (void)state;
    assert_true(s2s_is_symbol(0x20C1));
    assert_true(s2s_is_symbol(0x1FAE9));
    assert_true(s2s_is_punctuation(0x1B4E));
    assert_true(s2s_is_number(0x1E5F1));
    assert_false(s2s_is_number(0x1E5FB));
    assert_false(s2s_is_symbol(0x10FFFF));
    assert_false(s2s_is_punctuation(0x1B4D));
}

static void test_replace(void **state) {
    (void)state;
    static const char *const cases[][4] = {
        {"aXbXc", "X", "", "abc"}, {"XX", "X", "yy", "yyyy"}, {"aab", "ab", "-", "a-"},
        {"aaa", "aa", "b", "ba"},  {"abc", "d", "e", "abc"},  {"", "d", "e", ""},
    };
    s2s_rewrite rewrite = {0};
    s2s_points wanted = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        load(&rewrite.text, (s2s_segment){cases[i][0], strlen(cases[i][0])});
        assert_int_equal(s2s_replace(&rewrite, cases[i][1], cases[i][2], &err), S2S_OK);
        load(&wanted, (s2s_segment){cases[i][3], strlen(cases[i][3])});
        assert_points_equal(&rewrite.text, &wanted);
    }
    s2s_rewrite_release(&rewrite);
    s2s_points_release(&wanted);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_equal_sacrebleu),
        cmocka_unit_test(test_lower_case_equals_python),
        cmocka_unit_test(test_invalid_utf8_is_replaced),
        cmocka_unit_test(test_white_space_is_pythons),
        cmocka_unit_test(test_newer_characters_have_a_class),
        cmocka_unit_test(test_replace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
