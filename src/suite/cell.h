/* A cell of a suite: one model translates one test set by one search. The work itself, for a process that does
 * nothing else, so that its memory can be told. */
#ifndef S2S_SUITE_CELL_H
#define S2S_SUITE_CELL_H

#include "base/err.h"
#include "base/log.h"

/* Files in a cell's folder: see store.h. */
#define S2S_CELL_OUTPUT "output.jsonl"
#define S2S_CELL_PART "output.part.jsonl"
#define S2S_CELL_RESULT "result.json"

typedef struct s2s_cell_job {
    const char *model;       /* folder */
    const char *source;      /* JSON lines, {"source": ...} */
    const char *folder;      /* where output and result go; made where it is not there */
    const char *const *sets; /* "search.KEY=VALUE", laid over the model's own search */
    int sets_n;
    s2s_log *log;
} s2s_cell_job;

/* Goes on after the last line that an earlier try has written. After a failure or an interrupt all lines that
 * were done are kept. */
s2s_status s2s_cell_run(const s2s_cell_job *job, s2s_err *err);

#endif
