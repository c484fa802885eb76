/* See points.h. */
#include "metric/points.h"

#include <stdlib.h>
#include <string.h>

#include "metric/unicode.h"

void s2s_points_release(s2s_points *points) {
    free(points->data);
    *points = (s2s_points){0};
}

/* --- decoding --- */

enum { REPLACEMENT = 0xFFFD };

/* Decodes one character of several bytes; returns how many bytes it took. The second byte's range
 * excludes overlong forms, surrogates and what lies above U+10FFFF (Unicode 15, table 3-7). */
static size_t decode_long(const unsigned char *text, size_t length, uint32_t *point) {
    unsigned lead = text[0], low = 0x80, high = 0xBF;
    *point = REPLACEMENT;
    if (lead < 0xC2 || lead > 0xF4) return 1;
    size_t more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    uint32_t value = lead & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if (i >= length || text[i] < low || text[i] > high) return i;
        value = value << 6 | (text[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *point = value;
    return more + 1;
}

size_t s2s_point_decode(const char *text, size_t length, uint32_t *point) {
    const unsigned char *bytes = (const unsigned char *)text;
    if (bytes[0] >= 0x80) return decode_long(bytes, length, point);
    *point = bytes[0];
    return 1;
}

s2s_status s2s_points_decode(s2s_points *points, const char *text, size_t length, s2s_err *err) {
    /* No text has more characters than bytes: one reservation, no checks in the loop. */
    S2S_TRY(s2s_grow(&points->data, &points->capacity, length, sizeof *points->data, err));
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t *out = points->data;
    for (size_t i = 0; i < length;) {
        if (bytes[i] < 0x80)
            *out++ = bytes[i++];
        else
            i += decode_long(bytes + i, length - i, out++);
    }
    points->size = length ? (size_t)(out - points->data) : 0;
    return S2S_OK;
}

/* --- words --- */

void s2s_points_strip_start(s2s_points *points) {
    size_t start = 0;
    while (start < points->size && s2s_is_space(points->data[start])) start++;
    for (size_t i = start; i < points->size; i++) points->data[i - start] = points->data[i];
    points->size -= start;
}

void s2s_points_strip_end(s2s_points *points) {
    while (points->size && s2s_is_space(points->data[points->size - 1])) points->size--;
}

bool s2s_points_next_word(const s2s_points *points, s2s_span *word) {
    size_t i = word->end;
    while (i < points->size && s2s_is_space(points->data[i])) i++;
    word->start = i;
    while (i < points->size && !s2s_is_space(points->data[i])) i++;
    word->end = i;
    return word->start < word->end;
}

/* --- rules --- */

void s2s_rewrite_release(s2s_rewrite *rewrite) {
    s2s_points_release(&rewrite->text);
    s2s_points_release(&rewrite->spare);
}

void s2s_rewrite_swap(s2s_rewrite *rewrite) {
    s2s_points old = rewrite->text;
    rewrite->text = rewrite->spare;
    rewrite->spare = old;
}

static bool starts_with(const s2s_points *points, size_t at, const char *ascii, size_t length) {
    if (points->size - at < length) return false;
    for (size_t i = 0; i < length; i++)
        if (points->data[at + i] != (unsigned char)ascii[i]) return false;
    return true;
}

s2s_status s2s_replace(s2s_rewrite *rewrite, const char *from, const char *to, s2s_err *err) {
    const s2s_points *in = &rewrite->text;
    s2s_points *out = &rewrite->spare;
    size_t length = strlen(from), done = 0;
    out->size = 0;
    for (size_t i = 0; i < in->size; i++) {
        if (!starts_with(in, i, from, length)) continue;
        for (; done < i; done++) S2S_TRY(s2s_points_push(out, in->data[done], err));
        for (const char *c = to; *c; c++) S2S_TRY(s2s_points_push(out, (unsigned char)*c, err));
        done = i + length;
        i = done - 1;
    }
    if (!done) return S2S_OK; /* nothing found: the text stays where it is */
    for (; done < in->size; done++) S2S_TRY(s2s_points_push(out, in->data[done], err));
    s2s_rewrite_swap(rewrite);
    return S2S_OK;
}

s2s_status s2s_separate_each(s2s_rewrite *rewrite, s2s_point_class class, s2s_err *err) {
    const s2s_points *in = &rewrite->text;
    s2s_points *out = &rewrite->spare;
    out->size = 0;
    for (size_t i = 0; i < in->size; i++) {
        bool alone = class(in->data[i]);
        if (alone) S2S_TRY(s2s_points_push(out, ' ', err));
        S2S_TRY(s2s_points_push(out, in->data[i], err));
        if (alone) S2S_TRY(s2s_points_push(out, ' ', err));
    }
    s2s_rewrite_swap(rewrite);
    return S2S_OK;
}

/* The two rules on pairs differ only in where the outer space goes. */
static s2s_status separate_pairs(s2s_rewrite *rewrite, s2s_point_class first,
                                 s2s_point_class second, bool space_before, s2s_err *err) {
    const s2s_points *in = &rewrite->text;
    s2s_points *out = &rewrite->spare;
    out->size = 0;
    for (size_t i = 0; i < in->size; i++) {
        uint32_t point = in->data[i];
        bool match = i + 1 < in->size && first(point) && second(in->data[i + 1]);
        if (match && space_before) S2S_TRY(s2s_points_push(out, ' ', err));
        S2S_TRY(s2s_points_push(out, point, err));
        if (!match) continue;
        S2S_TRY(s2s_points_push(out, ' ', err));
        S2S_TRY(s2s_points_push(out, in->data[++i], err));
        if (!space_before) S2S_TRY(s2s_points_push(out, ' ', err));
    }
    s2s_rewrite_swap(rewrite);
    return S2S_OK;
}

s2s_status s2s_separate_second(s2s_rewrite *rewrite, s2s_point_class first, s2s_point_class second,
                               s2s_err *err) {
    return separate_pairs(rewrite, first, second, false, err);
}

s2s_status s2s_separate_first(s2s_rewrite *rewrite, s2s_point_class first, s2s_point_class second,
                              s2s_err *err) {
    return separate_pairs(rewrite, first, second, true, err);
}
