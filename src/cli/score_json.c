/* See score_report.h: JSON. */
#include "cli/score_report.h"

/* Appends to a list, and makes nothing of it when there is no memory. */
static json_t *append(json_t *list, json_t *value) {
    if (json_array_append_new(list, value) == 0) return list;
    json_decref(list);
    return NULL;
}

/* Adds a member; false: no memory. */
static bool set(json_t *object, const char *key, json_t *value) {
    return json_object_set_new(object, key, value) == 0;
}

static json_t *class_json(const s2s_class_score *class) {
    return json_pack("{ss%, sf, sf, sf, sf, sf, sf}", "class", class->name.text, class->name.length,
                     "precision", class->precision, "recall", class->recall, "f1", class->f1,
                     "right", class->right, "found", class->found, "wanted", class->wanted);
}

static json_t *classes_json(const s2s_score_report *report, int metric, int system) {
    const s2s_metric *made = report->scores->metrics[metric];
    const s2s_tally *tally = s2s_scores_tally(report->scores, metric, system);
    json_t *list = json_array();
    for (int i = 0; i < s2s_metric_classes(made) && list; i++) {
        s2s_class_score class = s2s_metric_class(made, tally->sum, i);
        list = append(list, class_json(&class));
    }
    return list;
}

static json_t *score_json(const s2s_score_report *report, int metric, int system) {
    s2s_score score = s2s_score_report_score(report, metric, system);
    const s2s_comparison *result = s2s_score_report_result(report, metric, system);
    const s2s_interval *interval = &result->interval;
    json_t *one =
        json_pack("{ss, ss, sf, ss, ss}", "system", report->names[system], "metric", score.name,
                  "score", score.value, "signature", score.signature, "detail", score.detail);
    bool done = one != NULL;
    if (done && s2s_significance_has_intervals(report->asked))
        done = set(one, "mean", json_real(interval->mean)) &&
               set(one, "half", json_real(interval->half)) &&
               set(one, "low", json_real(interval->low)) &&
               set(one, "high", json_real(interval->high));
    if (done && report->asked->paired && system > 0) done = set(one, "p", json_real(result->p));
    if (done && s2s_metric_classes(report->scores->metrics[metric]))
        done = set(one, "classes", classes_json(report, metric, system));
    if (done) return one;
    json_decref(one);
    return NULL;
}

json_t *s2s_score_report_json(const s2s_score_report *report) {
    json_t *list = json_array();
    for (int i = 0; i < report->scores->systems; i++)
        for (int m = 0; m < report->scores->n && list; m++)
            list = append(list, score_json(report, m, i));
    return list;
}

static json_t *segment_json(const s2s_scores *scores, size_t segment) {
    json_t *list = json_array();
    for (int i = 0; i < scores->systems; i++)
        for (int m = 0; m < scores->n && list; m++)
            list = append(list, json_real(s2s_scores_segment(scores, m, i, segment)));
    return list;
}

json_t *s2s_segment_scores_json(const s2s_scores *scores) {
    json_t *list = json_array();
    for (size_t i = 0; i < scores->tallies[0].segments && list; i++)
        list = append(list, segment_json(scores, i));
    return list;
}
