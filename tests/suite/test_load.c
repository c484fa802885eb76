/* Suite files: what they come to, and what is wrong with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"
#include "world.h"

static int set_up(void **state) {
    if (scratch_set_up(state) != 0) return -1;
    world_make();
    return 0;
}

static void test_what_is_given_and_what_is_not(void **state) {
    (void)state;
    s2s_suite *suite = world_suite(world_yaml);
    assert_string_equal(suite->name, "suite");
    assert_non_null(strstr(suite->results, "/suite.results"));
    assert_int_equal(suite->models.n, 2);
    assert_string_equal(s2s_suite_model_at(suite, 1)->name, "two");
    assert_non_null(strstr(s2s_suite_model_at(suite, 1)->folder, "/two"));
    assert_int_equal(s2s_suite_test_at(suite, 0)->references.n, 2);
    const s2s_suite_search *beam = s2s_suite_search_at(suite, 1);
    assert_int_equal(beam->sets_n, 1); /* what is not given is the model's own */
    assert_string_equal(beam->sets[0], "search.beam_size=4");
    assert_int_equal(suite->metrics_n, 2);
    assert_int_equal(suite->metrics[0], S2S_METRIC_BLEU);
    assert_int_equal(suite->metrics[1], S2S_METRIC_CHRF);
    assert_int_equal(suite->baseline.model, 0);
    assert_int_equal(suite->baseline.search, -1);
    assert_int_equal(suite->significance.samples, 50);
    s2s_suite_free(suite);
}

/* What a search gives comes back as --set has it, whatever it holds. */
static void test_settings_of_a_search_as_yaml(void **state) {
    (void)state;
    s2s_suite *suite =
        world_suite("models: {one: one}\ntests: {t: {source: news.en, references: news.de}}\n"
                    "searches: {s: {suppress_tokens: ['a, b', '\"c\"', 'd\\'], patience: 1.5}}\n");
    const s2s_suite_search *search = s2s_suite_search_at(suite, 0);
    assert_int_equal(search->sets_n, 2);
    assert_string_equal(search->sets[0], "search.patience=1.5");
    assert_string_equal(search->sets[1],
                        "search.suppress_tokens=[\"a, b\", \"\\\"c\\\"\", \"d\\\\\"]");
    s2s_suite_free(suite);
}

static void test_one_search_where_none_is_given(void **state) {
    (void)state;
    s2s_suite *suite = world_suite("models: {one: {folder: one}}\n"
                                   "tests: {t: {source: news.en, references: news.de}}\n");
    assert_int_equal(suite->searches.n, 1);
    assert_int_equal(s2s_suite_search_at(suite, 0)->sets_n, 0);
    assert_int_equal(s2s_suite_test_at(suite, 0)->references.n, 1); /* one value is a list of one */
    s2s_suite_free(suite);
}

#define FORTY "forty-letters-which-make-a-name-too-long"
#define MODELS "models: {one: one}\n"
#define TESTS "tests: {t: {source: news.en, references: news.de}}\n"

static void test_mistakes_are_told_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {"model: {one: one}\n" TESTS, "suite.yaml:1:1: model: unknown key; did you mean models?"},
        {TESTS, "models: is missing"},
        {MODELS, "tests: is missing"},
        {"models: {}\n" TESTS, "suite.yaml:1:9: models: empty"},
        {"models: {one: one, one: two}\n" TESTS, "suite.yaml:1:20: one: given twice"},
        {"models: {\"a\\nb\": one}\n" TESTS, "suite.yaml:1:10: models: a name must not hold"},
        {"models: {'': one}\n" TESTS, "suite.yaml:1:10: models: a name is empty"},
        {"models:\n  one: nowhere\n" TESTS, "suite.yaml:2:8: models.one.folder: "},
        {"models: {one: one}\ntests:\n  t:\n    source: news.en\n    references: [news.de, "
         "no.de]\n",
         "suite.yaml:5:17: tests.t.references: cannot read "},
        {MODELS "tests: {t: {source: news.en}}\n", "tests.t: `references` is missing"},
        {MODELS "tests: {t: {references: news.en}}\n", "tests.t: `source` is missing"},
        {MODELS "tests: {t: {source: news.en, references: news.de, json: x}}\n", "either"},
        {MODELS "tests: {t: {source: news.en, references: news.de, source_column: 1}}\n",
         "columns need"},
        {MODELS "tests: {t: {source: news.en, references: {a: b}}}\n",
         "tests.t.references: expected a path, or a list of paths, not a mapping"},
        {MODELS "tests: {t: {source: news.en, references: [news.de, null]}}\n",
         "tests.t.references: an item is null; expected a path"},
        {MODELS "tests: {t: {tsv: news.tsv, reference_columns: [2, x]}}\n",
         "tests.t.reference_columns: expected a whole number (from 1 to 10000), not \"x\""},
        {MODELS "tests: {t: }\n", "no files"},
        {MODELS TESTS "searches: {b: {beam_sise: 4}}\n",
         "suite.yaml:3:16: searches.b.beam_sise: unknown key; did you mean searches.b.beam_size?"},
        {MODELS TESTS "searches: {b: {beam_size: 0}}\n", "is out of range (from 1 to 1000)"},
        {MODELS TESTS "searches: {b: {n_best: 3}}\n", "searches.b.n_best: a suite scores one"},
        {MODELS TESTS "metrics: [blue]\n", "did you mean bleu?"},
        {MODELS TESTS "metrics: [loss]\n", "\"loss\""},
        {MODELS TESTS "metrics: []\n", "metrics: is empty"},
        {MODELS TESTS "baseline: {model: onee}\n",
         "suite.yaml:3:19: baseline.model: the suite has no \"onee\"; did you mean one?"},
        {MODELS TESTS "scoring: {tokenise: zh}\n", "did you mean scoring.tokenize?"},
        {MODELS TESTS "metrics: [bleu, rougeLsum]\nscoring:\n  rouge_separator: '" FORTY "'\n",
         "suite.yaml:5:3: scoring: ROUGE: the separator of sentences is"},
        {"models: {" FORTY FORTY FORTY ": one}\n" TESTS,
         "suite.yaml:1:132: models." FORTY FORTY FORTY
         ": this name has 120 bytes, and at most 100"},
        {MODELS "tests:\n  " FORTY FORTY FORTY ": {source: news.en, references: news.de}\n",
         ": this name has 120 bytes"},
        {MODELS TESTS "searches: {" FORTY FORTY FORTY ": {beam_size: 4}}\n",
         ": this name has 120 bytes"},
        {MODELS TESTS "significance: {level: 1}\n", "out of range"},
        {"- a\n", "is it a suite?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *message = world_refused(cases[i].yaml);
        if (!strstr(message, cases[i].message))
            fail_msg("\"%s\" is not in \"%s\"", cases[i].message, message);
    }
}

/* docs/suite.md tells every key. */
static void check_documented(const s2s_section *section, const char *page) {
    for (int i = 0; i < section->n; i++) {
        char wanted[80];
        snprintf(wanted, sizeof wanted, "`%s`", section->keys[i].name);
        if (!strstr(page, wanted)) fail_msg("docs/suite.md does not tell %s", wanted);
        bool own = section->keys[i].section && section->keys[i].section != &s2s_search_schema;
        if (own) check_documented(section->keys[i].section, page);
    }
}

static void test_every_key_is_documented(void **state) {
    (void)state;
    size_t size;
    char *page = scratch_get(S2S_ROOT "/docs/suite.md", &size);
    check_documented(&s2s_suite_schema, page);
    free(page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_given_and_what_is_not),
        cmocka_unit_test(test_settings_of_a_search_as_yaml),
        cmocka_unit_test(test_one_search_where_none_is_given),
        cmocka_unit_test(test_mistakes_are_told_with_their_place),
        cmocka_unit_test(test_every_key_is_documented),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_tear_down);
}
