/* s2s evaluate: scores of a file of translations, or of a model on texts with references. */
#include <inttypes.h>
#include <string.h>

#include "cli/command.h"
#include "cli/examples.h"
#include "cli/model_options.h"
#include "cli/scores.h"
#include "recipe/schema.h"
#include "search/translator.h"

typedef struct evaluation {
    const char *hypothesis, *source;
    s2s_strings references, tests;
    s2s_score_options scoring;
    json_t *sets;           /* --json: what was scored so far */
    s2s_loaded_model model; /* all zero: a file is scored */
    s2s_translator *translator;
    /* of the set that is being scored */
    s2s_examples sources, references_again; /* read side by side: see translate_and_score */
    s2s_scores scores;
    uint64_t count, done;
    s2s_call *call;
} evaluation;

/* --- results --- */

static s2s_status put_json(evaluation *e, const char *name, s2s_err *err) {
    json_t *set = json_pack("{ss?, sI, so?}", "name", name, "lines", (json_int_t)e->count, "scores",
                            s2s_scores_json(&e->scores));
    return json_array_append_new(e->sets, set) == 0 ? S2S_OK : s2s_fail_memory(err, 4096);
}

/* `name`: of a test set, or NULL. */
static s2s_status put_scores(evaluation *e, const char *name, s2s_err *err) {
    s2s_output *output = e->call->output;
    if (e->call->options.json) return put_json(e, name, err);
    if (name) S2S_TRY(s2s_output_printf(output, err, "%s, %" PRIu64 " lines\n", name, e->count));
    S2S_TRY(s2s_scores_print(&e->scores, output, err));
    return s2s_output_ready(output, err);
}

/* --- a file of translations --- */

static s2s_status score_examples(evaluation *e, s2s_examples *examples, s2s_err *err) {
    for (;;) {
        bool more;
        S2S_TRY(s2s_examples_next(examples, &more, err));
        if (!more) break;
        S2S_TRY(s2s_scores_add(&e->scores, examples->segments[0], examples->segments + 1,
                               examples->n - 1, err));
        e->count++;
    }
    if (e->count) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%s is empty: there is nothing to score", e->hypothesis);
}

static s2s_status score_file(evaluation *e, const s2s_example_source *source, s2s_err *err) {
    s2s_examples examples;
    S2S_TRY(s2s_examples_open(&examples, source, e->call->log, err));
    s2s_status status = score_examples(e, &examples, err);
    s2s_examples_close(&examples);
    return status == S2S_OK ? put_scores(e, NULL, err) : status;
}

/* --- a model --- */

static s2s_status next_source(void *self, const char **line, size_t *length, bool *more,
                              s2s_err *err) {
    evaluation *e = self;
    S2S_TRY(s2s_examples_next(&e->sources, more, err));
    *line = e->sources.segments[0].text;
    *length = e->sources.segments[0].length;
    return S2S_OK;
}

static s2s_status line_done(void *self, uint64_t index, const s2s_translation *best, int n,
                            s2s_err *err) {
    (void)index;
    (void)n;
    evaluation *e = self;
    bool more;
    S2S_TRY(s2s_examples_next(&e->references_again, &more, err));
    if (!more) return s2s_fail(err, S2S_INPUT, "the files changed while they were read");
    e->done++;
    s2s_call_progress(e->call, e->done, e->count, "lines translated");
    return s2s_scores_add(&e->scores, (s2s_segment){best->text, best->length},
                          e->references_again.segments + 1, e->references_again.n - 1, err);
}

/* The examples are read twice side by side: sources on their way to the translator, references when
 * a translation comes back. So memory does not grow with their number. */
static s2s_status translate_and_score(evaluation *e, const s2s_example_source *source,
                                      const char *name, s2s_err *err) {
    S2S_TRY(s2s_examples_count(source, &e->count, err));
    if (!e->count)
        return s2s_fail(err, S2S_INPUT, "%s is empty: there is nothing to score",
                        name ? name : e->source);
    e->done = 0;
    s2s_translator_io io = {.self = e, .next = next_source, .done = line_done};
    s2s_status status = s2s_examples_open(&e->sources, source, e->call->log, err);
    if (status == S2S_OK) status = s2s_examples_open(&e->references_again, source, NULL, err);
    if (status == S2S_OK)
        status = s2s_translator_run(e->translator, &e->model.recipe->search, io, err);
    s2s_examples_close(&e->sources);
    s2s_examples_close(&e->references_again);
    s2s_log_progress_end(e->call->log);
    return status == S2S_OK ? put_scores(e, name, err) : status;
}

/* Scores one set with metrics of its own. */
static s2s_status score_set(evaluation *e, const s2s_example_source *source, const char *name,
                            s2s_err *err) {
    S2S_TRY(s2s_scores_create(&e->scores, &e->scoring, err));
    e->count = 0;
    s2s_status status =
        e->hypothesis ? score_file(e, source, err) : translate_and_score(e, source, name, err);
    s2s_scores_release(&e->scores);
    return status;
}

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

static s2s_status score_tests(evaluation *e, s2s_err *err) {
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
        S2S_TRY(score_set(e, &source, corpus->name, err));
    }
    return S2S_OK;
}

/* --- which of them --- */

static s2s_status check_use(const evaluation *e, s2s_err *err) {
    const char *model = e->call->options.model;
    if (!model == !e->hypothesis)
        return s2s_fail(err, S2S_USAGE,
                        "give either --hypothesis, a file of translations, or --model, which "
                        "translates --source or the test sets of its recipe");
    if (e->hypothesis && (e->source || e->tests.n))
        return s2s_fail(err, S2S_USAGE, "--%s goes with --model, not with --hypothesis",
                        e->source ? "source" : "test");
    if (e->tests.n && (e->source || e->references.n))
        return s2s_fail(err, S2S_USAGE,
                        "--test names a set of the recipe; --%s does not go with it",
                        e->source ? "source" : "reference");
    if (!e->hypothesis && !e->source && e->references.n)
        return s2s_fail(err, S2S_USAGE, "--source is missing: what --model is to translate");
    if ((e->hypothesis || e->source) && !e->references.n)
        return s2s_fail(err, S2S_USAGE, "--reference is missing: what to compare with");
    if (e->references.n > S2S_MOST_REFERENCES)
        return s2s_fail(err, S2S_USAGE, "--reference: at most %d", S2S_MOST_REFERENCES);
    return S2S_OK;
}

static s2s_status file_source(const evaluation *e, s2s_example_source *source, s2s_err *err) {
    source->files[source->files_n++] = e->hypothesis ? e->hypothesis : e->source;
    for (size_t i = 0; i < e->references.n; i++)
        source->files[source->files_n++] = e->references.items[i];
    int standard = 0;
    for (int i = 0; i < source->files_n; i++) standard += strcmp(source->files[i], "-") == 0;
    if (standard > (e->hypothesis ? 1 : 0))
        return s2s_fail(err, S2S_USAGE,
                        "\"-\": standard input can be read once, by --hypothesis or --reference; "
                        "with --model all must be files");
    return S2S_OK;
}

static s2s_status evaluate_model(evaluation *e, s2s_err *err) {
    s2s_loaded_model *m = &e->model;
    S2S_TRY(s2s_load_for_search(m, &e->call->options, err));
    /* What such a model writes is lower case, and can only be compared so. */
    e->scoring.lowercase |= m->recipe->text.lowercase;
    s2s_status status = s2s_translator_create(&e->translator, m->model, m->source, m->target, err);
    if (status == S2S_OK && e->source) {
        s2s_example_source source = {0};
        status = file_source(e, &source, err);
        if (status == S2S_OK) status = score_set(e, &source, NULL, err);
    } else if (status == S2S_OK) {
        status = score_tests(e, err);
    }
    if (status == S2S_OK)
        s2s_warn_of_truncated(e->call->log, s2s_translator_truncated(e->translator));
    s2s_translator_free(e->translator);
    s2s_loaded_model_release(m);
    return status;
}

static s2s_status evaluate_all(evaluation *e, s2s_err *err) {
    if (!e->hypothesis) return evaluate_model(e, err);
    s2s_example_source source = {0};
    S2S_TRY(file_source(e, &source, err));
    return score_set(e, &source, NULL, err);
}

static s2s_status evaluate(s2s_call *call, s2s_err *err) {
    evaluation *e = call->self;
    e->call = call;
    S2S_TRY(check_use(e, err));
    if (!call->options.json) return evaluate_all(e, err);
    e->sets = json_array();
    if (!e->sets) return s2s_fail_memory(err, 4096);
    s2s_status status = evaluate_all(e, err);
    if (status == S2S_OK)
        status = s2s_output_json(call->output, json_pack("{sO}", "sets", e->sets), true, err);
    json_decref(e->sets);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    evaluation e = {.scoring = S2S_SCORE_DEFAULTS};
    const s2s_option options[] = {
        S2S_TEXT_OPTION("hypothesis", "FILE", &e.hypothesis, "The translations to score."),
        S2S_TEXT_OPTION("source", "FILE", &e.source, "The text that --model is to translate."),
        S2S_TEXTS_OPTION("reference", "FILE", &e.references,
                         "Right translations, line by line. May be repeated: a line may be like "
                         "any of them."),
        S2S_TEXTS_OPTION("test", "NAME", &e.tests,
                         "A test set of the model's recipe; may be repeated. All of them when "
                         "neither this nor --source is given."),
        S2S_SCORE_OPTIONS(&e.scoring),
        S2S_SEARCH_OPTIONS,
    };
    const s2s_usage usage = {
        .command = "evaluate",
        .summary = "Scores translations against references: those in a file, or those that a "
                   "model makes of --source or of the test sets of its recipe. Scores and "
                   "signatures are sacreBLEU's; ROUGE is that of rouge-score.",
        .common =
            S2S_WITH_MODEL | S2S_WITH_OUTPUT | S2S_WITH_THREADS | S2S_WITH_JSON | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = "  s2s evaluate --hypothesis=out.de --reference=test.de\n"
                    "  s2s evaluate --model=runs/quickstart --json\n",
    };
    s2s_status status = s2s_call_run(&usage, argc, argv, evaluate, &e, err);
    s2s_strings_release(&e.references);
    s2s_strings_release(&e.tests);
    s2s_strings_release(&e.scoring.metrics);
    return status;
}

const s2s_command s2s_command_evaluate = {
    "evaluate", "score translations, or a model, against references", run};
