/* TER, the translation edit rate (Snover et al. 2006), as sacreBLEU defines it after Tercom:
 *
 *     TER = 100 * edits / words of the reference
 *
 * Edits are words inserted, left out or replaced and runs of words shifted. Of several references
 * the one that needs the fewest edits counts, and the mean of their lengths. */
#include <stdio.h>

#include "metric/kind.h"
#include "metric/ter_shift.h"
#include "metric/tokenize.h"
#include "metric/words.h"

/* A statistics vector. */
enum { EDITS, LENGTH, WIDTH };

typedef struct ter {
    s2s_metric base;
    s2s_ter_options options;
    s2s_words words;
    s2s_points hypothesis, reference; /* words, as numbers that `words` gives */
    s2s_ter_search search;
} ter;

static s2s_status read_hypothesis(ter *self, s2s_segment segment, s2s_err *err) {
    S2S_TRY(s2s_words_decode(&self->words, segment, !self->options.case_sensitive, err));
    S2S_TRY(s2s_tokenize_tercom(&self->words.rewrite, &self->options, err));
    return s2s_words_number(&self->words, &self->hypothesis, err);
}

/* sacreBLEU normalises references twice: when it collects them, and again when it splits them. A rule
 * that asks for a space then finds those that the first time put in the place of other white space:
 * "it's", a tab and "on" become "it's on", then "it 's on". */
static s2s_status read_reference(ter *self, s2s_segment segment, s2s_err *err) {
    S2S_TRY(s2s_words_decode(&self->words, segment, !self->options.case_sensitive, err));
    for (int i = 0; i < 2; i++)
        S2S_TRY(s2s_tokenize_tercom(&self->words.rewrite, &self->options, err));
    return s2s_words_number(&self->words, &self->reference, err);
}

static s2s_status ter_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                 const s2s_segment *references, int n, double *statistics,
                                 s2s_err *err) {
    ter *self = (ter *)metric;
    size_t fewest = SIZE_MAX, lengths = 0;
    s2s_words_clear(&self->words);
    S2S_TRY(read_hypothesis(self, hypothesis, err));
    for (int i = 0; i < n; i++) {
        size_t edits;
        S2S_TRY(read_reference(self, references[i], err));
        S2S_TRY(s2s_ter_edits(&self->search, &self->hypothesis, &self->reference, &edits, err));
        if (edits < fewest) fewest = edits;
        lengths += self->reference.size;
    }
    statistics[EDITS] = (double)fewest;
    statistics[LENGTH] = (double)lengths / n;
    return S2S_OK;
}

static void ter_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    (void)metric;
    double edits = statistics[EDITS], length = statistics[LENGTH];
    if (length > 0)
        score->value = 100 * (edits / length);
    else
        score->value = edits > 0 ? 100 : 0;
    snprintf(score->name, sizeof score->name, "TER");
}

static const char *yes_or_no(bool value) {
    return value ? "yes" : "no";
}

static void ter_signature(const s2s_metric *metric, char *text, size_t size) {
    const s2s_ter_options *options = &((const ter *)metric)->options;
    snprintf(text, size, "case:%s|tok:tercom|norm:%s|punct:%s|asian:%s",
             options->case_sensitive ? "mixed" : "lc", yes_or_no(options->normalized),
             yes_or_no(!options->no_punct), yes_or_no(options->asian_support));
}

static void ter_release(s2s_metric *metric) {
    ter *self = (ter *)metric;
    s2s_words_release(&self->words);
    s2s_points_release(&self->hypothesis);
    s2s_points_release(&self->reference);
    s2s_ter_search_release(&self->search);
}

static const s2s_metric_kind ter_kind = {ter_statistics, ter_score, ter_signature, ter_release};

s2s_status s2s_ter_make(s2s_metric **metric, const s2s_metric_options *options, s2s_err *err) {
    ter *self = (ter *)s2s_metric_alloc(&ter_kind, sizeof *self, WIDTH, err);
    if (!self) return S2S_MEMORY;
    self->options = options->ter;
    if (options->lowercase) self->options.case_sensitive = false;
    *metric = &self->base;
    return S2S_OK;
}
