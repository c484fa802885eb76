/* See metrics.h. */
#include "base/metrics.h"

#define NAME(number, name, make, better) [number] = (name),
const char *const s2s_metric_names[S2S_METRIC_TYPES + 1] = {[S2S_METRIC_LOSS] = "loss",
                                                            S2S_METRICS(NAME)};

#define BETTER(number, name, make, better) [number] = (better),
static const s2s_better better[S2S_METRIC_TYPES] = {[S2S_METRIC_LOSS] = S2S_LOWER,
                                                    S2S_METRICS(BETTER)};

bool s2s_metric_lower_is_better(s2s_metric_type type) {
    return better[type] == S2S_LOWER;
}
