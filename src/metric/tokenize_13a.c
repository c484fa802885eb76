/* The tokenizer of mteval-v13a, NIST's and WMT's scoring script, in sacreBLEU's version (Post
 * 2018).
 *
 * Every rule is one regular expression of that script; the order is part of the definition. */
#include "metric/tokenize.h"

/* [{-~[-` -&(-+:-@/]: ASCII punctuation and the space, without ' , - and . */
static bool is_separate(uint32_t point) {
    return (point >= '{' && point <= '~') || (point >= '[' && point <= '`') ||
           (point >= ' ' && point <= '&') || (point >= '(' && point <= '+') ||
           (point >= ':' && point <= '@') || point == '/';
}

static bool is_digit(uint32_t point) {
    return point >= '0' && point <= '9';
}

static bool is_not_digit(uint32_t point) {
    return !is_digit(point);
}

static bool is_period_or_comma(uint32_t point) {
    return point == '.' || point == ',';
}

static bool is_dash(uint32_t point) {
    return point == '-';
}

s2s_status s2s_separate_punctuation(s2s_rewrite *rewrite, s2s_err *err) {
    return s2s_separate_each(rewrite, is_separate, err);
}

s2s_status s2s_separate_by_digits(s2s_rewrite *rewrite, s2s_err *err) {
    /* Periods and commas, unless they stand between digits. */
    S2S_TRY(s2s_separate_second(rewrite, is_not_digit, is_period_or_comma, err));
    S2S_TRY(s2s_separate_first(rewrite, is_period_or_comma, is_not_digit, err));
    /* A dash after a digit. */
    return s2s_separate_second(rewrite, is_digit, is_dash, err);
}

s2s_status s2s_tokenize_western(s2s_rewrite *rewrite, s2s_err *err) {
    S2S_TRY(s2s_separate_punctuation(rewrite, err));
    return s2s_separate_by_digits(rewrite, err);
}

/* "&amp;lt;" becomes "<" and "&amp;quot;" becomes "&quot;": the order says so. */
s2s_status s2s_replace_entities(s2s_rewrite *rewrite, s2s_err *err) {
    S2S_TRY(s2s_replace(rewrite, "&quot;", "\"", err));
    S2S_TRY(s2s_replace(rewrite, "&amp;", "&", err));
    S2S_TRY(s2s_replace(rewrite, "&lt;", "<", err));
    return s2s_replace(rewrite, "&gt;", ">", err);
}

/* The rules on periods and commas look at the neighbour, so they never match at the ends of the
 * text unless a space stands there. */
s2s_status s2s_pad(s2s_rewrite *rewrite, s2s_err *err) {
    s2s_points *out = &rewrite->spare;
    out->size = 0;
    S2S_TRY(s2s_points_push(out, ' ', err));
    for (size_t i = 0; i < rewrite->text.size; i++)
        S2S_TRY(s2s_points_push(out, rewrite->text.data[i], err));
    S2S_TRY(s2s_points_push(out, ' ', err));
    s2s_rewrite_swap(rewrite);
    return S2S_OK;
}

s2s_status s2s_tokenize_13a(s2s_rewrite *rewrite, s2s_err *err) {
    S2S_TRY(s2s_replace(rewrite, "<skipped>", "", err));
    S2S_TRY(s2s_replace(rewrite, "-\n", "", err));
    S2S_TRY(s2s_replace(rewrite, "\n", " ", err));
    S2S_TRY(s2s_replace_entities(rewrite, err));
    S2S_TRY(s2s_pad(rewrite, err));
    return s2s_tokenize_western(rewrite, err);
}
