/* See significance.h. */
#include "cli/significance.h"

#include <stdio.h>
#include <string.h>

const char *const s2s_paired_test_names[] = {"none", "bootstrap", "randomization", NULL};

s2s_status s2s_significance_check(const s2s_significance *asked, int systems, s2s_err *err) {
    if (asked->paired && systems < 2)
        return s2s_fail(err, S2S_USAGE,
                        "--paired compares systems: give --hypothesis twice or more, the baseline "
                        "first");
    if (asked->resamples && !s2s_significance_is_asked(asked))
        return s2s_fail(err, S2S_USAGE, "--resamples goes with --confidence or --paired");
    return S2S_OK;
}

bool s2s_significance_is_asked(const s2s_significance *asked) {
    return asked->confidence || asked->paired;
}

bool s2s_significance_has_intervals(const s2s_significance *asked) {
    return asked->confidence || asked->paired == S2S_PAIRED_BOOTSTRAP;
}

/* --resamples is about the test where there is one; the intervals beside a randomisation are of the
 * usual number of samples. */
static s2s_resample_options resampling(const s2s_significance *asked) {
    bool randomization = asked->paired == S2S_PAIRED_RANDOMIZATION;
    int usual = randomization ? S2S_RANDOMIZATION_TRIALS : S2S_BOOTSTRAP_SAMPLES;
    return (s2s_resample_options){
        .samples = asked->resamples ? (int)asked->resamples : usual,
        .interval = randomization && asked->confidence ? S2S_BOOTSTRAP_SAMPLES : 0,
        .seed = (uint64_t)asked->seed};
}

static s2s_status run_metric(const s2s_significance *asked, const s2s_scores *scores, int m,
                             s2s_comparison *results, s2s_err *err) {
    s2s_segment_rows rows[S2S_MOST_SYSTEMS];
    s2s_resample_options options = resampling(asked);
    for (int i = 0; i < scores->systems; i++)
        rows[i] = s2s_tally_rows(s2s_scores_tally(scores, m, i), scores->metrics[m]);
    if (asked->paired == S2S_PAIRED_BOOTSTRAP)
        return s2s_paired_bootstrap(rows, scores->systems, &options, results, err);
    if (asked->paired == S2S_PAIRED_RANDOMIZATION)
        return s2s_paired_randomization(rows, scores->systems, &options, results, err);
    for (int i = 0; i < scores->systems; i++)
        S2S_TRY(s2s_bootstrap(&rows[i], &options, &results[i].interval, err));
    return S2S_OK;
}

s2s_status s2s_significance_run(const s2s_significance *asked, const s2s_scores *scores,
                                s2s_comparison *results, s2s_err *err) {
    for (int m = 0; m < scores->n; m++) {
        s2s_comparison *own = results + m * scores->systems;
        if (s2s_significance_is_asked(asked)) S2S_TRY(run_metric(asked, scores, m, own, err));
        for (int i = 0; i < scores->systems; i++)
            own[i].score =
                s2s_tally_score(s2s_scores_tally(scores, m, i), scores->metrics[m]).value;
    }
    return S2S_OK;
}

void s2s_significance_sign(const s2s_significance *asked, char *signature, size_t size) {
    if (!s2s_significance_is_asked(asked)) return;
    s2s_resample_options options = resampling(asked);
    char rest[256], bootstrap[32] = "", randomization[32] = "";
    size_t references = strcspn(signature, "|") + 1; /* "nrefs:1|" */
    bool trials = asked->paired == S2S_PAIRED_RANDOMIZATION;
    snprintf(rest, sizeof rest, "%s", signature + references);
    if (s2s_significance_has_intervals(asked))
        snprintf(bootstrap, sizeof bootstrap, "bs:%d|",
                 trials ? options.interval : options.samples);
    if (trials) snprintf(randomization, sizeof randomization, "ar:%d|", options.samples);
    snprintf(signature + references, size - references, "%s%sseed:%lld|%s", bootstrap,
             randomization, (long long)asked->seed, rest);
}

void s2s_significance_describe(const s2s_significance *asked, char *text, size_t size) {
    bool trials = asked->paired == S2S_PAIRED_RANDOMIZATION;
    snprintf(text, size, "%s, %d %s", trials ? "approximate randomization" : "paired bootstrap",
             resampling(asked).samples, trials ? "trials" : "samples");
}
