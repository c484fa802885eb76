/* Token accuracy:
 *
 *     100 * places where both have the same word / places of the longer text
 *
 * A word is what white space parts, and a place is its number in the text: for outputs that go word
 * by word with the reference, such as tags or pronunciations. 100 means that all words are equal. Of
 * several references the one with the best share counts, the first of equals. */
#include <stdio.h>

#include "metric/kind.h"
#include "metric/words.h"

/* A statistics vector. */
enum { EQUAL, PLACES, WIDTH };

typedef struct token_accuracy {
    s2s_metric base;
    bool lowercase;
    s2s_words words;
    s2s_points hypothesis, reference;
} token_accuracy;

static s2s_status read_words(token_accuracy *self, s2s_segment segment, s2s_points *numbers,
                             s2s_err *err) {
    S2S_TRY(s2s_words_decode(&self->words, segment, self->lowercase, err));
    return s2s_words_number(&self->words, numbers, err);
}

static size_t count_equal(const s2s_points *a, const s2s_points *b) {
    size_t equal = 0;
    for (size_t i = 0; i < a->size && i < b->size; i++) equal += a->data[i] == b->data[i];
    return equal;
}

/* Two empty texts are equal. */
static double share(double equal, double places) {
    return places > 0 ? equal / places : 1;
}

static s2s_status token_accuracy_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                            const s2s_segment *references, int n,
                                            double *statistics, s2s_err *err) {
    token_accuracy *self = (token_accuracy *)metric;
    s2s_words_clear(&self->words);
    S2S_TRY(read_words(self, hypothesis, &self->hypothesis, err));
    for (int i = 0; i < n; i++) {
        S2S_TRY(read_words(self, references[i], &self->reference, err));
        size_t size = self->hypothesis.size, reference_size = self->reference.size;
        double equal = (double)count_equal(&self->hypothesis, &self->reference),
               places = (double)(size > reference_size ? size : reference_size);
        if (i > 0 && share(equal, places) <= share(statistics[EQUAL], statistics[PLACES])) continue;
        statistics[EQUAL] = equal;
        statistics[PLACES] = places;
    }
    return S2S_OK;
}

static void token_accuracy_score(const s2s_metric *metric, const double *statistics,
                                 s2s_score *score) {
    (void)metric;
    if (statistics[PLACES] > 0) score->value = 100 * statistics[EQUAL] / statistics[PLACES];
    snprintf(score->name, sizeof score->name, "token accuracy");
}

static void token_accuracy_signature(const s2s_metric *metric, char *text, size_t size) {
    snprintf(text, size, "case:%s|tok:none",
             ((const token_accuracy *)metric)->lowercase ? "lc" : "mixed");
}

static void token_accuracy_release(s2s_metric *metric) {
    token_accuracy *self = (token_accuracy *)metric;
    s2s_words_release(&self->words);
    s2s_points_release(&self->hypothesis);
    s2s_points_release(&self->reference);
}

static const s2s_metric_kind token_accuracy_kind = {token_accuracy_statistics, token_accuracy_score,
                                                    token_accuracy_signature,
                                                    token_accuracy_release};

s2s_status s2s_token_accuracy_make(s2s_metric **metric, const s2s_metric_options *options,
                                   s2s_err *err) {
    token_accuracy *self =
        (token_accuracy *)s2s_metric_alloc(&token_accuracy_kind, sizeof *self, WIDTH, err);
    if (!self) return S2S_MEMORY;
    self->lowercase = options->lowercase;
    *metric = &self->base;
    return S2S_OK;
}
