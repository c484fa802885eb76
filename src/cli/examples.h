/* The examples that `s2s evaluate` goes through: a text and its references, from line-aligned files
 * or from a corpus of a recipe. */
#ifndef S2S_CLI_EXAMPLES_H
#define S2S_CLI_EXAMPLES_H

#include "cli/input.h"
#include "data/corpus.h"
#include "metric/metric.h"

enum { S2S_MOST_REFERENCES = 32 };

/* Where examples come from; borrowed strings. */
typedef struct s2s_example_source {
    const s2s_corpus *corpus;                   /* or, NULL, */
    const char *files[1 + S2S_MOST_REFERENCES]; /* the text and its references */
    int files_n;
} s2s_example_source;

typedef struct s2s_examples {
    s2s_corpus_reader *corpus;
    s2s_input inputs[1 + S2S_MOST_REFERENCES];
    s2s_segment segments[1 + S2S_MOST_REFERENCES]; /* of the present example: text, references */
    int n;                                         /* segments an example */
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
