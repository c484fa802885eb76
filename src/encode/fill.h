/* The likeliest tokens at masks, by a model that was trained to tell hidden tokens (Devlin et al. 2019). */
#ifndef S2S_ENCODE_FILL_H
#define S2S_ENCODE_FILL_H

#include "encode/encoding.h"
#include "encode/text.h"
#include "search/topk.h"

enum { S2S_FILL_SYMBOLS = 4 };

/* A reading whose results are, for each mask, `slots` times an s2s_token_score: the k likeliest tokens, best first, and
 * token -1 behind them. Symbols fill nothing and are left out; the probabilities are the model's own, over the whole
 * vocabulary. */
typedef struct s2s_fill {
    s2s_reading reading;
    int k, slots;
    int32_t symbols[S2S_FILL_SYMBOLS];
} s2s_fill;

/* For a model of masked_lm. */
s2s_fill s2s_fill_reading(const s2s_encode_symbols *symbols, const s2s_vocabulary *vocabulary,
                          int k);

#endif
