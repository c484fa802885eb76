/* s2s evaluate, one test set: its lines are read or translated, scored, and the scores put out. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/evaluate.h"

/* A set at work. */
typedef struct run {
    s2s_evaluation *e;
    s2s_example_source source;
    const char *name;
    s2s_scores scores;
    uint64_t count, done;
    s2s_examples examples;         /* the sources that are to be translated, or all that is read */
    s2s_examples references_again; /* read beside the sources: see translate_and_score */
} run;

/* --- files of translations --- */

static s2s_status score_example(run *r, s2s_err *err) {
    s2s_examples *examples = &r->examples;
    for (int i = 0; i < r->scores.systems; i++) {
        s2s_status status = s2s_scores_add(&r->scores, i, examples->segments[i],
                                           examples->segments + r->scores.systems,
                                           examples->n - r->scores.systems, err);
        if (status != S2S_OK) return s2s_input_blame(&examples->inputs[i], err);
    }
    r->count++;
    return S2S_OK;
}

static s2s_status score_examples(run *r, s2s_err *err) {
    for (;;) {
        bool more;
        S2S_TRY(s2s_examples_next(&r->examples, &more, err));
        if (!more) break;
        S2S_TRY(score_example(r, err));
    }
    if (r->count) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%s is empty: there is nothing to score", r->source.files[0]);
}

static s2s_status score_files(run *r, s2s_err *err) {
    S2S_TRY(s2s_examples_open(&r->examples, &r->source, r->e->call->log, err));
    s2s_status status = score_examples(r, err);
    s2s_examples_close(&r->examples);
    return status;
}

/* --- a model --- */

static s2s_status next_source(void *self, const char **line, size_t *length, bool *more,
                              s2s_err *err) {
    run *r = self;
    S2S_TRY(s2s_examples_next(&r->examples, more, err));
    *line = r->examples.segments[0].text;
    *length = r->examples.segments[0].length;
    return S2S_OK;
}

static s2s_status line_done(void *self, uint64_t index, const s2s_translation *best, int n,
                            s2s_err *err) {
    (void)index;
    (void)n;
    run *r = self;
    bool more;
    S2S_TRY(s2s_examples_next(&r->references_again, &more, err));
    if (!more) return s2s_fail(err, S2S_INPUT, "the files changed while they were read");
    r->done++;
    s2s_call_progress(r->e->call, r->done, r->count, "lines translated");
    return s2s_scores_add(&r->scores, 0, (s2s_segment){best->text, best->length},
                          r->references_again.segments + 1, r->references_again.n - 1, err);
}

/* The examples are read twice side by side: sources on their way to the translator, references when
 * a translation comes back. So memory does not grow with their number. */
static s2s_status translate_and_score(run *r, s2s_err *err) {
    s2s_evaluation *e = r->e;
    S2S_TRY(s2s_examples_count(&r->source, &r->count, err));
    if (!r->count)
        return s2s_fail(err, S2S_INPUT, "%s is empty: there is nothing to score",
                        r->name ? r->name : e->source);
    s2s_translator_io io = {.self = r, .next = next_source, .done = line_done};
    s2s_status status = s2s_examples_open(&r->examples, &r->source, e->call->log, err);
    if (status == S2S_OK) status = s2s_examples_open(&r->references_again, &r->source, NULL, err);
    if (status == S2S_OK)
        status = s2s_translator_run(e->translator, &e->model.recipe->search, io, err);
    s2s_examples_close(&r->examples);
    s2s_examples_close(&r->references_again);
    s2s_log_progress_end(e->call->log);
    return status;
}

/* --- results --- */

static s2s_status put_json(const run *r, const s2s_score_report *report, s2s_err *err) {
    json_t *set = json_pack("{ss?, sI, so?}", "name", r->name, "lines", (json_int_t)r->count,
                            "scores", s2s_score_report_json(report));
    if (set && r->e->scoring.sentences &&
        json_object_set_new(set, "segments", s2s_segment_scores_json(&r->scores)) != 0) {
        json_decref(set);
        set = NULL;
    }
    return json_array_append_new(r->e->sets, set) == 0 ? S2S_OK : s2s_fail_memory(err, 4096);
}

static s2s_status put_text(const run *r, const s2s_score_report *report, s2s_err *err) {
    s2s_output *output = r->e->call->output;
    if (r->name)
        S2S_TRY(s2s_output_printf(output, err, "%s, %" PRIu64 " lines\n", r->name, r->count));
    if (r->e->scoring.sentences) S2S_TRY(s2s_segment_scores_print(report, output, err));
    S2S_TRY(s2s_score_report_print(report, output, err));
    return s2s_output_ready(output, err);
}

static s2s_status put_scores(run *r, s2s_err *err) {
    s2s_evaluation *e = r->e;
    const char *const *names = e->hypotheses.n ? e->hypotheses.items : &e->call->options.model;
    size_t n = (size_t)(r->scores.n * r->scores.systems);
    s2s_comparison *results = calloc(n, sizeof *results);
    if (!results) return s2s_fail_memory(err, n * sizeof *results);
    s2s_score_report report = {&r->scores, &e->significance, results, names};
    s2s_status status = s2s_scores_finish(&r->scores, err);
    if (status == S2S_OK) status = s2s_significance_run(&e->significance, &r->scores, results, err);
    if (status == S2S_OK) status = e->sets ? put_json(r, &report, err) : put_text(r, &report, err);
    free(results);
    return status;
}

s2s_status s2s_evaluate_set(s2s_evaluation *e, const s2s_example_source *source, const char *name,
                            s2s_err *err) {
    run r = {.e = e, .source = *source, .name = name};
    int systems = e->hypotheses.n ? (int)e->hypotheses.n : 1;
    bool keep = e->scoring.sentences || s2s_significance_is_asked(&e->significance);
    S2S_TRY(s2s_scores_create(&r.scores, &e->scoring, systems, keep, err));
    r.source.columns = e->scoring.columns;
    r.source.entities = s2s_scores_have(&r.scores, S2S_METRIC_ENTITY_F1);
    s2s_status status = e->hypotheses.n ? score_files(&r, err) : translate_and_score(&r, err);
    if (status == S2S_OK) status = put_scores(&r, err);
    s2s_scores_release(&r.scores);
    return status;
}
