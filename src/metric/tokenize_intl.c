/* The international tokenizer of mteval-v14: punctuation and symbols of all scripts become tokens,
 * except punctuation between two digits.
 *
 * A final period after a number stays with it: the script's rules need a character behind, and
 * unlike in 13a no space is added there. */
#include "metric/tokenize.h"
#include "metric/unicode.h"

static bool is_not_number(uint32_t point) {
    return !s2s_is_number(point);
}

s2s_status s2s_tokenize_intl(s2s_rewrite *rewrite, s2s_err *err) {
    S2S_TRY(s2s_separate_second(rewrite, is_not_number, s2s_is_punctuation, err));
    S2S_TRY(s2s_separate_first(rewrite, s2s_is_punctuation, is_not_number, err));
    return s2s_separate_each(rewrite, s2s_is_symbol, err);
}
