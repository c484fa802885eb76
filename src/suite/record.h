/* What a cell keeps of a line: its output, and when it was done. A line of JSON each. */
#ifndef S2S_SUITE_RECORD_H
#define S2S_SUITE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

typedef struct s2s_record {
    const char *text; /* borrowed; may hold any character */
    size_t length;
    int64_t tokens; /* pieces, without the end symbol */
    bool ended;     /* false: cut at a limit of length */
    double seconds; /* spent searching until the line was done, by all tries together */
} s2s_record;

typedef s2s_status s2s_record_taker(void *self, const s2s_record *record, s2s_err *err);

/* Appends a line and hands it to the system. `path`: for messages. */
s2s_status s2s_record_write(const s2s_record *record, FILE *file, const char *path, s2s_err *err);

/* Gives all lines of a file to `take`. `torn`: the last line may be incomplete, which ends reading; else any
 * fault is S2S_INPUT. *size (may be NULL): bytes of the complete lines. */
s2s_status s2s_records_read(const char *path, bool torn, s2s_record_taker *take, void *self,
                            int64_t *size, s2s_err *err);

#endif
