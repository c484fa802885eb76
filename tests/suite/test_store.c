/* Keys of results change when content changes, and only then; lines of a cell survive a torn end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"
#include "suite/record.h"
#include "suite/testset.h"
#include "world.h"

static s2s_err err;

static int set_up(void **state) {
    return scratch_set_up(state);
}

/* The key of a suite's cell. */
static s2s_store_key key_of(const char *yaml, int cell) {
    s2s_suite *suite = world_suite(yaml);
    s2s_agenda agenda;
    if (s2s_agenda_create(&agenda, suite, &err) != S2S_OK) fail_msg("%s", err.message);
    s2s_store_key key = agenda.cells[cell].key;
    s2s_agenda_release(&agenda);
    s2s_suite_free(suite);
    return key;
}

static void expect_key(const char *yaml, int cell, s2s_store_key key, bool same) {
    s2s_store_key other = key_of(yaml, cell);
    if ((strcmp(other.text, key.text) == 0) != same)
        fail_msg("the key of cell %d %s\n%s", cell, same ? "changed" : "did not change", yaml);
}

#define TESTS "tests: {t: {source: news.en, references: news.de}}\n"
static const char plain[] = "models: {one: one}\n" TESTS;

static void test_names_and_places_do_not_matter(void **state) {
    (void)state;
    world_make();
    s2s_store_key key = key_of(plain, 0);
    expect_key(plain, 0, key, true);
    expect_key("models: {other: one}\ntests: {u: {source: news.en, references: news2.de}}\n"
               "searches: {s: {}}\nmetrics: [chrf]\nname: x\nresults: elsewhere\n",
               0, key, true);
    /* a setting that is written out though it is the default */
    expect_key("models: {one: one}\n" TESTS "searches: {s: {beam_size: 5}}\n", 0, key, true);
    world_put("news.de", "other references\n2\n3\n4\n5\n");
    expect_key(plain, 0, key, true);
    /* the same text in another form */
    world_put("news.tsv", "x\ta b c d e\nx\tf g h i j\nx\tk l m n o\nx\tp q r s t\nx\tu v w x y\n");
    expect_key("models: {one: one}\ntests: {t: {tsv: news.tsv, source_column: 2, "
               "reference_columns: [1]}}\n",
               0, key, true);
    /* another folder with the same files */
    world_put("two/model.safetensors", "weights of one");
    expect_key("models: {two: two}\n" TESTS, 0, key, true);
}

static void test_content_matters(void **state) {
    (void)state;
    world_make();
    s2s_store_key key = key_of(plain, 0);
    expect_key("models: {two: two}\n" TESTS, 0, key, false);
    expect_key("models: {one: one}\n" TESTS "searches: {s: {beam_size: 6}}\n", 0, key, false);
    expect_key("models: {one: one}\n" TESTS "searches: {s: {type: greedy}}\n", 0, key, false);
    world_put("one/model.safetensors", "weights of onE");
    expect_key(plain, 0, key, false);
    world_put("one/model.safetensors", "weights of one");
    expect_key(plain, 0, key, true);
    world_put("one/vocab.model", "pieces");
    expect_key(plain, 0, key, false);
    assert_int_equal(remove(scratch("one/vocab.model")), 0);
    world_put("one/recipe.yaml", "encoder: {}\ndecoder: {}\nsearch: {length_penalty: 0.5}\n");
    expect_key(plain, 0, key, false);
    world_make();
    world_put("news.en", "a b c d e\nf g h i j\nk l m n o\np q r s t\nu v w x z\n");
    expect_key(plain, 0, key, false);
}

/* Settings at their defaults are not part of a key. So when a default changes, kept results are stale: raise
 * S2S_RESULT_FORMAT, and then change it here, too. */
static void test_defaults_are_those_of_the_format(void **state) {
    (void)state;
    assert_int_equal(S2S_RESULT_FORMAT, 1);
    static const struct {
        const char *key, *initial;
    } rows[] = {
        {"type", "beam"},
        {"beam_size", "5"},
        {"beam_groups", "1"},
        {"diversity_penalty", "0.5"},
        {"stopping", "count"},
        {"patience", "1"},
        {"temperature", "1"},
        {"top_k", "0"},
        {"top_p", "1"},
        {"min_p", "0"},
        {"seed", "1"},
        {"length_penalty_type", "power"},
        {"length_penalty", "1.0"},
        {"coverage_penalty", "0"},
        {"max_length_ratio", "3.0"},
        {"max_length_offset", "10"},
        {"max_source_length", "10000"},
        {"long_sources", "head"},
        {"head_share", "0.5"},
        {"max_decoding_length", "512"},
        {"min_decoding_length", "0"},
        {"no_repeat_ngram_size", "0"},
        {"repetition_penalty", "1"},
        {"suppress_unk", "false"},
        {"suppress_tokens", "[]"},
        {"n_best", "1"},
        {"mbr", "none"},
        {"mbr_candidates", "32"},
        {"batch_tokens", "4096"},
        {"batch_sentences", "0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const s2s_key *key = s2s_schema_find(&s2s_search_schema, rows[i].key, strlen(rows[i].key));
        assert_non_null(key);
        assert_string_equal(key->initial, rows[i].initial);
    }
}

/* Lists that would look alike when their items were only put side by side. */
static void test_lists_of_texts_do_not_run_together(void **state) {
    (void)state;
    world_make();
    s2s_store_key key =
        key_of("models: {one: one}\n" TESTS "searches: {s: {suppress_tokens: ['a,b', c]}}\n", 0);
    expect_key("models: {one: one}\n" TESTS "searches: {s: {suppress_tokens: [a, 'b,c']}}\n", 0,
               key, false);
    expect_key("models: {one: one}\n" TESTS "searches: {s: {suppress_tokens: ['a 1:b', c]}}\n", 0,
               key, false);
}

/* --- lines of a cell --- */

static s2s_status count(void *self, const s2s_record *record, s2s_err *error) {
    (void)error;
    *(int64_t *)self += record->tokens;
    return S2S_OK;
}

static void test_lines_come_back(void **state) {
    (void)state;
    FILE *file = fopen(scratch("records"), "wb");
    assert_non_null(file);
    static const char text[] = "line\nfeed \"quotes\" \xc3\xa4 <b>";
    s2s_record record = {.text = text, .length = sizeof text - 1, .tokens = 7, .seconds = 1.5};
    for (int i = 0; i < 3; i++)
        assert_int_equal(s2s_record_write(&record, file, "records", &err), S2S_OK);
    assert_int_equal(fclose(file), 0);
    int64_t tokens = 0, size, whole;
    const char *path = scratch("records");
    assert_int_equal(s2s_records_read(path, false, count, &tokens, &whole, &err), S2S_OK);
    assert_int_equal(tokens, 21);
    /* the end is torn off */
    size_t length;
    char *bytes = scratch_get(path, &length);
    assert_int_equal(length, whole);
    scratch_put("torn", bytes, length - 4);
    free(bytes);
    tokens = 0;
    assert_int_equal(s2s_records_read(scratch("torn"), true, count, &tokens, &size, &err), S2S_OK);
    assert_int_equal(tokens, 14);
    assert_int_equal(size, whole / 3 * 2);
    assert_int_equal(s2s_records_read(scratch("torn"), false, count, &tokens, &size, &err),
                     S2S_INPUT);
    assert_non_null(strstr(err.message, "torn:3"));
}

/* --- test sets --- */

static s2s_status read_set(s2s_testset *set, const s2s_suite_test *test) {
    return s2s_testset_read(set, test, &err);
}

static void test_sets_hold_line_feeds_and_references(void **state) {
    (void)state;
    world_put("t.jsonl", "{\"in\": \"one\\ntwo\", \"a\": \"x\", \"b\": \"y\"}\n");
    const char *fields[] = {"a", "b"};
    s2s_suite_test test = {.name = "t",
                           .json = scratch("t.jsonl"),
                           .source_field = "in",
                           .reference_fields = {fields, 2}};
    s2s_testset set;
    assert_int_equal(read_set(&set, &test), S2S_OK);
    assert_int_equal(set.references_n, 2);
    assert_int_equal(set.source.n, 1);
    s2s_segment line = s2s_texts_at(&set.source, 0);
    assert_int_equal(line.length, 7);
    assert_memory_equal(line.text, "one\ntwo", 7);
    assert_memory_equal(s2s_texts_at(&set.references[1], 0).text, "y", 1);
    s2s_testset_release(&set);
}

static void test_sets_that_do_not_fit_are_refused(void **state) {
    (void)state;
    world_put("two.en", "a\nb\n");
    world_put("one.de", "a\n");
    world_put("none", "");
    const char *one = scratch("one.de"), *none = scratch("none");
    s2s_suite_test test = {.name = "t", .source = scratch("two.en"), .references = {&one, 1}};
    s2s_testset set;
    assert_int_equal(read_set(&set, &test), S2S_INPUT);
    assert_non_null(strstr(err.message, "tests.t: "));
    assert_non_null(strstr(err.message, "one.de"));
    test.source = none;
    test.references.items = &none;
    assert_int_equal(read_set(&set, &test), S2S_INPUT);
    assert_non_null(strstr(err.message, "is empty"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_places_do_not_matter),
        cmocka_unit_test(test_content_matters),
        cmocka_unit_test(test_defaults_are_those_of_the_format),
        cmocka_unit_test(test_lists_of_texts_do_not_run_together),
        cmocka_unit_test(test_lines_come_back),
        cmocka_unit_test(test_sets_hold_line_feeds_and_references),
        cmocka_unit_test(test_sets_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_tear_down);
}
