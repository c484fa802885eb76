/* For tests: corpora of made sentences in a folder of their own, and a dataset of them. */
#ifndef S2S_TEST_EXAMPLES_H
#define S2S_TEST_EXAMPLES_H

#include "data/dataset.h"
#include "sentences.h"

enum { CORPORA_MOST = 3 };

/* Corpus c has `n[c]` pairs in the files source-C and target-C. */
typedef struct examples {
    char *folder, *cache;
    char *paths[2 * CORPORA_MOST];
    s2s_corpus items[CORPORA_MOST];
    s2s_corpora corpora;
    s2s_data_recipe recipe;
    s2s_vocabulary *vocabulary;
} examples;

/* `alpha`: the vocabulary samples. */
void examples_make(examples *e, const uint64_t *n, int corpora, double alpha);
s2s_dataset *examples_open(const examples *e);
void examples_release(examples *e);

/* Files below `folder` whose names end in `ending`. */
int count_files(const char *folder, const char *ending);
/* The path of the first of them; the caller frees. */
char *find_file(const char *folder, const char *ending);

#endif
