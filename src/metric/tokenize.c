/* The table of tokenizers, and the two that need no rules of their own. */
#include "metric/tokenize.h"

#include <string.h>

static s2s_status tokenize_none(s2s_rewrite *rewrite, s2s_err *err) {
    (void)rewrite;
    (void)err;
    return S2S_OK;
}

static bool any_point(uint32_t point) {
    (void)point;
    return true;
}

static s2s_status tokenize_char(s2s_rewrite *rewrite, s2s_err *err) {
    return s2s_separate_each(rewrite, any_point, err);
}

static const s2s_tokenizer tokenizers[] = {
    [S2S_TOK_13A] = {"13a", s2s_tokenize_13a}, [S2S_TOK_NONE] = {"none", tokenize_none},
    [S2S_TOK_CHAR] = {"char", tokenize_char},  [S2S_TOK_INTL] = {"intl", s2s_tokenize_intl},
    [S2S_TOK_ZH] = {"zh", s2s_tokenize_zh},
};
enum { TOKENIZERS = sizeof tokenizers / sizeof tokenizers[0] };

const s2s_tokenizer *s2s_tokenizer_get(s2s_bleu_tokenizer tokenizer) {
    return (unsigned)tokenizer < TOKENIZERS ? &tokenizers[tokenizer] : NULL;
}

s2s_status s2s_bleu_tokenizer_from_name(s2s_bleu_tokenizer *tokenizer, const char *name,
                                        s2s_err *err) {
    for (int i = 0; i < TOKENIZERS; i++) {
        if (strcmp(tokenizers[i].name, name)) continue;
        *tokenizer = (s2s_bleu_tokenizer)i;
        return S2S_OK;
    }
    return s2s_fail(err, S2S_USAGE,
                    "'%s' is not a tokenizer of BLEU; there are 13a, none, char, intl and zh",
                    name);
}
