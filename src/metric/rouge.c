/* ROUGE (Lin 2004), as Google's rouge-score computes it: the mean over the segments of
 *
 *     F = 2 * P * R / (P + R)
 *
 * where P and R are matches over what the hypothesis and the reference have: n-grams for ROUGE-N,
 * tokens of a longest common subsequence for ROUGE-L, of such subsequences of all pairs of sentences
 * for ROUGE-Lsum. Of several references the one with the best F counts, the first of equals.
 *
 * Tokens are runs of a-z and 0-9 in lower case, so text in other scripts has none. */
#include <stdio.h>
#include <string.h>

#include "metric/kind.h"
#include "metric/lcs.h"
#include "metric/ngram.h"
#include "metric/porter.h"
#include "metric/unicode.h"
#include "metric/words.h"

enum { LONGEST_SEPARATOR = 32, SHORTEST_TO_STEM = 4 };

/* A statistics vector: sums over segments, of values from 0 to 1. */
enum { PRECISION, RECALL, F_SCORE, SEGMENTS, WIDTH };

typedef enum rouge_type { ROUGE_1, ROUGE_2, ROUGE_L, ROUGE_LSUM } rouge_type;

/* Tokens, as numbers that rouge.words gives; sentence i ends before tokens.data[ends.data[i]]. */
typedef struct summary_tokens {
    s2s_points tokens, ends;
} summary_tokens;

typedef struct rouge {
    s2s_metric base;
    rouge_type type;
    s2s_rouge_stemmer stemmer;
    char separator[LONGEST_SEPARATOR + 1];
    s2s_words words;
    summary_tokens hypothesis, reference;
    s2s_ngrams ngrams;
    s2s_lcs lcs;
    s2s_points marks;                   /* [tokens of a sentence of the reference] */
    s2s_points left, left_of_reference; /* [tokens there are] how often each can still be matched */
} rouge;

const char *const s2s_rouge_stemmer_names[] = {
    [S2S_STEM_PORTER] = "porter", [S2S_STEM_NONE] = "none", NULL};
enum { STEMMERS = S2S_STEM_NONE + 1 };

/* --- tokens --- */

static bool is_token_letter(uint32_t point) {
    return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
}

static s2s_status push_token(rouge *self, size_t start, size_t end, s2s_points *tokens,
                             s2s_err *err) {
    uint32_t *letters = self->words.rewrite.text.data + start, number;
    size_t n = end - start;
    if (self->stemmer == S2S_STEM_PORTER && n >= SHORTEST_TO_STEM) n = s2s_porter_stem(letters, n);
    S2S_TRY(s2s_trie_number(&self->words.numbers, letters, n, &number, err));
    return s2s_points_push(tokens, number, err);
}

static s2s_status read_summary(rouge *self, s2s_segment segment, summary_tokens *out,
                               s2s_err *err) {
    S2S_TRY(s2s_words_decode(&self->words, segment, false, err));
    if (*self->separator) S2S_TRY(s2s_replace(&self->words.rewrite, self->separator, "\n", err));
    S2S_TRY(s2s_lowercase(&self->words.rewrite, err));
    const s2s_points *text = &self->words.rewrite.text;
    out->tokens.size = out->ends.size = 0;
    for (size_t i = 0; i < text->size;) {
        size_t start = i;
        while (i < text->size && is_token_letter(text->data[i])) i++;
        if (i > start) {
            S2S_TRY(push_token(self, start, i, &out->tokens, err));
        } else if (text->data[i++] == '\n') {
            S2S_TRY(s2s_points_push(&out->ends, (uint32_t)out->tokens.size, err));
        }
    }
    return s2s_points_push(&out->ends, (uint32_t)out->tokens.size, err);
}

/* --- matches of a hypothesis and one reference --- */

static s2s_status match_ngrams(rouge *self, int order, size_t *matches, s2s_err *err) {
    double matched[2];
    s2s_ngrams_clear(&self->ngrams);
    S2S_TRY(s2s_ngrams_add_reference(&self->ngrams, &self->reference.tokens, order, err));
    s2s_ngrams_match(&self->ngrams, &self->hypothesis.tokens, order, matched);
    *matches = (size_t)matched[order - 1];
    return S2S_OK;
}

static s2s_status count_tokens(const rouge *self, const s2s_points *tokens, s2s_points *counts,
                               s2s_err *err) {
    counts->size = 0;
    while (counts->size <= self->words.numbers.nodes) S2S_TRY(s2s_points_push(counts, 0, err));
    for (size_t i = 0; i < tokens->size; i++) counts->data[tokens->data[i]]++;
    return S2S_OK;
}

static s2s_sequence sentence_of(const summary_tokens *summary, size_t i) {
    size_t begin = i ? summary->ends.data[i - 1] : 0, end = summary->ends.data[i];
    return (s2s_sequence){summary->tokens.data + begin, end - begin};
}

/* Marks the tokens of a sentence of the reference that some sentence of the hypothesis has in the
 * same order. */
static s2s_status mark_sentence(rouge *self, s2s_sequence sentence, s2s_err *err) {
    self->marks.size = 0;
    for (size_t i = 0; i < sentence.size; i++) S2S_TRY(s2s_points_push(&self->marks, 0, err));
    for (size_t i = 0; i < self->hypothesis.ends.size; i++) {
        s2s_sequence other = sentence_of(&self->hypothesis, i);
        if (other.size) S2S_TRY(s2s_lcs_mark(&self->lcs, sentence, other, self->marks.data, err));
    }
    return S2S_OK;
}

/* A token counts at most as often as either side has it, as in ROUGE-1.5.5. */
static s2s_status match_summaries(rouge *self, size_t *matches, s2s_err *err) {
    S2S_TRY(count_tokens(self, &self->hypothesis.tokens, &self->left, err));
    S2S_TRY(count_tokens(self, &self->reference.tokens, &self->left_of_reference, err));
    *matches = 0;
    for (size_t i = 0; i < self->reference.ends.size; i++) {
        s2s_sequence sentence = sentence_of(&self->reference, i);
        if (!sentence.size) continue;
        S2S_TRY(mark_sentence(self, sentence, err));
        for (size_t k = 0; k < sentence.size; k++) {
            uint32_t *left = self->left.data + sentence.data[k],
                     *left_of_reference = self->left_of_reference.data + sentence.data[k];
            if (!self->marks.data[k] || !*left || !*left_of_reference) continue;
            --*left;
            --*left_of_reference;
            ++*matches;
        }
    }
    return S2S_OK;
}

static s2s_status match(rouge *self, size_t *matches, s2s_err *err) {
    const s2s_points *hypothesis = &self->hypothesis.tokens, *reference = &self->reference.tokens;
    *matches = 0;
    if (!hypothesis->size || !reference->size) return S2S_OK;
    switch (self->type) {
    case ROUGE_1:
        return match_ngrams(self, 1, matches, err);
    case ROUGE_2:
        return match_ngrams(self, 2, matches, err);
    case ROUGE_L:
        return s2s_lcs_length(&self->lcs, s2s_sequence_of(reference), s2s_sequence_of(hypothesis),
                              matches, err);
    case ROUGE_LSUM:
        return match_summaries(self, matches, err);
    }
    return S2S_OK;
}

/* --- statistics --- */

/* What the matches are counted among: n-grams or tokens. */
static size_t units_of(const rouge *self, const summary_tokens *summary) {
    return self->type == ROUGE_2 ? s2s_ngrams_in(summary->tokens.size, 2) : summary->tokens.size;
}

static double ratio(size_t part, size_t whole) {
    return whole ? (double)part / (double)whole : 0;
}

static s2s_status rouge_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                   const s2s_segment *references, int n, double *statistics,
                                   s2s_err *err) {
    rouge *self = (rouge *)metric;
    s2s_words_clear(&self->words);
    S2S_TRY(read_summary(self, hypothesis, &self->hypothesis, err));
    for (int i = 0; i < n; i++) {
        size_t matches;
        S2S_TRY(read_summary(self, references[i], &self->reference, err));
        S2S_TRY(match(self, &matches, err));
        double precision = ratio(matches, units_of(self, &self->hypothesis)),
               recall = ratio(matches, units_of(self, &self->reference)), sum = precision + recall,
               f_score = sum > 0 ? 2 * precision * recall / sum : 0;
        if (i > 0 && f_score <= statistics[F_SCORE]) continue;
        statistics[PRECISION] = precision;
        statistics[RECALL] = recall;
        statistics[F_SCORE] = f_score;
    }
    statistics[SEGMENTS] = 1;
    return S2S_OK;
}

/* --- score --- */

static void rouge_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    static const char *const names[] = {[ROUGE_1] = "ROUGE-1",
                                        [ROUGE_2] = "ROUGE-2",
                                        [ROUGE_L] = "ROUGE-L",
                                        [ROUGE_LSUM] = "ROUGE-Lsum"};
    double segments = statistics[SEGMENTS] > 0 ? statistics[SEGMENTS] : 1;
    score->value = 100 * (statistics[F_SCORE] / segments);
    snprintf(score->name, sizeof score->name, "%s", names[((const rouge *)metric)->type]);
    snprintf(score->detail, sizeof score->detail, "P = %.2f R = %.2f",
             100 * (statistics[PRECISION] / segments), 100 * (statistics[RECALL] / segments));
}

static void rouge_signature(const s2s_metric *metric, char *text, size_t size) {
    const rouge *self = (const rouge *)metric;
    int used = snprintf(text, size, "case:lc|tok:rouge-score|stem:%s",
                        s2s_rouge_stemmer_names[self->stemmer]);
    if (self->type == ROUGE_LSUM)
        snprintf(text + used, size - (size_t)used, "|split:%s",
                 *self->separator ? self->separator : "newline");
}

/* --- lifetime --- */

static void release_summary(summary_tokens *summary) {
    s2s_points_release(&summary->tokens);
    s2s_points_release(&summary->ends);
}

static void rouge_release(s2s_metric *metric) {
    rouge *self = (rouge *)metric;
    s2s_words_release(&self->words);
    release_summary(&self->hypothesis);
    release_summary(&self->reference);
    s2s_ngrams_release(&self->ngrams);
    s2s_lcs_release(&self->lcs);
    s2s_points_release(&self->marks);
    s2s_points_release(&self->left);
    s2s_points_release(&self->left_of_reference);
}

static const s2s_metric_kind rouge_kind = {rouge_statistics, rouge_score, rouge_signature,
                                           rouge_release};

static s2s_status check_separator(const char *separator, s2s_err *err) {
    bool ascii = true;
    for (const char *c = separator; *c; c++) ascii &= *c > 0;
    if (ascii && strlen(separator) <= LONGEST_SEPARATOR) return S2S_OK;
    return s2s_fail(err, S2S_USAGE,
                    "ROUGE: the separator of sentences is \"%.100s\", expected up to %d ASCII "
                    "characters, such as <n>",
                    separator, LONGEST_SEPARATOR);
}

static s2s_status make(s2s_metric **metric, const s2s_rouge_options *options, rouge_type type,
                       s2s_err *err) {
    const char *separator = options->separator ? options->separator : "";
    S2S_TRY(check_separator(separator, err));
    if ((unsigned)options->stemmer >= STEMMERS)
        return s2s_fail(err, S2S_USAGE, "ROUGE: no stemmer has this number");
    rouge *self = (rouge *)s2s_metric_alloc(&rouge_kind, sizeof *self, WIDTH, err);
    if (!self) return S2S_MEMORY;
    self->type = type;
    self->stemmer = options->stemmer;
    snprintf(self->separator, sizeof self->separator, "%s", separator);
    *metric = &self->base;
    return S2S_OK;
}

s2s_status s2s_rouge_1_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, &options->rouge, ROUGE_1, err);
}

s2s_status s2s_rouge_2_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, &options->rouge, ROUGE_2, err);
}

s2s_status s2s_rouge_l_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    return make(metric, &options->rouge, ROUGE_L, err);
}

s2s_status s2s_rouge_lsum_make(s2s_metric **metric, const s2s_metric_options *options,
                               s2s_err *err) {
    return make(metric, &options->rouge, ROUGE_LSUM, err);
}
