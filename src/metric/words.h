/* Segments as sequences of numbers: what most metrics compare are the words of a text, and equal
 * words get equal numbers. */
#ifndef S2S_METRIC_WORDS_H
#define S2S_METRIC_WORDS_H

#include "metric/metric.h"
#include "metric/points.h"
#include "metric/trie.h"

/* All zero is valid and empty. Owner: the caller. */
typedef struct s2s_words {
    s2s_rewrite
        rewrite;      /* the text that is being read: rules may change it before it is numbered */
    s2s_trie numbers; /* of all texts since the last clearing */
} s2s_words;

/* Forgets all numbers; do so before each segment, for speed and memory. */
void s2s_words_clear(s2s_words *words);
/* Reads a text, without the white space at its end. */
s2s_status s2s_words_decode(s2s_words *words, s2s_segment segment, bool lowercase, s2s_err *err);
/* Replaces what is in `numbers` by those of the words of the text, as white space parts them. */
s2s_status s2s_words_number(s2s_words *words, s2s_points *numbers, s2s_err *err);
/* The same for its characters: white space between words counts as one space. */
s2s_status s2s_words_number_characters(s2s_words *words, s2s_points *numbers, s2s_err *err);
void s2s_words_release(s2s_words *words);

#endif
