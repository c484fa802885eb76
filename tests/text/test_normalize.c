/* Normalisation: a table of texts and what must come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "sentences.h"

static s2s_text_recipe recipe_of(s2s_normalization form, s2s_whitespace blanks, bool lowercase) {
    s2s_text_recipe recipe = plain_text_recipe(100);
    recipe.normalization = form;
    recipe.whitespace = blanks;
    recipe.lowercase = lowercase;
    return recipe;
}

static void check_bytes(const s2s_text_recipe *recipe, const char *in, size_t length,
                        const char *wanted) {
    s2s_buf out = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_buf_append(&out, "", 0, &err), S2S_OK);
    assert_int_equal(s2s_normalize(recipe, in, length, &out, &err), S2S_OK);
    assert_string_equal(out.data, wanted);
    assert_int_equal(out.size, strlen(wanted));
    s2s_buf_release(&out);
}

static void check(const s2s_text_recipe *recipe, const char *in, const char *wanted) {
    check_bytes(recipe, in, strlen(in), wanted);
}

static void test_nfkc(void **state) {
    (void)state;
    s2s_text_recipe r = recipe_of(S2S_NFKC, S2S_WHITESPACE_COLLAPSE, false);
    check(&r, "", "");
    check(&r, "A man.", "A man.");
    check(&r, "\xEF\xBC\xA1\xEF\xBC\x91\xEF\xBC\x81", "A1!"); /* full-width A 1 ! */
    check(&r, "\xEF\xBD\xB6\xEF\xBE\x9E", "\xE3\x82\xAC");    /* half-width ka + mark: ga */
    check(&r, "e\xCC\x81", "\xC3\xA9");                       /* e + acute: e acute */
    check(&r, "\xEF\xAC\x81", "fi");                          /* the ligature */
    check(&r, "\xC2\xBD",
          "1\xE2\x81\x84"
          "2");                   /* one half */
    check(&r, "x\xC2\xB2", "x2"); /* superscript two */
    check(&r,
          "a\xC2\xA0"
          "b\xE3\x80\x80"
          "c",
          "a b c"); /* no-break, ideographic blank */
    check(&r, "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C"); /* Hangul letters: han */
    check(&r, "\xC3\x9F", "\xC3\x9F");                                 /* sharp s */
}

static void test_invisible(void **state) {
    (void)state;
    s2s_text_recipe r = recipe_of(S2S_NFKC, S2S_WHITESPACE_COLLAPSE, false);
    check(&r,
          "a\x01"
          "b\x7F"
          "c\xC2\x9F"
          "d",
          "abcd"); /* control characters */
    check(&r,
          "\xEF\xBB\xBF"
          "a\xEF\xBB\xBF"
          "b",
          "ab"); /* byte order marks */
    check(&r,
          "co\xC2\xAD"
          "op",
          "coop"); /* soft hyphen */
    check(&r,
          "\xE2\x80\x8E"
          "a\xE2\x80\x8F"
          "b\xE2\x80\xAC",
          "ab"); /* direction marks */
    check(&r,
          "a\xE2\x80\x8B"
          "b",
          "a b"); /* zero-width space */
    check(&r,
          "a\xE2\x81\xA0"
          "b",
          "ab");                                                               /* word joiner */
    check(&r, "\xD9\x85\xE2\x80\x8C\xDB\x8C", "\xD9\x85\xE2\x80\x8C\xDB\x8C"); /* Persian */
    check(&r, "\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5",          /* heart on fire */
          "\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5");
    check(&r, "\x01\x02", "");
    /* nfc keeps what is there */
    s2s_text_recipe nfc = recipe_of(S2S_NFC, S2S_WHITESPACE_COLLAPSE, false);
    check(&nfc,
          "a\x01"
          "b\xC2\xAD"
          "c",
          "a\x01"
          "b\xC2\xAD"
          "c");
    check(&nfc, "e\xCC\x81\xEF\xBC\xA1", "\xC3\xA9\xEF\xBC\xA1");
}

static void test_lowercase(void **state) {
    (void)state;
    s2s_text_recipe r = recipe_of(S2S_NFKC, S2S_WHITESPACE_COLLAPSE, true);
    check(&r, "A Man in BLUE", "a man in blue");
    check(&r,
          "\xC3\x84RGER Stra\xC3\x9F"
          "e",
          "\xC3\xA4rger stra\xC3\x9F"
          "e");
    check(&r,
          "STRA\xE1\xBA\x9E"
          "E",
          "stra\xC3\x9F"
          "e");                                                        /* capital sharp s */
    check(&r, "\xCE\xA3\xCE\x91\xCE\xA3", "\xCF\x83\xCE\xB1\xCF\x83"); /* sigma: never final */
    check(&r, "\xEF\xBC\xA1", "a");                                    /* full width first */
    check(&r, "\xE2\x84\xAA", "k");                                    /* Kelvin sign */
    check(&r, "H\xCC\xB1", "\xE1\xBA\x96"); /* composes in lower case only */
    s2s_text_recipe none = recipe_of(S2S_NORMALIZE_NONE, S2S_WHITESPACE_COLLAPSE, true);
    check(&none, "\xC3\x84\xEF\xBC\xA1", "\xC3\xA4\xEF\xBD\x81");
}

static void test_white_space(void **state) {
    (void)state;
    s2s_text_recipe collapse = recipe_of(S2S_NFC, S2S_WHITESPACE_COLLAPSE, false);
    check(&collapse, "  a \t\t b\r\n\n c\v\f", "a b c");
    check(&collapse, " \t ", "");
    check(&collapse, "\xC3\xA4\xC2\x85\xE2\x80\xA8 b\xE2\x80\x83", "\xC3\xA4 b");
    check(&collapse,
          "a\xE2\x96\x81"
          "b",
          "a b"); /* SentencePiece's blank */
    s2s_text_recipe keep = recipe_of(S2S_NFC, S2S_WHITESPACE_KEEP, false);
    check(&keep, "  a\t\tb  ", "  a\t\tb  ");
    check(&keep, "\t\xC3\xA4  \n", "\t\xC3\xA4  \n");
    s2s_text_recipe keep_nfkc = recipe_of(S2S_NFKC, S2S_WHITESPACE_KEEP, true);
    check(&keep_nfkc, "\t\tIF  x\xC2\xA0=", "\t\tif  x =");
}

static void test_repair(void **state) {
    (void)state;
    s2s_text_recipe r = recipe_of(S2S_NFKC, S2S_WHITESPACE_COLLAPSE, false);
    check(&r,
          "a\xFF"
          "b",
          "a\xEF\xBF\xBD"
          "b");
    check(&r, "a\xC3", "a\xEF\xBF\xBD");                               /* cut in the middle */
    check(&r, "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD");                 /* overlong */
    check(&r, "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); /* a surrogate */
    check(&r, "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    check_bytes(&r, "a\0b", 3,
                "a\xEF\xBF\xBD"
                "b");
}

/* Whatever the bytes: the result is valid UTF-8, and normalising it again changes nothing. */
static void test_random_bytes(void **state) {
    (void)state;
    srand(5);
    for (int round = 0; round < 4000; round++) {
        s2s_text_recipe r =
            recipe_of((s2s_normalization)(round % 3), (s2s_whitespace)(round / 3 % 2), round % 2);
        char bytes[64];
        size_t length = (size_t)(rand() % 64);
        for (size_t i = 0; i < length; i++)
            bytes[i] =
                (char)(rand() % 3 ? rand() % 256 : "\xC3\xCC\xE2\x84 \xEF\xBC\x81"[rand() % 8]);
        s2s_buf once = {0}, twice = {0};
        s2s_err err = {0};
        assert_int_equal(s2s_normalize(&r, bytes, length, &once, &err), S2S_OK);
        assert_int_equal(s2s_utf8_check(once.data, once.size), -1);
        assert_int_equal(s2s_normalize(&r, once.data, once.size, &twice, &err), S2S_OK);
        assert_int_equal(once.size, twice.size);
        if (once.size) assert_memory_equal(once.data, twice.data, once.size);
        s2s_buf_release(&once);
        s2s_buf_release(&twice);
    }
}

/* Compatibility forms can be many times longer than the text. */
static void test_growth(void **state) {
    (void)state;
    enum { N = 5000 };
    s2s_text_recipe r = recipe_of(S2S_NFKC, S2S_WHITESPACE_COLLAPSE, false);
    s2s_buf in = {0}, out = {0};
    s2s_err err = {0};
    for (int i = 0; i < N; i++)
        s2s_buf_append(&in, "\xEF\xB7\xBA", 3, &err); /* U+FDFA: 18 letters */
    assert_int_equal(s2s_normalize(&r, in.data, in.size, &out, &err), S2S_OK);
    assert_int_equal(s2s_utf8_check(out.data, out.size), -1);
    assert_int_equal(out.size, N * 33);
    s2s_buf_release(&in);
    s2s_buf_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nfkc),      cmocka_unit_test(test_invisible),
        cmocka_unit_test(test_lowercase), cmocka_unit_test(test_white_space),
        cmocka_unit_test(test_repair),    cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
