/* See shown.h. */
#include "report/shown.h"

#include <math.h>
#include <stdlib.h>

enum { AT_EACH_END = 5 }; /* lines at each end */

/* A line and how much better the second row's output is than the first's; of a row alone, how good. */
typedef struct rated {
    size_t line;
    double gain;
} rated;

static int by_gain(const void *a, const void *b) {
    const rated *x = a, *y = b;
    if (x->gain != y->gain) return x->gain < y->gain ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* --- which rows --- */

/* How far apart two rows are, by the first metric. */
static double distance(const s2s_page *page, int a, int b) {
    const s2s_board_row *rows = page->board->rows;
    return fabs(rows[a].scores[0].score.value - rows[b].scores[0].score.value);
}

/* A row and its baseline; without a baseline the first row takes its place. Of all such pairs, the two rows that
 * differ most. */
static void choose_rows(const s2s_page *page, int first, int end, int rows[2]) {
    rows[0] = rows[1] = -1;
    int fallback = -1;
    for (int i = first; i < end; i++)
        if (page->board->rows[i].present && fallback < 0) fallback = i;
    for (int i = first; i < end; i++) {
        const s2s_board_row *row = &page->board->rows[i];
        int other = page->board->compared ? row->against : fallback;
        if (!row->present || other < 0 || other == i) continue;
        if (rows[1] >= 0 && distance(page, other, i) <= distance(page, rows[0], rows[1])) continue;
        rows[0] = other;
        rows[1] = i;
    }
    if (rows[0] < 0) rows[0] = fallback;
}

/* --- which lines --- */

/* A line's score, over all metrics, more being better. */
static double line_value(const s2s_page *page, int row, size_t line) {
    double sum = 0;
    for (int m = 0; m < page->board->metrics; m++)
        sum +=
            s2s_page_direction(page, m) * s2s_board_line(&page->board->rows[row].scores[m], line);
    return sum / page->board->metrics;
}

static void rate_lines(const s2s_page *page, const int rows[2], rated *lines, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double a = line_value(page, rows[0], i);
        lines[i] = (rated){i, rows[1] < 0 ? a : line_value(page, rows[1], i) - a};
    }
    qsort(lines, n, sizeof *lines, by_gain);
}

static s2s_line_group *begin_group(s2s_shown *s, const char *title) {
    s2s_line_group *group = &s->groups[s->groups_n++];
    *group = (s2s_line_group){title, s->lines + s->n, 0};
    return group;
}

static void add_line(s2s_shown *s, s2s_line_group *group, size_t line) {
    s->lines[s->n++] = line;
    group->n++;
}

/* Up to AT_EACH_END lines from one end, as far as they differ in the direction that is asked for. */
static void add_end(s2s_shown *s, const rated *lines, size_t n, bool gains, const char *title) {
    bool alone = s->rows[1] < 0;
    s2s_line_group *group = begin_group(s, title);
    for (size_t i = 0; i < AT_EACH_END && i < n; i++) {
        const rated *line = gains ? &lines[n - 1 - i] : &lines[i];
        if (!alone && (gains ? line->gain <= 0 : line->gain >= 0)) break;
        add_line(s, group, line->line);
    }
}

static void add_groups(s2s_shown *s, const s2s_report_options *options, const rated *lines,
                       size_t n) {
    if (options->lines_n) {
        s2s_line_group *group = begin_group(s, "Chosen");
        for (size_t i = 0; i < options->lines_n; i++)
            if (options->lines[i] < n) add_line(s, group, options->lines[i]);
    }
    bool alone = s->rows[1] < 0;
    add_end(s, lines, n, !alone, alone ? "Worst" : "Most gained");
    add_end(s, lines, n, alone, alone ? "Best" : "Most lost");
}

static int by_number(const void *a, const void *b) {
    const size_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void sort_lines(s2s_shown *s) {
    for (size_t i = 0; i < s->n; i++) s->ascending[i] = s->lines[i];
    qsort(s->ascending, s->n, sizeof *s->ascending, by_number);
    for (size_t i = 0; i < s->n; i++)
        if (!s->different || s->ascending[i] != s->ascending[s->different - 1])
            s->ascending[s->different++] = s->ascending[i];
}

s2s_status s2s_shown_make(s2s_shown *s, const s2s_page *page, int test, s2s_err *err) {
    *s = (s2s_shown){0};
    int first, end;
    s2s_page_rows(page, test, &first, &end);
    choose_rows(page, first, end, s->rows);
    if (s->rows[0] < 0) return S2S_OK;
    size_t n = page->board->agenda->sets[test].source.n;
    size_t most = page->options->lines_n + (size_t)2 * AT_EACH_END;
    rated *lines = calloc(n, sizeof *lines);
    s->lines = calloc(most, sizeof *s->lines);
    s->ascending = calloc(most, sizeof *s->ascending);
    s2s_status status = S2S_OK;
    if (lines && s->lines && s->ascending) {
        rate_lines(page, s->rows, lines, n);
        add_groups(s, page->options, lines, n);
        sort_lines(s);
    } else {
        s2s_shown_release(s);
        status = s2s_fail_memory(err, (n + most) * sizeof *lines);
    }
    free(lines);
    return status;
}

void s2s_shown_release(s2s_shown *s) {
    free(s->lines);
    free(s->ascending);
    *s = (s2s_shown){.rows = {-1, -1}};
}
