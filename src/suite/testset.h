/* A test set that was read: its sources and references, and the checksum by which results know it. */
#ifndef S2S_SUITE_TESTSET_H
#define S2S_SUITE_TESTSET_H

#include "suite/suite.h"
#include "suite/texts.h"

typedef struct s2s_testset {
    const s2s_suite_test *test;
    s2s_texts source;
    s2s_texts *references; /* [references_n], each as long as `source` */
    int references_n;
    s2s_buf lines;   /* the sources as JSON lines, {"source": ...}: what a cell's process reads */
    char digest[33]; /* of `lines`; neither the file's form nor its references are in it */
} s2s_testset;

/* S2S_INPUT with file and line where sides do not fit together or are no text; an empty set, too. */
s2s_status s2s_testset_read(s2s_testset *set, const s2s_suite_test *test, s2s_err *err);
/* The references of a line, [set->references_n]; borrowed. */
void s2s_testset_references(const s2s_testset *set, size_t line, s2s_segment *references);
void s2s_testset_release(s2s_testset *set); /* all zero is fine */

#endif
