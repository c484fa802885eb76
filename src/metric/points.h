/* Text as an array of Unicode code points, and rules that rewrite it.
 *
 * The metrics are defined on characters, so a segment is decoded once and everything after that
 * works on numbers: no rule has to know UTF-8. */
#ifndef S2S_METRIC_POINTS_H
#define S2S_METRIC_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory.h"

/* A growing array of code points (or of other 32-bit symbols); all zero is valid and empty. */
typedef struct s2s_points {
    uint32_t *data;
    size_t size, capacity;
} s2s_points;

static inline s2s_status s2s_points_push(s2s_points *points, uint32_t point, s2s_err *err) {
    if (points->size == points->capacity)
        S2S_TRY(s2s_grow(&points->data, &points->capacity, points->size + 1, sizeof point, err));
    points->data[points->size++] = point;
    return S2S_OK;
}
void s2s_points_release(s2s_points *points);

/* The character at text[0], of `length` >= 1 bytes; returns how many of them it has. What is not UTF-8: as below. */
size_t s2s_point_decode(const char *text, size_t length, uint32_t *point);
/* Replaces what is in `points` by the text. What is not UTF-8 becomes U+FFFD, one for each maximal
 * part of a character that is there (Unicode 15, section 3.9), which is also what Python's
 * errors="replace" does. */
s2s_status s2s_points_decode(s2s_points *points, const char *text, size_t length, s2s_err *err);

/* Drop white space at one end. */
void s2s_points_strip_start(s2s_points *points);
void s2s_points_strip_end(s2s_points *points);

/* A word: data[start] to data[end - 1]. */
typedef struct s2s_span {
    size_t start, end;
} s2s_span;

/* The next run of characters that are not white space, from word->end on; false when there is none.
 * Start with an all-zero span. */
bool s2s_points_next_word(const s2s_points *points, s2s_span *word);

/* --- rules --- */

/* Text that rules rewrite one after another: a rule reads `text`, writes `spare` and swaps the two,
 * so no rule allocates once both have the size of the longest segment. */
typedef struct s2s_rewrite {
    s2s_points text, spare;
} s2s_rewrite;

typedef bool (*s2s_point_class)(uint32_t point);

void s2s_rewrite_release(s2s_rewrite *rewrite);
void s2s_rewrite_swap(s2s_rewrite *rewrite);

/* s/from/to/g for two ASCII strings. */
s2s_status s2s_replace(s2s_rewrite *rewrite, const char *from, const char *to, s2s_err *err);
/* s/([class])/ $1 /g */
s2s_status s2s_separate_each(s2s_rewrite *rewrite, s2s_point_class class, s2s_err *err);
/* s/([first])([second])/$1 $2 /g: matches do not overlap, as everywhere in regular expressions, so
 * the second character of a match is never the first of another. */
s2s_status s2s_separate_second(s2s_rewrite *rewrite, s2s_point_class first, s2s_point_class second,
                               s2s_err *err);
/* s/([first])([second])/ $1 $2/g */
s2s_status s2s_separate_first(s2s_rewrite *rewrite, s2s_point_class first, s2s_point_class second,
                              s2s_err *err);

#endif
