/* Draws equal NumPy's; intervals and p-values equal sacreBLEU's, on any number of threads. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/thread.h"
#include "fixture.h"
#include "metric/pcg.h"
#include "metric/resample.h"

enum { MOST_SYSTEMS = 8, MOST_DRAWS = 128 };

static s2s_err err;

static const json_t *member(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    if (!value) fail_msg("the fixture has no '%s'", key);
    return value;
}

static int whole(const json_t *object, const char *key) {
    return (int)json_integer_value(member(object, key));
}

/* As text, because a JSON number does not hold all of them. */
static uint64_t seed_of(const json_t *line) {
    return strtoull(text_of(line, "seed").text, NULL, 10);
}

/* --- draws --- */

static void assert_drawn(s2s_pcg *pcg, uint32_t bound, const json_t *wanted) {
    uint32_t numbers[MOST_DRAWS];
    size_t n = json_array_size(wanted);
    assert_in_range(n, 1, MOST_DRAWS);
    s2s_pcg_below(pcg, bound, numbers, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(numbers[i], json_integer_value(json_array_get(wanted, i)));
}

static void test_draws_are_numpys(void **state) {
    (void)state;
    json_t *lines = read_fixture("draws.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i), *bits = member(line, "bits");
        uint32_t bound = (uint32_t)json_integer_value(member(line, "bound"));
        s2s_pcg pcg = s2s_pcg_init(seed_of(line));
        assert_drawn(&pcg, bound, member(line, "first"));
        uint8_t tossed[MOST_DRAWS];
        assert_in_range(json_array_size(bits), 1, MOST_DRAWS);
        s2s_pcg_bits(&pcg, tossed, json_array_size(bits));
        for (size_t k = 0; k < json_array_size(bits); k++)
            assert_int_equal(tossed[k], json_integer_value(json_array_get(bits, k)));
        assert_drawn(&pcg, bound, member(line, "again"));
    }
    json_decref(lines);
}

static void test_draws_in_parts(void **state) {
    (void)state;
    uint32_t whole_draw[100], part[100];
    uint8_t bits[100], bits_part[100];
    s2s_pcg one = s2s_pcg_init(7), two = s2s_pcg_init(7);
    s2s_pcg_below(&one, 1000, whole_draw, 100);
    s2s_pcg_below(&two, 1000, part, 33);
    s2s_pcg_below(&two, 1000, part + 33, 67);
    assert_memory_equal(whole_draw, part, sizeof part);
    s2s_pcg_bits(&one, bits, 100);
    s2s_pcg_bits(&two, bits_part, 64);
    s2s_pcg_bits(&two, bits_part + 64, 36);
    assert_memory_equal(bits, bits_part, sizeof bits);
}

/* --- corpora of the fixture --- */

typedef struct corpus {
    s2s_metric *metric;
    s2s_segment_rows systems[MOST_SYSTEMS];
    double *rows[MOST_SYSTEMS];
    int n;
} corpus;

static s2s_segment reference_of(const json_t *segment, int number) {
    const json_t *text = json_array_get(member(segment, "references"), (size_t)number);
    return (s2s_segment){json_string_value(text), json_string_length(text)};
}

static double *rows_of(s2s_metric *metric, const json_t *segments, size_t n, int reference,
                       int every) {
    int width = s2s_metric_width(metric);
    double *rows = calloc(n * (size_t)width, sizeof *rows);
    assert_non_null(rows);
    for (size_t i = 0; i < n; i++) {
        const json_t *segment = json_array_get(segments, i);
        s2s_segment right = reference_of(segment, 0);
        s2s_segment text =
            i % (size_t)every ? text_of(segment, "hypothesis") : reference_of(segment, reference);
        assert_int_equal(
            s2s_metric_statistics(metric, text, &right, 1, rows + i * (size_t)width, &err), S2S_OK);
    }
    return rows;
}

static corpus corpus_of(const json_t *segments, const json_t *line) {
    const char *name = text_of(line, "metric").text;
    corpus made = {0};
    int type = 1;
    while (s2s_metric_names[type] && strcmp(s2s_metric_names[type], name)) type++;
    assert_non_null(s2s_metric_names[type]);
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    assert_int_equal(s2s_metric_create(&made.metric, (s2s_metric_type)type, &options, &err),
                     S2S_OK);
    size_t n = (size_t)whole(line, "lines");
    assert_in_range(n, 1, json_array_size(segments));
    const json_t *systems = member(line, "systems");
    for (; made.n < (int)json_array_size(systems); made.n++) {
        const json_t *system = json_array_get(systems, (size_t)made.n);
        made.rows[made.n] =
            rows_of(made.metric, segments, n, (int)json_integer_value(json_array_get(system, 0)),
                    (int)json_integer_value(json_array_get(system, 1)));
        made.systems[made.n] = (s2s_segment_rows){made.metric, made.rows[made.n], n};
    }
    return made;
}

static void corpus_release(corpus *corpus) {
    for (int i = 0; i < corpus->n; i++) free(corpus->rows[i]);
    s2s_metric_free(corpus->metric);
}

/* --- intervals and tests --- */

static void compare(const corpus *corpus, const json_t *line, s2s_comparison *results) {
    s2s_resample_options options = {whole(line, "samples"), whole(line, "interval"), seed_of(line)};
    bool bootstrap = !strcmp(text_of(line, "test").text, "bs");
    s2s_status status = (bootstrap ? s2s_paired_bootstrap : s2s_paired_randomization)(
        corpus->systems, corpus->n, &options, results, &err);
    assert_int_equal(status, S2S_OK);
}

/* sacreBLEU resamples in single precision: a mean of scores of 100 is right to 5e-5. */
static void assert_near(double value, const json_t *wanted, double tolerance) {
    double number = json_number_value(wanted);
    if (!(fabs(value - number) < tolerance)) fail_msg("%.9g is not %.9g", value, number);
}

static void assert_result(const s2s_comparison *result, double baseline, const json_t *wanted) {
    assert_near(result->score, member(wanted, "score"), 1e-9);
    const json_t *p = json_object_get(wanted, "p_value");
    if (p && result->score != baseline)
        assert_near(result->p, p, 1e-12);
    else
        assert_true(result->p == 1); /* the baseline itself, or one like it: see resample.h */
    if (!json_object_get(wanted, "ci")) {
        assert_true(result->interval.half == 0);
        return;
    }
    assert_near(result->interval.mean, member(wanted, "mean"), 5e-5);
    assert_near(result->interval.half, member(wanted, "ci"), 5e-5);
}

static void test_intervals_and_p_values_are_sacrebleus(void **state) {
    (void)state;
    json_t *segments = read_fixture("segments.jsonl"), *lines = read_fixture("significance.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i), *wanted = member(line, "results");
        corpus corpus = corpus_of(segments, line);
        s2s_comparison results[MOST_SYSTEMS];
        assert_int_equal(json_array_size(wanted), corpus.n);
        compare(&corpus, line, results);
        for (int k = 0; k < corpus.n; k++)
            assert_result(&results[k], results[0].score, json_array_get(wanted, (size_t)k));
        corpus_release(&corpus);
    }
    json_decref(segments);
    json_decref(lines);
}

static void test_one_system_has_the_same_interval(void **state) {
    (void)state;
    json_t *segments = read_fixture("segments.jsonl"), *lines = read_fixture("significance.jsonl");
    const json_t *line = json_array_get(lines, 0);
    corpus corpus = corpus_of(segments, line);
    s2s_comparison results[MOST_SYSTEMS];
    compare(&corpus, line, results);
    s2s_resample_options options = {whole(line, "samples"), 0, seed_of(line)};
    for (int k = 0; k < corpus.n; k++) {
        s2s_interval interval;
        assert_int_equal(s2s_bootstrap(&corpus.systems[k], &options, &interval, &err), S2S_OK);
        assert_memory_equal(&interval, &results[k].interval, sizeof interval);
        assert_true(interval.low < interval.mean && interval.mean < interval.high);
    }
    corpus_release(&corpus);
    json_decref(segments);
    json_decref(lines);
}

static void test_threads_change_nothing(void **state) {
    (void)state;
    json_t *segments = read_fixture("segments.jsonl"), *lines = read_fixture("significance.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        corpus corpus = corpus_of(segments, line);
        s2s_comparison one[MOST_SYSTEMS] = {0}, many[MOST_SYSTEMS] = {0};
        s2s_threads_set(1);
        compare(&corpus, line, one);
        s2s_threads_set(3);
        compare(&corpus, line, many);
        s2s_threads_set(0);
        assert_memory_equal(one, many, sizeof one);
        corpus_release(&corpus);
    }
    json_decref(segments);
    json_decref(lines);
}

static void test_what_cannot_be_drawn_is_refused(void **state) {
    (void)state;
    s2s_metric *metric;
    s2s_metric_options plain = S2S_METRIC_DEFAULTS;
    assert_int_equal(s2s_metric_create(&metric, S2S_METRIC_BLEU, &plain, &err), S2S_OK);
    double rows[64] = {0};
    s2s_segment_rows none = {metric, rows, 0}, one = {metric, rows, 1};
    s2s_resample_options options = {10, 0, 1};
    s2s_interval interval;
    s2s_comparison result;
    assert_int_equal(s2s_bootstrap(&none, &options, &interval, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "segments"));
    assert_int_equal(s2s_paired_bootstrap(&none, 1, &options, &result, &err), S2S_INPUT);
    options.samples = 0;
    assert_int_equal(s2s_bootstrap(&one, &options, &interval, &err), S2S_USAGE);
    assert_int_equal(s2s_paired_randomization(&one, 1, &options, &result, &err), S2S_USAGE);
    options = (s2s_resample_options){10, -1, 1};
    assert_int_equal(s2s_paired_randomization(&one, 1, &options, &result, &err), S2S_USAGE);
    assert_non_null(strstr(err.message, "samples"));
    s2s_metric_free(metric);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_are_numpys),
        cmocka_unit_test(test_draws_in_parts),
        cmocka_unit_test(test_intervals_and_p_values_are_sacrebleus),
        cmocka_unit_test(test_one_system_has_the_same_interval),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_what_cannot_be_drawn_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
