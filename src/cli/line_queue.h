/* Lines on their way through a command: read, and waiting for their results. One that cannot be read waits like the
 * others, and its result tells why; with `strict` it ends the run. */
#ifndef S2S_CLI_LINE_QUEUE_H
#define S2S_CLI_LINE_QUEUE_H

#include <jansson.h>

#include "cli/input.h"
#include "cli/output.h"

/* What of a line is needed again with its result; what its format has not is NULL. */
typedef struct s2s_line {
    char *columns;  /* TSV: as it came */
    size_t length;  /* of `columns` */
    json_t *object; /* JSON */
    char *error;    /* why it has no result; NULL: it has */
} s2s_line;

typedef struct s2s_line_queue {
    bool strict;
    s2s_line *ring; /* of `capacity`, `n` of them in use from `first` on */
    size_t first, n, capacity;
    uint64_t failed, first_failed; /* lines; the number of the first of those, from 1, */
    char why[160];                 /* and what is wrong with it */
} s2s_line_queue;

void s2s_line_queue_release(s2s_line_queue *queue); /* all zero is fine */

/* A new line, the youngest, whose fields the caller fills. */
s2s_status s2s_line_push(s2s_line_queue *queue, s2s_line **line, s2s_err *err);
/* The oldest; s2s_line_pop releases it. */
s2s_line *s2s_line_first(s2s_line_queue *queue);
void s2s_line_pop(s2s_line_queue *queue);

/* What becomes of the youngest line, the last one of `input`, when reading it has failed with `failure`: it gets the
 * message as its error; or, where the queue is strict or it is not the line that is at fault, that is returned. */
s2s_status s2s_line_refuse(s2s_line_queue *queue, const s2s_input *input, const s2s_err *failure,
                           s2s_err *err);
/* A warning of the lines that failed, if any, at the end; `done` as in "translated". */
void s2s_line_queue_warn(const s2s_line_queue *queue, s2s_log *log, const char *done);

/* The object of a line's result: the fields that it came with, "index" unless it has one, and its error. A new
 * reference; NULL: no memory. */
json_t *s2s_line_json(const s2s_line *line, uint64_t index);
/* Writes the object of the oldest line's result, with `fields` (a reference that it takes over; NULL for a line that was
 * refused), and takes the line off the queue. */
s2s_status s2s_line_put_json(s2s_line_queue *queue, uint64_t index, json_t *fields,
                             s2s_output *output, s2s_err *err);

#endif
