/* How sure the scores of `s2s evaluate` are: what may be asked for, and the answers for all metrics and
 * systems. The arithmetic is in metric/resample.h. */
#ifndef S2S_CLI_SIGNIFICANCE_H
#define S2S_CLI_SIGNIFICANCE_H

#include "cli/options.h"
#include "cli/scores.h"
#include "metric/resample.h"

typedef enum s2s_paired_test {
    S2S_NOT_PAIRED,
    S2S_PAIRED_BOOTSTRAP,
    S2S_PAIRED_RANDOMIZATION
} s2s_paired_test;
extern const char *const s2s_paired_test_names[]; /* ended by NULL */

/* Start from S2S_SIGNIFICANCE_DEFAULTS. */
typedef struct s2s_significance {
    bool confidence;
    int paired;        /* s2s_paired_test */
    int64_t resamples; /* 0: as many as is usual */
    int64_t seed;
} s2s_significance;
#define S2S_SIGNIFICANCE_DEFAULTS ((s2s_significance){.seed = S2S_RESAMPLE_SEED})

/* Rows of a command's table that fill *o. */
#define S2S_SIGNIFICANCE_OPTIONS(o)                                                                \
    S2S_FLAG("confidence", &(o)->confidence,                                                       \
             "Give 95% intervals of the scores, by bootstrap; --paired=bootstrap does so too."),   \
        S2S_CHOICE_OPTION("paired", s2s_paired_test_names, &(o)->paired,                           \
                          "Test whether systems differ from the first --hypothesis, and give "     \
                          "p-values."),                                                            \
        S2S_WHOLE_OPTION("resamples", &(o)->resamples, 0, S2S_MOST_SAMPLES,                        \
                         "How often the lines are drawn again; 0: 1000 times for a bootstrap, "    \
                         "10000 for a randomization."),                                            \
        S2S_WHOLE_OPTION("resample-seed", &(o)->seed, 0, INT64_MAX, "Of these draws.")

/* S2S_USAGE when what is asked for needs more systems, or means nothing. */
s2s_status s2s_significance_check(const s2s_significance *asked, int systems, s2s_err *err);
/* Whether each segment's statistics are needed. */
bool s2s_significance_is_asked(const s2s_significance *asked);
/* Whether the results have intervals. */
bool s2s_significance_has_intervals(const s2s_significance *asked);

/* results: [metrics x systems] as in s2s_scores. Scores alone where nothing more was asked for. */
s2s_status s2s_significance_run(const s2s_significance *asked, const s2s_scores *scores,
                                s2s_comparison *results, s2s_err *err);

/* Puts the number of samples and the seed where sacreBLEU has them in its signatures. */
void s2s_significance_sign(const s2s_significance *asked, char *signature, size_t size);
/* "paired bootstrap, 1000 samples" */
void s2s_significance_describe(const s2s_significance *asked, char *text, size_t size);

#endif
