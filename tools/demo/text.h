/* A sentence being written: words with spaces between them and commas where they are due. */
#ifndef S2S_DEMO_TEXT_H
#define S2S_DEMO_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { TEXT_SIZE = 1024 };

/* All zero is a valid, empty text. */
typedef struct s2s_text {
    char data[TEXT_SIZE];
    size_t size;
    bool comma;    /* a comma is due before the next word; the end of the sentence cancels it */
    bool overflow; /* something did not fit: the sentence is of no use */
} s2s_text;

void s2s_text_word(s2s_text *out,
                   const char *word); /* after a space; nothing when word is NULL or "" */
void s2s_text_join(s2s_text *out,
                   const char *tail); /* without a space: an ending, a punctuation mark */
void s2s_text_comma(s2s_text *out);
/* Makes it a sentence: a capital at the start, `mark` at the end. */
void s2s_text_finish(s2s_text *out, const char *mark);

bool s2s_ends_with(const char *word, const char *tail);

#endif
