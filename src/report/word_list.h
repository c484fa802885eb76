/* Text cut into words, for comparing outputs word by word and for counting: runs of letters and digits;
 * punctuation, symbols and East Asian characters are words alone. Metrics have tokenizers of their own. */
#ifndef S2S_REPORT_WORD_LIST_H
#define S2S_REPORT_WORD_LIST_H

#include "metric/metric.h"
#include "suite/texts.h"

/* Words point into the text that they were cut from. All zero is valid and empty. */
typedef struct s2s_word_list {
    s2s_segment *items;
    size_t n, capacity;
} s2s_word_list;

/* The lines of `from` in lower case, appended; what is no UTF-8 becomes U+FFFD. */
s2s_status s2s_word_list_lower(s2s_texts *to, const s2s_texts *from, s2s_err *err);

/* Replaces what is in `words`. */
s2s_status s2s_word_list_split(s2s_word_list *words, s2s_segment text, s2s_err *err);
void s2s_word_list_release(s2s_word_list *words);

/* Which words of a and b belong to a longest common subsequence: keep_a [a->n], keep_b [b->n]. Texts so long that
 * finding one would take more than a moment have only their common beginning and end. */
s2s_status s2s_word_list_diff(const s2s_word_list *a, const s2s_word_list *b, bool *keep_a,
                              bool *keep_b, s2s_err *err);

#endif
