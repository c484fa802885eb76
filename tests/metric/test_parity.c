/* Scores, signatures, details and statistics vectors equal sacreBLEU's, in all settings. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

enum { REFERENCES = 3, WIDEST = 64 };

static s2s_err err;

/* --- settings --- */

static bool flag(const json_t *settings, const char *key) {
    return json_is_true(json_object_get(settings, key));
}

static double number(const json_t *settings, const char *key, double otherwise) {
    const json_t *value = json_object_get(settings, key);
    return value ? json_number_value(value) : otherwise;
}

static int number_of(const char *const *names, const char *name) {
    for (int i = 0; names[i]; i++)
        if (!strcmp(names[i], name)) return i;
    fail_msg("no option is called %s", name);
    return -1;
}

static s2s_metric *create_bleu(const json_t *settings) {
    s2s_bleu_options options = S2S_BLEU_DEFAULTS;
    const char *tokenizer = json_string_value(json_object_get(settings, "tokenize"));
    const char *smoothing = json_string_value(json_object_get(settings, "smooth_method"));
    if (tokenizer)
        options.tokenizer = (s2s_bleu_tokenizer)number_of(s2s_bleu_tokenizer_names, tokenizer);
    if (smoothing)
        options.smoothing = (s2s_bleu_smoothing)number_of(s2s_bleu_smoothing_names, smoothing);
    options.smoothing_value = number(settings, "smooth_value", options.smoothing_value);
    options.lowercase = flag(settings, "lowercase");
    options.effective_order = flag(settings, "effective_order");
    s2s_metric *metric;
    assert_int_equal(s2s_bleu_create(&metric, &options, &err), S2S_OK);
    return metric;
}

static s2s_metric *create_chrf(const json_t *settings) {
    s2s_chrf_options options = S2S_CHRF_DEFAULTS;
    options.char_order = (int)number(settings, "char_order", options.char_order);
    options.word_order = (int)number(settings, "word_order", options.word_order);
    options.beta = (int)number(settings, "beta", options.beta);
    options.lowercase = flag(settings, "lowercase");
    options.whitespace = flag(settings, "whitespace");
    options.eps_smoothing = flag(settings, "eps_smoothing");
    s2s_metric *metric;
    assert_int_equal(s2s_chrf_create(&metric, &options, &err), S2S_OK);
    return metric;
}

static s2s_metric *create_ter(const json_t *settings) {
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    options.ter =
        (s2s_ter_options){flag(settings, "normalized"), flag(settings, "no_punct"),
                          flag(settings, "asian_support"), flag(settings, "case_sensitive")};
    s2s_metric *metric;
    assert_int_equal(s2s_metric_create(&metric, S2S_METRIC_TER, &options, &err), S2S_OK);
    return metric;
}

static s2s_metric *create_metric(const json_t *line) {
    static s2s_metric *(*const makers[])(const json_t *) = {create_bleu, create_chrf, create_ter};
    static const char *const names[] = {"bleu", "chrf", "ter", NULL};
    return makers[number_of(names, text_of(line, "metric").text)](
        json_object_get(line, "settings"));
}

/* --- segments --- */

typedef struct texts {
    s2s_segment hypothesis, references[REFERENCES];
} texts;

static texts texts_of(const json_t *segments, size_t i) {
    const json_t *segment = json_array_get(segments, i);
    const json_t *references = json_object_get(segment, "references");
    assert_int_equal(json_array_size(references), REFERENCES);
    texts texts = {.hypothesis = text_of(segment, "hypothesis")};
    for (size_t r = 0; r < REFERENCES; r++) {
        const json_t *reference = json_array_get(references, r);
        texts.references[r] =
            (s2s_segment){json_string_value(reference), json_string_length(reference)};
    }
    return texts;
}

static const json_t *corpus_named(const json_t *corpora, const char *name) {
    for (size_t i = 0; i < json_array_size(corpora); i++) {
        const json_t *corpus = json_array_get(corpora, i);
        if (!strcmp(text_of(corpus, "name").text, name)) return json_object_get(corpus, "lines");
    }
    fail_msg("the fixture names no corpus '%s'", name);
    return NULL;
}

static void add_corpus(s2s_metric *metric, const json_t *segments, const json_t *corpus,
                       int references) {
    for (size_t i = 0; i < json_array_size(corpus); i++) {
        size_t line = (size_t)json_integer_value(json_array_get(corpus, i));
        texts texts = texts_of(segments, line);
        int n = references ? references : 1 + (int)(line % REFERENCES);
        assert_int_equal(s2s_metric_add(metric, texts.hypothesis, texts.references, n, &err),
                         S2S_OK);
    }
}

/* --- tests --- */

static void assert_same_score(const s2s_score *score, const json_t *wanted) {
    char printed[32], signature[256];
    snprintf(printed, sizeof printed, "%.4f", score->value);
    snprintf(signature, sizeof signature, "%s|version:s2s-%s", text_of(wanted, "signature").text,
             S2S_VERSION);
    assert_string_equal(score->signature, signature);
    assert_string_equal(printed, text_of(wanted, "printed").text);
    assert_true(fabs(score->value - number(wanted, "value", NAN)) < 1e-10);
    assert_string_equal(score->name, text_of(wanted, "name").text);
    assert_string_equal(score->detail, text_of(wanted, "detail").text);
}

static void test_corpus_scores(void **state) {
    (void)state;
    json_t *segments = read_fixture("segments.jsonl"), *corpora = read_fixture("corpora.jsonl");
    json_t *lines = read_fixture("scores.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        s2s_metric *metric = create_metric(line);
        add_corpus(metric, segments, corpus_named(corpora, text_of(line, "corpus").text),
                   (int)number(line, "references", -1));
        s2s_score score = s2s_metric_result(metric);
        assert_same_score(&score, line);
        s2s_metric_free(metric);
    }
    json_decref(segments);
    json_decref(corpora);
    json_decref(lines);
}

static void test_segment_statistics(void **state) {
    (void)state;
    json_t *segments = read_fixture("segments.jsonl"), *lines = read_fixture("statistics.jsonl");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i),
                     *wanted = json_object_get(line, "statistics");
        s2s_metric *metric = create_metric(line);
        texts texts = texts_of(segments, (size_t)number(line, "line", -1));
        double statistics[WIDEST];
        assert_int_equal(s2s_metric_width(metric), json_array_size(wanted));
        assert_int_equal(s2s_metric_statistics(metric, texts.hypothesis, texts.references,
                                               REFERENCES, statistics, &err),
                         S2S_OK);
        for (size_t k = 0; k < json_array_size(wanted); k++)
            assert_true(statistics[k] == json_number_value(json_array_get(wanted, k)));
        s2s_score score = s2s_metric_score(metric, statistics);
        assert_true(fabs(score.value - number(line, "value", NAN)) < 1e-10);
        s2s_metric_free(metric);
    }
    json_decref(segments);
    json_decref(lines);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus_scores),
        cmocka_unit_test(test_segment_statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
