/* Some thousand pairs on their way from text to tokens: read by one thread, encoded by all. Private
 * to src/data. */
#ifndef S2S_DATA_CHUNK_H
#define S2S_DATA_CHUNK_H

#include "base/batch.h"
#include "data/dataset.h"

enum { S2S_CHUNK_PAIRS = 8192, S2S_CHUNK_BYTES = 8 << 20 };

/* All zero is a valid, empty chunk. */
typedef struct s2s_chunk {
    s2s_buf text; /* of all pairs, end to end */
    size_t *ends; /* ends[2 i], ends[2 i + 1]: where source and target of pair i end in `text` */
    bool has_target;
    int n;
    s2s_ids *ids; /* ids[2 i], ids[2 i + 1]: their tokens, ... */
    bool *cut;    /* ... and whether these are not all */
} s2s_chunk;

/* How one side is encoded. */
typedef struct s2s_chunk_side {
    const s2s_vocabulary *vocabulary;
    s2s_cut cut;
} s2s_chunk_side;

/* Fills the chunk with the pairs that come next, as many as it may hold; n = 0 at the end.
 * `wants_target`: leave the target side out, or fail when the corpus has none. */
s2s_status s2s_chunk_read(s2s_chunk *chunk, s2s_corpus_reader *reader, bool wants_target,
                          s2s_err *err);
s2s_status s2s_chunk_encode(s2s_chunk *chunk, const s2s_chunk_side sides[S2S_STREAMS],
                            s2s_err *err);
/* Whether a side (S2S_SOURCE, S2S_TARGET) had more tokens than it may. */
bool s2s_chunk_cut(const s2s_chunk *chunk, int pair, int side);
s2s_pair s2s_chunk_text(const s2s_chunk *chunk, int pair);
s2s_example s2s_chunk_example(const s2s_chunk *chunk, int pair);
void s2s_chunk_release(s2s_chunk *chunk);

#endif
