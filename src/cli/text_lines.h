/* The lines of commands that read one text a line: plain, or JSON objects with the text in a field. A line that cannot
 * be read, or that the command refuses, waits for its turn with its error (line_queue.h). */
#ifndef S2S_CLI_TEXT_LINES_H
#define S2S_CLI_TEXT_LINES_H

#include "cli/line_queue.h"
#include "cli/options.h"

typedef enum s2s_text_format { S2S_TEXT_PLAIN, S2S_TEXT_JSON } s2s_text_format;
extern const char *const s2s_text_format_names[]; /* ended by NULL */

typedef struct s2s_text_options {
    int format;        /* s2s_text_format */
    const char *field; /* of json; NULL: "text" */
    bool strict;       /* a line that has no result ends the run */
} s2s_text_options;

#define S2S_TEXT_LINE_OPTIONS(options)                                                             \
    S2S_CHOICE_OPTION("format", s2s_text_format_names, &(options)->format,                         \
                      "What the input is: lines of text, or an object a line (json), whose other " \
                      "fields come back with the result."),                                        \
        S2S_TEXT_OPTION("field", "NAME", &(options)->field,                                        \
                        "The text's field of json; \"text\" if not given."),                       \
        S2S_FLAG("strict", &(options)->strict,                                                     \
                 "End at the first line that can have no result; else its result is empty, or "    \
                 "tells why in JSON.")

typedef struct s2s_text_lines {
    s2s_input input;
    s2s_line_queue queue;
    s2s_text_options options;
} s2s_text_lines;

/* S2S_USAGE: an option that means nothing in the format. Close it in any case. */
s2s_status s2s_text_lines_open(s2s_text_lines *lines, const char *path,
                               const s2s_text_options *options, s2s_log *log, s2s_err *err);
void s2s_text_lines_close(s2s_text_lines *lines);

/* The next line goes to the queue; its text, borrowed until the next call, is NULL where the line was refused. */
s2s_status s2s_text_lines_next(s2s_text_lines *lines, const char **text, size_t *length, bool *more,
                               s2s_err *err);
/* Refuses the last line for what `failure` says; see s2s_line_refuse. */
s2s_status s2s_text_lines_refuse(s2s_text_lines *lines, const s2s_err *failure, s2s_err *err);

#endif
