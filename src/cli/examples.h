/* The examples that `s2s evaluate` goes through: a text, of each of several systems, and its references,
 * from line-aligned files or from a corpus of a recipe. */
#ifndef S2S_CLI_EXAMPLES_H
#define S2S_CLI_EXAMPLES_H

#include "cli/input.h"
#include "cli/scores.h"
#include "data/corpus.h"
#include "metric/metric.h"

enum { S2S_MOST_REFERENCES = 32 };
enum { S2S_MOST_FILES = S2S_MOST_SYSTEMS + S2S_MOST_REFERENCES };

/* Where examples come from; borrowed strings. */
typedef struct s2s_example_source {
    const s2s_corpus *corpus;          /* or, NULL, */
    const char *files[S2S_MOST_FILES]; /* the texts and their references */
    int files_n;
    bool columns;  /* a word and its tag a line (columns.h); an example is the tags of a sentence */
    bool entities; /* columns: the tags are those of entities */
} s2s_example_source;

typedef struct s2s_examples {
    s2s_corpus_reader *corpus;
    s2s_input inputs[S2S_MOST_FILES];
    s2s_segment segments[S2S_MOST_FILES]; /* of the present example: texts, references */
    int n;                                /* segments an example */
    bool columns, entities;
    s2s_buf tags[S2S_MOST_FILES]; /* of columns */
} s2s_examples;

/* `log` is told of lines that are no UTF-8; NULL: nobody is. */
s2s_status s2s_examples_open(s2s_examples *examples, const s2s_example_source *source, s2s_log *log,
                             s2s_err *err);
/* Fills `segments`, valid until the next call. Files of different length are an error that tells
 * the lines of both. */
s2s_status s2s_examples_next(s2s_examples *examples, bool *more, s2s_err *err);
void s2s_examples_close(s2s_examples *examples); /* all zero is fine */

/* Reads all examples once, so that what is wrong with them is told before hours of work. */
s2s_status s2s_examples_count(const s2s_example_source *source, uint64_t *count, s2s_err *err);

#endif
