/* See resample.h.
 *
 *   interval   of the scores of N samples, each as many segments as there are, drawn with replacement
 *   bootstrap  p = (1 + #{|a - b| - mean |a - b| > d}) / (1 + N), a and b the scores of two systems on
 *              the same sample, d the difference on all segments
 *   randomised p = (1 + #{|a - b| > d}) / (1 + N), a and b the scores of two made-up systems, each
 *              segment of which is one system's or the other's by the toss of a coin
 *
 * Draws come one after another from one generator, some samples at a time; those are then scored in
 * parallel, each by one thread from its first segment to its last. */
#include "metric/resample.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "metric/pcg.h"

/* Samples between two draws: about a million numbers, and a multiple of 32 (see s2s_pcg_bits). */
enum { NUMBERS_AT_ONCE = 1 << 20, MOST_AT_ONCE = 1024, LEAST_AT_ONCE = 32 };

/* --- sums and scores --- */

static void add_row(double *restrict sum, const double *restrict row, int width) {
    for (int k = 0; k < width; k++) sum[k] += row[k];
}

static const double *row_of(const s2s_segment_rows *system, size_t segment, int width) {
    return system->rows + segment * (size_t)width;
}

static double score_all(const s2s_segment_rows *system, double *sum) {
    int width = s2s_metric_width(system->metric);
    memset(sum, 0, (size_t)width * sizeof *sum);
    for (size_t i = 0; i < system->segments; i++) add_row(sum, row_of(system, i, width), width);
    return s2s_metric_value(system->metric, sum);
}

static double score_chosen(const s2s_segment_rows *system, const uint32_t *chosen, double *sum) {
    int width = s2s_metric_width(system->metric);
    memset(sum, 0, (size_t)width * sizeof *sum);
    for (size_t i = 0; i < system->segments; i++)
        add_row(sum, row_of(system, chosen[i], width), width);
    return s2s_metric_value(system->metric, sum);
}

/* |a - b|: where swapped[i] is 1, a takes segment i of the first system and b that of the second. The
 * sum of b is not taken from the total and a: for equal systems both must be equal to the last bit. */
static double swapped_difference(const s2s_segment_rows *first, const s2s_segment_rows *second,
                                 const uint8_t *swapped, double *sums) {
    int width = s2s_metric_width(first->metric);
    double *a = sums, *b = sums + width;
    memset(sums, 0, 2 * (size_t)width * sizeof *sums);
    for (size_t i = 0; i < first->segments; i++) {
        add_row(swapped[i] ? a : b, row_of(first, i, width), width);
        add_row(swapped[i] ? b : a, row_of(second, i, width), width);
    }
    return fabs(s2s_metric_value(first->metric, a) - s2s_metric_value(first->metric, b));
}

/* --- room for the draws --- */

typedef struct workspace {
    int at_once;
    size_t segments;
    int width;
    void *draws;  /* [at_once x segments] numbers of segments, uint32_t, or bits, uint8_t */
    double *sums; /* [at_once x 2 x width] */
} workspace;

static void workspace_release(workspace *w) {
    free(w->draws);
    free(w->sums);
}

static s2s_status workspace_init(workspace *w, const s2s_segment_rows *system, size_t draw_size,
                                 s2s_err *err) {
    size_t at_once = NUMBERS_AT_ONCE / system->segments / LEAST_AT_ONCE * LEAST_AT_ONCE;
    if (at_once < LEAST_AT_ONCE) at_once = LEAST_AT_ONCE;
    if (at_once > MOST_AT_ONCE) at_once = MOST_AT_ONCE;
    int width = s2s_metric_width(system->metric);
    *w = (workspace){(int)at_once, system->segments, width, NULL, NULL};
    w->draws = calloc(at_once * system->segments, draw_size);
    w->sums = calloc(at_once * 2 * (size_t)width, sizeof *w->sums);
    if (w->draws && w->sums) return S2S_OK;
    workspace_release(w);
    return s2s_fail_memory(
        err, at_once * (system->segments * draw_size + 2 * (size_t)width * sizeof *w->sums));
}

static double *sums_of(const workspace *w, int sample) {
    return w->sums + (size_t)sample * 2 * (size_t)w->width;
}

/* --- bootstrap --- */

/* Scores of all systems on the same samples: scores [n x samples]. */
static s2s_status bootstrap_scores(const s2s_segment_rows *systems, int n, int samples,
                                   s2s_pcg *pcg, double *scores, s2s_err *err) {
    workspace w;
    size_t segments = systems[0].segments;
    S2S_TRY(workspace_init(&w, systems, sizeof(uint32_t), err));
    uint32_t *draws = w.draws;
    for (int done = 0; done < samples; done += w.at_once) {
        int count = samples - done < w.at_once ? samples - done : w.at_once;
        s2s_pcg_below(pcg, (uint32_t)segments, draws, (size_t)count * segments);
        for (int system = 0; system < n; system++) {
            double *into = scores + (size_t)system * (size_t)samples + done;
#pragma omp parallel for schedule(static)
            for (int i = 0; i < count; i++)
                into[i] =
                    score_chosen(&systems[system], draws + (size_t)i * segments, sums_of(&w, i));
        }
    }
    workspace_release(&w);
    return S2S_OK;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double mean_of(const double *values, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += values[i];
    return sum / n;
}

/* Sorts the scores. */
static s2s_interval interval_of(double *scores, int n) {
    qsort(scores, (size_t)n, sizeof *scores, by_value);
    double low = scores[n / 40], high = scores[n - n / 40 - 1];
    return (s2s_interval){mean_of(scores, n), 0.5 * (high - low), low, high};
}

/* --- p-values --- */

/* Of n differences that chance alone has made, how many are larger than the real one. The real one
 * counts among them, so that p is never 0. */
static double p_value(const double *chance, int n, double real) {
    int larger = 0;
    if (real == 0) return 1; /* no difference can be smaller; see resample.h */
    for (int i = 0; i < n; i++) larger += chance[i] > real;
    return (larger + 1.0) / (n + 1.0);
}

/* Of two systems' scores on the same samples; `differences`: [samples], scratch. */
static double bootstrap_p(const double *baseline, const double *system, int samples, double real,
                          double *differences) {
    for (int i = 0; i < samples; i++) differences[i] = fabs(system[i] - baseline[i]);
    double mean = mean_of(differences, samples);
    for (int i = 0; i < samples; i++) differences[i] -= mean;
    return p_value(differences, samples, real);
}

/* Differences of the made-up pairs, of each system but the first: [n - 1 x trials]. */
static s2s_status randomized_differences(const s2s_segment_rows *systems, int n, int trials,
                                         s2s_pcg *pcg, double *differences, s2s_err *err) {
    workspace w;
    size_t segments = systems[0].segments;
    S2S_TRY(workspace_init(&w, systems, sizeof(uint8_t), err));
    uint8_t *draws = w.draws;
    for (int done = 0; done < trials; done += w.at_once) {
        int count = trials - done < w.at_once ? trials - done : w.at_once;
        s2s_pcg_bits(pcg, draws, (size_t)count * segments);
        for (int system = 1; system < n; system++) {
            double *into = differences + (size_t)(system - 1) * (size_t)trials + done;
#pragma omp parallel for schedule(static)
            for (int i = 0; i < count; i++)
                into[i] = swapped_difference(&systems[0], &systems[system],
                                             draws + (size_t)i * segments, sums_of(&w, i));
        }
    }
    workspace_release(&w);
    return S2S_OK;
}

/* --- what is offered --- */

static s2s_status check(const s2s_segment_rows *systems, int n, const s2s_resample_options *options,
                        s2s_err *err) {
    for (int i = 0; i < n; i++) {
        assert(systems[i].segments == systems[0].segments);
        assert(s2s_metric_width(systems[i].metric) == s2s_metric_width(systems[0].metric));
    }
    if (options->samples < 1 || options->samples > S2S_MOST_SAMPLES || options->interval < 0 ||
        options->interval > S2S_MOST_SAMPLES)
        return s2s_fail(err, S2S_USAGE, "resampling: 1 to %d samples can be drawn",
                        S2S_MOST_SAMPLES);
    if (systems[0].segments < 1 || systems[0].segments > UINT32_MAX)
        return s2s_fail(err, S2S_INPUT, "resampling needs 1 to %u segments, not %zu", UINT32_MAX,
                        systems[0].segments);
    return S2S_OK;
}

static double *allocate(size_t rows, int samples, s2s_err *err) {
    double *values = calloc(rows * (size_t)samples + 1, sizeof *values);
    if (!values) s2s_fail_memory(err, rows * (size_t)samples * sizeof *values);
    return values;
}

/* Scores on all segments, and no difference found yet. */
static s2s_status begin_results(const s2s_segment_rows *systems, int n, s2s_comparison *results,
                                s2s_err *err) {
    double *sum = allocate(1, s2s_metric_width(systems[0].metric), err);
    if (!sum) return S2S_MEMORY;
    for (int i = 0; i < n; i++)
        results[i] = (s2s_comparison){.score = score_all(&systems[i], sum), .p = 1};
    free(sum);
    return S2S_OK;
}

s2s_status s2s_bootstrap(const s2s_segment_rows *system, const s2s_resample_options *options,
                         s2s_interval *interval, s2s_err *err) {
    S2S_TRY(check(system, 1, options, err));
    double *scores = allocate(1, options->samples, err);
    if (!scores) return S2S_MEMORY;
    s2s_pcg pcg = s2s_pcg_init(options->seed);
    s2s_status status = bootstrap_scores(system, 1, options->samples, &pcg, scores, err);
    if (status == S2S_OK) *interval = interval_of(scores, options->samples);
    free(scores);
    return status;
}

s2s_status s2s_paired_bootstrap(const s2s_segment_rows *systems, int n,
                                const s2s_resample_options *options, s2s_comparison *results,
                                s2s_err *err) {
    S2S_TRY(check(systems, n, options, err));
    S2S_TRY(begin_results(systems, n, results, err));
    int samples = options->samples;
    double *scores = allocate((size_t)n + 1, samples, err);
    if (!scores) return S2S_MEMORY;
    double *differences = scores + (size_t)n * (size_t)samples;
    s2s_pcg pcg = s2s_pcg_init(options->seed);
    s2s_status status = bootstrap_scores(systems, n, samples, &pcg, scores, err);
    for (int i = n - 1; i >= 0 && status == S2S_OK; i--) { /* an interval sorts its scores */
        double *own = scores + (size_t)i * (size_t)samples;
        double real = fabs(results[i].score - results[0].score);
        if (i > 0) results[i].p = bootstrap_p(scores, own, samples, real, differences);
        results[i].interval = interval_of(own, samples);
    }
    free(scores);
    return status;
}

/* Of systems[0] from fresh draws, of the others from those that follow the trials': so sacreBLEU's
 * intervals come about. */
static s2s_status add_intervals(const s2s_segment_rows *systems, int n,
                                const s2s_resample_options *options, s2s_pcg *after_trials,
                                s2s_comparison *results, s2s_err *err) {
    int samples = options->interval;
    double *scores = allocate((size_t)n, samples, err);
    if (!scores) return S2S_MEMORY;
    s2s_pcg fresh = s2s_pcg_init(options->seed);
    s2s_status status = bootstrap_scores(systems, 1, samples, &fresh, scores, err);
    if (status == S2S_OK && n > 1)
        status = bootstrap_scores(systems + 1, n - 1, samples, after_trials, scores + samples, err);
    for (int i = 0; i < n && status == S2S_OK; i++)
        results[i].interval = interval_of(scores + (size_t)i * (size_t)samples, samples);
    free(scores);
    return status;
}

s2s_status s2s_paired_randomization(const s2s_segment_rows *systems, int n,
                                    const s2s_resample_options *options, s2s_comparison *results,
                                    s2s_err *err) {
    S2S_TRY(check(systems, n, options, err));
    S2S_TRY(begin_results(systems, n, results, err));
    int trials = options->samples;
    double *differences = allocate((size_t)n, trials, err);
    if (!differences) return S2S_MEMORY;
    s2s_pcg pcg = s2s_pcg_init(options->seed);
    s2s_status status = randomized_differences(systems, n, trials, &pcg, differences, err);
    for (int i = 1; i < n && status == S2S_OK; i++)
        results[i].p = p_value(differences + (size_t)(i - 1) * (size_t)trials, trials,
                               fabs(results[i].score - results[0].score));
    free(differences);
    if (status != S2S_OK || !options->interval) return status;
    return add_intervals(systems, n, options, &pcg, results, err);
}
