/* See words.h. */
#include "metric/words.h"

#include "metric/unicode.h"

void s2s_words_clear(s2s_words *words) {
    s2s_trie_clear(&words->numbers);
}

s2s_status s2s_words_decode(s2s_words *words, s2s_segment segment, bool lowercase, s2s_err *err) {
    s2s_rewrite *rewrite = &words->rewrite;
    S2S_TRY(s2s_points_decode(&rewrite->text, segment.text, segment.length, err));
    if (lowercase) S2S_TRY(s2s_lowercase(rewrite, err));
    s2s_points_strip_end(&rewrite->text);
    return S2S_OK;
}

static s2s_status push_number(s2s_words *words, const uint32_t *symbols, size_t n,
                              s2s_points *numbers, s2s_err *err) {
    uint32_t number;
    S2S_TRY(s2s_trie_number(&words->numbers, symbols, n, &number, err));
    return s2s_points_push(numbers, number, err);
}

s2s_status s2s_words_number(s2s_words *words, s2s_points *numbers, s2s_err *err) {
    const s2s_points *text = &words->rewrite.text;
    numbers->size = 0;
    for (s2s_span word = {0}; s2s_points_next_word(text, &word);)
        S2S_TRY(push_number(words, text->data + word.start, word.end - word.start, numbers, err));
    return S2S_OK;
}

s2s_status s2s_words_number_characters(s2s_words *words, s2s_points *numbers, s2s_err *err) {
    static const uint32_t space = ' ';
    const s2s_points *text = &words->rewrite.text;
    numbers->size = 0;
    for (s2s_span word = {0}; s2s_points_next_word(text, &word);) {
        if (numbers->size) S2S_TRY(push_number(words, &space, 1, numbers, err));
        for (size_t i = word.start; i < word.end; i++)
            S2S_TRY(push_number(words, text->data + i, 1, numbers, err));
    }
    return S2S_OK;
}

void s2s_words_release(s2s_words *words) {
    s2s_rewrite_release(&words->rewrite);
    s2s_trie_release(&words->numbers);
}
