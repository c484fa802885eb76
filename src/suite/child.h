/* A process of the same program that does one cell. Alone in its process, a cell's peak memory is its own,
 * whatever ran before it. */
#ifndef S2S_SUITE_CHILD_H
#define S2S_SUITE_CHILD_H

#include <stdint.h>

#include "base/memory.h"
#include "suite/cell.h"

/* The program's command that such a process runs: its body is s2s_child_answer. */
#define S2S_CHILD_COMMAND "evaluate-cell"

typedef struct s2s_child {
    const char *program; /* path of the program's file */
    int64_t threads;     /* 0: all */
    bool quiet;
} s2s_child;

/* Runs the cell in a process of its own and waits for it. Its failure is returned as if it had happened here.
 * An interrupt is passed on to it, and S2S_INTERRUPTED returned when it has ended. */
s2s_status s2s_child_run(const s2s_child *child, const s2s_cell_job *job, s2s_err *err);

/* In the process itself: does the cell. Appends what is to be written to standard output, where s2s_child_run
 * reads it: nothing, or the status of a failure as a number and its message. So a failure is told once, by the
 * process that the user started. */
s2s_status s2s_child_answer(const s2s_cell_job *job, s2s_buf *answer, s2s_err *err);

#endif
