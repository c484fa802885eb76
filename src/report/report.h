/* The report of a suite: one HTML page that holds everything it shows, without scripts and without anything
 * from elsewhere. One file a section. */
#ifndef S2S_REPORT_REPORT_H
#define S2S_REPORT_REPORT_H

#include "suite/attention.h"

/* What the rows looked at in lines that are shown: s2s_attention_read, or a test's stand-in. */
typedef s2s_status s2s_report_attention(void *self, s2s_attention *attention,
                                        const s2s_board *board, int row, const size_t *lines,
                                        size_t n, s2s_err *err);

/* All zero is fine. */
typedef struct s2s_report_options {
    const size_t *lines; /* [lines_n] to be shown of every test set that has them, counted from 0 */
    size_t lines_n;
    /* NULL: there are no pictures of attention. A failure is told in the page, in place of the pictures; but
     * S2S_MEMORY and S2S_INTERRUPTED end the report. */
    s2s_report_attention *attention;
    void *attention_self;
} s2s_report_options;

/* Appends the page; `options` NULL: all zero. */
s2s_status s2s_report_write(const s2s_board *board, const s2s_report_options *options,
                            s2s_buf *page, s2s_err *err);

#endif
