/* The parts of s2s evaluate: cmd_evaluate.c reads what is asked for, evaluate_set.c scores one test set. */
#ifndef S2S_CLI_EVALUATE_H
#define S2S_CLI_EVALUATE_H

#include <jansson.h>

#include "cli/command.h"
#include "cli/examples.h"
#include "cli/score_report.h"
#include "cli/suite.h"
#include "model/folder.h"
#include "search/translator.h"

typedef struct s2s_evaluation {
    s2s_strings hypotheses; /* files of translations; none: a model's are scored */
    const char *source;
    s2s_strings references, tests;
    s2s_score_options scoring;
    s2s_significance significance;
    json_t *sets;           /* --json: what was scored so far */
    s2s_loaded_model model; /* all zero: files are scored */
    s2s_translator *translator;
    s2s_suite_options suite; /* of a suite file, the one argument */
    s2s_call *call;
} s2s_evaluation;

/* Scores one set with metrics of its own, and puts out the results; `name`: of a test set, or NULL. */
s2s_status s2s_evaluate_set(s2s_evaluation *evaluation, const s2s_example_source *source,
                            const char *name, s2s_err *err);

#endif
