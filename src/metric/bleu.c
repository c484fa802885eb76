/* BLEU (Papineni et al. 2002), as sacreBLEU defines it (Post 2018):
 *
 *     BLEU = 100 * BP * exp(1/N * sum over n of log p_n)      N = 4
 *     BP   = min(1, exp(1 - r/c))
 *
 * p_n: clipped matches of order n over n-grams of order n; c, r: length of hypotheses and of the
 * references closest to them. Smoothing after Chen and Cherry (2014), who number the methods: floor
 * 1, add-k 2, exp 3. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "metric/kind.h"
#include "metric/ngram.h"
#include "metric/tokenize.h"
#include "metric/words.h"

enum { ORDER = 4 };

/* A statistics vector. */
enum {
    HYPOTHESIS_LENGTH,
    REFERENCE_LENGTH,
    MATCHES,
    TOTALS = MATCHES + ORDER,
    WIDTH = TOTALS + ORDER
};

typedef struct bleu {
    s2s_metric base;
    s2s_bleu_options options;
    s2s_tokenize tokenize;
    s2s_words words;                  /* of the segment and its references */
    s2s_points hypothesis, reference; /* tokens, as numbers that `words` gives */
    s2s_ngrams ngrams;
} bleu;

/* --- smoothing methods --- */

enum { SMOOTHINGS = S2S_SMOOTH_NONE + 1 };
const char *const s2s_bleu_smoothing_names[] = {[S2S_SMOOTH_EXP] = "exp",
                                                [S2S_SMOOTH_FLOOR] = "floor",
                                                [S2S_SMOOTH_ADD_K] = "add-k",
                                                [S2S_SMOOTH_NONE] = "none",
                                                NULL};
/* Default values; negative where the method takes none. */
static const double smoothing_values[] = {[S2S_SMOOTH_EXP] = -1,
                                          [S2S_SMOOTH_FLOOR] = 0.1,
                                          [S2S_SMOOTH_ADD_K] = 1,
                                          [S2S_SMOOTH_NONE] = -1};

/* --- statistics of a segment --- */

/* Replaces `tokens` by the numbers of the text's tokens. */
static s2s_status read_tokens(bleu *self, s2s_segment segment, s2s_points *tokens, s2s_err *err) {
    S2S_TRY(s2s_words_decode(&self->words, segment, self->options.lowercase, err));
    S2S_TRY(self->tokenize(&self->words.rewrite, err));
    return s2s_words_number(&self->words, tokens, err);
}

/* Is `length` closer to the hypothesis than `best`? Of two that are equally close the shorter
 * counts. */
static bool is_closer(size_t hypothesis, size_t length, size_t best) {
    size_t difference = length > hypothesis ? length - hypothesis : hypothesis - length;
    size_t best_difference = best > hypothesis ? best - hypothesis : hypothesis - best;
    return difference < best_difference || (difference == best_difference && length < best);
}

static s2s_status bleu_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                  const s2s_segment *references, int n, double *statistics,
                                  s2s_err *err) {
    bleu *self = (bleu *)metric;
    s2s_words_clear(&self->words);
    s2s_ngrams_clear(&self->ngrams);
    S2S_TRY(read_tokens(self, hypothesis, &self->hypothesis, err));
    size_t length = self->hypothesis.size, closest = 0;
    for (int i = 0; i < n; i++) {
        S2S_TRY(read_tokens(self, references[i], &self->reference, err));
        S2S_TRY(s2s_ngrams_add_reference(&self->ngrams, &self->reference, ORDER, err));
        if (i == 0 || is_closer(length, self->reference.size, closest))
            closest = self->reference.size;
    }
    statistics[HYPOTHESIS_LENGTH] = (double)length;
    statistics[REFERENCE_LENGTH] = (double)closest;
    for (int k = 0; k < ORDER; k++) statistics[TOTALS + k] = (double)s2s_ngrams_in(length, k + 1);
    s2s_ngrams_match(&self->ngrams, &self->hypothesis, ORDER, statistics + MATCHES);
    return S2S_OK;
}

/* --- score --- */

static double brevity_penalty(double hypothesis_length, double reference_length) {
    if (hypothesis_length >= reference_length) return 1;
    return hypothesis_length > 0 ? exp(1 - reference_length / hypothesis_length) : 0;
}

/* Fills precisions [ORDER], in percent; returns how many orders the mean is taken over. */
static int smoothed_precisions(const s2s_bleu_options *options, const double *statistics,
                               double *precisions) {
    int effective_order = ORDER;
    double halvings = 1; /* exp: the k-th order without a match counts as 1 / 2^k matches */
    for (int n = 0; n < ORDER; n++) {
        double matches = statistics[MATCHES + n], total = statistics[TOTALS + n];
        if (options->smoothing == S2S_SMOOTH_ADD_K && n > 0) {
            matches += options->smoothing_value;
            total += options->smoothing_value;
        }
        if (total == 0) break;
        if (options->effective_order) effective_order = n + 1;
        if (matches == 0 && options->smoothing == S2S_SMOOTH_EXP) {
            halvings *= 2;
            precisions[n] = 100 / (halvings * total);
        } else if (matches == 0 && options->smoothing == S2S_SMOOTH_FLOOR) {
            precisions[n] = 100 * options->smoothing_value / total;
        } else {
            precisions[n] = 100 * matches / total;
        }
    }
    return effective_order;
}

/* log 0 as a number so low that the mean's exponential is 0. */
static double floored_log(double x) {
    return x == 0 ? -9999999999 : log(x);
}

static double geometric_mean(const double *precisions, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += floored_log(precisions[i]);
    return exp(sum / n);
}

static void bleu_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    const bleu *self = (const bleu *)metric;
    double hypothesis = statistics[HYPOTHESIS_LENGTH], reference = statistics[REFERENCE_LENGTH];
    double penalty = brevity_penalty(hypothesis, reference);
    double precisions[ORDER] = {0};
    bool any = false;
    for (int n = 0; n < ORDER; n++) any |= statistics[MATCHES + n] != 0;
    if (any) { /* without a match there is nothing to smooth: the score is 0 */
        int order = smoothed_precisions(&self->options, statistics, precisions);
        score->value = penalty * geometric_mean(precisions, order);
    }
    snprintf(score->name, sizeof score->name, "BLEU");
    snprintf(score->detail, sizeof score->detail,
             "%.1f/%.1f/%.1f/%.1f (BP = %.3f ratio = %.3f hyp_len = %.0f ref_len = %.0f)",
             precisions[0], precisions[1], precisions[2], precisions[3], penalty,
             reference > 0 ? hypothesis / reference : 0, hypothesis, reference);
}

static void bleu_signature(const s2s_metric *metric, char *text, size_t size) {
    const bleu *self = (const bleu *)metric;
    const s2s_bleu_options *options = &self->options;
    char value[32] = "";
    if (smoothing_values[options->smoothing] >= 0)
        snprintf(value, sizeof value, "[%.2f]", options->smoothing_value);
    snprintf(text, size, "case:%s|eff:%s|tok:%s|smooth:%s%s", options->lowercase ? "lc" : "mixed",
             options->effective_order ? "yes" : "no", s2s_bleu_tokenizer_names[options->tokenizer],
             s2s_bleu_smoothing_names[options->smoothing], value);
}

/* --- lifetime --- */

static void bleu_release(s2s_metric *metric) {
    bleu *self = (bleu *)metric;
    s2s_words_release(&self->words);
    s2s_points_release(&self->hypothesis);
    s2s_points_release(&self->reference);
    s2s_ngrams_release(&self->ngrams);
}

static const s2s_metric_kind bleu_kind = {bleu_statistics, bleu_score, bleu_signature,
                                          bleu_release};

s2s_status s2s_bleu_create(s2s_metric **metric, const s2s_bleu_options *options, s2s_err *err) {
    s2s_tokenize tokenize = s2s_tokenizer_get(options->tokenizer);
    if (!tokenize || (unsigned)options->smoothing >= SMOOTHINGS)
        return s2s_fail(err, S2S_USAGE, "BLEU: no tokenizer or smoothing method has this number");
    if (!(options->smoothing_value <= 1e6))
        return s2s_fail(err, S2S_USAGE, "BLEU: the smoothing value is %g, expected 0 to 1000000",
                        options->smoothing_value);
    bleu *self = (bleu *)s2s_metric_alloc(&bleu_kind, sizeof *self, WIDTH, err);
    if (!self) return S2S_MEMORY;
    self->options = *options;
    self->tokenize = tokenize;
    if (options->smoothing_value < 0)
        self->options.smoothing_value = smoothing_values[options->smoothing];
    *metric = &self->base;
    return S2S_OK;
}

s2s_status s2s_bleu_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    s2s_bleu_options own = {.tokenizer = options->tokenizer,
                            .lowercase = options->lowercase,
                            .smoothing = options->smoothing,
                            .smoothing_value = options->smoothing_value,
                            .effective_order = options->effective_order};
    return s2s_bleu_create(metric, &own, err);
}
