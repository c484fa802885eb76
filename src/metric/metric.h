/* Corpus scores: BLEU (Papineni et al. 2002; Post 2018), chrF (Popovic 2015, 2017) and TER (Snover
 * et al. 2006), equal to sacreBLEU 2.x to the last printed digit, with its signature; ROUGE (Lin
 * 2004), equal to Google's rouge-score; exact match, token accuracy, character and word error rate.
 * Scores of labelled tasks: accuracy, F1 and MCC as scikit-learn defines them (labels.c), entity F1 as
 * conlleval does (entities.c).
 *
 * A metric turns each segment into a short vector of numbers, its sufficient statistics; the corpus
 * score is a function of their sum. So memory does not grow with the text, a segment's own score is
 * that of its own vector, and resampling a corpus needs no text: only the vectors.
 *
 * A metric object holds scratch memory: one thread at a time. */
#ifndef S2S_METRIC_METRIC_H
#define S2S_METRIC_METRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/memory.h"
#include "base/metrics.h"

typedef enum s2s_bleu_tokenizer {
    S2S_TOK_13A,
    S2S_TOK_NONE,
    S2S_TOK_CHAR,
    S2S_TOK_INTL,
    S2S_TOK_ZH
} s2s_bleu_tokenizer;
typedef enum s2s_bleu_smoothing {
    S2S_SMOOTH_EXP,
    S2S_SMOOTH_FLOOR,
    S2S_SMOOTH_ADD_K,
    S2S_SMOOTH_NONE
} s2s_bleu_smoothing;

typedef struct s2s_bleu_options {
    s2s_bleu_tokenizer tokenizer;
    bool lowercase;
    s2s_bleu_smoothing smoothing;
    double smoothing_value; /* negative: the method's default (floor 0.1, add-k 1) */
    bool effective_order; /* orders that the text is too short for do not count: for single segments
                           */
} s2s_bleu_options;

typedef struct s2s_chrf_options {
    int char_order, word_order; /* 6, 0; chrF++ has word_order 2 */
    int beta;                   /* 2: how many times recall weighs more than precision */
    bool lowercase, whitespace, eps_smoothing;
} s2s_chrf_options;

/* All false: sacreBLEU's defaults. */
typedef struct s2s_ter_options {
    bool normalized;    /* separate punctuation, read entities */
    bool no_punct;      /* drop punctuation */
    bool asian_support; /* with normalized: split Chinese characters; with no_punct: drop theirs */
    bool case_sensitive;
} s2s_ter_options;

typedef enum s2s_rouge_stemmer { S2S_STEM_PORTER, S2S_STEM_NONE } s2s_rouge_stemmer;

typedef struct s2s_rouge_options {
    s2s_rouge_stemmer stemmer;
    /* What parts sentences besides a line break: up to 32 ASCII characters, or NULL. Read while the metric
     * is made, not later. */
    const char *separator;
} s2s_rouge_options;

/* sacreBLEU's defaults: start from these and change what differs. */
#define S2S_BLEU_DEFAULTS ((s2s_bleu_options){.smoothing_value = -1})
#define S2S_CHRF_DEFAULTS ((s2s_chrf_options){.char_order = 6, .beta = 2})

/* Names as in signatures, ended by NULL: 13a, none, char, intl, zh; exp, floor, add-k, none. */
extern const char *const s2s_bleu_tokenizer_names[], *const s2s_bleu_smoothing_names[];
/* porter, none */
extern const char *const s2s_rouge_stemmer_names[];

/* What can be chosen of a metric that is known by its name alone: each takes what concerns it. */
typedef struct s2s_metric_options {
    bool lowercase;
    s2s_bleu_tokenizer tokenizer;
    s2s_bleu_smoothing smoothing;
    double smoothing_value; /* as in s2s_bleu_options */
    bool effective_order;   /* the same */
    bool words;             /* labels: each word of a segment is one; else the whole segment is */
    bool strict;            /* entity F1: an output that is no tags is an error, not merely wrong */
    s2s_ter_options ter;    /* `lowercase` overrules its case_sensitive */
    s2s_rouge_options rouge;
} s2s_metric_options;
#define S2S_METRIC_DEFAULTS ((s2s_metric_options){.smoothing_value = -1})

/* A segment of text, UTF-8. Bytes that are not are read as U+FFFD. White space at the end of a line
 * counts for chrF with `whitespace` alone (sacreBLEU's command line drops it before, its API does
 * not). */
typedef struct s2s_segment {
    const char *text;
    size_t length;
} s2s_segment;

typedef struct s2s_score {
    double value;        /* 0 to 100; error rates may be above */
    char name[32];       /* "BLEU", "chrF2", "chrF2++", "TER", "ROUGE-Lsum", "exact match" */
    char signature[256]; /* as sacreBLEU prints it, except that version: names s2s's */
    char detail[256];    /* BLEU: precisions, BP, ratio, lengths, as sacreBLEU prints them; ROUGE:
                         precision and recall; others: "" */
} s2s_score;

typedef struct s2s_metric s2s_metric;

/* `type`: any but S2S_METRIC_LOSS. */
s2s_status s2s_metric_create(s2s_metric **metric, s2s_metric_type type,
                             const s2s_metric_options *options, s2s_err *err);
s2s_status s2s_bleu_create(s2s_metric **metric, const s2s_bleu_options *options, s2s_err *err);
s2s_status s2s_chrf_create(s2s_metric **metric, const s2s_chrf_options *options, s2s_err *err);
void s2s_metric_free(s2s_metric *metric); /* NULL is fine */

/* One segment with its references (at least one, and an empty one is one; where segments differ in
 * their number, the signature says nrefs:var). A failure leaves the sum as it was. */
s2s_status s2s_metric_add(s2s_metric *metric, s2s_segment hypothesis, const s2s_segment *references,
                          int n, s2s_err *err);
/* The score of all segments so far; 0 when there are none. */
s2s_score s2s_metric_result(const s2s_metric *metric);

/* --- segment by segment: single scores, bootstrap, paired tests, minimum Bayes risk --- */

/* The length of a statistics vector. Of a metric of classes it grows with them. */
int s2s_metric_width(const s2s_metric *metric);
/* Makes room in the vectors for the classes of a segment. To be called before s2s_metric_statistics,
 * which s2s_metric_add does itself; of other metrics it does nothing. */
s2s_status s2s_metric_learn(s2s_metric *metric, s2s_segment hypothesis,
                            const s2s_segment *references, int n, s2s_err *err);
/* Writes the vector of one segment, and adds it to nothing. */
s2s_status s2s_metric_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                 const s2s_segment *references, int n, double *statistics,
                                 s2s_err *err);
/* The score of a vector, or of the sum of many. */
s2s_score s2s_metric_score(const s2s_metric *metric, const double *statistics);
/* Its value alone; several threads may ask at once. */
double s2s_metric_value(const s2s_metric *metric, const double *statistics);

/* --- metrics of classes: those whose segments are labels or tags, and not text --- */

bool s2s_metric_is_of_classes(const s2s_metric *metric);

/* A class, or type of entity, in a vector. */
typedef struct s2s_class_score {
    s2s_segment name;             /* borrowed from the metric */
    double precision, recall, f1; /* 0 to 100; 0 where there is nothing to divide by */
    double right, found, wanted;  /* items of it: in both, in the output, in the reference */
} s2s_class_score;

/* How many classes the score is made of; 0 where their own scores say nothing more. */
int s2s_metric_classes(const s2s_metric *metric);
/* One of them; they are in the order of their names. */
s2s_class_score s2s_metric_class(const s2s_metric *metric, const double *statistics, int index);

#endif
