/* See score_report.h: text. */
#include "cli/score_report.h"

#include <stdio.h>
#include <string.h>

/* A difference that chance alone makes less often than this is marked. */
static const double SIGNIFICANT = 0.05;

s2s_score s2s_score_report_score(const s2s_score_report *report, int metric, int system) {
    const s2s_scores *scores = report->scores;
    s2s_score score =
        s2s_tally_score(s2s_scores_tally(scores, metric, system), scores->metrics[metric]);
    s2s_significance_sign(report->asked, score.signature, sizeof score.signature);
    return score;
}

const s2s_comparison *s2s_score_report_result(const s2s_score_report *report, int metric,
                                              int system) {
    return &report->results[metric * report->scores->systems + system];
}

/* Of the column of the metrics' names. */
static int width_of_metrics(const s2s_score_report *report) {
    int widest = 8;
    for (int m = 0; m < report->scores->n; m++) {
        int width = (int)strlen(s2s_score_report_score(report, m, 0).name);
        if (width > widest) widest = width;
    }
    return widest;
}

/* --- one system --- */

static int width_of_classes(const s2s_metric *metric, const double *sum) {
    size_t widest = 0;
    for (int i = 0; i < s2s_metric_classes(metric); i++) {
        size_t width = s2s_metric_class(metric, sum, i).name.length;
        if (width > widest) widest = width;
    }
    return widest < 40 ? (int)widest : 40;
}

static s2s_status print_classes(const s2s_score_report *report, int metric, int indent,
                                s2s_output *output, s2s_err *err) {
    const s2s_metric *made = report->scores->metrics[metric];
    const double *sum = s2s_scores_tally(report->scores, metric, 0)->sum;
    int width = width_of_classes(made, sum);
    for (int i = 0; i < s2s_metric_classes(made); i++) {
        s2s_class_score class = s2s_metric_class(made, sum, i);
        S2S_TRY(s2s_output_printf(output, err,
                                  "%*s%-*.*s  P = %.2f R = %.2f F1 = %.2f (%.0f right, %.0f "
                                  "found, %.0f wanted)\n",
                                  indent, "", width, (int)class.name.length, class.name.text,
                                  class.precision, class.recall, class.f1, class.right, class.found,
                                  class.wanted));
    }
    return S2S_OK;
}

static s2s_status print_metric(const s2s_score_report *report, int metric, s2s_output *output,
                               s2s_err *err) {
    s2s_score score = s2s_score_report_score(report, metric, 0);
    s2s_interval interval = s2s_score_report_result(report, metric, 0)->interval;
    int width = width_of_metrics(report), indent = width + 9;
    S2S_TRY(s2s_output_printf(output, err, "%-*s %6.2f  %s\n", width, score.name, score.value,
                              score.signature));
    if (s2s_significance_has_intervals(report->asked))
        S2S_TRY(s2s_output_printf(output, err, "%*smean %.2f ± %.2f, 95%% within %.2f to %.2f\n",
                                  indent, "", interval.mean, interval.half, interval.low,
                                  interval.high));
    if (*score.detail) S2S_TRY(s2s_output_printf(output, err, "%*s%s\n", indent, "", score.detail));
    return print_classes(report, metric, indent, output, err);
}

/* --- several --- */

static int width_of_names(const s2s_score_report *report) {
    int widest = (int)strlen("system");
    for (int i = 0; i < report->scores->systems; i++) {
        int width = (int)strlen(report->names[i]);
        if (width > widest) widest = width;
    }
    return widest;
}

/* Of the column that holds a metric's scores. */
static int width_of(const s2s_score *score) {
    int width = (int)strlen(score->name);
    return width > 7 ? width : 7;
}

/* What follows a p-value: a blank only where another column comes. */
static const char *blank_after(const s2s_score_report *report, int metric, const char *blank) {
    return metric + 1 < report->scores->n ? blank : "";
}

static s2s_status print_p(const s2s_score_report *report, int metric, int system,
                          s2s_output *output, s2s_err *err) {
    double p = s2s_score_report_result(report, metric, system)->p;
    if (system == 0)
        return s2s_output_printf(output, err, "%s", blank_after(report, metric, "         "));
    return s2s_output_printf(output, err, "  %.4f%s", p,
                             p < SIGNIFICANT ? "*" : blank_after(report, metric, " "));
}

static s2s_status print_heading(const s2s_score_report *report, s2s_output *output, s2s_err *err) {
    S2S_TRY(s2s_output_printf(output, err, "%-*s", width_of_names(report), "system"));
    for (int m = 0; m < report->scores->n; m++) {
        s2s_score score = s2s_score_report_score(report, m, 0);
        S2S_TRY(s2s_output_printf(output, err, "  %*s", width_of(&score), score.name));
        if (s2s_significance_has_intervals(report->asked))
            S2S_TRY(s2s_output_printf(output, err, "    ±95%%"));
        if (report->asked->paired)
            S2S_TRY(s2s_output_printf(output, err, "  %6s%s", "p", blank_after(report, m, " ")));
    }
    return s2s_output_printf(output, err, "\n");
}

static s2s_status print_system(const s2s_score_report *report, int system, s2s_output *output,
                               s2s_err *err) {
    S2S_TRY(s2s_output_printf(output, err, "%-*s", width_of_names(report), report->names[system]));
    for (int m = 0; m < report->scores->n; m++) {
        const s2s_comparison *result = s2s_score_report_result(report, m, system);
        s2s_score score = s2s_score_report_score(report, m, system);
        S2S_TRY(s2s_output_printf(output, err, "  %*.2f", width_of(&score), score.value));
        if (s2s_significance_has_intervals(report->asked))
            S2S_TRY(s2s_output_printf(output, err, "  %6.2f", result->interval.half));
        if (report->asked->paired) S2S_TRY(print_p(report, m, system, output, err));
    }
    return s2s_output_printf(output, err, "\n");
}

static s2s_status print_table(const s2s_score_report *report, s2s_output *output, s2s_err *err) {
    S2S_TRY(print_heading(report, output, err));
    for (int i = 0; i < report->scores->systems; i++) S2S_TRY(print_system(report, i, output, err));
    if (report->asked->paired) {
        char test[64];
        s2s_significance_describe(report->asked, test, sizeof test);
        S2S_TRY(s2s_output_printf(output, err, "* differs from %s: p < %.2f (%s)\n",
                                  report->names[0], SIGNIFICANT, test));
    }
    for (int m = 0; m < report->scores->n; m++) {
        s2s_score score = s2s_score_report_score(report, m, 0);
        S2S_TRY(s2s_output_printf(output, err, "%-*s %s\n", width_of_metrics(report), score.name,
                                  score.signature));
    }
    return S2S_OK;
}

s2s_status s2s_score_report_print(const s2s_score_report *report, s2s_output *output,
                                  s2s_err *err) {
    if (report->scores->systems > 1) return print_table(report, output, err);
    for (int m = 0; m < report->scores->n; m++) S2S_TRY(print_metric(report, m, output, err));
    return S2S_OK;
}

/* --- segments --- */

static s2s_status print_segment_heading(const s2s_score_report *report, s2s_output *output,
                                        s2s_err *err) {
    const s2s_scores *scores = report->scores;
    S2S_TRY(s2s_output_printf(output, err, "line"));
    for (int i = 0; i < scores->systems; i++)
        for (int m = 0; m < scores->n; m++) {
            s2s_score score = s2s_score_report_score(report, m, i);
            bool one = scores->systems == 1;
            S2S_TRY(s2s_output_printf(output, err, "\t%s%s%s", one ? "" : report->names[i],
                                      one ? "" : ":", score.name));
        }
    return s2s_output_printf(output, err, "\n");
}

s2s_status s2s_segment_scores_print(const s2s_score_report *report, s2s_output *output,
                                    s2s_err *err) {
    const s2s_scores *scores = report->scores;
    S2S_TRY(print_segment_heading(report, output, err));
    for (size_t segment = 0; segment < scores->tallies[0].segments; segment++) {
        S2S_TRY(s2s_output_printf(output, err, "%zu", segment + 1));
        for (int i = 0; i < scores->systems; i++)
            for (int m = 0; m < scores->n; m++)
                S2S_TRY(s2s_output_printf(output, err, "\t%.2f",
                                          s2s_scores_segment(scores, m, i, segment)));
        S2S_TRY(s2s_output_printf(output, err, "\n"));
    }
    return s2s_output_printf(output, err, "\n"); /* before the table */
}
