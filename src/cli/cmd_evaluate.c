/* s2s evaluate: scores of files of translations, or of a model on texts with references. */
#include <string.h>

#include "cli/evaluate.h"
#include "cli/model_options.h"
#include "recipe/schema.h"

/* --- a model --- */

static bool is_wanted(const s2s_strings *tests, const char *name) {
    for (size_t i = 0; i < tests->n; i++)
        if (strcmp(tests->items[i], name) == 0) return true;
    return tests->n == 0;
}

static s2s_status check_test_name(const s2s_corpora *corpora, const char *name, s2s_err *err) {
    const char *names[64] = {0};
    for (int i = 0; i < corpora->n && i < 63; i++) names[i] = corpora->items[i].name;
    for (int i = 0; i < corpora->n; i++)
        if (strcmp(corpora->items[i].name, name) == 0) return S2S_OK;
    const char *nearest = s2s_nearest_name(names, name);
    if (!nearest) nearest = names[0];
    return s2s_fail(err, S2S_USAGE, "--test: the model's recipe has no test set \"%s\"%s%s%s", name,
                    nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

static s2s_status score_tests(s2s_evaluation *e, s2s_err *err) {
    const s2s_corpora *corpora = &e->model.recipe->data.test;
    if (!corpora->n)
        return s2s_fail(err, S2S_USAGE,
                        "the model's recipe names no test sets; give --source and --reference");
    for (size_t i = 0; i < e->tests.n; i++)
        S2S_TRY(check_test_name(corpora, e->tests.items[i], err));
    for (int i = 0; i < corpora->n; i++) {
        const s2s_corpus *corpus = &corpora->items[i];
        if (!is_wanted(&e->tests, corpus->name)) continue;
        s2s_example_source source = {.corpus = corpus};
        S2S_TRY(s2s_evaluate_set(e, &source, corpus->name, err));
    }
    return S2S_OK;
}

/* --- which of them --- */

/* A suite says itself what the other options say. */
static s2s_status check_suite_use(const s2s_evaluation *e, s2s_err *err) {
    const s2s_score_options *s = &e->scoring, usual = S2S_SCORE_DEFAULTS;
    const s2s_significance *t = &e->significance, once = S2S_SIGNIFICANCE_DEFAULTS;
    const struct {
        bool given;
        const char *name;
    } others[] = {
        {e->call->options.model != NULL, "model"},
        {e->hypotheses.n > 0, "hypothesis"},
        {e->source != NULL, "source"},
        {e->references.n > 0, "reference"},
        {e->tests.n > 0, "test"},
        {e->call->options.sets.n > 0, "set"},
        {s->metrics.n > 0, "metric"},
        {s->columns, "columns"},
        {s->sentences, "sentence-level"},
        {t->paired > 0, "paired"},
        {t->confidence, "confidence"},
        {t->resamples != once.resamples, "resamples"},
        {t->seed != once.seed, "resample-seed"},
        {s->lowercase, "lowercase"},
        {s->tokenizer != usual.tokenizer, "tokenize"},
        {s->smoothing != usual.smoothing, "smoothing"},
        {s->smoothing_value != usual.smoothing_value, "smoothing-value"},
        {memcmp(&s->ter, &usual.ter, sizeof s->ter) != 0, "ter-..."},
        {s->rouge_stemmer != usual.rouge_stemmer, "rouge-stemmer"},
        {s->rouge_separator != NULL, "rouge-separator"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].given)
            return s2s_fail(err, S2S_USAGE,
                            "--%s does not go with a suite; %s is where it says what to do",
                            others[i].name, e->call->options.arguments[0]);
    return S2S_OK;
}

/* What goes with a suite alone. */
static s2s_status check_no_suite(const s2s_suite_options *suite, s2s_err *err) {
    const char *given = suite->html ? "html" : suite->no_run ? "no-run" : NULL;
    if (suite->format >= 0) given = "format";
    if (suite->lines.n) given = "line";
    if (!given) return S2S_OK;
    return s2s_fail(err, S2S_USAGE, "--%s goes with a suite file", given);
}

/* What goes with files and what with a model. */
static s2s_status check_use(const s2s_evaluation *e, s2s_err *err) {
    bool files = e->hypotheses.n > 0;
    if (!e->call->options.model == !files)
        return s2s_fail(err, S2S_USAGE,
                        "give either --hypothesis, a file of translations, or --model, which "
                        "translates --source or the test sets of its recipe");
    if (files && (e->source || e->tests.n))
        return s2s_fail(err, S2S_USAGE, "--%s goes with --model, not with --hypothesis",
                        e->source ? "source" : "test");
    if (e->tests.n && (e->source || e->references.n))
        return s2s_fail(err, S2S_USAGE,
                        "--test names a set of the recipe; --%s does not go with it",
                        e->source ? "source" : "reference");
    if (!files && !e->source && e->references.n)
        return s2s_fail(err, S2S_USAGE, "--source is missing: what --model is to translate");
    if ((files || e->source) && !e->references.n)
        return s2s_fail(err, S2S_USAGE, "--reference is missing: what to compare with");
    if (!files && e->scoring.columns)
        return s2s_fail(err, S2S_USAGE, "--columns goes with --hypothesis, not with --model");
    return S2S_OK;
}

static s2s_status check_numbers(const s2s_evaluation *e, s2s_err *err) {
    if (e->references.n > S2S_MOST_REFERENCES)
        return s2s_fail(err, S2S_USAGE, "--reference: at most %d", S2S_MOST_REFERENCES);
    if (e->hypotheses.n > S2S_MOST_SYSTEMS)
        return s2s_fail(err, S2S_USAGE, "--hypothesis: at most %d", S2S_MOST_SYSTEMS);
    return s2s_significance_check(&e->significance, (int)e->hypotheses.n, err);
}

static void add_files(s2s_example_source *source, const s2s_strings *files) {
    for (size_t i = 0; i < files->n; i++) source->files[source->files_n++] = files->items[i];
}

static s2s_status file_source(const s2s_evaluation *e, s2s_example_source *source, s2s_err *err) {
    if (e->source) source->files[source->files_n++] = e->source;
    add_files(source, &e->hypotheses);
    add_files(source, &e->references);
    int standard = 0;
    for (int i = 0; i < source->files_n; i++) standard += strcmp(source->files[i], "-") == 0;
    if (standard > (e->source ? 0 : 1))
        return s2s_fail(err, S2S_USAGE,
                        "\"-\": standard input can be read once, by --hypothesis or --reference; "
                        "with --model all must be files");
    return S2S_OK;
}

static s2s_status evaluate_model(s2s_evaluation *e, s2s_err *err) {
    s2s_loaded_model *m = &e->model;
    S2S_TRY(s2s_load_for_search(m, &e->call->options, err));
    /* What such a model writes is lower case, and can only be compared so. */
    e->scoring.lowercase |= m->recipe->text.lowercase;
    s2s_status status = s2s_translator_create(&e->translator, m->model, m->source, m->target, err);
    if (status == S2S_OK && e->source) {
        s2s_example_source source = {0};
        status = file_source(e, &source, err);
        if (status == S2S_OK) status = s2s_evaluate_set(e, &source, NULL, err);
    } else if (status == S2S_OK) {
        status = score_tests(e, err);
    }
    if (status == S2S_OK)
        s2s_warn_of_truncated(e->call->log, s2s_translator_truncated(e->translator));
    s2s_translator_free(e->translator);
    s2s_loaded_model_release(m);
    return status;
}

static s2s_status evaluate_all(s2s_evaluation *e, s2s_err *err) {
    if (!e->hypotheses.n) return evaluate_model(e, err);
    s2s_example_source source = {0};
    S2S_TRY(file_source(e, &source, err));
    return s2s_evaluate_set(e, &source, NULL, err);
}

static s2s_status evaluate(s2s_call *call, s2s_err *err) {
    s2s_evaluation *e = call->self;
    e->call = call;
    if (call->options.arguments_n) {
        S2S_TRY(check_suite_use(e, err));
        return s2s_evaluate_suite(call, &e->suite, err);
    }
    S2S_TRY(check_no_suite(&e->suite, err));
    S2S_TRY(check_use(e, err));
    S2S_TRY(check_numbers(e, err));
    if (!call->options.json) return evaluate_all(e, err);
    e->sets = json_array();
    if (!e->sets) return s2s_fail_memory(err, 4096);
    s2s_status status = evaluate_all(e, err);
    if (status == S2S_OK)
        status = s2s_output_json(call->output, json_pack("{sO}", "sets", e->sets), true, err);
    json_decref(e->sets);
    return status;
}

/* --- the command --- */

#define SUMMARY                                                                                    \
    "Scores translations against references: those in a file, or those that a model makes of "     \
    "--source or of the test sets of its recipe. Scores, intervals, p-values and signatures are "  \
    "sacreBLEU's; ROUGE is that of rouge-score, scores of labels are scikit-learn's, of entities " \
    "conlleval's. A SUITE is a YAML file of models, test sets, searches and metrics: what is "     \
    "missing is run, and all of it shown in one table."
#define EXAMPLES                                                                                   \
    "  s2s evaluate --hypothesis=out.de --reference=test.de\n"                                     \
    "  s2s evaluate --model=runs/quickstart --json\n"                                              \
    "  s2s evaluate --hypothesis=a --hypothesis=b --reference=c --paired=bootstrap\n"              \
    "  s2s evaluate --hypothesis=ner.out --reference=ner.test --columns\n"                         \
    "  s2s evaluate suite.yaml --html=report.html\n"

/* Rows of the table of options: what is scored. */
#define FILE_OPTIONS(e)                                                                            \
    S2S_TEXTS_OPTION("hypothesis", "FILE", &(e)->hypotheses,                                       \
                     "The translations to score. May be repeated, a file a system: all are "       \
                     "compared with the first."),                                                  \
        S2S_TEXT_OPTION("source", "FILE", &(e)->source, "The text that --model is to translate."), \
        S2S_TEXTS_OPTION("reference", "FILE", &(e)->references,                                    \
                         "Right translations, line by line. May be repeated: a line may be like "  \
                         "any of them."),                                                          \
        S2S_TEXTS_OPTION("test", "NAME", &(e)->tests,                                              \
                         "A test set of the model's recipe; may be repeated. All of them when "    \
                         "neither this nor --source is given."),                                   \
        S2S_FLAG("columns", &(e)->scoring.columns,                                                 \
                 "The files have a word and its tag a line, the tag last, and an empty line "      \
                 "after a sentence, as those of CoNLL; entity_f1 is then the metric if none is "   \
                 "given.")

static void release(s2s_evaluation *e) {
    s2s_strings_release(&e->hypotheses);
    s2s_strings_release(&e->references);
    s2s_strings_release(&e->tests);
    s2s_strings_release(&e->scoring.metrics);
    s2s_strings_release(&e->suite.lines);
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    s2s_evaluation e = {.scoring = S2S_SCORE_DEFAULTS,
                        .significance = S2S_SIGNIFICANCE_DEFAULTS,
                        .suite = S2S_SUITE_DEFAULTS};
    const s2s_option options[] = {
        FILE_OPTIONS(&e),
        S2S_SCORE_OPTIONS(&e.scoring),
        S2S_SIGNIFICANCE_OPTIONS(&e.significance),
        S2S_FLAG("sentence-level", &e.scoring.sentences,
                 "Give each line's own scores as well; BLEU then leaves out orders that a text is "
                 "too short for (eff:yes)."),
        S2S_SEARCH_OPTIONS,
        S2S_SUITE_OPTIONS(&e.suite),
    };
    const s2s_usage usage = {
        .command = "evaluate",
        .arguments = "[SUITE]",
        .most = 1,
        .summary = SUMMARY,
        .common =
            S2S_WITH_MODEL | S2S_WITH_OUTPUT | S2S_WITH_THREADS | S2S_WITH_JSON | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = EXAMPLES,
    };
    s2s_status status = s2s_call_run(&usage, argc, argv, evaluate, &e, err);
    release(&e);
    return status;
}

const s2s_command s2s_command_evaluate = {
    "evaluate", "score translations, or a model, against references", run};
