/* What the sections of the page share. */
#ifndef S2S_REPORT_SECTION_H
#define S2S_REPORT_SECTION_H

#include "report/html.h"
#include "report/report.h"

typedef struct s2s_page {
    s2s_html html;
    const s2s_board *board;
    const s2s_report_options *options; /* never NULL */
} s2s_page;

/* The rows of a test set: first and end. */
void s2s_page_rows(const s2s_page *page, int test, int *first, int *end);
int s2s_page_present(const s2s_page *page, int test); /* how many of them are done */
/* A row's "MODEL · SEARCH", without the search where there is only one. */
void s2s_page_row_name(s2s_page *page, int row);
/* Which of the colours a row has, the same in all sections. */
int s2s_page_colour(const s2s_page *page, int row);
void s2s_page_swatch(s2s_page *page, int row); /* a spot of it */
/* 1, or -1 for a metric of which lower is better. */
double s2s_page_direction(const s2s_page *page, int metric);

/* --- sections --- */

extern const char *const s2s_page_style[]; /* the style sheet, in parts; ended by NULL */

void s2s_page_table(s2s_page *page, int test);
void s2s_page_lengths(s2s_page *page, int test);
void s2s_page_frequencies(s2s_page *page, int test);
void s2s_page_lines(s2s_page *page, int test);
void s2s_page_facts(s2s_page *page);

#endif
