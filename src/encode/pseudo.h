/* Pseudo-log-likelihoods (Salazar et al. 2020): how likely a model that was trained to tell hidden tokens finds a text.
 * Each token is hidden in turn, and log p of it given all others is summed:
 *
 *     PLL(w) = sum_i log p(w_i | w without w_i)
 *
 * Symbols are not hidden, nor counted. */
#ifndef S2S_ENCODE_PSEUDO_H
#define S2S_ENCODE_PSEUDO_H

#include "encode/encoding.h"
#include "encode/text.h"

/* A reading whose results are an s2s_real for each hidden token: log p of what stands there. */
s2s_reading s2s_pseudo_reading(const s2s_encode_symbols *symbols);

/* The texts that one text of n tokens (symbols included) becomes, a token hidden in each. All zero is valid. */
typedef struct s2s_pseudo_texts {
    s2s_encode_text *items; /* [n] */
    int32_t *places;
    size_t items_capacity, places_capacity;
    int n;
} s2s_pseudo_texts;
s2s_status s2s_pseudo_texts_make(s2s_pseudo_texts *texts, const s2s_encode_symbols *symbols,
                                 const int32_t *ids, int n, s2s_err *err);
void s2s_pseudo_texts_release(s2s_pseudo_texts *texts);

#endif
