/* libs2s: trained models in a program of one's own.
 *
 *     s2s_err err = {0};
 *     s2s_engine *engine;
 *     char *german;
 *     if (s2s_engine_open(&engine, "runs/quickstart", NULL, &err) ||
 *         s2s_engine_translate(engine, "A small dog.", &german, &err))
 *         fprintf(stderr, "%s\n", err.message);
 *
 * Nothing here prints or ends the process. Text is UTF-8. Link with `pkg-config --libs s2s`. */
#ifndef S2S_S2S_H
#define S2S_S2S_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "s2s/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A model folder opened for use. One engine serves one thread at a time; it computes on the
 * process's OpenMP threads itself. */
typedef struct s2s_engine s2s_engine;

/* Opens a model folder. `settings` is NULL or a list ended by NULL of "key.path=value" over the
 * recipe, such as "search.beam_size=8". On success *engine is the caller's, to be closed by
 * s2s_engine_close. */
s2s_status s2s_engine_open(s2s_engine **engine, const char *folder, const char *const *settings,
                           s2s_err *err);
void s2s_engine_close(s2s_engine *engine); /* NULL is fine */

/* The best translation of one line; to be freed by s2s_text_free. */
s2s_status s2s_engine_translate(s2s_engine *engine, const char *line, char **translation,
                                s2s_err *err);
void s2s_text_free(char *text);

/* Many lines, searched together, which is several times as fast as one by one. `next` gives a line
 * (borrowed until its next call), or sets *more to false; `done` gets each line's best translation,
 * in the order of the lines, for the length of the call. They are called one at a time, but not always
 * by the thread that called s2s_engine_run. A failure of either ends the run and is
 * returned. */
typedef struct s2s_engine_io {
    void *self;
    s2s_status (*next)(void *self, const char **line, size_t *length, bool *more, s2s_err *err);
    s2s_status (*done)(void *self, uint64_t index, const char *text, size_t length, double score,
                       s2s_err *err);
} s2s_engine_io;
s2s_status s2s_engine_run(s2s_engine *engine, s2s_engine_io io, s2s_err *err);

/* Compute threads of the whole process; 0: as many as it may use. To be called before an engine is
 * opened. */
void s2s_use_threads(int count);

/* "0.1.0" */
const char *s2s_library_version(void);

#ifdef __cplusplus
}
#endif
#endif
