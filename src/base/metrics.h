/* The metrics by name: the one list of them, from which recipes take the names that they know, src/metric its table
 * and `s2s evaluate` what --metric may be. It stands here because recipe and metric know nothing of each other. */
#ifndef S2S_BASE_METRICS_H
#define S2S_BASE_METRICS_H

#include <stdbool.h>

/* METRIC(number, name, what makes it: an s2s_metric_maker in a file of src/metric, which values are the better ones).
 * A new one goes to the end of all, one of texts in a list of its own: checkpoints hold the numbers. */
#define S2S_TEXT_METRICS(METRIC)                                                                   \
    METRIC(S2S_METRIC_BLEU, "bleu", s2s_bleu_make, S2S_HIGHER)                                     \
    METRIC(S2S_METRIC_CHRF, "chrf", s2s_chrf_make, S2S_HIGHER)                                     \
    METRIC(S2S_METRIC_CHRF_PLUS, "chrf++", s2s_chrf_plus_make, S2S_HIGHER)                         \
    METRIC(S2S_METRIC_TER, "ter", s2s_ter_make, S2S_LOWER)                                         \
    METRIC(S2S_METRIC_ROUGE_1, "rouge1", s2s_rouge_1_make, S2S_HIGHER)                             \
    METRIC(S2S_METRIC_ROUGE_2, "rouge2", s2s_rouge_2_make, S2S_HIGHER)                             \
    METRIC(S2S_METRIC_ROUGE_L, "rougeL", s2s_rouge_l_make, S2S_HIGHER)                             \
    METRIC(S2S_METRIC_ROUGE_LSUM, "rougeLsum", s2s_rouge_lsum_make, S2S_HIGHER)                    \
    METRIC(S2S_METRIC_EXACT_MATCH, "exact_match", s2s_exact_match_make, S2S_HIGHER)                \
    METRIC(S2S_METRIC_TOKEN_ACCURACY, "token_accuracy", s2s_token_accuracy_make, S2S_HIGHER)       \
    METRIC(S2S_METRIC_CER, "cer", s2s_cer_make, S2S_LOWER)                                         \
    METRIC(S2S_METRIC_WER, "wer", s2s_wer_make, S2S_LOWER)
/* Of labels or tags: what another segment has decides what a class is worth. */
#define S2S_LABEL_METRICS(METRIC)                                                                  \
    METRIC(S2S_METRIC_ACCURACY, "accuracy", s2s_accuracy_make, S2S_HIGHER)                         \
    METRIC(S2S_METRIC_MACRO_F1, "macro_f1", s2s_macro_f1_make, S2S_HIGHER)                         \
    METRIC(S2S_METRIC_MICRO_F1, "micro_f1", s2s_micro_f1_make, S2S_HIGHER)                         \
    METRIC(S2S_METRIC_MCC, "mcc", s2s_mcc_make, S2S_HIGHER)                                        \
    METRIC(S2S_METRIC_ENTITY_F1, "entity_f1", s2s_entity_f1_make, S2S_HIGHER)
#define S2S_METRICS(METRIC) S2S_TEXT_METRICS(METRIC) S2S_LABEL_METRICS(METRIC)

#define S2S_METRIC_NUMBER(number, name, make, better) number,
typedef enum s2s_metric_type {
    S2S_METRIC_LOSS, /* a name in recipes as well, but training measures it, not a metric */
    S2S_METRICS(S2S_METRIC_NUMBER) S2S_METRIC_TYPES
} s2s_metric_type;
#undef S2S_METRIC_NUMBER

typedef enum s2s_better { S2S_HIGHER, S2S_LOWER } s2s_better;

/* [S2S_METRIC_TYPES], and NULL at the end. */
extern const char *const s2s_metric_names[];

/* Error rates and the loss: what stops training early and ranks checkpoints goes by this. */
bool s2s_metric_lower_is_better(s2s_metric_type type);

#endif
