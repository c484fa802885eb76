/* The demo corpus: distinct sentence pairs in three parts, and the files that they are written to.
 */
#ifndef S2S_DEMO_CORPUS_H
#define S2S_DEMO_CORPUS_H

#include "base/err.h"
#include "base/memory.h"
#include "demo/held_out.h"

/* Sentence pairs as lines of English, a tab and German. No English and no German sentence is there
 * twice, in whatever part. */
typedef struct s2s_demo_corpus {
    s2s_buf lines[PART_COUNT];
    size_t count[PART_COUNT];
} s2s_demo_corpus;

/* Makes `sizes[part]` pairs for each part; the same seed and sizes give the same bytes. S2S_USAGE
 * when the grammar has not that many. Release it also after a failure. */
s2s_status s2s_demo_corpus_make(s2s_demo_corpus *corpus, const size_t sizes[PART_COUNT],
                                uint64_t seed, s2s_err *err);
/* train.tsv, valid.tsv and test.tsv in the folder, which is made when missing: all of them or none.
 */
s2s_status s2s_demo_corpus_write(const s2s_demo_corpus *corpus, const char *folder, s2s_err *err);
void s2s_demo_corpus_release(s2s_demo_corpus *corpus);

#endif
