/* Scores of labelled tasks, as scikit-learn defines them, times 100. With C classes and, of class k,
 * right_k labels that are k in output and reference, found_k in the output, wanted_k in the
 * reference, and R, N the sums of right and wanted:
 *
 *   accuracy   R / N; micro F1 is the same where each item has one label in both
 *   macro F1   mean over the classes of 2 right_k / (found_k + wanted_k)
 *   MCC        (R N - sum found_k wanted_k) / sqrt((N^2 - sum found_k^2) (N^2 - sum wanted_k^2))
 *              Matthews' correlation for C classes (Gorodkin 2004); -100 to 100, 0 where it is 0 / 0
 *
 * A class that neither side has in a (re)sample is none of its classes. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "metric/kind.h"
#include "metric/split.h"

typedef struct labels {
    s2s_metric base;
    bool words; /* each word of a segment is a label; else the whole segment is */
} labels;

/* --- the labels of a segment --- */

static bool next_label(const labels *self, s2s_segment *rest, s2s_segment *label) {
    if (self->words) return s2s_next_word(rest, label);
    if (!rest->text) return false;
    *label = s2s_trim(*rest);
    *rest = (s2s_segment){NULL, 0};
    return true;
}

/* A segment without text is one without a label, and not without an item. */
static s2s_segment begin(s2s_segment segment) {
    return segment.text ? segment : (s2s_segment){"", 0};
}

static s2s_status learn_side(labels *self, s2s_segment segment, size_t *n, s2s_err *err) {
    s2s_segment rest = begin(segment), label;
    size_t number;
    for (*n = 0; next_label(self, &rest, &label); ++*n)
        S2S_TRY(s2s_classes_number(&self->base.classes, label.text, label.length, &number, err));
    return S2S_OK;
}

static s2s_status labels_learn(s2s_metric *metric, s2s_segment hypothesis,
                               const s2s_segment *references, int n, s2s_err *err) {
    labels *self = (labels *)metric;
    size_t found, wanted;
    if (n != 1) return s2s_fail(err, S2S_INPUT, "there are %d references: labels have one", n);
    if (!self->words && s2s_trim(references[0]).length == 0)
        return s2s_fail(err, S2S_INPUT, "the reference has no label");
    S2S_TRY(learn_side(self, hypothesis, &found, err));
    S2S_TRY(learn_side(self, references[0], &wanted, err));
    if (found == wanted) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%zu labels, but the reference has %zu", found, wanted);
}

static s2s_status labels_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                    const s2s_segment *references, int n, double *statistics,
                                    s2s_err *err) {
    (void)n;
    labels *self = (labels *)metric;
    s2s_segment outputs = begin(hypothesis), wanted = begin(references[0]), output, label;
    memset(statistics, 0, (size_t)metric->width * sizeof *statistics);
    while (next_label(self, &outputs, &output) && next_label(self, &wanted, &label)) {
        size_t here, there;
        S2S_TRY(s2s_classes_number(&metric->classes, output.text, output.length, &here, err));
        S2S_TRY(s2s_classes_number(&metric->classes, label.text, label.length, &there, err));
        statistics[here * S2S_CLASS_COUNTS + S2S_FOUND]++;
        statistics[there * S2S_CLASS_COUNTS + S2S_WANTED]++;
        if (here == there) statistics[here * S2S_CLASS_COUNTS + S2S_RIGHT]++;
    }
    assert((int)metric->classes.n * S2S_CLASS_COUNTS == metric->width); /* learnt before */
    return S2S_OK;
}

/* --- scores --- */

/* The number of classes in the sums. */
static int add_up(const s2s_metric *metric, const double *statistics, double *sums) {
    int classes = 0;
    memset(sums, 0, S2S_CLASS_COUNTS * sizeof *sums);
    for (int i = 0; i < metric->width; i += S2S_CLASS_COUNTS) {
        for (int k = 0; k < S2S_CLASS_COUNTS; k++) sums[k] += statistics[i + k];
        classes += statistics[i + S2S_FOUND] + statistics[i + S2S_WANTED] > 0;
    }
    return classes;
}

static void put(s2s_score *score, const char *name, double value) {
    score->value = 100 * value;
    snprintf(score->name, sizeof score->name, "%s", name);
}

static void put_right(const s2s_metric *metric, const double *statistics, s2s_score *score,
                      const char *name) {
    double sums[S2S_CLASS_COUNTS];
    int classes = add_up(metric, statistics, sums);
    put(score, name, s2s_class_recall(sums));
    snprintf(score->detail, sizeof score->detail, "%.0f of %.0f right, %d classes", sums[S2S_RIGHT],
             sums[S2S_WANTED], classes);
}

static void accuracy_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    put_right(metric, statistics, score, "accuracy");
}

static void micro_f1_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    put_right(metric, statistics, score, "micro F1");
}

static void macro_f1_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    double precision = 0, recall = 0, f1 = 0, sums[S2S_CLASS_COUNTS];
    int classes = add_up(metric, statistics, sums);
    for (int i = 0; i < metric->width; i += S2S_CLASS_COUNTS) {
        precision += s2s_class_precision(statistics + i);
        recall += s2s_class_recall(statistics + i);
        f1 += s2s_class_f1(statistics + i);
    }
    double part = classes ? 1.0 / classes : 0;
    put(score, "macro F1", f1 * part);
    snprintf(score->detail, sizeof score->detail, "P = %.2f R = %.2f, means of %d classes",
             100 * precision * part, 100 * recall * part, classes);
}

static void mcc_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    double both = 0, found = 0, wanted = 0, sums[S2S_CLASS_COUNTS];
    int classes = add_up(metric, statistics, sums);
    for (int i = 0; i < metric->width; i += S2S_CLASS_COUNTS) {
        const double *counts = statistics + i;
        both += counts[S2S_FOUND] * counts[S2S_WANTED];
        found += counts[S2S_FOUND] * counts[S2S_FOUND];
        wanted += counts[S2S_WANTED] * counts[S2S_WANTED];
    }
    double n = sums[S2S_WANTED], spread = (n * n - found) * (n * n - wanted);
    put(score, "MCC", spread > 0 ? (sums[S2S_RIGHT] * n - both) / sqrt(spread) : 0);
    snprintf(score->detail, sizeof score->detail, "%.0f of %.0f right, %d classes", sums[S2S_RIGHT],
             n, classes);
}

/* --- signature and lifetime --- */

static void labels_signature(const s2s_metric *metric, char *text, size_t size) {
    snprintf(text, size, "label:%s", ((const labels *)metric)->words ? "word" : "line");
}

static void labels_release(s2s_metric *metric) {
    (void)metric; /* the classes are freed with the rest */
}

#define LABEL_KIND(score)                                                                          \
    { labels_statistics, score, labels_signature, labels_release }
static const s2s_metric_kind accuracy_kind = LABEL_KIND(accuracy_score),
                             micro_f1_kind = LABEL_KIND(micro_f1_score),
                             macro_f1_kind = LABEL_KIND(macro_f1_score),
                             mcc_kind = LABEL_KIND(mcc_score);

static s2s_status make(s2s_metric **metric, const s2s_metric_kind *kind,
                       const s2s_metric_options *options, s2s_err *err) {
    labels *self = (labels *)s2s_metric_alloc(kind, sizeof *self, 0, err);
    if (!self) return S2S_MEMORY;
    self->base.learn = labels_learn;
    self->words = options->words;
    *metric = &self->base;
    return S2S_OK;
}

s2s_status s2s_accuracy_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, &accuracy_kind, options, err);
}

s2s_status s2s_micro_f1_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, &micro_f1_kind, options, err);
}

s2s_status s2s_macro_f1_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    S2S_TRY(make(metric, &macro_f1_kind, options, err));
    (*metric)->class_scores = true;
    return S2S_OK;
}

s2s_status s2s_mcc_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, &mcc_kind, options, err);
}
