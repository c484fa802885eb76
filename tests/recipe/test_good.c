/* Values of every type land in their fields; all ways of writing YAML are understood. */
#include <locale.h>

#include "support.h"

static void every_type(void **state) {
    (void)state;
    s2s_recipe *r = parse_good("name: x y\n"
                               "output: /runs/x\n"
                               "seed: 9223372036854775807\n"
                               "encoder: {bias: false, width: 64, dropout: 0.25, norm_type: rms}\n"
                               "decoder: {}\n"
                               "train:\n"
                               "  max_steps: 9000\n"
                               "  optimizer: {adam_betas: [0.8, 0.999], learning_rate: 1e-3}\n"
                               "  validation: {metrics: [chrf++, bleu]}\n",
                               NULL);
    assert_string_equal(r->name, "x y");
    assert_string_equal(r->output, "/runs/x");
    assert_true(r->seed == INT64_MAX);
    assert_false(r->encoder.bias);
    assert_int_equal(r->encoder.width, 64);
    assert_true(r->encoder.dropout == 0.25);
    assert_int_equal(r->encoder.norm_type, S2S_RMS_NORM);
    assert_true(r->train.optimizer.adam_betas[0] == 0.8);
    assert_true(r->train.optimizer.adam_betas[1] == 0.999);
    assert_true(r->train.optimizer.learning_rate == 1e-3);
    assert_int_equal(r->train.validation.metrics_n, 2);
    assert_int_equal(r->train.validation.metrics[0], S2S_METRIC_CHRF_PLUS);
    assert_int_equal(r->train.validation.metrics[1], S2S_METRIC_BLEU);
    s2s_recipe_free(r);
}

static void number_forms(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } forms[] = {{"1e-3", 1e-3}, {"5E-4", 5e-4}, {".5", 0.5}, {"2.", 2},
                 {"+3", 3},      {"7", 7},       {"1e0", 1},  {"0.000125", 0.000125}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char set[64];
        snprintf(set, sizeof set, "train.optimizer.learning_rate=%s", forms[i].text);
        s2s_recipe *r = parse_good(MODEL, set);
        assert_true(r->train.optimizer.learning_rate == forms[i].value);
        s2s_recipe_free(r);
    }
}

/* A locale with a decimal comma must change nothing. It need not be installed on the machine. */
static void locale_is_ignored(void **state) {
    (void)state;
    bool comma = setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
    s2s_recipe *r = parse_good(MODEL "objective: {label_smoothing: 0.125}\n", NULL);
    char *yaml = written(r);
    setlocale(LC_ALL, "C");
    assert_true(r->objective.label_smoothing == 0.125);
    assert_non_null(strstr(yaml, "label_smoothing: 0.125\n"));
    if (!comma) print_message("de_DE.UTF-8 is not installed; checked in the C locale only\n");
    free(yaml);
    s2s_recipe_free(r);
}

static void corpus_forms(void **state) {
    (void)state;
    s2s_recipe *r = parse_good(MODEL "data:\n"
                                     "  train:\n"
                                     "    - {source: a.en.gz, target: sub/a.de}\n"
                                     "    - {tsv: b.tsv, source_column: 3, weight: 0.5}\n"
                                     "    - {json: ../c.jsonl, target_field: summary}\n"
                                     "  valid: {tsv: /abs/v.tsv}\n"
                                     "  test: {one: {tsv: 1.tsv}, 'two 2': {json: 2.jsonl},\n"
                                     "         three: {json: 3.jsonl, target_field: [a, 'b c']}}\n",
                               NULL);
    const s2s_corpus *train = r->data.train.items;
    assert_int_equal(r->data.train.n, 3);
    assert_string_equal(train[0].source, "/r/a.en.gz");
    assert_string_equal(train[0].target, "/r/sub/a.de");
    assert_null(train[0].tsv);
    assert_int_equal(train[0].source_column, 0);
    assert_null(train[0].source_field);
    assert_true(train[0].weight == 1);
    assert_string_equal(train[1].tsv, "/r/b.tsv");
    assert_int_equal(train[1].source_column, 3);
    assert_int_equal(train[1].target_column, 2);
    assert_true(train[1].weight == 0.5);
    assert_string_equal(train[2].json, "/c.jsonl");
    assert_string_equal(train[2].source_field, "source");
    assert_int_equal(train[2].target_field.n, 1);
    assert_string_equal(train[2].target_field.items[0], "summary");
    assert_int_equal(r->data.valid.n, 1);
    assert_string_equal(r->data.valid.items[0].tsv, "/abs/v.tsv");
    assert_null(r->data.valid.items[0].name);
    assert_int_equal(r->data.test.n, 3);
    assert_string_equal(r->data.test.items[0].name, "one");
    assert_string_equal(r->data.test.items[1].name, "two 2");
    assert_true(r->data.test.items[1].weight == 1);
    assert_int_equal(r->data.test.items[1].target_field.n, 1);
    assert_string_equal(r->data.test.items[1].target_field.items[0], "target");
    assert_int_equal(r->data.test.items[2].target_field.n, 2);
    assert_string_equal(r->data.test.items[2].target_field.items[0], "a");
    assert_string_equal(r->data.test.items[2].target_field.items[1], "b c");
    s2s_recipe_free(r);
}

static void yaml_forms(void **state) {
    (void)state;
    s2s_recipe *r = parse_good("\xef\xbb\xbf%YAML 1.2\n---\r\n" /* byte order mark, CRLF */
                               "# a comment\r\n"
                               "\"name\": 'it''s'\r\n"
                               "encoder: &stack {layers: 2, width: 32, heads: 2}\r\n"
                               "decoder: *stack\r\n"
                               "search:\r\n" /* a section without keys */
                               "train:\r\n"
                               "  # max_steps: 5\r\n"
                               "...",
                               NULL);
    assert_string_equal(r->name, "it's");
    assert_int_equal(r->encoder.layers, 2);
    assert_int_equal(r->decoder.layers, 2);
    assert_int_equal(r->search.beam_size, 5);
    s2s_recipe_free(r);
}

static void metric_names(void **state) {
    (void)state;
    assert_string_equal(s2s_metric_names[S2S_METRIC_LOSS], "loss");
    assert_string_equal(s2s_metric_names[S2S_METRIC_CHRF_PLUS], "chrf++");
    assert_string_equal(s2s_metric_names[S2S_METRIC_WER], "wer");
    assert_true(s2s_metric_lower_is_better(S2S_METRIC_LOSS));
    assert_true(s2s_metric_lower_is_better(S2S_METRIC_TER));
    assert_true(s2s_metric_lower_is_better(S2S_METRIC_CER));
    assert_false(s2s_metric_lower_is_better(S2S_METRIC_BLEU));
    assert_false(s2s_metric_lower_is_better(S2S_METRIC_ROUGE_L));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type),   cmocka_unit_test(number_forms),
        cmocka_unit_test(corpus_forms), cmocka_unit_test(locale_is_ignored),
        cmocka_unit_test(yaml_forms),   cmocka_unit_test(metric_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
