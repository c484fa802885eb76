/* The pieces of a vocabulary in byte order, to ask which of them begin a text. Private to src/text.
 */
#ifndef S2S_TEXT_PIECES_H
#define S2S_TEXT_PIECES_H

#include "text/sentencepiece.h"

typedef struct s2s_piece {
    const char *text; /* borrowed from the model */
    size_t length;
    int32_t id;
    float score;
} s2s_piece;

typedef struct s2s_pieces {
    s2s_piece *sorted;
    int n;
    int first[257]; /* pieces whose first byte is b: first[b] .. first[b + 1] - 1 */
} s2s_pieces;

s2s_status s2s_pieces_init(s2s_pieces *pieces, const s2s_spm *spm, s2s_err *err);
void s2s_pieces_release(s2s_pieces *pieces);

/* Walks the pieces that begin `text`, shortest first: start with {0}. NULL at the end. */
typedef struct s2s_piece_walk {
    int low, high;
    size_t depth; /* bytes of text that all pieces in [low, high) share */
} s2s_piece_walk;
const s2s_piece *s2s_pieces_next(const s2s_pieces *pieces, s2s_piece_walk *walk, const char *text,
                                 size_t length);

/* The piece that is exactly `text`, or NULL. */
const s2s_piece *s2s_pieces_find(const s2s_pieces *pieces, const char *text, size_t length);

#endif
