/* Exact match: percent of the segments that equal one of their references, character by character.
 * White space at the ends does not count, case does. */
#include <stdio.h>
#include <string.h>

#include "metric/kind.h"
#include "metric/words.h"

/* A statistics vector. */
enum { EQUAL, SEGMENTS, WIDTH };

typedef struct exact_match {
    s2s_metric base;
    bool lowercase;
    s2s_words words;
    s2s_points hypothesis; /* characters */
} exact_match;

/* Reads a text into words.rewrite.text. */
static s2s_status read_text(exact_match *self, s2s_segment segment, s2s_err *err) {
    S2S_TRY(s2s_words_decode(&self->words, segment, self->lowercase, err));
    s2s_points_strip_start(&self->words.rewrite.text);
    return S2S_OK;
}

static s2s_status exact_match_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                         const s2s_segment *references, int n, double *statistics,
                                         s2s_err *err) {
    exact_match *self = (exact_match *)metric;
    const s2s_points *text = &self->words.rewrite.text;
    S2S_TRY(read_text(self, hypothesis, err));
    self->hypothesis.size = 0;
    for (size_t i = 0; i < text->size; i++)
        S2S_TRY(s2s_points_push(&self->hypothesis, text->data[i], err));
    statistics[EQUAL] = 0;
    statistics[SEGMENTS] = 1;
    for (int i = 0; i < n && !statistics[EQUAL]; i++) {
        S2S_TRY(read_text(self, references[i], err));
        if (text->size != self->hypothesis.size) continue;
        size_t bytes = text->size * sizeof *text->data;
        if (!bytes || memcmp(text->data, self->hypothesis.data, bytes) == 0) statistics[EQUAL] = 1;
    }
    return S2S_OK;
}

static void exact_match_score(const s2s_metric *metric, const double *statistics,
                              s2s_score *score) {
    (void)metric;
    if (statistics[SEGMENTS] > 0) score->value = 100 * statistics[EQUAL] / statistics[SEGMENTS];
    snprintf(score->name, sizeof score->name, "exact match");
}

static void exact_match_signature(const s2s_metric *metric, char *text, size_t size) {
    snprintf(text, size, "case:%s", ((const exact_match *)metric)->lowercase ? "lc" : "mixed");
}

static void exact_match_release(s2s_metric *metric) {
    exact_match *self = (exact_match *)metric;
    s2s_words_release(&self->words);
    s2s_points_release(&self->hypothesis);
}

static const s2s_metric_kind exact_match_kind = {exact_match_statistics, exact_match_score,
                                                 exact_match_signature, exact_match_release};

s2s_status s2s_exact_match_make(s2s_metric **metric, const s2s_metric_options *options,
                                s2s_err *err) {
    exact_match *self =
        (exact_match *)s2s_metric_alloc(&exact_match_kind, sizeof *self, WIDTH, err);
    if (!self) return S2S_MEMORY;
    self->lowercase = options->lowercase;
    *metric = &self->base;
    return S2S_OK;
}
