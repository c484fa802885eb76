/* The tables of tokenizers, and the two that need no rules of their own. */
#include "metric/tokenize.h"

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

const char *const s2s_bleu_tokenizer_names[] = {
    [S2S_TOK_13A] = "13a",   [S2S_TOK_NONE] = "none", [S2S_TOK_CHAR] = "char",
    [S2S_TOK_INTL] = "intl", [S2S_TOK_ZH] = "zh",     NULL};
static const s2s_tokenize tokenizers[] = {
    [S2S_TOK_13A] = s2s_tokenize_13a, [S2S_TOK_NONE] = tokenize_none,
    [S2S_TOK_CHAR] = tokenize_char,   [S2S_TOK_INTL] = s2s_tokenize_intl,
    [S2S_TOK_ZH] = s2s_tokenize_zh,
};
enum { TOKENIZERS = sizeof tokenizers / sizeof tokenizers[0] };

s2s_tokenize s2s_tokenizer_get(s2s_bleu_tokenizer tokenizer) {
    return (unsigned)tokenizer < TOKENIZERS ? tokenizers[tokenizer] : NULL;
}
