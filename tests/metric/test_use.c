/* Metrics as their callers meet them: sums, odd input, wrong options, bounded memory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "metric/metric.h"

static s2s_err err;

static s2s_segment segment(const char *text) {
    return (s2s_segment){text, strlen(text)};
}

static s2s_metric *create(bool chrf) {
    s2s_metric *metric;
    s2s_bleu_options bleu_options = S2S_BLEU_DEFAULTS;
    s2s_chrf_options chrf_options = S2S_CHRF_DEFAULTS;
    chrf_options.word_order = 2;
    s2s_status status = chrf ? s2s_chrf_create(&metric, &chrf_options, &err)
                             : s2s_bleu_create(&metric, &bleu_options, &err);
    assert_int_equal(status, S2S_OK);
    return metric;
}

static void add(s2s_metric *metric, const char *hypothesis, const char *reference) {
    s2s_segment of_reference = segment(reference);
    assert_int_equal(s2s_metric_add(metric, segment(hypothesis), &of_reference, 1, &err), S2S_OK);
}

static void test_no_segments_score_zero(void **state) {
    (void)state;
    for (int chrf = 0; chrf < 2; chrf++) {
        s2s_metric *metric = create(chrf);
        s2s_score score = s2s_metric_result(metric);
        assert_true(score.value == 0);
        assert_non_null(strstr(score.signature, "nrefs:0|"));
        s2s_metric_free(metric);
    }
    s2s_metric_free(NULL);
}

static void test_segments_without_text(void **state) {
    (void)state;
    for (int chrf = 0; chrf < 2; chrf++) {
        s2s_metric *metric = create(chrf);
        s2s_segment nothing = {NULL, 0};
        assert_int_equal(s2s_metric_add(metric, nothing, &nothing, 1, &err), S2S_OK);
        assert_true(s2s_metric_result(metric).value == 0);
        s2s_metric_free(metric);
    }
}

static void test_equal_text_scores_100(void **state) {
    (void)state;
    for (int chrf = 0; chrf < 2; chrf++) {
        s2s_metric *metric = create(chrf);
        add(metric, "four words are here", "four words are here");
        assert_true(fabs(s2s_metric_result(metric).value - 100) < 1e-9);
        s2s_metric_free(metric);
    }
}

static void test_missing_references_leave_the_sum(void **state) {
    (void)state;
    s2s_metric *metric = create(false);
    add(metric, "a small red house", "a small red house");
    assert_int_equal(s2s_metric_add(metric, segment("x"), NULL, 0, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "at least one"));
    s2s_score score = s2s_metric_result(metric);
    assert_true(fabs(score.value - 100) < 1e-9);
    assert_non_null(strstr(score.signature, "nrefs:1|"));
    s2s_metric_free(metric);
}

static void test_vectors_add_up_to_the_corpus(void **state) {
    (void)state;
    static const char *const texts[][2] = {
        {"the red house stands on a hill", "a red house stands on the hill"},
        {"nobody was at home today", "today nobody was at home"},
        {"", "this line was not translated"},
    };
    for (int chrf = 0; chrf < 2; chrf++) {
        s2s_metric *metric = create(chrf);
        double sum[64] = {0}, vector[64];
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            s2s_segment reference = segment(texts[i][1]);
            assert_int_equal(
                s2s_metric_statistics(metric, segment(texts[i][0]), &reference, 1, vector, &err),
                S2S_OK);
            for (int k = 0; k < s2s_metric_width(metric); k++) sum[k] += vector[k];
        }
        assert_true(s2s_metric_result(metric).value == 0); /* so far nothing was added */
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            add(metric, texts[i][0], texts[i][1]);
        assert_true(s2s_metric_result(metric).value > 0);
        assert_true(s2s_metric_result(metric).value == s2s_metric_score(metric, sum).value);
        s2s_metric_free(metric);
    }
}

static void test_bytes_that_are_no_utf8(void **state) {
    (void)state;
    for (int chrf = 0; chrf < 2; chrf++) {
        s2s_metric *metric = create(chrf);
        add(metric, "four \xFF\xFE words \xE2\x82",
            "four \xEF\xBF\xBD\xEF\xBF\xBD words \xEF\xBF\xBD");
        assert_true(fabs(s2s_metric_result(metric).value - 100) < 1e-9);
        s2s_metric_free(metric);
    }
}

/* Long and short lines in turn: the work of a short one must not grow with the long one before it,
 * and memory must stay where the longest line has put it. */
static void test_memory_does_not_grow(void **state) {
    (void)state;
    enum { WORDS = 5000, WARM_UP = 3, ROUNDS = 30 };
    char *line = malloc(WORDS * 8 + 1);
    assert_non_null(line);
    size_t size = 0;
    for (int i = 0; i < WORDS; i++) size += (size_t)sprintf(line + size, "w%05d ", i * 7919 % 3001);
    s2s_metric *metrics[2] = {create(false), create(true)};
    struct rusage before, after;
    for (int round = 0; round < ROUNDS; round++) {
        if (round == WARM_UP) getrusage(RUSAGE_SELF, &before);
        for (int m = 0; m < 2; m++) {
            add(metrics[m], line, line);
            for (int i = 0; i < 500; i++) add(metrics[m], "a short line", "a shorter line");
        }
    }
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 1024); /* KiB */
    for (int m = 0; m < 2; m++) s2s_metric_free(metrics[m]);
    free(line);
}

static void assert_bleu_refused(const s2s_bleu_options *options) {
    s2s_metric *metric;
    assert_int_equal(s2s_bleu_create(&metric, options, &err), S2S_USAGE);
}

static void assert_chrf_refused(s2s_chrf_options options, const char *key) {
    s2s_metric *metric;
    assert_int_equal(s2s_chrf_create(&metric, &options, &err), S2S_USAGE);
    assert_non_null(strstr(err.message, key));
}

static void test_wrong_options_are_refused(void **state) {
    (void)state;
    s2s_bleu_options bleu = S2S_BLEU_DEFAULTS;
    bleu.smoothing_value = NAN;
    assert_bleu_refused(&bleu);
    bleu.smoothing_value = INFINITY;
    assert_bleu_refused(&bleu);
    bleu = S2S_BLEU_DEFAULTS;
    bleu.tokenizer = (s2s_bleu_tokenizer)99;
    assert_bleu_refused(&bleu);
    bleu = S2S_BLEU_DEFAULTS;
    bleu.smoothing = (s2s_bleu_smoothing)99;
    assert_bleu_refused(&bleu);
    assert_chrf_refused((s2s_chrf_options){.char_order = -1, .beta = 2}, "char_order");
    assert_chrf_refused((s2s_chrf_options){.char_order = 65, .beta = 2}, "char_order");
    assert_chrf_refused((s2s_chrf_options){.char_order = 6, .word_order = 17}, "word_order");
    assert_chrf_refused((s2s_chrf_options){.char_order = 6, .beta = -1}, "beta");
    assert_chrf_refused((s2s_chrf_options){.beta = 2}, "both 0");
}

static void test_highest_orders(void **state) {
    (void)state;
    s2s_metric *metric;
    s2s_chrf_options options = {.char_order = 64, .word_order = 16, .beta = 1000};
    assert_int_equal(s2s_chrf_create(&metric, &options, &err), S2S_OK);
    add(metric, "enough words to fill an order or two", "enough words to fill an order or two");
    assert_true(fabs(s2s_metric_result(metric).value - 100) < 1e-9);
    assert_string_equal(s2s_metric_result(metric).name, "chrF1000++++++++++++++++");
    s2s_metric_free(metric);
}

/* By name alone a metric is what its own create function makes with the defaults. */
static void test_metrics_by_name(void **state) {
    (void)state;
    static const struct {
        s2s_metric_type type;
        const char *signature;
    } cases[] = {{S2S_METRIC_BLEU, "nrefs:1|case:lc|eff:no|tok:char|smooth:floor[0.20]|"},
                 {S2S_METRIC_CHRF, "nrefs:1|case:lc|eff:yes|nc:6|nw:0|space:no|"},
                 {S2S_METRIC_CHRF_PLUS, "nrefs:1|case:lc|eff:yes|nc:6|nw:2|space:no|"},
                 {S2S_METRIC_TER, "nrefs:1|case:lc|tok:tercom|norm:no|punct:no|asian:no|"},
                 {S2S_METRIC_ROUGE_1, "nrefs:1|case:lc|tok:rouge-score|stem:porter|version:"},
                 {S2S_METRIC_ROUGE_LSUM,
                  "nrefs:1|case:lc|tok:rouge-score|stem:porter|split:newline|version:"},
                 {S2S_METRIC_EXACT_MATCH, "nrefs:1|case:lc|version:"},
                 {S2S_METRIC_TOKEN_ACCURACY, "nrefs:1|case:lc|tok:none|version:"},
                 {S2S_METRIC_CER, "nrefs:1|case:lc|tok:char|version:"},
                 {S2S_METRIC_WER, "nrefs:1|case:lc|tok:none|version:"}};
    s2s_metric_options options = {.lowercase = true,
                                  .tokenizer = S2S_TOK_CHAR,
                                  .smoothing = S2S_SMOOTH_FLOOR,
                                  .smoothing_value = 0.2,
                                  .ter = {.no_punct = true, .case_sensitive = true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s2s_metric *metric;
        assert_int_equal(s2s_metric_create(&metric, cases[i].type, &options, &err), S2S_OK);
        add(metric, "a", "A");
        s2s_score score = s2s_metric_result(metric);
        assert_memory_equal(score.signature, cases[i].signature, strlen(cases[i].signature));
        s2s_metric_free(metric);
    }
}

static s2s_metric *create_by_name(s2s_metric_type type) {
    s2s_metric *metric;
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    assert_int_equal(s2s_metric_create(&metric, type, &options, &err), S2S_OK);
    return metric;
}

/* Of every metric of text: nothing added is 0, an equal text the best score, any other not; a text
 * without words and bytes that are no UTF-8 are no failure, and vectors add up to the corpus. */
static void test_metrics_of_text(void **state) {
    (void)state;
    for (int type = S2S_METRIC_BLEU; type <= S2S_METRIC_WER; type++) {
        s2s_metric *metric = create_by_name((s2s_metric_type)type);
        double best = s2s_metric_lower_is_better((s2s_metric_type)type) ? 0 : 100, sum[64] = {0};
        assert_true(s2s_metric_result(metric).value == 0);
        add(metric, "four words are here", "four words are here");
        assert_true(fabs(s2s_metric_result(metric).value - best) < 1e-9);
        s2s_metric_free(metric);
        metric = create_by_name((s2s_metric_type)type);
        static const char *const texts[][2] = {{"", ""},
                                               {"", "x"},
                                               {"x", ""},
                                               {"\xFF\xE2\x82", "\xEF\xBF\xBD"},
                                               {"one two", "two three"}};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            double vector[64];
            s2s_segment reference = segment(texts[i][1]);
            assert_int_equal(
                s2s_metric_statistics(metric, segment(texts[i][0]), &reference, 1, vector, &err),
                S2S_OK);
            for (int k = 0; k < s2s_metric_width(metric); k++) sum[k] += vector[k];
            add(metric, texts[i][0], texts[i][1]);
        }
        assert_true(fabs(s2s_metric_result(metric).value - best) > 1);
        assert_true(s2s_metric_result(metric).value == s2s_metric_score(metric, sum).value);
        s2s_metric_free(metric);
    }
}

/* Lines so long that a table of all words by all words would be hundreds of megabytes. */
static void test_long_lines_take_little(void **state) {
    (void)state;
    enum { WORDS = 20000 };
    char *texts[2] = {malloc(WORDS * 8 + 1), malloc(WORDS * 8 + 1)};
    assert_non_null(texts[0]);
    assert_non_null(texts[1]);
    for (int k = 0; k < 2; k++)
        for (int i = 0, size = 0; i < WORDS; i++)
            size += sprintf(texts[k] + size, "w%05d ", i % 10 ? i * 7919 % 3001 : k);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    static const s2s_metric_type types[] = {S2S_METRIC_TER, S2S_METRIC_ROUGE_LSUM, S2S_METRIC_WER};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        s2s_metric *metric = create_by_name(types[i]);
        add(metric, texts[0], texts[1]);
        double value = s2s_metric_result(metric).value;
        assert_true(value > 1 && value < 99);
        s2s_metric_free(metric);
    }
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 128 * 1024); /* KiB */
    for (int k = 0; k < 2; k++) free(texts[k]);
}

static void test_wrong_rouge_options_are_refused(void **state) {
    (void)state;
    s2s_metric *metric;
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    options.rouge.separator = "\xE3\x80\x82";
    assert_int_equal(s2s_metric_create(&metric, S2S_METRIC_ROUGE_L, &options, &err), S2S_USAGE);
    assert_non_null(strstr(err.message, "ASCII"));
    options.rouge.separator = "a separator that is far too long to be one";
    assert_int_equal(s2s_metric_create(&metric, S2S_METRIC_ROUGE_L, &options, &err), S2S_USAGE);
    options.rouge = (s2s_rouge_options){.stemmer = (s2s_rouge_stemmer)99};
    assert_int_equal(s2s_metric_create(&metric, S2S_METRIC_ROUGE_L, &options, &err), S2S_USAGE);
}

/* Newlines part sentences, and so does the separator: only then may sentences change places. */
static void test_sentences_of_rouge_lsum(void **state) {
    (void)state;
    static const struct {
        const char *hypothesis, *reference, *separator;
        double score;
    } cases[] = {{"a dog\ntwo cats", "two cats\na dog", NULL, 100},
                 {"a dog two cats", "two cats a dog", NULL, 50},
                 {"a dog<n>two cats", "two cats<n>a dog", "<n>", 100}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s2s_metric *metric;
        s2s_metric_options options = S2S_METRIC_DEFAULTS;
        options.rouge.separator = cases[i].separator;
        assert_int_equal(s2s_metric_create(&metric, S2S_METRIC_ROUGE_LSUM, &options, &err), S2S_OK);
        add(metric, cases[i].hypothesis, cases[i].reference);
        assert_true(fabs(s2s_metric_result(metric).value - cases[i].score) < 1e-9);
        s2s_metric_free(metric);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_segments_score_zero),
        cmocka_unit_test(test_segments_without_text),
        cmocka_unit_test(test_equal_text_scores_100),
        cmocka_unit_test(test_missing_references_leave_the_sum),
        cmocka_unit_test(test_vectors_add_up_to_the_corpus),
        cmocka_unit_test(test_bytes_that_are_no_utf8),
        cmocka_unit_test(test_memory_does_not_grow),
        cmocka_unit_test(test_wrong_options_are_refused),
        cmocka_unit_test(test_highest_orders),
        cmocka_unit_test(test_metrics_by_name),
        cmocka_unit_test(test_metrics_of_text),
        cmocka_unit_test(test_long_lines_take_little),
        cmocka_unit_test(test_wrong_rouge_options_are_refused),
        cmocka_unit_test(test_sentences_of_rouge_lsum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
