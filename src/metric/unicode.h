/* What the metrics need to know about characters: white space, general categories, lower case.
 *
 * sacreBLEU takes these from Python and its `regex` module; here they are utf8proc's, with what
 * differs between the two written out in unicode.c. */
#ifndef S2S_METRIC_UNICODE_H
#define S2S_METRIC_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include "metric/points.h"

/* White space where Python's str.split() splits: the White_Space property and U+001C to U+001F. */
bool s2s_is_space(uint32_t point);

bool s2s_is_number(uint32_t point);      /* \p{N} */
bool s2s_is_punctuation(uint32_t point); /* \p{P} */
bool s2s_is_symbol(uint32_t point);      /* \p{S} */

/* Full lower case without language rules, as Python's str.lower(): a capital sigma that ends a word
 * becomes a final one, and U+0130 becomes two characters (Unicode 15, section 3.13). Letters newer than
 * the Unicode of utf8proc stay as they are, as they do in a Python of that time. */
s2s_status s2s_lowercase(s2s_rewrite *rewrite, s2s_err *err);

#endif
