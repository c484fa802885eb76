/* The lines that `s2s score` reads: a source and its targets, from line-aligned files, TSV or JSON lines.
 *
 * With `alone` a line is a text without a source, which is then empty.
 *
 * A line with a column or field that is missing or one too many, or that is no JSON, is refused (line_queue.h); an empty
 * source or target is a text like any other, but an empty line has no target, and is no object. Files of different
 * length are an error. */
#ifndef S2S_CLI_PAIRS_H
#define S2S_CLI_PAIRS_H

#include "cli/examples.h"
#include "cli/line_queue.h"
#include "data/corpus.h"

typedef enum s2s_pairs_format { S2S_PAIRS_TSV, S2S_PAIRS_JSON } s2s_pairs_format;
extern const char *const s2s_pairs_format_names[]; /* ended by NULL */

/* Where pairs come from; borrowed. */
typedef struct s2s_pairs_source {
    s2s_example_source files; /* source and targets; or, without files, */
    const char *input;        /* one file, "-" standard input, */
    s2s_pairs_format format;  /* of columns, or of objects with "source" and "target" */
    bool contrastive; /* a right target and one or more wrong ones: more columns, field "wrong" */
    bool alone;       /* targets without sources: the whole line, field "text" */
} s2s_pairs_source;

typedef struct s2s_pairs {
    s2s_examples files;
    s2s_input input; /* its lines NULL: files */
    s2s_pairs_format format;
    bool contrastive, alone;
    s2s_line_queue *queue; /* borrowed */
    /* of the present line */
    s2s_pair *
        items; /* [n] with one source; the first target is the right one; none: the line was refused */
    size_t n, capacity;
} s2s_pairs;

/* `log` is told of lines that are no UTF-8. */
s2s_status s2s_pairs_open(s2s_pairs *pairs, const s2s_pairs_source *source, s2s_line_queue *queue,
                          s2s_log *log, s2s_err *err);
/* The next line, which goes to the queue, and its pairs, valid until the next call. Texts of JSON lie in the line's
 * object. */
s2s_status s2s_pairs_next(s2s_pairs *pairs, bool *more, s2s_err *err);
void s2s_pairs_close(s2s_pairs *pairs); /* all zero is fine */

#endif
