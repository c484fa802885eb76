/* A suite: which models translate which test sets by which searches, and how that is scored.
 *
 * A YAML file through the recipe layer's schema tables (schema.c), so that its mistakes are told as those of
 * recipes are: FILE:LINE:COLUMN, the key, the nearest known one. Immutable after loading. */
#ifndef S2S_SUITE_SUITE_H
#define S2S_SUITE_SUITE_H

#include "base/err.h"
#include "base/memory.h"
#include "metric/metric.h"
#include "recipe/schema.h"

typedef struct s2s_suite_model {
    const char *name;
    const char *folder; /* of the trained model; absolute */
} s2s_suite_model;

/* A text and its references, in one of the three forms of a recipe's corpora. */
typedef struct s2s_suite_test {
    const char *name;
    const char *place;   /* "FILE:LINE:COLUMN" where the suite has it, for messages */
    const char *source;  /* line-aligned files: the text, */
    s2s_list references; /* const char *: and a file for each reference */
    const char *tsv;
    int64_t source_column;
    s2s_list reference_columns; /* int64_t */
    const char *json;
    const char *source_field;
    s2s_list reference_fields; /* const char * */
} s2s_suite_test;

typedef struct s2s_suite_search {
    const char *name;
    const char *place;        /* as that of a test set */
    s2s_search_recipe recipe; /* only what `sets` names counts */
    const char **sets;        /* "search.beam_size=4": what lies over the model's own search */
    int sets_n;
} s2s_suite_search;

typedef enum s2s_suite_method { S2S_SUITE_BOOTSTRAP, S2S_SUITE_RANDOMIZATION } s2s_suite_method;

typedef struct s2s_suite_significance {
    s2s_suite_method method;
    int64_t samples; /* of intervals and of the bootstrap */
    int64_t trials;  /* of the randomisation */
    int64_t seed;
    double level; /* a difference with a smaller p gets a mark */
} s2s_suite_significance;

/* What rows are compared with. Both: one row. Only a model: its row of the same search. Only a search: the
 * same model's row of that search. Neither: nothing is compared. Indices, or -1. */
typedef struct s2s_suite_baseline {
    const char *model_name, *search_name;
    int model, search;
} s2s_suite_baseline;

typedef struct s2s_suite {
    const char *name;
    const char *folder;               /* where its file lies; absolute, without symbolic links */
    s2s_list models, tests, searches; /* s2s_suite_model, s2s_suite_test, s2s_suite_search */
    int metrics[S2S_METRIC_TYPES];    /* s2s_metric_type */
    int metrics_n;
    s2s_metric_options scoring; /* effective_order, words and strict are not the suite's */
    s2s_suite_baseline baseline;
    s2s_suite_significance significance;
    const char *results; /* folder of the result store; absolute */
    s2s_arena arena;
} s2s_suite;

extern const s2s_section s2s_suite_schema; /* describes s2s_suite */

/* Reads a suite and checks that what it names is there: model folders, files of test sets. *suite is the
 * caller's. */
s2s_status s2s_suite_load(s2s_suite **suite, const char *path, s2s_err *err);
void s2s_suite_free(s2s_suite *suite); /* NULL is fine */

static inline const s2s_suite_model *s2s_suite_model_at(const s2s_suite *suite, int i) {
    return (const s2s_suite_model *)suite->models.items + i;
}
static inline const s2s_suite_test *s2s_suite_test_at(const s2s_suite *suite, int i) {
    return (const s2s_suite_test *)suite->tests.items + i;
}
static inline const s2s_suite_search *s2s_suite_search_at(const s2s_suite *suite, int i) {
    return (const s2s_suite_search *)suite->searches.items + i;
}

#endif
