/* Suites without models: folders that look like models, a test set, and a stand-in for the process of a cell that
 * "translates" by a rule. All of it lies in the test's scratch folder. */
#ifndef TEST_SUITE_WORLD_H
#define TEST_SUITE_WORLD_H

#include "suite/board.h"

/* Writes model folders `one` and `two`, and news.en, news.de, news2.de of five lines. */
void world_make(void);
void world_put(const char *name, const char *text); /* a file in the scratch folder */

/* Loads a suite that must be right; `text` is its YAML. The caller frees it. */
s2s_suite *world_suite(const char *text);
/* Loads one that must be wrong; returns the message. */
const char *world_refused(const char *text);

/* Two models, one test set, two searches. */
extern const char world_yaml[];

/* What has been asked of the stand-in. */
typedef struct world_runner {
    int calls;
    int fails_at;      /* this call fails (counted from 1) */
    int interrupts_at; /* this one is interrupted */
} world_runner;
s2s_agenda_runner world_run; /* `self` is a world_runner */

/* A board of the suite, all run. Release with world_board_release. */
typedef struct world_board {
    s2s_suite *suite;
    s2s_agenda agenda;
    s2s_board board;
} world_board;
void world_board_make(world_board *w, const char *yaml);
void world_board_release(world_board *w);

#endif
