/* What a suite asks for, cell by cell: which of it is there, and getting the rest done. */
#ifndef S2S_SUITE_AGENDA_H
#define S2S_SUITE_AGENDA_H

#include "base/log.h"
#include "suite/cell.h"
#include "suite/measures.h"
#include "suite/store.h"

typedef struct s2s_agenda_cell {
    int model, test, search; /* indices in the suite */
    s2s_store_key key;
    const char *folder; /* in the store */
    const char *source; /* the test set's file there */
    bool done;
    const char *failure; /* why it could not be done; NULL: it was, or was not tried */
} s2s_agenda_cell;

typedef struct s2s_agenda {
    const s2s_suite *suite;
    s2s_store store;
    s2s_testset *sets;      /* [suite->tests.n] */
    s2s_agenda_cell *cells; /* [n]: by test set, then model, then search */
    int n, missing;         /* missing: cells without a result, those of one content counted once */
    bool lowercase;         /* scored without case: asked for, or a model writes no other */
    s2s_measures measures;
    s2s_arena arena;
} s2s_agenda;

/* Reads test sets and models' recipes, makes the metrics, opens the store and looks what it holds. What is wrong with any cell is
 * told here, before hours of work, as far as it can be. After a failure nothing is held. */
s2s_status s2s_agenda_create(s2s_agenda *agenda, const s2s_suite *suite, s2s_err *err);
void s2s_agenda_release(s2s_agenda *agenda); /* all zero is fine */

/* What does a cell: s2s_child_run, or a test's stand-in. */
typedef s2s_status s2s_agenda_runner(void *self, const s2s_cell_job *job, s2s_err *err);

/* Does what is missing. A cell that fails is remembered and told, and the others are done all the same; only
 * an interrupt ends it early. */
s2s_status s2s_agenda_run(s2s_agenda *agenda, s2s_agenda_runner *runner, void *self, s2s_log *log,
                          s2s_err *err);

/* S2S_IO with the number of cells that failed and the first reason; S2S_OK when none did. */
s2s_status s2s_agenda_check(const s2s_agenda *agenda, s2s_err *err);

/* "MODEL, TEST, SEARCH" */
typedef struct s2s_cell_name {
    char text[320]; /* names are short: load.c */
} s2s_cell_name;
s2s_cell_name s2s_agenda_name(const s2s_agenda *agenda, const s2s_agenda_cell *cell);

#endif
