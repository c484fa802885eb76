/* Words of a line, parted by ASCII white space: labels, tags, columns. */
#ifndef S2S_METRIC_SPLIT_H
#define S2S_METRIC_SPLIT_H

#include <stdbool.h>

#include "metric/metric.h"

/* Without white space at both ends. */
s2s_segment s2s_trim(s2s_segment text);

/* Takes the next word off the start of *rest; false when there is none. */
bool s2s_next_word(s2s_segment *rest, s2s_segment *word);

bool s2s_same_text(s2s_segment a, s2s_segment b);

#endif
