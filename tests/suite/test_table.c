/* The board's figures, and the table in each of its notations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "scratch.h"
#include "suite/table.h"
#include "world.h"

static s2s_err err;

static int set_up(void **state) {
    if (scratch_set_up(state) != 0) return -1;
    world_make();
    return 0;
}

/* The table as text; free it. */
static char *table(const char *yaml, s2s_table_format format) {
    world_board w;
    world_board_make(&w, yaml);
    s2s_buf text = {0};
    assert_int_equal(s2s_table_write(&w.board, format, &text, &err), S2S_OK);
    world_board_release(&w);
    return text.data;
}

static void expect_in(const char *text, const char *wanted) {
    if (!strstr(text, wanted)) fail_msg("\"%s\" is not in:\n%s", wanted, text);
}

/* Model `one` writes the reference, `two` gets one word of five wrong. */
static void test_scores_intervals_and_differences(void **state) {
    (void)state;
    world_board w;
    world_board_make(&w, world_yaml);
    assert_int_equal(w.board.n, 4);
    const s2s_board_row *one = &w.board.rows[0], *two = &w.board.rows[2];
    assert_true(fabs(one->scores[0].score.value - 100) < 1e-9);
    assert_true(two->scores[0].score.value < 80 && two->scores[0].score.value > 20);
    assert_int_equal(one->against, -1); /* the baseline itself */
    assert_int_equal(two->against, 0);  /* of the same search */
    assert_int_equal(w.board.rows[3].against, 1);
    assert_true(fabs(two->scores[0].delta - (two->scores[0].score.value - 100)) < 1e-9);
    assert_true(two->scores[0].significant); /* every line is worse */
    assert_false(one->scores[0].significant);
    assert_true(two->scores[1].interval.low <= two->scores[1].interval.high);
    assert_true(fabs(s2s_board_speed(two) - 10) < 1e-9); /* 25 tokens in 2.5 s */
    assert_true(s2s_board_line(&one->scores[1], 2) > s2s_board_line(&two->scores[1], 2));
    world_board_release(&w);
}

static void test_text_has_columns(void **state) {
    (void)state;
    char *text = table(world_yaml, S2S_TABLE_TEXT);
    expect_in(text, "test  model  search             BLEU            chrF2  tokens/s  MB\n");
    expect_in(text, "news  one    greedy  100.00 ± 0.00  ");
    expect_in(text, " -  ");
    expect_in(text, "lower than those of one with the same search (p < 0.05, paired bootstrap)");
    free(text);
}

static void test_markdown_escapes_names(void **state) {
    (void)state;
    char *text =
        table("models: {'a|b*': one}\ntests: {t: {source: news.en, references: news.de}}\n",
              S2S_TABLE_MARKDOWN);
    expect_in(text, "| test | model | search | BLEU | chrF2 | tokens/s | MB |\n");
    expect_in(text, "|---|---|---|---:|---:|---:|---:|\n");
    expect_in(text, "| t | a\\|b\\* | own | 100.00 ± 0.00 |");
    free(text);
}

static void test_csv_quotes_names_and_keeps_digits(void **state) {
    (void)state;
    char *text =
        table("models: {'a,\"b': one}\ntests: {t: {source: news.en, references: news.de}}\n",
              S2S_TABLE_CSV);
    expect_in(text,
              "test,model,search,state,lines,BLEU,BLEU low,BLEU high,BLEU delta,BLEU p,chrF2,");
    expect_in(text, "\nt,\"a,\"\"b\",own,done,5,100,100,100,,,");
    int lines = 0;
    for (const char *at = text; *at; at++) lines += *at == '\n';
    assert_int_equal(lines, 2);
    free(text);
}

static void test_json_holds_everything(void **state) {
    (void)state;
    char *text = table(world_yaml, S2S_TABLE_JSON);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    const json_t *rows = json_object_get(root, "rows"), *two = json_array_get(rows, 2);
    assert_int_equal(json_array_size(rows), 4);
    assert_string_equal(json_string_value(json_object_get(two, "model")), "two");
    assert_int_equal(json_integer_value(json_object_get(two, "against")), 0);
    const json_t *bleu = json_array_get(json_object_get(two, "scores"), 0);
    assert_true(json_number_value(json_object_get(bleu, "delta")) < -20);
    assert_true(json_is_true(json_object_get(bleu, "significant")));
    assert_non_null(strstr(json_string_value(json_object_get(bleu, "signature")), "nrefs:2"));
    const json_t *facts = json_object_get(two, "facts");
    assert_int_equal(json_integer_value(json_object_get(facts, "tokens")), 25);
    json_decref(root);
    free(text);
}

static void test_what_was_not_done_is_shown_as_such(void **state) {
    (void)state;
    s2s_suite *suite = world_suite(world_yaml);
    suite->results = scratch("empty.results");
    s2s_agenda agenda;
    s2s_board board;
    assert_int_equal(s2s_agenda_create(&agenda, suite, &err), S2S_OK);
    world_runner runner = {.fails_at = 1, .interrupts_at = 3};
    assert_int_equal(s2s_agenda_run(&agenda, world_run, &runner, NULL, &err), S2S_INTERRUPTED);
    assert_int_equal(s2s_board_create(&board, &agenda, &err), S2S_OK);
    s2s_buf text = {0};
    assert_int_equal(s2s_table_write(&board, S2S_TABLE_CSV, &text, &err), S2S_OK);
    expect_in(text.data, "news,one,greedy,failed,0,,");
    expect_in(text.data, "news,one,beam,done,5,100,");
    expect_in(text.data, "news,two,greedy,missing,0,,");
    s2s_buf_release(&text);
    s2s_board_release(&board);
    s2s_agenda_release(&agenda);
    s2s_suite_free(suite);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_intervals_and_differences),
        cmocka_unit_test(test_text_has_columns),
        cmocka_unit_test(test_markdown_escapes_names),
        cmocka_unit_test(test_csv_quotes_names_and_keeps_digits),
        cmocka_unit_test(test_json_holds_everything),
        cmocka_unit_test(test_what_was_not_done_is_shown_as_such),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_tear_down);
}
