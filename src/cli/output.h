/* Where a command's results go: standard output, or a file that appears when all is done.
 *
 * A file goes through s2s_writer, so that nobody sees half of it; a name that ends in .gz is
 * gzipped. What is written to standard output can be read at once when it is a pipe or a
 * terminal. */
#ifndef S2S_CLI_OUTPUT_H
#define S2S_CLI_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

typedef struct s2s_output s2s_output;

/* `path` "-": standard output. */
s2s_status s2s_output_open(s2s_output **output, const char *path, s2s_err *err);
s2s_status s2s_output_write(s2s_output *output, const void *data, size_t size, s2s_err *err);
s2s_status s2s_output_printf(s2s_output *output, s2s_err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A text within a line: a line feed, which a model of bytes may write, becomes a blank, so that it does not make two
 * lines of one; so does a tab where the line has `columns`. */
s2s_status s2s_output_text(s2s_output *output, const char *text, size_t size, bool columns,
                           s2s_err *err);
/* A piece of a vocabulary in a list whose items blanks part: one that holds blanks or tabs itself, as a model of code
 * has, tells their bytes. */
s2s_status s2s_output_piece(s2s_output *output, const char *piece, s2s_err *err);
/* As one line or, `pretty`, as an indented block. Takes over the reference to `value`; NULL, or a
 * value that could not be built, is S2S_MEMORY. */
s2s_status s2s_output_json(s2s_output *output, json_t *value, int pretty, s2s_err *err);
/* A result is complete: who waits for it at a pipe or a terminal gets it now. */
s2s_status s2s_output_ready(s2s_output *output, s2s_err *err);

/* Ends and frees the output. After a failure (`status`, which it returns) a file stays as it was,
 * and standard output gets what was complete. NULL is fine. */
s2s_status s2s_output_finish(s2s_output *output, s2s_status status, s2s_err *err);

#endif
