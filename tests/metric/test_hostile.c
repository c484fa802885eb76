/* TER, ROUGE, exact match, token accuracy and error rates on hostile line pairs: every segment's
 * vector, the corpus score as printed and the signature equal those of sacreBLEU, of rouge-score or
 * of a plain program; and the stems of words equal NLTK's. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "metric/porter.h"

enum { REFERENCES = 2, WIDEST = 4 };

static s2s_err err;

static bool flag(const json_t *settings, const char *key) {
    return json_is_true(json_object_get(settings, key));
}

static s2s_metric *create_metric(const json_t *line) {
    const json_t *settings = json_object_get(line, "settings");
    const char *stemmer = json_string_value(json_object_get(settings, "stemmer"));
    s2s_metric_options options = {
        .lowercase = flag(settings, "lowercase"),
        .ter = {flag(settings, "normalized"), flag(settings, "no_punct"),
                flag(settings, "asian_support"), flag(settings, "case_sensitive")},
        .rouge = {.stemmer = stemmer && !strcmp(stemmer, "none") ? S2S_STEM_NONE : S2S_STEM_PORTER,
                  .separator = json_string_value(json_object_get(settings, "separator"))}};
    const char *name = text_of(line, "metric").text;
    for (int type = S2S_METRIC_LOSS + 1; type < S2S_METRIC_TYPES; type++) {
        s2s_metric *metric;
        if (strcmp(name, s2s_metric_names[type])) continue;
        assert_int_equal(s2s_metric_create(&metric, (s2s_metric_type)type, &options, &err), S2S_OK);
        return metric;
    }
    fail_msg("no metric is called %s", name);
    return NULL;
}

static void assert_same_vector(s2s_metric *metric, const json_t *pair, int references,
                               const json_t *wanted, const char *what) {
    s2s_segment segments[REFERENCES];
    for (int r = 0; r < references; r++) {
        const json_t *text = json_array_get(json_object_get(pair, "references"), (size_t)r);
        segments[r] = (s2s_segment){json_string_value(text), json_string_length(text)};
    }
    double vector[WIDEST];
    assert_int_equal(s2s_metric_width(metric), json_array_size(wanted));
    assert_int_equal(s2s_metric_statistics(metric, text_of(pair, "hypothesis"), segments,
                                           references, vector, &err),
                     S2S_OK);
    for (size_t k = 0; k < json_array_size(wanted); k++) {
        double number = json_number_value(json_array_get(wanted, k));
        if (!(fabs(vector[k] - number) < 1e-13 * (1 + number)))
            fail_msg("%s: number %zu is %.17g, not %.17g", what, k, vector[k], number);
    }
    assert_int_equal(
        s2s_metric_add(metric, text_of(pair, "hypothesis"), segments, references, &err), S2S_OK);
}

static void assert_same_corpus(const json_t *line, const json_t *pairs) {
    s2s_metric *metric = create_metric(line);
    const json_t *statistics = json_object_get(line, "statistics");
    int references = (int)json_integer_value(json_object_get(line, "references"));
    assert_in_range(references, 1, REFERENCES);
    assert_int_equal(json_array_size(statistics), json_array_size(pairs));
    for (size_t i = 0; i < json_array_size(pairs); i++) {
        char what[512];
        snprintf(what, sizeof what, "pair %zu, %s", i, text_of(line, "signature").text);
        assert_same_vector(metric, json_array_get(pairs, i), references,
                           json_array_get(statistics, i), what);
    }
    char printed[32], signature[256];
    s2s_score score = s2s_metric_result(metric);
    snprintf(printed, sizeof printed, "%.4f", score.value);
    snprintf(signature, sizeof signature, "%s|version:s2s-%s", text_of(line, "signature").text,
             S2S_VERSION);
    assert_string_equal(printed, text_of(line, "printed").text);
    assert_string_equal(score.signature, signature);
    s2s_metric_free(metric);
}

static void test_hostile_pairs(void **state) {
    (void)state;
    json_t *pairs = read_fixture("hostile.jsonl"), *lines = read_fixture("hostile_scores.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++)
        assert_same_corpus(json_array_get(lines, i), pairs);
    json_decref(pairs);
    json_decref(lines);
}

static void test_stems(void **state) {
    (void)state;
    json_t *lines = read_fixture("stems.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        const char *word = json_string_value(json_array_get(line, 0));
        uint32_t points[64];
        char stem[64] = "";
        size_t n = strlen(word);
        assert_in_range(n, 1, sizeof stem - 1);
        for (size_t k = 0; k < n; k++) points[k] = (unsigned char)word[k];
        n = s2s_porter_stem(points, n);
        assert_true(n <= strlen(word));
        for (size_t k = 0; k < n; k++) stem[k] = (char)points[k];
        assert_string_equal(stem, json_string_value(json_array_get(line, 1)));
    }
    json_decref(lines);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_pairs),
        cmocka_unit_test(test_stems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
