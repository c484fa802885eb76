/* Running text to sequences: lines of a document, one after another while there is room, each but the last ended by
 * the end symbol (fairseq's and RoBERTa's way). An empty line ends the document, and no sequence goes on into the next;
 * a line that is longer than a sequence is parted. Private to src/data. */
#ifndef S2S_DATA_DOCUMENTS_H
#define S2S_DATA_DOCUMENTS_H

#include "data/cache.h"

typedef struct s2s_documents {
    s2s_cache_writer *cache;
    int most; /* tokens of a sequence */
    int32_t eos;
    s2s_ids ids;        /* of the sequence that is being filled */
    uint64_t sequences; /* written so far */
} s2s_documents;

/* The next line's tokens; none of them: an empty line. */
s2s_status s2s_documents_add(s2s_documents *documents, const int32_t *ids, int n, s2s_err *err);
/* The end of the text. */
s2s_status s2s_documents_end(s2s_documents *documents, s2s_err *err);
void s2s_documents_release(s2s_documents *documents);

#endif
