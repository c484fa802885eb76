/* Reading a corpus: line-aligned files, TSV or JSON lines, gzipped or not, as pairs of raw texts.
 *
 * Mistakes name file and line: files of different length (says both counts), a missing column or
 * field, a field that is no string, invalid UTF-8, a NUL byte. A pair with an empty side is given
 * out as it is. */
#ifndef S2S_DATA_CORPUS_H
#define S2S_DATA_CORPUS_H

#include <stdbool.h>

#include "recipe/recipe.h"

typedef struct s2s_corpus_reader s2s_corpus_reader;

typedef struct s2s_pair {
    const char *source, *target; /* valid until the next call; target NULL: the corpus has none */
    size_t source_length, target_length;
    /* the targets after the first, where the corpus names several */
    struct {
        const char *text;
        size_t length;
    } more[S2S_MOST_TARGETS - 1];
    int more_n;
} s2s_pair;

s2s_status s2s_corpus_open(s2s_corpus_reader **reader, const s2s_corpus *corpus, s2s_err *err);
s2s_status s2s_corpus_next(s2s_corpus_reader *reader, s2s_pair *pair, bool *more, s2s_err *err);
void s2s_corpus_close(s2s_corpus_reader *reader);

#endif
