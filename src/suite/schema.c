/* The keys of a suite: what each is called, holds and means. See recipe/schema.h. */
#include "metric/metric.h"
#include "recipe/table.h"
#include "suite/suite.h"

/* --- models --- */

static const s2s_key model_keys[] = {
    {FIELD(PATH, s2s_suite_model, folder), .help = "The folder of a trained model."},
};
static const s2s_section model_section = KEYS(model_keys);

/* --- test sets --- */

static const s2s_key a_path = {.name = "path", .type = S2S_KEY_PATH};
static const s2s_key a_column = {.name = "column", .type = S2S_KEY_INT, .low = 1, .high = 10000};
static const s2s_key a_field = {.name = "field", .type = S2S_KEY_STRING};

static const s2s_key test_keys[] = {
    {FIELD(PATH, s2s_suite_test, source),
     .help = "Text file of what is to be translated, a line each, maybe gzipped."},
    {FIELD(LIST, s2s_suite_test, references), .item = &a_path, .flags = S2S_KEY_OR_ONE,
     .help = "Text files of right translations, their lines those of `source`; one or more."},
    {FIELD(PATH, s2s_suite_test, tsv),
     .help = "File of tab-separated columns, instead of `source` and `references`."},
    {FIELD(INT, s2s_suite_test, source_column), .low = 1, .high = 10000, .note = "1 with `tsv`",
     .help = "Column of `tsv` that holds the source, counted from 1."},
    {FIELD(LIST, s2s_suite_test, reference_columns), .item = &a_column, .flags = S2S_KEY_OR_ONE,
     .note = "2 with `tsv`", .help = "Columns of `tsv` that hold references."},
    {FIELD(PATH, s2s_suite_test, json),
     .help = "File of JSON lines, an object a line, instead of the two other forms."},
    {FIELD(STRING, s2s_suite_test, source_field), .note = "`source` with `json`",
     .help = "Field of `json` that holds the source."},
    {FIELD(LIST, s2s_suite_test, reference_fields), .item = &a_field, .flags = S2S_KEY_OR_ONE,
     .note = "`target` with `json`", .help = "Fields of `json` that hold references."},
};
static const s2s_section test_section = KEYS(test_keys);

/* --- scoring: named as the options of `s2s evaluate` --- */

#define OPTION(kind, name_, field)                                                                 \
    .name = name_, .type = S2S_KEY_##kind, .offset = offsetof(s2s_metric_options, field)

static const s2s_key scoring_keys[] = {
    {OPTION(BOOL, "lowercase", lowercase), .initial = "false",
     .note = "true where a model lowercases its text", .help = "Compare without regard to case."},
    {OPTION(ENUM, "tokenize", tokenizer), .initial = "13a", .names = s2s_bleu_tokenizer_names,
     .help = "How BLEU finds words."},
    {OPTION(ENUM, "smoothing", smoothing), .initial = "exp", .names = s2s_bleu_smoothing_names,
     .help = "What BLEU does about orders without a match."},
    {OPTION(REAL, "smoothing_value", smoothing_value), .initial = "-1", .low = -1, .high = 1000000,
     .help = "Of floor and add-k; -1 is the usual one."},
    {OPTION(BOOL, "ter_normalized", ter.normalized), .initial = "false",
     .help = "TER: separate punctuation from words."},
    {OPTION(BOOL, "ter_no_punct", ter.no_punct), .initial = "false",
     .help = "TER: leave punctuation out."},
    {OPTION(BOOL, "ter_asian_support", ter.asian_support), .initial = "false",
     .help = "TER: the same for Chinese and Japanese."},
    {OPTION(BOOL, "ter_case_sensitive", ter.case_sensitive), .initial = "false",
     .help = "TER: case counts, unless `lowercase` is true."},
    {OPTION(ENUM, "rouge_stemmer", rouge.stemmer), .initial = "porter",
     .names = s2s_rouge_stemmer_names, .help = "ROUGE: what takes endings off English words."},
    {OPTION(STRING, "rouge_separator", rouge.separator),
     .help = "ROUGE: what stands between the sentences of a line, for rougeLsum."},
};
static const s2s_section scoring_section = KEYS(scoring_keys);

/* --- comparison --- */

static const s2s_key baseline_keys[] = {
    {.name = "model",
     .type = S2S_KEY_STRING,
     .offset = offsetof(s2s_suite_baseline, model_name),
     .help = "Rows are compared with this model's; alone, with the same search."},
    {.name = "search",
     .type = S2S_KEY_STRING,
     .offset = offsetof(s2s_suite_baseline, search_name),
     .help = "Rows are compared with those of this search; alone, with the same model."},
};
static const s2s_section baseline_section = KEYS(baseline_keys);

static const char *const methods[] = {
    [S2S_SUITE_BOOTSTRAP] = "bootstrap", [S2S_SUITE_RANDOMIZATION] = "randomization", NULL};

static const s2s_key significance_keys[] = {
    {FIELD(ENUM, s2s_suite_significance, method), .initial = "bootstrap", .names = methods,
     .help = "Paired bootstrap or approximate randomisation, as in sacreBLEU."},
    {FIELD(INT, s2s_suite_significance, samples), .initial = "1000", .low = 10, .high = 1000000,
     .help = "Samples of the intervals and of the bootstrap."},
    {FIELD(INT, s2s_suite_significance, trials), .initial = "10000", .low = 10, .high = 1000000,
     .help = "Trials of the randomisation."},
    {FIELD(INT, s2s_suite_significance, seed), .initial = "12345", .low = 0, .high = INFINITY,
     .help = "Where the random numbers start; sacreBLEU's is the default."},
    {FIELD(REAL, s2s_suite_significance, level), .initial = "0.05", .low = 0, .high = 1,
     .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH,
     .help = "A difference to the baseline with a p below this gets a mark."},
};
static const s2s_section significance_section = KEYS(significance_keys);

/* --- all of it --- */

static const s2s_key root_keys[] = {
    {FIELD(STRING, s2s_suite, name), .note = "the file's name",
     .help = "What the suite is called in reports."},
    {FIELD(NAMED, s2s_suite, models), .section = &model_section, .flags = S2S_KEY_SHORT,
     .size = sizeof(s2s_suite_model), .help = "Models by name, each a folder."},
    {FIELD(NAMED, s2s_suite, tests), .section = &test_section, .size = sizeof(s2s_suite_test),
     .help = "Test sets by name."},
    {FIELD(NAMED, s2s_suite, searches), .section = &s2s_search_schema,
     .size = sizeof(s2s_suite_search), .inner = offsetof(s2s_suite_search, recipe),
     .note = "one called `own`: each model's own",
     .help = "Searches by name: keys of `search` in a recipe, laid over each model's own."},
    {FIELD(ENUMS, s2s_suite, metrics), .initial = "[bleu, chrf]",
     .names = s2s_metric_names + S2S_METRIC_LOSS + 1, .count = S2S_METRIC_TYPES,
     .filled = offsetof(s2s_suite, metrics_n), .help = "What to measure."},
    {FIELD(SECTION, s2s_suite, scoring), .section = &scoring_section,
     .help = "What metrics leave open; each takes what concerns it."},
    {FIELD(SECTION, s2s_suite, baseline), .section = &baseline_section,
     .help = "What rows are compared with; nothing when left out."},
    {FIELD(SECTION, s2s_suite, significance), .section = &significance_section,
     .help = "How intervals and differences are tested."},
    {FIELD(PATH, s2s_suite, results), .note = "the suite's name without .yaml, with .results",
     .help = "Folder that keeps results; suites may share one."},
};
const s2s_section s2s_suite_schema = KEYS(root_keys);
