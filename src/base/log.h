/* Messages for people on standard error, and events for machines as JSON lines in a file.
 *
 * Nothing below src/cli prints by itself: code that has something to tell is given an s2s_log. One
 * log may be used from several threads. A null s2s_log is fine everywhere and swallows what it is
 * told. */
#ifndef S2S_BASE_LOG_H
#define S2S_BASE_LOG_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

typedef struct s2s_log s2s_log;

/* `stream`: where messages go, or NULL for none (--quiet). */
s2s_log *s2s_log_create(FILE *stream, s2s_err *err);
void s2s_log_free(s2s_log *log);

/* Also appends each event as one JSON line to `path`, which is created when missing and continued
 * when there. */
s2s_status s2s_log_open_events(s2s_log *log, const char *path, s2s_err *err);

/* A line for people. A progress bar that is showing is erased first and drawn again after it. */
void s2s_log_say(s2s_log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
void s2s_log_warn(s2s_log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The state of a long job: on a terminal one line that is drawn over (at most ten times a second),
 * else a plain line at once and then at most every 30 s. `done` of `total` (total 0: unknown), then
 * the text. */
void s2s_log_progress(s2s_log *log, double done, double total, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void s2s_log_progress_end(s2s_log *log); /* erases the bar */

/* An event for machines: {"event": name, "time": unix seconds, KEY: VALUE, ...} with `n`
 * fields, made by S2S_NUMBER and S2S_TEXT. A number that is not finite is written as null, a byte
 * that is not UTF-8 as U+FFFD. Nothing happens when no events file is open. */
typedef struct s2s_field {
    const char *key;
    const char *text; /* NULL: `number` is the value */
    double number;
} s2s_field;
#define S2S_NUMBER(key, value) ((s2s_field){(key), NULL, (double)(value)})
#define S2S_TEXT(key, value) ((s2s_field){(key), (value), 0})
s2s_status s2s_log_event(s2s_log *log, const char *name, const s2s_field *fields, int n,
                         s2s_err *err);

#endif
