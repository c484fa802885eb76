/* See err.h. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

s2s_status s2s_fail(s2s_err *err, s2s_status status, const char *format, ...) {
    if (!err) return status;
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    err->status = status;
    return status;
}

/* As much of the text as there is room for. */
static void append(s2s_err *err, const char *text) {
    size_t used = strlen(err->message), room = sizeof err->message - 1 - used;
    size_t size = strlen(text) < room ? strlen(text) : room;
    memcpy(err->message + used, text, size);
    err->message[used + size] = '\0';
}

s2s_status s2s_fail_within(s2s_err *err, const char *format, ...) {
    if (!err) return S2S_INPUT;
    char inner[sizeof err->message];
    memcpy(inner, err->message, sizeof inner);
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    append(err, ": ");
    append(err, inner);
    return err->status;
}

s2s_status s2s_fail_memory(s2s_err *err, size_t bytes) {
    const double mib = 1024.0 * 1024.0;
    return s2s_fail(err, S2S_MEMORY,
                    "out of memory: %.*f MiB more were needed; use a smaller batch or model",
                    (double)bytes < mib ? 4 : 1, (double)bytes / mib);
}

s2s_status s2s_fail_errno(s2s_err *err, const char *verb, const char *path) {
    return s2s_fail(err, S2S_IO, "cannot %s %s: %s", verb, path, strerror(errno));
}
