/* The writer of HTML, words and their differences, and a whole page: nothing from outside comes through as markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/counts.h"
#include "report/html.h"
#include "report/report.h"
#include "report/word_list.h"
#include "scratch.h"
#include "world.h"

static s2s_err err;

static int set_up(void **state) {
    if (scratch_set_up(state) != 0) return -1;
    world_make();
    return 0;
}

static s2s_segment segment(const char *text) {
    return (s2s_segment){text, strlen(text)};
}

static void test_text_and_attributes_are_escaped(void **state) {
    (void)state;
    s2s_buf out = {0};
    s2s_html h = s2s_html_begin(&out, &err);
    s2s_html_tag(&h, "p");
    s2s_html_attr(&h, "title", "%s", "\"><script>'&");
    s2s_html_print(&h, "%s", "<b>\"a\" & 'b'</b>");
    s2s_html_end(&h);
    assert_int_equal(h.status, S2S_OK);
    assert_string_equal(out.data, "<p title=\"&quot;&gt;&lt;script&gt;&#39;&amp;\">"
                                  "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;</p>");
    s2s_buf_release(&out);
}

static void test_what_is_no_text_is_replaced(void **state) {
    (void)state;
    s2s_buf out = {0};
    s2s_html h = s2s_html_begin(&out, &err);
    static const char bytes[] = "a\xff"
                                "b\0c\x01"
                                "d\xe2\x82"
                                "e\tf\xc3\xa4";
    s2s_html_text(&h, bytes, sizeof bytes - 1);
    assert_int_equal(h.status, S2S_OK);
#define BAD "\xEF\xBF\xBD"
    assert_string_equal(out.data, "a" BAD "b" BAD "c" BAD "d" BAD BAD "e\tf\xc3\xa4");
    s2s_buf_release(&out);
}

static void test_tags_nest(void **state) {
    (void)state;
    s2s_buf out = {0};
    s2s_html h = s2s_html_begin(&out, &err);
    s2s_html_open(&h, "div", "a");
    s2s_html_tag(&h, "br");
    s2s_html_void(&h);
    s2s_html_leaf(&h, "i", NULL, "%d%%", 5);
    s2s_html_end(&h);
    assert_int_equal(h.depth, 0);
    assert_string_equal(out.data, "<div class=\"a\"><br><i>5%</i></div>");
    s2s_buf_release(&out);
}

/* --- words --- */

static void test_words(void **state) {
    (void)state;
    s2s_word_list words = {0};
    static const char *const wanted[] = {
        "Don", "'", "t", "go", ",", "\xc3\xa4x9", "\xe4\xb8\xad", "\xe6\x96\x87", "."};
    assert_int_equal(s2s_word_list_split(
                         &words, segment("Don't  go, \xc3\xa4x9\xe4\xb8\xad\xe6\x96\x87."), &err),
                     S2S_OK);
    assert_int_equal(words.n, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < words.n; i++) {
        assert_int_equal(words.items[i].length, strlen(wanted[i]));
        assert_memory_equal(words.items[i].text, wanted[i], strlen(wanted[i]));
    }
    assert_int_equal(s2s_word_list_split(&words, segment(" \xff "), &err), S2S_OK);
    assert_int_equal(words.n, 1); /* bytes that are no text are words, too */
    s2s_word_list_release(&words);
}

/* '1' for each word that is kept. */
static void expect_diff(const char *a, const char *b, const char *kept_a, const char *kept_b) {
    s2s_word_list x = {0}, y = {0};
    assert_int_equal(s2s_word_list_split(&x, segment(a), &err), S2S_OK);
    assert_int_equal(s2s_word_list_split(&y, segment(b), &err), S2S_OK);
    bool keep_a[16], keep_b[16];
    assert_int_equal(x.n, strlen(kept_a));
    assert_int_equal(y.n, strlen(kept_b));
    assert_int_equal(s2s_word_list_diff(&x, &y, keep_a, keep_b, &err), S2S_OK);
    for (size_t i = 0; i < x.n; i++) assert_int_equal(keep_a[i], kept_a[i] == '1');
    for (size_t i = 0; i < y.n; i++) assert_int_equal(keep_b[i], kept_b[i] == '1');
    s2s_word_list_release(&x);
    s2s_word_list_release(&y);
}

static void test_differences(void **state) {
    (void)state;
    expect_diff("a b c", "a b c", "111", "111");
    expect_diff("a b c", "a x c", "101", "101");
    expect_diff("a b c d e", "b x d y", "01010", "1010");
    expect_diff("", "a b", "", "00");
    expect_diff("a b", "c d", "00", "00");
    expect_diff("a a a", "a", "100", "1");
}

static void test_counts_of_many_words(void **state) {
    (void)state;
    s2s_counts counts = {0};
    static char text[1000][8];
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 1000; i++) {
            snprintf(text[i], sizeof text[i], "w%d", i);
            assert_int_equal(s2s_counts_add(&counts, segment(text[i]), i, &err), S2S_OK);
        }
    assert_int_equal(counts.n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(s2s_counts_get(&counts, segment(text[i])), 3 * i);
    assert_int_equal(s2s_counts_get(&counts, segment("nobody")), 0);
    s2s_counts_clear(&counts);
    assert_int_equal(s2s_counts_get(&counts, segment("w5")), 0);
    s2s_counts_release(&counts);
}

/* --- the page --- */

static void expect_in(const char *text, const char *wanted, bool is_there) {
    if ((strstr(text, wanted) != NULL) != is_there)
        fail_msg("\"%s\" is %s the page", wanted, is_there ? "not in" : "in");
}

/* Model `two` of the fixture begins every line with "<". */
static void test_page_holds_everything_and_nothing_else(void **state) {
    (void)state;
    world_board w;
    world_board_make(&w, "name: '<i>suite</i> & \"more\"'\n"
                         "models: {one: one, '<script>alert(1)</script>': two}\n"
                         "tests: {'t</h2>': {source: news.en, references: [news.de, news2.de]}}\n"
                         "baseline: {model: one}\nsignificance: {samples: 50}\n");
    s2s_buf page = {0};
    assert_int_equal(s2s_report_write(&w.board, NULL, &page, &err), S2S_OK);
    assert_memory_equal(page.data, "<!doctype html>\n<html><head>", 28);
    expect_in(page.data, "</html>\n", true);
    expect_in(page.data, "<title>&lt;i&gt;suite&lt;/i&gt; &amp; &quot;more&quot;</title>", true);
    expect_in(page.data, "<script", false);
    expect_in(page.data, "&lt;script&gt;alert(1)", true);
    expect_in(page.data, "t</h2>", false);
    expect_in(page.data, "src=", false); /* nothing is fetched */
    expect_in(page.data, "href=", false);
    expect_in(page.data, "url(", false);
    expect_in(page.data, "<ins>&lt;</ins> b c d e", true); /* what differs, highlighted */
    expect_in(page.data, "<del>a</del> b c d e", true);
    expect_in(page.data, "class=\"mark worse\"", true);
    expect_in(page.data, "BLEU by length", true);
    expect_in(page.data, "Right words by frequency", true);
    s2s_buf_release(&page);
    world_board_release(&w);
}

static void test_a_system_alone_has_best_and_worst_lines(void **state) {
    (void)state;
    world_board w;
    world_board_make(&w,
                     "models: {two: two}\ntests: {t: {source: news.en, references: news.de}}\n");
    s2s_buf page = {0};
    assert_int_equal(s2s_report_write(&w.board, NULL, &page, &err), S2S_OK);
    expect_in(page.data, "<h4>Worst</h4>", true);
    expect_in(page.data, "<h4>Best</h4>", true);
    expect_in(page.data, "<del>", false);
    s2s_buf_release(&page);
    world_board_release(&w);
}

/* Two test sets, one of them with a second reference; a row that another machine has done. */
static void test_facts_that_differ_name_their_rows(void **state) {
    (void)state;
    world_board w;
    world_board_make(&w, "models: {one: one, two: two}\ntests:\n"
                         "  s: {source: news.en, references: news.de}\n"
                         "  t: {source: news.en, references: [news.de, news2.de]}\n"
                         "metrics: [bleu]\n");
    w.board.rows[1].facts.threads = 64;
    strcpy(w.board.rows[1].facts.processor, "abacus");
    s2s_buf page = {0};
    assert_int_equal(s2s_report_write(&w.board, NULL, &page, &err), S2S_OK);
    const char *about = strstr(page.data, "<h2>About this run");
    assert_non_null(about);
    const char *first = strstr(about, "nrefs:1|"), *second = strstr(about, "nrefs:2|");
    assert_true(first && second);
    expect_in(first, "</code><p class=\"note\">s</p></dd>", true);
    expect_in(second, "</code><p class=\"note\">t</p></dd>", true);
    expect_in(about, "abacus, 64 threads, s2s " S2S_VERSION "</span><p class=\"note\">s · two</p>",
              true);
    expect_in(about, "<p class=\"note\">s · one, t</p>", true);
    w.board.rows[1].facts = w.board.rows[0].facts;
    page.size = 0;
    assert_int_equal(s2s_report_write(&w.board, NULL, &page, &err), S2S_OK);
    expect_in(page.data, "abacus", false);
    expect_in(page.data, "s · one", false);
    s2s_buf_release(&page);
    world_board_release(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_attributes_are_escaped),
        cmocka_unit_test(test_what_is_no_text_is_replaced),
        cmocka_unit_test(test_tags_nest),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_counts_of_many_words),
        cmocka_unit_test(test_page_holds_everything_and_nothing_else),
        cmocka_unit_test(test_facts_that_differ_name_their_rows),
        cmocka_unit_test(test_a_system_alone_has_best_and_worst_lines),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_tear_down);
}
