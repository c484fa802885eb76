/* Which two systems of a test set are held against each other, and in which lines. */
#ifndef S2S_REPORT_SHOWN_H
#define S2S_REPORT_SHOWN_H

#include "report/section.h"

/* Lines under one heading. */
typedef struct s2s_line_group {
    const char *title;
    const size_t *lines; /* [n], in the order in which they are shown */
    size_t n;
} s2s_line_group;

enum { S2S_LINE_GROUPS = 3 }; /* those asked for, and those of either end */

/* All zero is valid and empty. */
typedef struct s2s_shown {
    int rows[2]; /* of the board; [1] -1: there is only one; [0] -1: none */
    s2s_line_group groups[S2S_LINE_GROUPS];
    int groups_n;
    size_t *lines; /* [n] what the groups show */
    size_t n;
    size_t *ascending; /* [different] the same lines, each once */
    size_t different;
} s2s_shown;

/* After a failure, of memory, nothing is held. */
s2s_status s2s_shown_make(s2s_shown *shown, const s2s_page *page, int test, s2s_err *err);
void s2s_shown_release(s2s_shown *shown);

#endif
