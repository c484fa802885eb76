/* See measures.h. */
#include "suite/measures.h"

#include <stdlib.h>

static s2s_status create_one(s2s_measure *measure, s2s_metric_type type,
                             const s2s_metric_options *scoring, bool lowercase, s2s_err *err) {
    s2s_metric_options options = *scoring;
    options.lowercase |= lowercase;
    options.effective_order = false;
    S2S_TRY(s2s_metric_create(&measure->corpus, type, &options, err));
    options.effective_order = true;
    return s2s_metric_create(&measure->line, type, &options, err);
}

/* A metric of classes learns those of the references, and refuses what is no label. */
static s2s_status meet_references(s2s_metric *metric, const s2s_testset *set, s2s_err *err) {
    if (!s2s_metric_is_of_classes(metric)) return S2S_OK;
    s2s_segment *references = calloc((size_t)set->references_n, sizeof *references);
    if (!references) return s2s_fail_memory(err, 4096);
    s2s_status status = S2S_OK;
    for (size_t i = 0; i < set->source.n && status == S2S_OK; i++) {
        s2s_testset_references(set, i, references);
        status = s2s_metric_learn(metric, references[0], references, set->references_n, err);
        if (status != S2S_OK) s2s_fail_within(err, "line %zu", i + 1);
    }
    free(references);
    return status;
}

static s2s_status create_all(s2s_measures *measures, const s2s_suite *suite,
                             const s2s_testset *sets, bool lowercase, s2s_err *err) {
    for (int i = 0; i < measures->n; i++) {
        s2s_measure *measure = &measures->items[i];
        const s2s_suite_test *test = s2s_suite_test_at(suite, i / measures->metrics);
        int type = suite->metrics[i % measures->metrics];
        s2s_status status =
            create_one(measure, (s2s_metric_type)type, &suite->scoring, lowercase, err);
        if (status == S2S_OK)
            status = meet_references(measure->corpus, &sets[i / measures->metrics], err);
        if (status == S2S_OK) continue;
        s2s_fail_within(err, "%s: tests.%s: %s", test->place, test->name, s2s_metric_names[type]);
        return status;
    }
    return S2S_OK;
}

s2s_status s2s_measures_create(s2s_measures *measures, const s2s_suite *suite,
                               const s2s_testset *sets, bool lowercase, s2s_err *err) {
    *measures = (s2s_measures){.metrics = suite->metrics_n};
    int n = suite->tests.n * suite->metrics_n;
    measures->items = calloc((size_t)n, sizeof *measures->items);
    if (!measures->items) return s2s_fail_memory(err, (size_t)n * sizeof *measures->items);
    measures->n = n;
    s2s_status status = create_all(measures, suite, sets, lowercase, err);
    if (status != S2S_OK) s2s_measures_release(measures);
    return status;
}

void s2s_measures_release(s2s_measures *measures) {
    for (int i = 0; i < measures->n; i++) {
        s2s_metric_free(measures->items[i].corpus);
        s2s_metric_free(measures->items[i].line);
    }
    free(measures->items);
    *measures = (s2s_measures){0};
}
