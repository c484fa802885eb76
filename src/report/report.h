/* The report of a suite: one HTML page that holds everything it shows, without scripts and without anything
 * from elsewhere. One file a section. */
#ifndef S2S_REPORT_REPORT_H
#define S2S_REPORT_REPORT_H

#include "suite/board.h"

/* A line of a test set that is shown, and the rows (of the board) whose outputs are. */
typedef struct s2s_report_line {
    int test;
    size_t line;
    int rows[2]; /* rows[1] -1: there is only one */
} s2s_report_line;

typedef struct s2s_html s2s_html;

typedef struct s2s_report_options {
    /* Draws a picture of how a row came to its output, such as attention weights, into the line's card;
     * NULL: there is none. */
    s2s_status (*picture)(void *self, const s2s_report_line *line, int row, s2s_html *html,
                          s2s_err *err);
    void *picture_self;
} s2s_report_options;

/* Appends the page. */
s2s_status s2s_report_write(const s2s_board *board, const s2s_report_options *options,
                            s2s_buf *page, s2s_err *err);

#endif
