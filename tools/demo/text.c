/* See text.h. */
#include "demo/text.h"

#include <ctype.h>
#include <string.h>

void s2s_text_join(s2s_text *out, const char *tail) {
    size_t length = strlen(tail);
    if (out->size + length >= TEXT_SIZE) {
        out->overflow = true;
        return;
    }
    memcpy(out->data + out->size, tail, length + 1);
    out->size += length;
}

void s2s_text_word(s2s_text *out, const char *word) {
    if (word == NULL || *word == '\0') return;
    if (out->comma && out->size > 0) s2s_text_join(out, ",");
    out->comma = false;
    if (out->size > 0) s2s_text_join(out, " ");
    s2s_text_join(out, word);
}

void s2s_text_comma(s2s_text *out) {
    out->comma = true;
}

/* German sentences that start with a word in ä, ö or ü have it as two bytes, C3 A4 and so on; the
 * capitals are 20 hexadecimal below. */
static void capitalise(char *word) {
    if ((unsigned char)word[0] == 0xC3) {
        unsigned char second = (unsigned char)word[1];
        if (second >= 0xA0 && second != 0xB7) word[1] = (char)(second - 0x20);
    } else {
        word[0] = (char)toupper((unsigned char)word[0]);
    }
}

void s2s_text_finish(s2s_text *out, const char *mark) {
    capitalise(out->data);
    s2s_text_join(out, mark);
    out->comma = false;
}

bool s2s_ends_with(const char *word, const char *tail) {
    size_t length = strlen(word), tail_length = strlen(tail);
    return length >= tail_length && strcmp(word + length - tail_length, tail) == 0;
}
