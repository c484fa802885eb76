/* Word error rate and character error rate:
 *
 *     100 * edits / length of the reference
 *
 * Edits are the least words (or characters) inserted, left out or replaced; a corpus has the sum of
 * both. Words are what white space parts; for characters, code points of Unicode, it counts as one
 * space between words and not at the ends. Punctuation counts, and so does case. Of several
 * references the one with the lowest rate counts, the first of equals. */
#include <math.h>
#include <stdio.h>

#include "metric/kind.h"
#include "metric/levenshtein.h"
#include "metric/words.h"

/* A statistics vector. */
enum { EDITS, LENGTH, WIDTH };

typedef struct error_rate {
    s2s_metric base;
    bool characters, lowercase;
    s2s_words words;
    s2s_points hypothesis, reference;
    s2s_levenshtein levenshtein;
} error_rate;

static s2s_status read_units(error_rate *self, s2s_segment segment, s2s_points *numbers,
                             s2s_err *err) {
    S2S_TRY(s2s_words_decode(&self->words, segment, self->lowercase, err));
    return self->characters ? s2s_words_number_characters(&self->words, numbers, err)
                            : s2s_words_number(&self->words, numbers, err);
}

/* Any edit is too many for an empty reference. */
static double rate(double edits, double length) {
    if (length > 0) return edits / length;
    return edits > 0 ? (double)INFINITY : 0;
}

static s2s_status error_rate_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                        const s2s_segment *references, int n, double *statistics,
                                        s2s_err *err) {
    error_rate *self = (error_rate *)metric;
    s2s_words_clear(&self->words);
    S2S_TRY(read_units(self, hypothesis, &self->hypothesis, err));
    for (int i = 0; i < n; i++) {
        size_t edits;
        S2S_TRY(read_units(self, references[i], &self->reference, err));
        S2S_TRY(s2s_levenshtein_distance(&self->levenshtein, s2s_sequence_of(&self->hypothesis),
                                         s2s_sequence_of(&self->reference), &edits, err));
        double length = (double)self->reference.size;
        if (i > 0 && rate((double)edits, length) >= rate(statistics[EDITS], statistics[LENGTH]))
            continue;
        statistics[EDITS] = (double)edits;
        statistics[LENGTH] = length;
    }
    return S2S_OK;
}

static void error_rate_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    double found = rate(statistics[EDITS], statistics[LENGTH]);
    score->value = isfinite(found) ? 100 * found : 100; /* as in TER */
    snprintf(score->name, sizeof score->name, "%s",
             ((const error_rate *)metric)->characters ? "CER" : "WER");
}

static void error_rate_signature(const s2s_metric *metric, char *text, size_t size) {
    const error_rate *self = (const error_rate *)metric;
    snprintf(text, size, "case:%s|tok:%s", self->lowercase ? "lc" : "mixed",
             self->characters ? "char" : "none");
}

static void error_rate_release(s2s_metric *metric) {
    error_rate *self = (error_rate *)metric;
    s2s_words_release(&self->words);
    s2s_points_release(&self->hypothesis);
    s2s_points_release(&self->reference);
    s2s_levenshtein_release(&self->levenshtein);
}

static const s2s_metric_kind error_rate_kind = {error_rate_statistics, error_rate_score,
                                                error_rate_signature, error_rate_release};

static s2s_status make(s2s_metric **metric, const s2s_metric_options *options, bool characters,
                       s2s_err *err) {
    error_rate *self = (error_rate *)s2s_metric_alloc(&error_rate_kind, sizeof *self, WIDTH, err);
    if (!self) return S2S_MEMORY;
    self->characters = characters;
    self->lowercase = options->lowercase;
    *metric = &self->base;
    return S2S_OK;
}

s2s_status s2s_cer_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, options, true, err);
}

s2s_status s2s_wer_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, options, false, err);
}
