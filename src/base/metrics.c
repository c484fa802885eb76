/* See metrics.h. */
#include "base/metrics.h"

#define NAME(number, name, make) [number] = (name),
const char *const s2s_metric_names[S2S_METRIC_TYPES + 1] = {[S2S_METRIC_LOSS] = "loss",
                                                            S2S_METRICS(NAME)};
