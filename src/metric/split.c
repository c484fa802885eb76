/* See split.h. */
#include "metric/split.h"

#include <string.h>

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static s2s_segment skip_space(s2s_segment text) {
    for (; text.length && is_space(*text.text); text.length--) text.text++;
    return text;
}

s2s_segment s2s_trim(s2s_segment text) {
    while (text.length && is_space(text.text[text.length - 1])) text.length--;
    return skip_space(text);
}

bool s2s_next_word(s2s_segment *rest, s2s_segment *word) {
    *rest = skip_space(*rest);
    size_t length = 0;
    while (length < rest->length && !is_space(rest->text[length])) length++;
    *word = (s2s_segment){rest->text, length};
    *rest = (s2s_segment){length ? rest->text + length : rest->text, rest->length - length};
    return length > 0;
}

bool s2s_same_text(s2s_segment a, s2s_segment b) {
    return a.length == b.length && (!a.length || memcmp(a.text, b.text, a.length) == 0);
}
