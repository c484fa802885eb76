/* chrF (Popovic 2015) and, with word n-grams, chrF+ and chrF++ (Popovic 2017), as sacreBLEU defines
 * them:
 *
 *     chrF = 100 * (1 + beta^2) * P * R / (beta^2 * P + R)
 *
 * P and R are means over the orders (characters 1 to 6, words 1 to 2) of matches over n-grams in
 * the hypothesis and in the reference; only orders count that both sides have. With eps_smoothing
 * it is instead the mean of F over all orders, where a missing order gives almost zero, as in
 * chrF++.py. */
#include <stdio.h>
#include <string.h>

#include "metric/kind.h"
#include "metric/ngram.h"
#include "metric/unicode.h"

enum { MAX_CHAR_ORDER = 64, MAX_WORD_ORDER = 16, MAX_ORDER = MAX_CHAR_ORDER + MAX_WORD_ORDER };

/* A statistics vector has these for each order: characters first, then words. */
enum { HYPOTHESIS, REFERENCE, MATCHED, PER_ORDER };

/* A text as two sequences of symbols; words are numbers that chrf.vocabulary gives. */
typedef struct sequences {
    s2s_points characters, words;
} sequences;

typedef struct chrf {
    s2s_metric base;
    s2s_chrf_options options;
    s2s_rewrite rewrite;
    s2s_trie vocabulary;
    sequences hypothesis, reference;
    s2s_ngrams ngrams;
    double candidate[PER_ORDER * MAX_ORDER]; /* statistics against one of several references */
} chrf;

/* --- characters and words of a text --- */

static s2s_status read_characters(const chrf *self, s2s_points *characters, s2s_err *err) {
    const s2s_points *text = &self->rewrite.text;
    characters->size = 0;
    for (size_t i = 0; i < text->size; i++)
        if (self->options.whitespace || !s2s_is_space(text->data[i]))
            S2S_TRY(s2s_points_push(characters, text->data[i], err));
    return S2S_OK;
}

static bool is_ascii_punctuation(uint32_t point) {
    return (point >= '!' && point <= '/') || (point >= ':' && point <= '@') ||
           (point >= '[' && point <= '`') || (point >= '{' && point <= '~');
}

static s2s_status push_word(chrf *self, size_t start, size_t end, s2s_points *words, s2s_err *err) {
    uint32_t number;
    S2S_TRY(s2s_trie_number(&self->vocabulary, self->rewrite.text.data + start, end - start,
                            &number, err));
    return s2s_points_push(words, number, err);
}

/* One punctuation mark at the end of a word, or else one at its start, is a word of its own: "(so)"
 * gives
 * "(so" and ")". */
static s2s_status read_words(chrf *self, s2s_points *words, s2s_err *err) {
    const s2s_points *text = &self->rewrite.text;
    words->size = 0;
    for (s2s_span word = {0}; s2s_points_next_word(text, &word);) {
        size_t cut = word.end;
        if (word.end - word.start > 1) {
            if (is_ascii_punctuation(text->data[word.end - 1]))
                cut = word.end - 1;
            else if (is_ascii_punctuation(text->data[word.start]))
                cut = word.start + 1;
        }
        S2S_TRY(push_word(self, word.start, cut, words, err));
        if (cut < word.end) S2S_TRY(push_word(self, cut, word.end, words, err));
    }
    return S2S_OK;
}

static s2s_status read_sequences(chrf *self, s2s_segment segment, sequences *out, s2s_err *err) {
    S2S_TRY(s2s_points_decode(&self->rewrite.text, segment.text, segment.length, err));
    if (self->options.lowercase) S2S_TRY(s2s_lowercase(&self->rewrite, err));
    S2S_TRY(read_characters(self, &out->characters, err));
    return self->options.word_order > 0 ? read_words(self, &out->words, err) : S2S_OK;
}

/* --- score --- */

static double f_score(double beta_squared, double precision, double recall, double if_undefined) {
    double denominator = beta_squared * precision + recall;
    return denominator > 0 ? (1 + beta_squared) * precision * recall / denominator : if_undefined;
}

/* The mean of F over all orders. */
static double smoothed_chrf(const chrf *self, const double *statistics) {
    const double tiny = 1e-16;
    double beta_squared = (double)self->options.beta * self->options.beta, sum = 0;
    int orders = self->options.char_order + self->options.word_order;
    for (int n = 0; n < orders; n++, statistics += PER_ORDER) {
        double hypothesis = statistics[HYPOTHESIS], reference = statistics[REFERENCE];
        double precision = hypothesis > 0 ? statistics[MATCHED] / hypothesis : tiny;
        double recall = reference > 0 ? statistics[MATCHED] / reference : tiny;
        sum += f_score(beta_squared, precision, recall, tiny);
    }
    return 100 * sum / orders;
}

/* F of the means over the orders that both sides have. */
static double effective_chrf(const chrf *self, const double *statistics) {
    double precision = 0, recall = 0;
    int orders = self->options.char_order + self->options.word_order, effective = 0;
    for (int n = 0; n < orders; n++, statistics += PER_ORDER) {
        if (statistics[HYPOTHESIS] <= 0 || statistics[REFERENCE] <= 0) continue;
        precision += statistics[MATCHED] / statistics[HYPOTHESIS];
        recall += statistics[MATCHED] / statistics[REFERENCE];
        effective++;
    }
    if (!effective) return 0;
    double beta_squared = (double)self->options.beta * self->options.beta;
    return 100 * f_score(beta_squared, precision / effective, recall / effective, 0);
}

static double chrf_value(const chrf *self, const double *statistics) {
    return self->options.eps_smoothing ? smoothed_chrf(self, statistics)
                                       : effective_chrf(self, statistics);
}

static void chrf_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    const chrf *self = (const chrf *)metric;
    score->value = chrf_value(self, statistics);
    static const char pluses[MAX_WORD_ORDER + 1] = "++++++++++++++++";
    snprintf(score->name, sizeof score->name, "chrF%d%.*s", self->options.beta,
             self->options.word_order, pluses);
}

static void chrf_signature(const s2s_metric *metric, char *text, size_t size) {
    const s2s_chrf_options *options = &((const chrf *)metric)->options;
    snprintf(text, size, "case:%s|eff:%s|nc:%d|nw:%d|space:%s", options->lowercase ? "lc" : "mixed",
             options->eps_smoothing ? "no" : "yes", options->char_order, options->word_order,
             options->whitespace ? "yes" : "no");
}

/* --- statistics of a segment --- */

/* Writes the statistics of `order` orders of one kind of symbols against one reference. */
static s2s_status match_symbols(chrf *self, const s2s_points *hypothesis,
                                const s2s_points *reference, int order, double *statistics,
                                s2s_err *err) {
    double matched[MAX_CHAR_ORDER];
    s2s_ngrams_clear(&self->ngrams);
    S2S_TRY(s2s_ngrams_add_reference(&self->ngrams, reference, order, err));
    s2s_ngrams_match(&self->ngrams, hypothesis, order, matched);
    for (int n = 0; n < order; n++, statistics += PER_ORDER) {
        size_t in_reference = s2s_ngrams_in(reference->size, n + 1);
        /* An order that the reference is too short for is nobody's miss. */
        statistics[HYPOTHESIS] = in_reference ? (double)s2s_ngrams_in(hypothesis->size, n + 1) : 0;
        statistics[REFERENCE] = (double)in_reference;
        statistics[MATCHED] = matched[n];
    }
    return S2S_OK;
}

static s2s_status match_reference(chrf *self, s2s_segment reference, s2s_err *err) {
    const s2s_chrf_options *options = &self->options;
    S2S_TRY(read_sequences(self, reference, &self->reference, err));
    S2S_TRY(match_symbols(self, &self->hypothesis.characters, &self->reference.characters,
                          options->char_order, self->candidate, err));
    return match_symbols(self, &self->hypothesis.words, &self->reference.words, options->word_order,
                         self->candidate + PER_ORDER * options->char_order, err);
}

/* The reference against which the segment scores best counts, the first of equals. */
static s2s_status chrf_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                  const s2s_segment *references, int n, double *statistics,
                                  s2s_err *err) {
    chrf *self = (chrf *)metric;
    double best = -1;
    s2s_trie_clear(&self->vocabulary);
    S2S_TRY(read_sequences(self, hypothesis, &self->hypothesis, err));
    for (int i = 0; i < n; i++) {
        S2S_TRY(match_reference(self, references[i], err));
        double value = chrf_value(self, self->candidate);
        if (value <= best) continue;
        best = value;
        memcpy(statistics, self->candidate, (size_t)metric->width * sizeof *statistics);
    }
    return S2S_OK;
}

/* --- lifetime --- */

static void release_sequences(sequences *out) {
    s2s_points_release(&out->characters);
    s2s_points_release(&out->words);
}

static void chrf_release(s2s_metric *metric) {
    chrf *self = (chrf *)metric;
    s2s_rewrite_release(&self->rewrite);
    s2s_trie_release(&self->vocabulary);
    release_sequences(&self->hypothesis);
    release_sequences(&self->reference);
    s2s_ngrams_release(&self->ngrams);
}

static const s2s_metric_kind chrf_kind = {chrf_statistics, chrf_score, chrf_signature,
                                          chrf_release};

static s2s_status check_range(const char *name, int value, int highest, s2s_err *err) {
    if (value >= 0 && value <= highest) return S2S_OK;
    return s2s_fail(err, S2S_USAGE, "chrF: %s is %d, expected 0 to %d", name, value, highest);
}

s2s_status s2s_chrf_create(s2s_metric **metric, const s2s_chrf_options *options, s2s_err *err) {
    S2S_TRY(check_range("char_order", options->char_order, MAX_CHAR_ORDER, err));
    S2S_TRY(check_range("word_order", options->word_order, MAX_WORD_ORDER, err));
    S2S_TRY(check_range("beta", options->beta, 1000, err));
    int orders = options->char_order + options->word_order;
    if (!orders)
        return s2s_fail(err, S2S_USAGE,
                        "chrF: char_order and word_order are both 0; set one of them");
    chrf *self = (chrf *)s2s_metric_alloc(&chrf_kind, sizeof *self, PER_ORDER * orders, err);
    if (!self) return S2S_MEMORY;
    self->options = *options;
    *metric = &self->base;
    return S2S_OK;
}

static s2s_status make(s2s_metric **metric, const s2s_metric_options *options, int word_order,
                       s2s_err *err) {
    s2s_chrf_options own = S2S_CHRF_DEFAULTS;
    own.word_order = word_order;
    own.lowercase = options->lowercase;
    return s2s_chrf_create(metric, &own, err);
}

s2s_status s2s_chrf_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, options, 0, err);
}

s2s_status s2s_chrf_plus_make(s2s_metric **metric, const s2s_metric_options *options,
                              s2s_err *err) {
    return make(metric, options, 2, err);
}
