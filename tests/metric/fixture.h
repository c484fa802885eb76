/* Fixtures of tests/fixtures/metric: lines of JSON, made from sacreBLEU by
 * tools/fixtures/metric.py. */
#ifndef S2S_TESTS_METRIC_FIXTURE_H
#define S2S_TESTS_METRIC_FIXTURE_H

#include <jansson.h>

#include "metric/metric.h"

/* All lines of a fixture as one array; fails the test when the file is missing or damaged. Owner:
 * the caller, json_decref. */
json_t *read_fixture(const char *name);

/* A string of a JSON object; fails the test when it is missing. Borrowed from the object. */
s2s_segment text_of(const json_t *object, const char *key);

#endif
