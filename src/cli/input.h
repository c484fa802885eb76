/* The lines that a command reads: a file, maybe gzipped, or standard input. */
#ifndef S2S_CLI_INPUT_H
#define S2S_CLI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/file.h"
#include "base/log.h"

/* Bytes that are no UTF-8, and NUL, are left in: everything that reads text takes them for U+FFFD.
 * The first such line is told to `log`, once a file. */
typedef struct s2s_input {
    s2s_lines *lines;
    s2s_log *log;
    bool warned;
} s2s_input;

s2s_status s2s_input_open(s2s_input *input, const char *path, s2s_log *log, s2s_err *err);
/* `self` is the s2s_input; the line is borrowed until the next call. */
s2s_status s2s_input_next(void *self, const char **line, size_t *length, bool *more, s2s_err *err);
/* Lines read so far. */
uint64_t s2s_input_count(const s2s_input *input);
/* "FILE:LINE: " before the message of a failure that the last line caused; returns its status. */
s2s_status s2s_input_blame(const s2s_input *input, s2s_err *err);
void s2s_input_close(s2s_input *input);

#endif
