/* Cells are done once, whatever happens in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "scratch.h"
#include "world.h"

static s2s_err err;

/* Each test has a store of its own. */
static int set_up(void **state) {
    if (scratch_set_up(state) != 0) return -1;
    world_make();
    return 0;
}

/* Runs the suite and expects how it ends; *missing: what was to be done. */
static s2s_status run(const char *yaml, world_runner *runner, int *missing) {
    s2s_suite *suite = world_suite(yaml);
    s2s_agenda agenda;
    if (s2s_agenda_create(&agenda, suite, &err) != S2S_OK) fail_msg("%s", err.message);
    *missing = agenda.missing;
    s2s_status status = s2s_agenda_run(&agenda, world_run, runner, NULL, &err);
    if (status == S2S_OK) status = s2s_agenda_check(&agenda, &err);
    s2s_agenda_release(&agenda);
    s2s_suite_free(suite);
    return status;
}

static void test_a_second_run_does_nothing(void **state) {
    (void)state;
    world_runner runner = {0};
    int missing;
    assert_int_equal(run(world_yaml, &runner, &missing), S2S_OK);
    assert_int_equal(missing, 4);
    assert_int_equal(runner.calls, 4);
    assert_int_equal(run(world_yaml, &runner, &missing), S2S_OK);
    assert_int_equal(missing, 0);
    assert_int_equal(runner.calls, 4);
}

static void test_an_interrupted_run_goes_on(void **state) {
    (void)state;
    world_runner first = {.interrupts_at = 3}, second = {0};
    int missing;
    assert_int_equal(run(world_yaml, &first, &missing), S2S_INTERRUPTED);
    assert_int_equal(first.calls, 3);
    assert_int_equal(run(world_yaml, &second, &missing), S2S_OK);
    assert_int_equal(missing, 2);
    assert_int_equal(second.calls, 2);
}

static void test_a_failure_does_not_stop_the_others(void **state) {
    (void)state;
    world_runner first = {.fails_at = 2}, second = {0};
    int missing;
    assert_int_equal(run(world_yaml, &first, &missing), S2S_IO);
    assert_int_equal(first.calls, 4);
    assert_non_null(strstr(err.message, "1 of 4 cells failed; one, news, beam: as was asked for"));
    assert_int_equal(run(world_yaml, &second, &missing), S2S_OK);
    assert_int_equal(second.calls, 1);
}

static void test_the_same_content_is_done_once(void **state) {
    (void)state;
    world_runner runner = {0};
    int missing;
    assert_int_equal(run("models: {a: one, b: one}\ntests:\n"
                         "  x: {source: news.en, references: news.de}\n"
                         "  y: {source: news.en, references: news2.de}\n",
                         &runner, &missing),
                     S2S_OK);
    assert_int_equal(missing, 1);
    assert_int_equal(runner.calls, 1);
}

static void test_a_store_has_one_process_at_a_time(void **state) {
    (void)state;
    s2s_suite *suite = world_suite(world_yaml);
    s2s_agenda first, second;
    assert_int_equal(s2s_agenda_create(&first, suite, &err), S2S_OK);
    assert_int_equal(s2s_agenda_create(&second, suite, &err), S2S_IO);
    assert_non_null(strstr(err.message, "another process"));
    s2s_agenda_release(&first);
    assert_int_equal(s2s_agenda_create(&second, suite, &err), S2S_OK);
    s2s_agenda_release(&second);
    s2s_suite_free(suite);
}

static void test_settings_that_contradict_each_other_are_told_before(void **state) {
    (void)state;
    s2s_suite *suite = world_suite("models: {one: one}\n"
                                   "tests: {t: {source: news.en, references: news.de}}\n"
                                   "searches: {s: {min_decoding_length: 600}}\n");
    s2s_agenda agenda;
    assert_int_equal(s2s_agenda_create(&agenda, suite, &err), S2S_USAGE);
    assert_non_null(strstr(err.message, "suite.yaml:3:15: searches.s, models.one: "));
    assert_non_null(strstr(err.message, "min_decoding_length"));
    s2s_suite_free(suite);
}

/* Before anything is run, with the place of what is wrong. */
static void test_metrics_that_do_not_fit_are_told_before(void **state) {
    (void)state;
    world_put("tags.de", "O\nB-X I-X\nO\nB-X O\nO\n");
    world_put("bad.de", "O\nB-X I-X\nno tag\nB-X O\nO\n");
    world_put("empty.de", "yes\nno\nyes\n\nno\n");
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {"models: {one: one}\ntests:\n  good: {source: news.en, references: tags.de}\n"
         "  t: {source: news.en, references: bad.de}\nmetrics: [bleu, entity_f1]\n",
         "suite.yaml:4:6: tests.t: entity_f1: line 3: reference: \"no\" is no tag"},
        {"models: {one: one}\ntests: {t: {source: news.en, references: empty.de}}\n"
         "metrics: [accuracy]\n",
         "suite.yaml:2:12: tests.t: accuracy: line 4: the reference has no label"},
        {"models: {one: one}\ntests: {t: {source: news.en, references: [news.de, news2.de]}}\n"
         "metrics: [accuracy]\n",
         "suite.yaml:2:12: tests.t: accuracy: line 1: there are 2 references: labels have one"},
        {"models: {one: one}\ntests: {t: {source: news.en, references: short.de}}\n",
         "suite.yaml:2:12: tests.t: "},
    };
    world_put("short.de", "a\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s2s_suite *suite = world_suite(cases[i].yaml);
        s2s_agenda agenda;
        assert_int_equal(s2s_agenda_create(&agenda, suite, &err), S2S_INPUT);
        if (!strstr(err.message, cases[i].message))
            fail_msg("\"%s\" is not in \"%s\"", cases[i].message, err.message);
        s2s_suite_free(suite);
    }
}

static void test_a_store_that_cannot_be_made_is_told(void **state) {
    (void)state;
    world_put("file", "in the way");
    s2s_suite *suite = world_suite("models: {one: one}\nresults: file/results\n"
                                   "tests: {t: {source: news.en, references: news.de}}\n");
    s2s_agenda agenda;
    assert_int_equal(s2s_agenda_create(&agenda, suite, &err), S2S_IO);
    assert_non_null(strstr(err.message, "results: "));
    s2s_suite_free(suite);
}

#define IN_ITS_OWN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, scratch_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_ITS_OWN_FOLDER(test_a_second_run_does_nothing),
        IN_ITS_OWN_FOLDER(test_an_interrupted_run_goes_on),
        IN_ITS_OWN_FOLDER(test_a_failure_does_not_stop_the_others),
        IN_ITS_OWN_FOLDER(test_the_same_content_is_done_once),
        IN_ITS_OWN_FOLDER(test_a_store_has_one_process_at_a_time),
        IN_ITS_OWN_FOLDER(test_settings_that_contradict_each_other_are_told_before),
        IN_ITS_OWN_FOLDER(test_metrics_that_do_not_fit_are_told_before),
        IN_ITS_OWN_FOLDER(test_a_store_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
