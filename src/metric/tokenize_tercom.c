/* Tercom's normalisation (Snover et al. 2006), in sacreBLEU's version: the text that TER counts
 * words of. Each rule is a regular expression there, and the order is part of the definition. */
#include <stddef.h>

#include "metric/tokenize.h"

/* --- Asian text --- */

typedef struct block {
    uint32_t first, last;
} block;

/* Sorted, as are all blocks here. sacreBLEU also means to split Japanese syllables from their
 * neighbours, but those rules ask for the start of a text that begins with a space by then, so they
 * never match. */
static const block split_blocks[] = {
    {0x2E80, 0x2EFF}, /* radicals */
    {0x31C0, 0x31EF}, /* strokes */
    {0x3200, 0x4DBF}, /* enclosed and squared letters, ideographs of extension A */
    {0x4E00, 0x9FFF}, /* ideographs */
    {0xF900, 0xFAFF}, /* compatibility ideographs */
    {0xFE30, 0xFE4F}, /* compatibility forms */
};
static const block punctuation_blocks[] = {
    {0x3001, 0x3002}, {0x3008, 0x3011}, {0x3014, 0x301F}, {0x30FB, 0x30FB},
    {0xFF01, 0xFF02}, {0xFF08, 0xFF09}, {0xFF0C, 0xFF0C}, {0xFF0E, 0xFF0E},
    {0xFF1A, 0xFF1B}, {0xFF1F, 0xFF1F}, {0xFF61, 0xFF65},
};

static bool is_in(const block *blocks, size_t n, uint32_t point) {
    for (size_t i = 0; i < n && blocks[i].first <= point; i++)
        if (point <= blocks[i].last) return true;
    return false;
}

static bool is_asian_punctuation(uint32_t point) {
    return is_in(punctuation_blocks, sizeof punctuation_blocks / sizeof *punctuation_blocks, point);
}

static bool is_split(uint32_t point) {
    return is_in(split_blocks, sizeof split_blocks / sizeof *split_blocks, point) ||
           is_asian_punctuation(point);
}

/* --- Western text --- */

static s2s_status normalize(s2s_rewrite *rewrite, s2s_err *err) {
    S2S_TRY(s2s_replace(rewrite, "\n-", "", err));
    S2S_TRY(s2s_replace(rewrite, "\n", " ", err));
    S2S_TRY(s2s_replace_entities(rewrite, err));
    S2S_TRY(s2s_pad(rewrite, err));
    S2S_TRY(s2s_separate_punctuation(rewrite, err));
    S2S_TRY(s2s_replace(rewrite, "'s ", " 's ", err));
    return s2s_separate_by_digits(rewrite, err);
}

static bool is_dropped(uint32_t point) {
    switch (point) {
    case '.':
    case ',':
    case '?':
    case ':':
    case ';':
    case '!':
    case '"':
    case '(':
    case ')':
        return true;
    default:
        return false;
    }
}

static void drop(s2s_points *text, s2s_point_class class) {
    size_t kept = 0;
    for (size_t i = 0; i < text->size; i++)
        if (!class(text->data[i])) text->data[kept++] = text->data[i];
    text->size = kept;
}

/* One space between words, none at the ends. */
static s2s_status join_words(s2s_rewrite *rewrite, s2s_err *err) {
    const s2s_points *in = &rewrite->text;
    s2s_points *out = &rewrite->spare;
    out->size = 0;
    for (s2s_span word = {0}; s2s_points_next_word(in, &word);) {
        if (out->size) S2S_TRY(s2s_points_push(out, ' ', err));
        for (size_t i = word.start; i < word.end; i++)
            S2S_TRY(s2s_points_push(out, in->data[i], err));
    }
    s2s_rewrite_swap(rewrite);
    return S2S_OK;
}

s2s_status s2s_tokenize_tercom(s2s_rewrite *rewrite, const s2s_ter_options *options, s2s_err *err) {
    if (options->normalized) S2S_TRY(normalize(rewrite, err));
    if (options->normalized && options->asian_support)
        S2S_TRY(s2s_separate_each(rewrite, is_split, err));
    if (options->no_punct) drop(&rewrite->text, is_dropped);
    if (options->no_punct && options->asian_support) drop(&rewrite->text, is_asian_punctuation);
    return join_words(rewrite, err);
}
