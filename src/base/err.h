/* Filling and forwarding an s2s_err (see s2s/error.h). */
#ifndef S2S_BASE_ERR_H
#define S2S_BASE_ERR_H

#include <stddef.h>

#include "s2s/error.h"

/* Writes status and message, and returns the status, so that `return s2s_fail(...)` is one line.
 * `err` may be null when the caller only wants the status; its own message may not be among the
 * arguments. */
s2s_status s2s_fail(s2s_err *err, s2s_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the message that is already there; returns its status. */
s2s_status s2s_fail_within(s2s_err *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* S2S_MEMORY with the number of bytes that could not be had. */
s2s_status s2s_fail_memory(s2s_err *err, size_t bytes);

/* S2S_IO with the reason that errno gives: "cannot VERB PATH: REASON". */
s2s_status s2s_fail_errno(s2s_err *err, const char *verb, const char *path);

/* Forwards a failure to the caller. */
#define S2S_TRY(call)                                                                              \
    do {                                                                                           \
        s2s_status s2s_try_status = (call);                                                        \
        if (s2s_try_status != S2S_OK) return s2s_try_status;                                       \
    } while (0)

#endif
