/* A set of metrics that are fed together, for one system or several. */
#ifndef S2S_CLI_SCORES_H
#define S2S_CLI_SCORES_H

#include "cli/options.h"
#include "metric/metric.h"
#include "metric/tally.h"

enum { S2S_MOST_METRICS = 16, S2S_MOST_SYSTEMS = 32 };

/* What `s2s evaluate` lets one choose. Start from S2S_SCORE_DEFAULTS. */
typedef struct s2s_score_options {
    s2s_strings metrics; /* names, or several parted by commas; none: bleu and chrf */
    int tokenizer;       /* s2s_bleu_tokenizer */
    int smoothing;       /* s2s_bleu_smoothing */
    double smoothing_value;
    bool lowercase;
    s2s_ter_options ter;
    int rouge_stemmer; /* s2s_rouge_stemmer */
    const char *rouge_separator;
    bool columns;   /* segments are the tags of sentences: metrics of text make no sense */
    bool sentences; /* segments are scored by themselves: BLEU has a say about short ones */
} s2s_score_options;
#define S2S_SCORE_DEFAULTS ((s2s_score_options){.smoothing_value = -1})

#define S2S_METRIC_IN_LIST(number, name, make, better) " " name ","

/* Rows of a command's table that fill *o. */
#define S2S_SCORE_OPTIONS(o)                                                                       \
    S2S_TEXTS_OPTION("metric", "NAMES", &(o)->metrics,                                             \
                     "Any of" S2S_METRICS(S2S_METRIC_IN_LIST) " parted by commas; bleu,chrf if "   \
                                                              "not given. Of ter, cer and wer "    \
                                                              "lower values are better."),         \
        S2S_CHOICE_OPTION("tokenize", s2s_bleu_tokenizer_names, &(o)->tokenizer,                   \
                          "How BLEU finds words."),                                                \
        S2S_FLAG("lowercase", &(o)->lowercase,                                                     \
                 "Compare without regard to case; always so with a model that lowercases."),       \
        S2S_CHOICE_OPTION("smoothing", s2s_bleu_smoothing_names, &(o)->smoothing,                  \
                          "What BLEU does about orders without a match."),                         \
        S2S_REAL_OPTION("smoothing-value", &(o)->smoothing_value, 0, 1000000,                      \
                        "Of floor (0.1 if not given) and add-k (1)."),                             \
        S2S_FLAG("ter-normalized", &(o)->ter.normalized,                                           \
                 "TER: separate punctuation from words, and read &quot; and its like."),           \
        S2S_FLAG("ter-no-punct", &(o)->ter.no_punct, "TER: leave punctuation out."),               \
        S2S_FLAG("ter-asian-support", &(o)->ter.asian_support,                                     \
                 "TER: with --ter-normalized, every Chinese character is a word; with "            \
                 "--ter-no-punct, Chinese and Japanese punctuation goes, too."),                   \
        S2S_FLAG("ter-case-sensitive", &(o)->ter.case_sensitive,                                   \
                 "TER: case counts, unless --lowercase is given."),                                \
        S2S_CHOICE_OPTION("rouge-stemmer", s2s_rouge_stemmer_names, &(o)->rouge_stemmer,           \
                          "ROUGE: what takes endings off English words; with none as "             \
                          "rouge-score without use_stemmer."),                                     \
        S2S_TEXT_OPTION("rouge-separator", "TEXT", &(o)->rouge_separator,                          \
                        "ROUGE: what stands between the sentences of a line, such as <n>; "        \
                        "rougeLsum looks at each sentence.")

typedef struct s2s_scores {
    s2s_metric *metrics[S2S_MOST_METRICS];
    s2s_metric_type types[S2S_MOST_METRICS];
    int n, systems;
    s2s_tally *tallies; /* [n x systems] */
} s2s_scores;

/* `keep`: each segment's statistics, as significance.h and scores of single segments need them. */
s2s_status s2s_scores_create(s2s_scores *scores, const s2s_score_options *options, int systems,
                             bool keep, s2s_err *err);
void s2s_scores_release(s2s_scores *scores); /* all zero is fine */
bool s2s_scores_have(const s2s_scores *scores, s2s_metric_type type);

s2s_status s2s_scores_add(s2s_scores *scores, int system, s2s_segment hypothesis,
                          const s2s_segment *references, int n, s2s_err *err);
/* To be called once when all systems have all their segments, before their tallies are read. */
s2s_status s2s_scores_finish(s2s_scores *scores, s2s_err *err);
const s2s_tally *s2s_scores_tally(const s2s_scores *scores, int metric, int system);
/* The score of one segment by itself, of scores that keep them. */
double s2s_scores_segment(const s2s_scores *scores, int metric, int system, size_t segment);

#endif
