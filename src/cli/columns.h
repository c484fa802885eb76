/* Sentences with a tag a word, as the shared tasks of CoNLL write them: a line has the word first and
 * its tag last, parted by white space, and what stands between is not looked at; an empty line ends a
 * sentence. */
#ifndef S2S_CLI_COLUMNS_H
#define S2S_CLI_COLUMNS_H

#include "base/memory.h"
#include "cli/input.h"
#include "metric/metric.h"

/* Reads the next sentence of n files side by side: tags[i] become its tags in inputs[i], parted by
 * spaces. All files must have the same words in the same lines; what differs, a line without a tag
 * and, with `entities`, a tag that is none are errors that name the line. */
s2s_status s2s_columns_next(s2s_input *inputs, int n, bool entities, s2s_buf *tags, bool *more,
                            s2s_err *err);

#endif
