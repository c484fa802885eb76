/* Status codes and the error context that every fallible function fills.
 *
 * A function that can fail returns a status and takes an s2s_err, which the caller owns. On success the
 * s2s_err is left alone; on failure it holds the status and one message a user can act on: file, line,
 * key, value, what was expected, what to do. */
#ifndef S2S_ERROR_H
#define S2S_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum s2s_status {
    S2S_OK = 0,
    S2S_USAGE,       /* wrong arguments or a wrong recipe: the program exits with 2 */
    S2S_INPUT,       /* text, weights or another file holds what it must not */
    S2S_IO,          /* the system refused: missing, unreadable, full, broken pipe */
    S2S_MEMORY,      /* an allocation failed */
    S2S_NUMERIC,     /* the loss or a gradient is no longer a finite number */
    S2S_INTERRUPTED, /* SIGINT or SIGTERM: state was saved first */
} s2s_status;

typedef struct s2s_err {
    s2s_status status;
    char message[1024];
} s2s_err;

#ifdef __cplusplus
}
#endif
#endif
