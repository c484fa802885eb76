/* How elementwise work is cut into pieces: by size alone, never by the number of threads; private to op/. */
#ifndef S2S_OP_SPLIT_H
#define S2S_OP_SPLIT_H

#include <stddef.h>

/* Elements of a piece: a multiple of a dropout block, small enough for the first caches. Rows below
 * S2S_FEW_ROWS are done sooner by one thread than others are woken: decoding one sentence has but a few. */
enum { S2S_PIECE = 8192, S2S_PIECE_ROWS = 128, S2S_FEW_ROWS = 32 };

static inline long s2s_pieces(size_t n, size_t piece) {
    return (long)((n + piece - 1) / piece);
}

/* The size of piece i of n elements. */
static inline size_t s2s_piece_size(size_t n, size_t piece, long i) {
    size_t begin = (size_t)i * piece;
    return n - begin < piece ? n - begin : piece;
}

#endif
