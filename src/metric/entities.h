/* Tags of named entities and other chunks: O outside of any, B-TYPE at the start of one, I-TYPE inside
 * (Tjong Kim Sang and Veenstra 1999, "Representing text chunks"). */
#ifndef S2S_METRIC_ENTITIES_H
#define S2S_METRIC_ENTITIES_H

#include "metric/metric.h"

/* S2S_INPUT when this is no tag; says what one looks like. */
s2s_status s2s_tag_check(s2s_segment tag, s2s_err *err);

#endif
