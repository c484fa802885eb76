/* The frame of the page (report.h), and what its sections share. */
#include <stdio.h>
#include <time.h>

#include "report/section.h"

enum { COLOURS = 8 }; /* as many as the style sheet has */

/* --- rows --- */

void s2s_page_rows(const s2s_page *page, int test, int *first, int *end) {
    int each = page->board->n / page->board->agenda->suite->tests.n;
    *first = test * each;
    *end = *first + each;
}

int s2s_page_present(const s2s_page *page, int test) {
    int first, end, n = 0;
    s2s_page_rows(page, test, &first, &end);
    for (int i = first; i < end; i++) n += page->board->rows[i].present;
    return n;
}

void s2s_page_row_name(s2s_page *page, int row) {
    const s2s_suite *suite = page->board->agenda->suite;
    const s2s_agenda_cell *cell = page->board->rows[row].cell;
    s2s_html_print(&page->html, "%s", s2s_suite_model_at(suite, cell->model)->name);
    if (suite->searches.n > 1)
        s2s_html_print(&page->html, " · %s", s2s_suite_search_at(suite, cell->search)->name);
}

int s2s_page_colour(const s2s_page *page, int row) {
    const s2s_suite *suite = page->board->agenda->suite;
    const s2s_agenda_cell *cell = page->board->rows[row].cell;
    return (cell->model * suite->searches.n + cell->search) % COLOURS;
}

void s2s_page_swatch(s2s_page *page, int row) {
    s2s_html *h = &page->html;
    s2s_html_tag(h, "i");
    s2s_html_attr(h, "class", "swatch c%d", s2s_page_colour(page, row));
    s2s_html_end(h);
}

double s2s_page_direction(const s2s_page *page, int metric) {
    const s2s_suite *suite = page->board->agenda->suite;
    return s2s_metric_lower_is_better((s2s_metric_type)suite->metrics[metric]) ? -1 : 1;
}

/* --- frame --- */

static void put_head(s2s_page *page) {
    s2s_html *h = &page->html;
    s2s_html_tag(h, "head");
    s2s_html_raw(h, "<meta charset=\"utf-8\">"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src 'unsafe-inline'\">"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                    "<meta name=\"color-scheme\" content=\"light dark\">");
    s2s_html_leaf(h, "title", NULL, "%s", page->board->agenda->suite->name);
    s2s_html_tag(h, "style");
    for (const char *const *part = s2s_page_style; *part; part++) s2s_html_raw(h, *part);
    s2s_html_end(h);
    s2s_html_end(h);
}

static void put_count(s2s_html *h, int n, const char *what) {
    s2s_html_print(h, "%d %s%s · ", n, what, n == 1 ? "" : "s");
}

static void put_title(s2s_page *page) {
    s2s_html *h = &page->html;
    const s2s_agenda *agenda = page->board->agenda;
    char day[32] = "";
    time_t now = time(NULL);
    struct tm local;
    if (localtime_r(&now, &local)) strftime(day, sizeof day, "%Y-%m-%d", &local);
    s2s_html_tag(h, "header");
    s2s_html_leaf(h, "h1", NULL, "%s", agenda->suite->name);
    s2s_html_tag(h, "p");
    put_count(h, agenda->suite->models.n, "model");
    put_count(h, agenda->suite->tests.n, "test set");
    s2s_html_print(h, "%d search%s · %s · s2s %s", agenda->suite->searches.n,
                   agenda->suite->searches.n == 1 ? "" : "es", day, S2S_VERSION);
    s2s_html_end(h);
    s2s_html_end(h);
}

static void put_test(s2s_page *page, int test) {
    s2s_html *h = &page->html;
    const s2s_agenda *agenda = page->board->agenda;
    s2s_html_tag(h, "section");
    s2s_html_tag(h, "h2");
    s2s_html_print(h, "%s", s2s_suite_test_at(agenda->suite, test)->name);
    s2s_html_leaf(h, "small", NULL, " %zu lines", agenda->sets[test].source.n);
    s2s_html_end(h);
    s2s_page_table(page, test);
    if (s2s_page_present(page, test)) {
        s2s_html_open(h, "div", "charts");
        s2s_page_lengths(page, test);
        s2s_page_frequencies(page, test);
        s2s_html_end(h);
        s2s_page_lines(page, test);
    }
    s2s_html_end(h);
}

s2s_status s2s_report_write(const s2s_board *board, const s2s_report_options *options, s2s_buf *out,
                            s2s_err *err) {
    static const s2s_report_options nothing = {0};
    s2s_page page = {
        .html = s2s_html_begin(out, err), .board = board, .options = options ? options : &nothing};
    s2s_html *h = &page.html;
    s2s_html_raw(h, "<!doctype html>\n");
    s2s_html_tag(h, "html");
    put_head(&page);
    s2s_html_tag(h, "body");
    s2s_html_tag(h, "main");
    put_title(&page);
    for (int t = 0; t < board->agenda->suite->tests.n; t++) put_test(&page, t);
    s2s_page_facts(&page);
    s2s_html_end(h);
    s2s_html_end(h);
    s2s_html_end(h);
    s2s_html_raw(h, "\n");
    return h->status;
}
