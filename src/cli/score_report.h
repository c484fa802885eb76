/* The scores of one or several systems on one test set, as text and as JSON. */
#ifndef S2S_CLI_SCORE_REPORT_H
#define S2S_CLI_SCORE_REPORT_H

#include <jansson.h>

#include "cli/output.h"
#include "cli/scores.h"
#include "cli/significance.h"

/* All borrowed. */
typedef struct s2s_score_report {
    const s2s_scores *scores;
    const s2s_significance *asked;
    const s2s_comparison *results; /* [metrics x systems], of s2s_significance_run */
    const char *const *names;      /* of the systems */
} s2s_score_report;

/* With its signature as it is printed. */
s2s_score s2s_score_report_score(const s2s_score_report *report, int metric, int system);
const s2s_comparison *s2s_score_report_result(const s2s_score_report *report, int metric,
                                              int system);

/* One system: two lines a metric or more. Several: a line a system, then the signatures. */
s2s_status s2s_score_report_print(const s2s_score_report *report, s2s_output *output, s2s_err *err);
/* [{"system", "metric", "score", "signature", "detail", ...}, ...], a system after the other. With
 * intervals also "mean", "half", "low" and "high"; with a test "p"; where it is made of those of
 * classes "classes". NULL: no memory. */
json_t *s2s_score_report_json(const s2s_score_report *report);

/* Each segment's own scores: a line a segment, parted by tabs, under a line of names, and an empty line
 * at the end; as JSON a list of lists, each in the order of s2s_score_report_json. */
s2s_status s2s_segment_scores_print(const s2s_score_report *report, s2s_output *output,
                                    s2s_err *err);
json_t *s2s_segment_scores_json(const s2s_scores *scores);

#endif
