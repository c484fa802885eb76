/* The metrics by name: the one list of them, from which recipes take the names that they know, src/metric its table
 * and `s2s evaluate` what --metric may be. It stands here because recipe and metric know nothing of each other. */
#ifndef S2S_BASE_METRICS_H
#define S2S_BASE_METRICS_H

/* METRIC(number, name, what makes it: an s2s_metric_maker in a file of src/metric). A new one goes to the end:
 * checkpoints hold the numbers. */
#define S2S_METRICS(METRIC)                                                                        \
    METRIC(S2S_METRIC_BLEU, "bleu", s2s_bleu_make)                                                 \
    METRIC(S2S_METRIC_CHRF, "chrf", s2s_chrf_make)                                                 \
    METRIC(S2S_METRIC_CHRF_PLUS, "chrf++", s2s_chrf_plus_make)                                     \
    METRIC(S2S_METRIC_ACCURACY, "accuracy", s2s_accuracy_make)                                     \
    METRIC(S2S_METRIC_MACRO_F1, "macro_f1", s2s_macro_f1_make)                                     \
    METRIC(S2S_METRIC_MICRO_F1, "micro_f1", s2s_micro_f1_make)                                     \
    METRIC(S2S_METRIC_MCC, "mcc", s2s_mcc_make)                                                    \
    METRIC(S2S_METRIC_ENTITY_F1, "entity_f1", s2s_entity_f1_make)

#define S2S_METRIC_NUMBER(number, name, make) number,
typedef enum s2s_metric_type {
    S2S_METRIC_LOSS, /* a name in recipes as well, but training measures it, not a metric */
    S2S_METRICS(S2S_METRIC_NUMBER) S2S_METRIC_TYPES
} s2s_metric_type;
#undef S2S_METRIC_NUMBER

/* [S2S_METRIC_TYPES], and NULL at the end. */
extern const char *const s2s_metric_names[];

#endif
