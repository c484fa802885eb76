/* Lines of the page and the pictures of what systems looked at in them, from weights that the test makes up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/report.h"
#include "scratch.h"
#include "world.h"

static s2s_err err;

static int set_up(void **state) {
    if (scratch_set_up(state) != 0) return -1;
    world_make();
    return 0;
}

/* What the stand-in gives, and what it was asked for. */
typedef struct eyes {
    int calls;
    int source_n;      /* pieces of every source */
    bool differs;      /* another text than what was kept */
    s2s_status status; /* of the second call; else it is done */
    size_t asked[8], asked_n;
} eyes;

/* Output "<b>" looks at the last piece of its source, and the end symbol at all of them alike. */
static s2s_status look(void *self, s2s_attention *attention, const s2s_board *board, int row,
                       const size_t *lines, size_t n, s2s_err *error) {
    (void)row;
    static const char *target[] = {"<b>", "</s>"}, *piece = "\xE2\x96\x81word";
    eyes *e = self;
    assert_true(board->rows[row].present);
    if (++e->calls == 2 && e->status != S2S_OK) return s2s_fail(error, e->status, "no <eyes>");
    *attention = (s2s_attention){.n = n};
    attention->lines = s2s_arena_alloc(&attention->arena, n * sizeof *attention->lines, error);
    assert_non_null(attention->lines);
    for (size_t i = 0; i < n; i++) {
        s2s_attention_line *line = &attention->lines[i];
        *line = (s2s_attention_line){.line = lines[i], .differs = e->differs};
        if (e->asked_n < 8) e->asked[e->asked_n++] = lines[i];
        if (e->differs) continue;
        size_t columns = (size_t)e->source_n;
        line->source_n = e->source_n;
        line->target_n = 2;
        line->target = target;
        line->source = s2s_arena_alloc(&attention->arena, columns * sizeof piece, error);
        line->weights = s2s_arena_alloc(&attention->arena, 2 * columns * sizeof(float), error);
        for (size_t s = 0; s < columns; s++) {
            line->source[s] = piece;
            line->weights[columns + s] = 1 / (float)columns;
        }
        line->weights[columns - 1] = 1;
    }
    return S2S_OK;
}

static s2s_status write_page(eyes *e, const size_t *lines, size_t n, s2s_buf *page) {
    world_board w;
    world_board_make(&w, world_yaml);
    s2s_report_options options = {lines, n, e ? look : NULL, e};
    err = (s2s_err){0};
    s2s_status status = s2s_report_write(&w.board, &options, page, &err);
    world_board_release(&w);
    return status;
}

static int count(const char *text, const char *wanted) {
    int n = 0;
    for (const char *at = text; (at = strstr(at, wanted)) != NULL; at++) n++;
    return n;
}

/* --- what is asked for --- */

static void test_lines_that_are_named_are_shown(void **state) {
    (void)state;
    static const size_t lines[] = {3, 0, 3, 5}; /* the test set has five */
    eyes e = {.source_n = 4};
    s2s_buf page = {0};
    assert_int_equal(write_page(&e, lines, 4, &page), S2S_OK);
    const char *chosen = strstr(page.data, "<h4>Chosen</h4>");
    assert_non_null(chosen);
    const char *end = strstr(chosen, "<h4>Most gained</h4>");
    assert_non_null(end);
    const char *fourth = strstr(chosen, "line 4<"), *first = strstr(chosen, "line 1<");
    assert_true(fourth && first && fourth < first && first < end);
    assert_null(strstr(page.data, "line 6<"));
    /* All five lines are shown, as two was wrong in all of them: each is asked for once, ascending. */
    assert_int_equal(e.calls, 2);
    for (size_t i = 0; i < 5; i++) assert_int_equal(e.asked[i], i);
    assert_int_equal(e.asked[5], 0); /* of the second system */
    s2s_buf_release(&page);
}

static void test_without_names_and_eyes_there_is_neither(void **state) {
    (void)state;
    s2s_buf page = {0};
    assert_int_equal(write_page(NULL, NULL, 0, &page), S2S_OK);
    assert_null(strstr(page.data, "Chosen"));
    assert_null(strstr(page.data, "<summary>Attention"));
    assert_null(strstr(page.data, "<svg class=\"heat"));
    s2s_buf_release(&page);
}

/* --- pictures --- */

static void test_both_systems_have_a_picture_in_each_line(void **state) {
    (void)state;
    eyes e = {.source_n = 4};
    s2s_buf page = {0};
    assert_int_equal(write_page(&e, NULL, 0, &page), S2S_OK);
    int cards = count(page.data, "<article class=\"card\">");
    assert_int_equal(cards, 5);
    assert_int_equal(count(page.data, "<svg class=\"heat c"), 2 * cards);
    assert_int_equal(count(page.data, "role=\"img\" aria-label=\"attention in line "), 2 * cards);
    assert_int_equal(count(page.data, "<details open=\"open\"><summary>Attention"), 1);
    /* In words; nothing of a piece is markup. */
    assert_int_equal(count(page.data, "<desc>&lt;b&gt; looks at \xE2\x96\x81word, 1.00; &lt;/s&gt; "
                                      "looks at \xE2\x96\x81word, 0.25</desc>"),
                     2 * cards);
    /* One cell of the first row, four of the second; weights of 0 are not drawn. */
    assert_int_equal(count(page.data, " fill-opacity=\"1.00\"><title>&lt;b&gt; "), 2 * cards);
    assert_int_equal(count(page.data, " fill-opacity=\"0.25\"><title>"), 2 * 4 * cards);
    assert_int_equal(count(page.data, " fill-opacity=\""), 2 * 5 * cards);
    assert_int_equal(count(page.data, ">_word</text>"), 2 * 4 * cards);
    s2s_buf_release(&page);
}

static void test_where_there_is_no_picture_it_is_said_why(void **state) {
    (void)state;
    static const struct {
        eyes eyes;
        const char *why;
    } cases[] = {
        {{.source_n = 121},
         "No picture: 2 pieces of output and 121 of the source are more than 120"},
        {{.differs = true}, "No picture: translated again for it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        eyes e = cases[i].eyes;
        s2s_buf page = {0};
        assert_int_equal(write_page(&e, NULL, 0, &page), S2S_OK);
        assert_int_equal(count(page.data, cases[i].why), 2 * 5);
        assert_null(strstr(page.data, "<svg class=\"heat"));
        s2s_buf_release(&page);
    }
}

static void test_a_system_that_fails_is_told_and_the_other_is_drawn(void **state) {
    (void)state;
    eyes e = {.source_n = 4, .status = S2S_INPUT};
    s2s_buf page = {0};
    assert_int_equal(write_page(&e, NULL, 0, &page), S2S_OK);
    assert_int_equal(count(page.data, "No pictures of the attention of "), 1);
    assert_non_null(strstr(page.data, ": no &lt;eyes&gt;</p>"));
    assert_int_equal(count(page.data, "<svg class=\"heat c"), 5);
    s2s_buf_release(&page);
}

static void test_an_interrupt_ends_the_report(void **state) {
    (void)state;
    eyes e = {.source_n = 4, .status = S2S_INTERRUPTED};
    s2s_buf page = {0};
    assert_int_equal(write_page(&e, NULL, 0, &page), S2S_INTERRUPTED);
    assert_string_equal(err.message, "no <eyes>");
    s2s_buf_release(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_that_are_named_are_shown),
        cmocka_unit_test(test_without_names_and_eyes_there_is_neither),
        cmocka_unit_test(test_both_systems_have_a_picture_in_each_line),
        cmocka_unit_test(test_where_there_is_no_picture_it_is_said_why),
        cmocka_unit_test(test_a_system_that_fails_is_told_and_the_other_is_drawn),
        cmocka_unit_test(test_an_interrupt_ends_the_report),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_tear_down);
}
