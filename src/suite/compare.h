/* Intervals, and tests of rows against their baseline: what metric/resample.h does, row by row of a board. */
#ifndef S2S_SUITE_COMPARE_H
#define S2S_SUITE_COMPARE_H

#include "suite/board.h"

/* Fills interval, delta, p and significant of all scores, and `against` of all rows. */
s2s_status s2s_board_compare(s2s_board *board, s2s_err *err);

#endif
