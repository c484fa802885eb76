/* Many texts through an encoder: lines of texts come in, results of each line go out in the same order.
 *
 * Lines are read a window at a time: 16 batches, or 4 for each thread where that is more. Its texts are sorted by length
 * and cut into batches, each of which one thread encodes by itself (pass.h); with fewer batches than threads all share
 * each product. So memory is bounded whatever the length of the input, and a text's results depend on the text alone,
 * bit for bit.
 *
 * What is made of an encoder's rows is an s2s_reading, a value that each use defines in a file of its own: fill.h, the
 * likeliest tokens at masks; pseudo.h, log p of tokens hidden in turn; pool.h, a vector of the whole text. */
#ifndef S2S_ENCODE_ENCODING_H
#define S2S_ENCODE_ENCODING_H

#include <stdint.h>

#include "encode/pass.h"

typedef struct s2s_reading {
    s2s_encode_emit emit;
    int32_t mask;     /* stands for hidden tokens */
    bool from_hidden; /* emit's rows are those of hidden tokens; else of all */
    int most_hidden; /* of a batch, where rows of them are wide; a text of more is one by itself; 0: no limit */
    size_t size; /* bytes of a text's results: of each hidden token, or of the text */
    /* Makes a text's results of its rows, which it may write over. Runs in any thread, for several texts at once.
     * false: there are numbers in the rows that are none. */
    bool (*read)(const struct s2s_reading *reading, s2s_tensor rows, void *results);
} s2s_reading;

typedef struct s2s_encoding_io {
    void *self;
    /* The n texts of the next line (none is fine), borrowed until the next call; *more false: there is none. Neighbours
     * that share their very ids (the pointer) have them stored once. */
    s2s_status (*next)(void *self, const s2s_encode_text **texts, int *n, bool *more, s2s_err *err);
    /* The results of the line that came index-th (from 0), those of its n texts end to end; the texts are as they
     * came. Borrowed for the call. */
    s2s_status (*done)(void *self, uint64_t index, const s2s_encode_text *texts, int n,
                       const void *results, s2s_err *err);
} s2s_encoding_io;

typedef struct s2s_encoding s2s_encoding;

/* Borrows model and reading. The model's parameters must be packed. It works on as many threads as there are now. */
s2s_status s2s_encoding_create(s2s_encoding **encoding, const s2s_model *model,
                               const s2s_reading *reading, s2s_err *err);
void s2s_encoding_free(s2s_encoding *encoding); /* NULL is fine */

/* Runs until `next` ends and all is done. A batch has at most search->batch_tokens tokens (a longer text is one by
 * itself) and, where that is set, search->batch_sentences texts; with 1 a line's results are given out before the next
 * is read. Fails with S2S_INTERRUPTED after an interrupt, S2S_NUMERIC when a result is not a number, and with what `io`
 * fails with. */
s2s_status s2s_encoding_run(s2s_encoding *encoding, const s2s_search_recipe *search,
                            s2s_encoding_io io, s2s_err *err);

#endif
