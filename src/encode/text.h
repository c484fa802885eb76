/* Texts as an encoder reads them: normalised, cut into pieces, between the symbols that its training put around them. */
#ifndef S2S_ENCODE_TEXT_H
#define S2S_ENCODE_TEXT_H

#include "model/model.h"
#include "text/vocabulary.h"

/* Ids around and in a text; -1: there is no such symbol. Translation models begin without one, and have no mask. */
typedef struct s2s_encode_symbols {
    int32_t begin, end, mask;
    const char *mask_text; /* how a text writes it */
} s2s_encode_symbols;

/* `vocabulary`: the encoder's. S2S_INPUT: the model has no encoder; the vocabulary lacks the mask that the model's
 * objective needs. */
s2s_status s2s_encode_symbols_of(s2s_encode_symbols *symbols, const s2s_model *model,
                                 const s2s_vocabulary *vocabulary, s2s_err *err);
/* Tokens besides symbols that a text can have at most: learned positions end somewhere. */
size_t s2s_encode_longest(const s2s_encode_symbols *symbols, const s2s_model *model);

/* Appends the ids of a text with its symbols; what is longer is cut. */
s2s_status s2s_encode_plain(const s2s_encode_symbols *symbols, const s2s_vocabulary *vocabulary,
                            const char *text, size_t length, const s2s_cut *cut, s2s_ids *ids,
                            bool *was_cut, s2s_err *err);

enum { S2S_MOST_MASKS = 512 }; /* of a text */

/* Appends the ids of a text in which "<mask>" stands for the symbol, and to `masks` their places. The text is cut at the
 * masks and its parts are encoded. Blanks before a mask belong to the piece that it stands for; what follows it without
 * a blank goes on with the same word. S2S_INPUT: there is no mask or there are too many of them; more than `most` tokens,
 * masks included. */
s2s_status s2s_encode_masked(const s2s_encode_symbols *symbols, const s2s_vocabulary *vocabulary,
                             const char *text, size_t length, size_t most, s2s_ids *ids,
                             s2s_ids *masks, s2s_err *err);

#endif
