/* The tokenizer for Chinese: every Chinese character is a token, the rest goes by the Western
 * rules. */
#include <stddef.h>

#include "metric/tokenize.h"

typedef struct block {
    uint32_t first, last;
} block;

/* Sorted. The list is sacreBLEU's, and so is a slip that scores depend on: it writes the
 * supplementary planes as '\u20000' and '\u2a6d6', which Python reads as U+2000 and "0", U+2A6D and
 * "6". Comparing strings then makes everything from U+2001 to U+2A6D a "Chinese character"
 * (typographic quotes, dashes and the euro sign among them), and the ideographs of the
 * supplementary planes none. */
static const block blocks[] = {
    {0x2001, 0x2A6D}, /* the slip; holds U+2600 to U+27BF, which the list names too */
    {0x2E80, 0x2EFF}, /* radicals */
    {0x2F00, 0x2FDF}, /* Kangxi radicals */
    {0x2FF0, 0x2FFF}, /* structure of ideographs */
    {0x3000, 0x303F}, /* punctuation */
    {0x3100, 0x312F}, /* phonetic symbols */
    {0x31A0, 0x31BF}, /* phonetic symbols, Taiwanese and Hakka */
    {0x31C0, 0x31EF}, /* strokes */
    {0x3200, 0x32FF}, /* enclosed */
    {0x3300, 0x33FF}, /* squared words */
    {0x3400, 0x4DB5}, /* ideographs, extension A */
    {0x4E00, 0x9FBB}, /* ideographs */
    {0xF900, 0xFA2D}, /* compatibility ideographs */
    {0xFA30, 0xFA6A}, {0xFA70, 0xFAD9}, {0xFE10, 0xFE1F}, /* vertical forms */
    {0xFE30, 0xFE4F},                                     /* compatibility forms */
    {0xFF00, 0xFFEF},                                     /* half and full width */
};

static bool is_chinese(uint32_t point) {
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0] && blocks[i].first <= point; i++)
        if (point <= blocks[i].last) return true;
    return false;
}

s2s_status s2s_tokenize_zh(s2s_rewrite *rewrite, s2s_err *err) {
    /* White space at the start would let a period there match the Western rules. */
    s2s_points_strip_start(&rewrite->text);
    S2S_TRY(s2s_separate_each(rewrite, is_chinese, err));
    return s2s_tokenize_western(rewrite, err);
}
