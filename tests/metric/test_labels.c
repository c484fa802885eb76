/* Scores of labels and entities equal those of plain implementations in Python
 * (tools/fixtures/labels.py); vectors that grow; what is no label or tag. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "metric/entities.h"
#include "metric/tally.h"

static s2s_err err;

static s2s_segment segment(const char *text) {
    return (s2s_segment){text, strlen(text)};
}

static s2s_metric *create(s2s_metric_type type, bool words, bool strict) {
    s2s_metric *metric;
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    options.words = words;
    options.strict = strict;
    assert_int_equal(s2s_metric_create(&metric, type, &options, &err), S2S_OK);
    return metric;
}

static s2s_status add(s2s_metric *metric, const char *output, const char *wanted) {
    s2s_segment reference = segment(wanted);
    return s2s_metric_add(metric, segment(output), &reference, 1, &err);
}

/* --- fixtures --- */

static const char *text_at(const json_t *line, const char *key, size_t i) {
    const json_t *text = json_array_get(json_object_get(line, key), i);
    if (!json_is_string(text)) fail_msg("the fixture has no text %zu of '%s'", i, key);
    return json_string_value(text);
}

static void add_line(s2s_metric *metric, const json_t *line) {
    size_t n = json_array_size(json_object_get(line, "wanted"));
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(add(metric, text_at(line, "output", i), text_at(line, "wanted", i)),
                         S2S_OK);
}

static void assert_number(double value, const json_t *object, const char *key) {
    const json_t *wanted = json_object_get(object, key);
    if (!json_is_number(wanted)) fail_msg("the fixture has no number '%s'", key);
    if (!(fabs(value - json_number_value(wanted)) < 1e-9))
        fail_msg("%s: %.12g is not %.12g", key, value, json_number_value(wanted));
}

static void sum_of(s2s_metric *metric, const json_t *line, s2s_tally *tally) {
    size_t n = json_array_size(json_object_get(line, "wanted"));
    for (size_t i = 0; i < n; i++) {
        s2s_segment reference = segment(text_at(line, "wanted", i));
        assert_int_equal(
            s2s_tally_add(tally, metric, segment(text_at(line, "output", i)), &reference, 1, &err),
            S2S_OK);
    }
    assert_int_equal(s2s_tally_finish(tally, metric, &err), S2S_OK);
}

static void assert_classes(s2s_metric *metric, const json_t *line) {
    const json_t *wanted = json_object_get(line, "classes");
    s2s_tally tally = {0};
    sum_of(metric, line, &tally);
    assert_int_equal(s2s_metric_classes(metric), json_array_size(wanted));
    for (int i = 0; i < s2s_metric_classes(metric); i++) {
        s2s_class_score class = s2s_metric_class(metric, tally.sum, i);
        const json_t *same = json_array_get(wanted, (size_t)i);
        s2s_segment name = text_of(same, "class");
        assert_int_equal(class.name.length, name.length);
        assert_memory_equal(class.name.text, name.text, name.length);
        assert_number(class.precision, same, "precision");
        assert_number(class.recall, same, "recall");
        assert_number(class.f1, same, "f1");
        assert_number(class.right, same, "right");
        assert_number(class.found, same, "found");
        assert_number(class.wanted, same, "wanted");
    }
    s2s_tally_release(&tally);
}

static void test_label_scores(void **state) {
    (void)state;
    static const struct {
        s2s_metric_type type;
        const char *key;
    } metrics[] = {{S2S_METRIC_ACCURACY, "accuracy"},
                   {S2S_METRIC_MICRO_F1, "micro_f1"},
                   {S2S_METRIC_MACRO_F1, "macro_f1"},
                   {S2S_METRIC_MCC, "mcc"}};
    json_t *lines = read_fixture("labels.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++)
        for (size_t k = 0; k < sizeof metrics / sizeof *metrics; k++) {
            s2s_metric *metric = create(metrics[k].type, false, true);
            const json_t *line = json_array_get(lines, i);
            add_line(metric, line);
            assert_number(s2s_metric_result(metric).value, line, metrics[k].key);
            if (metrics[k].type == S2S_METRIC_MACRO_F1) assert_classes(metric, line);
            s2s_metric_free(metric);
        }
    json_decref(lines);
}

static void test_entity_scores(void **state) {
    (void)state;
    json_t *lines = read_fixture("entities.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        s2s_metric *metric = create(S2S_METRIC_ENTITY_F1, true, true);
        const json_t *line = json_array_get(lines, i), *all = json_object_get(line, "all");
        add_line(metric, line);
        s2s_score score = s2s_metric_result(metric);
        assert_number(score.value, all, "f1");
        char detail[128];
        snprintf(detail, sizeof detail, "P = %.2f R = %.2f (%.0f right, %.0f found, %.0f wanted)",
                 json_number_value(json_object_get(all, "precision")),
                 json_number_value(json_object_get(all, "recall")),
                 json_number_value(json_object_get(all, "right")),
                 json_number_value(json_object_get(all, "found")),
                 json_number_value(json_object_get(all, "wanted")));
        assert_string_equal(score.detail, detail);
        assert_classes(metric, line);
        s2s_metric_free(metric);
    }
    json_decref(lines);
}

/* --- properties --- */

static void test_no_segments_score_zero(void **state) {
    (void)state;
    for (int type = S2S_METRIC_ACCURACY; type <= S2S_METRIC_ENTITY_F1; type++) {
        s2s_metric *metric = create((s2s_metric_type)type, false, true);
        assert_true(s2s_metric_is_of_classes(metric));
        assert_int_equal(s2s_metric_width(metric), 0);
        s2s_score score = s2s_metric_result(metric);
        assert_true(score.value == 0);
        assert_non_null(strstr(score.signature, "nrefs:0|"));
        assert_null(strstr(score.signature, "||"));
        s2s_metric_free(metric);
    }
}

/* Names of labels mean nothing, and white space around them is none of theirs. */
static void test_names_do_not_matter(void **state) {
    (void)state;
    static const char *const plain[][2] = {{"a", "a"}, {"a", "b"}, {"c", "c"}, {"b", "a"}};
    static const char *const other[][2] = {
        {"x y", "x y "}, {" x y", "\tn"}, {"größer", "größer"}, {"n", "x y\r"}};
    for (int type = S2S_METRIC_ACCURACY; type <= S2S_METRIC_MCC; type++) {
        s2s_metric *one = create((s2s_metric_type)type, false, true);
        s2s_metric *two = create((s2s_metric_type)type, false, true);
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
            assert_int_equal(add(one, plain[i][0], plain[i][1]), S2S_OK);
            assert_int_equal(add(two, other[i][0], other[i][1]), S2S_OK);
        }
        double value = s2s_metric_result(one).value;
        assert_true(value > 0 && value < 100);
        assert_true(s2s_metric_result(two).value == value);
        s2s_metric_free(one);
        s2s_metric_free(two);
    }
}

/* A label a word, as of the tags of a sentence, counts as a label a line does. */
static void test_words_are_labels(void **state) {
    (void)state;
    s2s_metric *words = create(S2S_METRIC_MCC, true, true);
    s2s_metric *lines = create(S2S_METRIC_MCC, false, true);
    assert_int_equal(add(words, "a b  a c", "a a\ta c"), S2S_OK);
    assert_int_equal(add(lines, "a", "a"), S2S_OK);
    assert_int_equal(add(lines, "b", "a"), S2S_OK);
    assert_int_equal(add(lines, "a", "a"), S2S_OK);
    assert_int_equal(add(lines, "c", "c"), S2S_OK);
    assert_true(s2s_metric_result(words).value == s2s_metric_result(lines).value);
    assert_int_equal(add(words, "a b", "a"), S2S_INPUT);
    assert_non_null(strstr(err.message, "2 labels, but the reference has 1"));
    assert_true(s2s_metric_result(words).value == s2s_metric_result(lines).value);
    s2s_metric_free(words);
    s2s_metric_free(lines);
}

/* Two systems of one metric object: what the second brings widens the first's vectors, and resampled
 * sums mean the same classes. */
static void test_tallies_grow_together(void **state) {
    (void)state;
    static const char *const wanted[] = {"a", "b", "a", "c", "d"},
                             *const first[] = {"a", "b", "a", "a", "a"},
                             *const second[] = {"e", "b", "f", "c", "d"};
    s2s_metric *metric = create(S2S_METRIC_MACRO_F1, false, true);
    s2s_tally one = {.keep = true}, two = {.keep = true};
    for (int i = 0; i < 5; i++) {
        s2s_segment reference = segment(wanted[i]);
        assert_int_equal(s2s_tally_add(&one, metric, segment(first[i]), &reference, 1, &err),
                         S2S_OK);
    }
    int narrow = one.width;
    for (int i = 0; i < 5; i++) {
        s2s_segment reference = segment(wanted[i]);
        assert_int_equal(s2s_tally_add(&two, metric, segment(second[i]), &reference, 1, &err),
                         S2S_OK);
    }
    assert_int_equal(s2s_tally_finish(&one, metric, &err), S2S_OK);
    assert_int_equal(s2s_tally_finish(&two, metric, &err), S2S_OK);
    assert_true(one.width > narrow && one.width == two.width);
    /* By hand: a 4 of 4 + 2 items, b 2 of 2, c and d 0 of 1; then a 0 of 2, b, c, d 2 of 2, e, f 0. */
    assert_true(fabs(s2s_tally_score(&one, metric).value - 100 * (2 * 2.0 / 6 + 1) / 4) < 1e-9);
    assert_true(fabs(s2s_tally_score(&two, metric).value - 100 * 3.0 / 6) < 1e-9);
    s2s_segment_rows systems[] = {s2s_tally_rows(&one, metric), s2s_tally_rows(&two, metric)};
    s2s_resample_options options = {200, 0, 1};
    s2s_comparison results[2];
    assert_int_equal(s2s_paired_bootstrap(systems, 2, &options, results, &err), S2S_OK);
    assert_true(results[0].score == s2s_tally_score(&one, metric).value);
    assert_true(results[1].score == s2s_tally_score(&two, metric).value);
    assert_true(results[1].interval.low < results[1].interval.high);
    s2s_tally_release(&one);
    s2s_tally_release(&two);
    s2s_metric_free(metric);
}

/* --- what is no label or tag --- */

static void test_references_have_one_label(void **state) {
    (void)state;
    s2s_metric *metric = create(S2S_METRIC_ACCURACY, false, true);
    s2s_segment two[] = {segment("a"), segment("b")};
    assert_int_equal(s2s_metric_add(metric, segment("a"), two, 2, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "2 references"));
    assert_int_equal(add(metric, "a", " "), S2S_INPUT);
    assert_non_null(strstr(err.message, "no label"));
    assert_int_equal(add(metric, "a", "a"), S2S_OK);
    assert_true(s2s_metric_result(metric).value == 100);
    assert_int_equal(add(metric, "", "a"), S2S_OK); /* an output may have none, and is wrong */
    assert_true(s2s_metric_result(metric).value == 50);
    s2s_metric_free(metric);
}

static void test_tags_are_checked(void **state) {
    (void)state;
    static const char *const wrong[] = {"", "o", "B", "I-", "B_PER", "E-PER", "PER", "-", "BPER"};
    static const char *const right[] = {"O", "B-x", "I-PER", "B-a-b", "I--"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(s2s_tag_check(segment(wrong[i]), &err), S2S_INPUT);
        assert_non_null(strstr(err.message, "is no tag; expected O, B-TYPE or I-TYPE"));
    }
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_int_equal(s2s_tag_check(segment(right[i]), &err), S2S_OK);
}

static void test_strict_and_lenient_entities(void **state) {
    (void)state;
    s2s_metric *strict = create(S2S_METRIC_ENTITY_F1, true, true);
    assert_int_equal(add(strict, "B-PER X", "B-PER O"), S2S_INPUT);
    assert_non_null(strstr(err.message, "\"X\" is no tag"));
    assert_int_equal(add(strict, "B-PER", "B-PER Y"), S2S_INPUT);
    assert_non_null(strstr(err.message, "reference: \"Y\""));
    assert_int_equal(add(strict, "B-PER", "B-PER O"), S2S_INPUT);
    assert_non_null(strstr(err.message, "1 tags, but the reference has 2"));
    assert_true(s2s_metric_result(strict).value == 0);
    s2s_metric *lenient = create(S2S_METRIC_ENTITY_F1, true, false);
    assert_int_equal(add(lenient, "B-PER X B-LOC", "B-PER O"), S2S_OK);
    assert_true(fabs(s2s_metric_result(lenient).value - 200.0 / 3) < 1e-9);
    assert_int_equal(add(lenient, "O", "Y"), S2S_INPUT); /* a reference must be right */
    s2s_metric_free(strict);
    s2s_metric_free(lenient);
}

static void test_text_is_not_taken_for_labels(void **state) {
    (void)state;
    s2s_metric *metric = create(S2S_METRIC_ACCURACY, true, true);
    s2s_status status = S2S_OK;
    for (int i = 0; i < 70000 && status == S2S_OK; i += 100) {
        char text[100 * 8] = "";
        for (int k = 0, used = 0; k < 100; k++)
            used += snprintf(text + used, sizeof text - (size_t)used, "%d ", i + k);
        status = add(metric, text, text);
    }
    assert_int_equal(status, S2S_INPUT);
    assert_non_null(strstr(err.message, "different labels"));
    s2s_metric_free(metric);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_label_scores),
        cmocka_unit_test(test_entity_scores),
        cmocka_unit_test(test_no_segments_score_zero),
        cmocka_unit_test(test_names_do_not_matter),
        cmocka_unit_test(test_words_are_labels),
        cmocka_unit_test(test_tallies_grow_together),
        cmocka_unit_test(test_references_have_one_label),
        cmocka_unit_test(test_tags_are_checked),
        cmocka_unit_test(test_strict_and_lenient_entities),
        cmocka_unit_test(test_text_is_not_taken_for_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
