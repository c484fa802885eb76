/* A trace: what happened when, as a file that about:tracing and https://ui.perfetto.dev open (the "Trace Event
 * Format" of Chromium, JSON). Each kind of step is a process of its own there. */
#ifndef S2S_CLI_TRACE_H
#define S2S_CLI_TRACE_H

#include <jansson.h>

#include "tensor/run.h"

typedef struct s2s_trace s2s_trace;

/* Begins the file, so that one that cannot be written is known before anything is measured. */
s2s_status s2s_trace_open(s2s_trace **trace, const char *path, s2s_err *err);

/* Events from now on belong to a new process of this name, whose times count from `origin` (s2s_clock). */
void s2s_trace_process(s2s_trace *trace, const char *name, double origin);
/* Something that began at `begun` (s2s_clock). Takes over the reference to `args`. */
void s2s_trace_event(s2s_trace *trace, const char *name, const char *category, double begun,
                     double seconds, json_t *args);
/* The ops of a run that took times in one step: each with its id, direction, shapes and weight. */
void s2s_trace_run(s2s_trace *trace, const s2s_run *run);

/* Writes the file and frees the trace; after a failure (`status`, which it returns) there is no file. Memory
 * that an event could not get is told here. NULL is fine. */
s2s_status s2s_trace_close(s2s_trace *trace, s2s_status status, s2s_err *err);

#endif
