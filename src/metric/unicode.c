/* See unicode.h. */
#include "metric/unicode.h"

#include <stddef.h>
#include <utf8proc.h>

/* --- white space --- */

bool s2s_is_space(uint32_t point) {
    if (point < 0x80)
        return point == ' ' || (point >= '\t' && point <= '\r') || (point >= 0x1C && point <= 0x1F);
    switch (point) {
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return true;
    default:
        return point >= 0x2000 && point <= 0x200A;
    }
}

/* --- general categories --- */

typedef struct range {
    uint32_t first, last;
    char class;
} range;

/* Sorted by `first`. */
static const range newer_ranges[] = {
#include "metric/unicode_newer.inc"
};

static const range *find_range(const range *ranges, size_t n, uint32_t point) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges[middle].last < point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && ranges[low].first <= point ? &ranges[low] : NULL;
}

/* The first letter of the general category, where it is one of N, P and S; 0 for all others.
 * utf8proc is behind Unicode (2.7 knows version 14, 2.8 knows 15); what came later, new emoji above
 * all, is in the table, so that scores do not depend on the library's version. */
static char category_class(uint32_t point) {
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return 'N';
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
        return 'P';
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
        return 'S';
    case UTF8PROC_CATEGORY_CN:
        break;
    default:
        return 0;
    }
    const range *newer =
        find_range(newer_ranges, sizeof newer_ranges / sizeof newer_ranges[0], point);
    return newer ? newer->class : 0;
}

bool s2s_is_number(uint32_t point) {
    return category_class(point) == 'N';
}

bool s2s_is_punctuation(uint32_t point) {
    return category_class(point) == 'P';
}

bool s2s_is_symbol(uint32_t point) {
    return category_class(point) == 'S';
}

/* --- lower case --- */

enum { CAPITAL_SIGMA = 0x3A3, SMALL_SIGMA = 0x3C3, FINAL_SIGMA = 0x3C2 };
enum { CAPITAL_I_WITH_DOT = 0x130, COMBINING_DOT_ABOVE = 0x307 };

/* Case_Ignorable (UAX 44) beyond the categories that case_ignorable names: Word_Break MidLetter,
 * MidNumLet and Single_Quote. */
static const range ignorable_ranges[] = {
    {0x27, 0x27, 0},     {0x2E, 0x2E, 0},     {0x3A, 0x3A, 0},     {0xB7, 0xB7, 0},
    {0x387, 0x387, 0},   {0x55F, 0x55F, 0},   {0x5F4, 0x5F4, 0},   {0x2018, 0x2019, 0},
    {0x2024, 0x2024, 0}, {0x2027, 0x2027, 0}, {0xFE13, 0xFE13, 0}, {0xFE52, 0xFE52, 0},
    {0xFE55, 0xFE55, 0}, {0xFF07, 0xFF07, 0}, {0xFF0E, 0xFF0E, 0}, {0xFF1A, 0xFF1A, 0},
};

static bool case_ignorable(uint32_t point) {
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
        return true;
    default:
        break;
    }
    return find_range(ignorable_ranges, sizeof ignorable_ranges / sizeof ignorable_ranges[0],
                      point) != NULL;
}

/* Cased (UAX 44) beyond letters with case: ordinal indicators, Roman numerals, letters in circles
 * and squares. Those that are case-ignorable too are left out, because they are never asked for. */
static const range cased_ranges[] = {
    {0xAA, 0xAA, 0},       {0xBA, 0xBA, 0},       {0x2160, 0x217F, 0},   {0x24B6, 0x24E9, 0},
    {0x1F130, 0x1F149, 0}, {0x1F150, 0x1F169, 0}, {0x1F170, 0x1F189, 0},
};

static bool cased(uint32_t point) {
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
        return true;
    default:
        break;
    }
    return find_range(cased_ranges, sizeof cased_ranges / sizeof cased_ranges[0], point) != NULL;
}

/* Final_Sigma (Unicode 15, table 3-17): a cased letter before, none after; what is case-ignorable
 * in between does not count. */
static bool ends_word(const s2s_points *text, size_t at) {
    size_t before = at;
    while (before > 0 && case_ignorable(text->data[before - 1])) before--;
    if (before == 0 || !cased(text->data[before - 1])) return false;
    size_t after = at + 1;
    while (after < text->size && case_ignorable(text->data[after])) after++;
    return after == text->size || !cased(text->data[after]);
}

static uint32_t lower_point(const s2s_points *text, size_t at) {
    uint32_t point = text->data[at];
    if (point < 0x80) return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
    if (point == CAPITAL_SIGMA) return ends_word(text, at) ? FINAL_SIGMA : SMALL_SIGMA;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)point);
}

s2s_status s2s_lowercase(s2s_rewrite *rewrite, s2s_err *err) {
    const s2s_points *in = &rewrite->text;
    s2s_points *out = &rewrite->spare;
    out->size = 0;
    for (size_t i = 0; i < in->size; i++) {
        bool dotted = in->data[i] == CAPITAL_I_WITH_DOT;
        S2S_TRY(s2s_points_push(out, dotted ? 'i' : lower_point(in, i), err));
        if (dotted) S2S_TRY(s2s_points_push(out, COMBINING_DOT_ABOVE, err));
    }
    s2s_rewrite_swap(rewrite);
    return S2S_OK;
}
