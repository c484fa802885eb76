/* What ran: models, searches, test sets, signatures, machine; and how things were measured. */
#include <stdio.h>
#include <string.h>

#include "recipe/path.h"
#include "report/section.h"
#include "suite/table.h"

static void begin_list(s2s_html *h, const char *title) {
    s2s_html_leaf(h, "h3", NULL, "%s", title);
    s2s_html_open(h, "dl", "facts");
}

/* As seen from the suite, so that a report does not tell more of a machine than the suite does; as it is where that
 * is shorter. */
static void put_path(s2s_page *page, const char *tag, const char *path) {
    s2s_html *h = &page->html;
    s2s_arena arena = {0};
    char *relative = NULL;
    if (h->status == S2S_OK)
        h->status =
            s2s_path_relative(&relative, page->board->agenda->suite->folder, path, &arena, h->err);
    bool shorter = relative && strlen(relative) < strlen(path);
    s2s_html_leaf(h, tag, "path", "%s", shorter ? relative : path);
    s2s_arena_release(&arena);
}

static void put_models(s2s_page *page) {
    s2s_html *h = &page->html;
    const s2s_suite *suite = page->board->agenda->suite;
    begin_list(h, "Models");
    for (int i = 0; i < suite->models.n; i++) {
        s2s_html_leaf(h, "dt", NULL, "%s", s2s_suite_model_at(suite, i)->name);
        put_path(page, "dd", s2s_suite_model_at(suite, i)->folder);
    }
    s2s_html_end(h);
}

static void put_searches(s2s_page *page) {
    s2s_html *h = &page->html;
    const s2s_suite *suite = page->board->agenda->suite;
    begin_list(h, "Searches");
    for (int i = 0; i < suite->searches.n; i++) {
        const s2s_suite_search *search = s2s_suite_search_at(suite, i);
        s2s_html_leaf(h, "dt", NULL, "%s", search->name);
        s2s_html_tag(h, "dd");
        if (!search->sets_n) s2s_html_print(h, "each model's own");
        for (int k = 0; k < search->sets_n; k++)
            s2s_html_leaf(h, "code", NULL, "%s", search->sets[k] + strlen("search."));
        s2s_html_end(h);
    }
    s2s_html_end(h);
}

static void put_tests(s2s_page *page) {
    s2s_html *h = &page->html;
    const s2s_agenda *agenda = page->board->agenda;
    begin_list(h, "Test sets");
    for (int i = 0; i < agenda->suite->tests.n; i++) {
        const s2s_suite_test *test = s2s_suite_test_at(agenda->suite, i);
        s2s_html_leaf(h, "dt", NULL, "%s", test->name);
        s2s_html_tag(h, "dd");
        s2s_html_print(h, "%zu lines, %d reference%s; ", agenda->sets[i].source.n,
                       agenda->sets[i].references_n, agenda->sets[i].references_n > 1 ? "s" : "");
        put_path(page, "span", test->tsv ? test->tsv : test->json ? test->json : test->source);
        s2s_html_end(h);
    }
    s2s_html_end(h);
}

/* --- facts of rows: told once where all rows share them, else with the rows that do --- */

typedef struct fact {
    char text[256];
} fact;

/* `which`: a metric, or MACHINE. */
enum { MACHINE = -1 };

static fact fact_of(const s2s_board_row *row, int which) {
    fact made;
    if (which == MACHINE)
        snprintf(made.text, sizeof made.text, "%s, %lld thread%s, s2s %s", row->facts.processor,
                 (long long)row->facts.threads, row->facts.threads == 1 ? "" : "s",
                 row->facts.version);
    else
        snprintf(made.text, sizeof made.text, "%s", row->scores[which].score.signature);
    return made;
}

static bool has(const s2s_page *page, int row, int which, const fact *wanted) {
    const s2s_board_row *r = &page->board->rows[row];
    return r->present && strcmp(fact_of(r, which).text, wanted->text) == 0;
}

static int count_with(const s2s_page *page, int first, int end, int which, const fact *wanted) {
    int n = 0;
    for (int i = first; i < end; i++) n += has(page, i, which, wanted);
    return n;
}

/* A test set where all of its rows have it, else the rows. */
static void put_owners(s2s_page *page, int which, const fact *shared) {
    s2s_html *h = &page->html;
    const s2s_suite *suite = page->board->agenda->suite;
    const char *between = "";
    for (int t = 0; t < suite->tests.n; t++) {
        int first, end;
        s2s_page_rows(page, t, &first, &end);
        int n = count_with(page, first, end, which, shared);
        bool all = n == s2s_page_present(page, t);
        for (int i = first; i < end && n; i++) {
            if (!has(page, i, which, shared)) continue;
            s2s_html_print(h, "%s%s", between, s2s_suite_test_at(suite, t)->name);
            between = ", ";
            if (all) break;
            s2s_html_print(h, " · ");
            s2s_page_row_name(page, i);
        }
    }
}

static void put_fact(s2s_page *page, const char *name, int which) {
    s2s_html *h = &page->html;
    const s2s_board *board = page->board;
    int present = 0;
    for (int i = 0; i < board->n; i++) present += board->rows[i].present;
    for (int i = 0; i < board->n; i++) {
        if (!board->rows[i].present) continue;
        fact own = fact_of(&board->rows[i], which);
        if (count_with(page, 0, i, which, &own)) continue; /* told with an earlier row */
        s2s_html_leaf(h, "dt", NULL, "%s", name);
        s2s_html_tag(h, "dd");
        s2s_html_leaf(h, which == MACHINE ? "span" : "code", NULL, "%s", own.text);
        if (count_with(page, 0, board->n, which, &own) < present) {
            s2s_html_open(h, "p", "note");
            put_owners(page, which, &own);
            s2s_html_end(h);
        }
        s2s_html_end(h);
    }
}

static const char *name_of_metric(const s2s_board *board, int metric) {
    for (int i = 0; i < board->n; i++)
        if (board->rows[i].present) return board->rows[i].scores[metric].score.name;
    return ""; /* nothing is told of it */
}

static void put_measures(s2s_page *page) {
    s2s_html *h = &page->html;
    begin_list(h, "Measures");
    for (int m = 0; m < page->board->metrics; m++)
        put_fact(page, name_of_metric(page->board, m), m);
    put_fact(page, "machine", MACHINE);
    s2s_html_end(h);
    s2s_buf legend = {0};
    if (h->status == S2S_OK) h->status = s2s_table_legend(page->board, &legend, h->err);
    s2s_html_leaf(h, "p", "note", "%s", legend.data ? legend.data : "");
    s2s_buf_release(&legend);
}

void s2s_page_facts(s2s_page *page) {
    s2s_html *h = &page->html;
    s2s_html_open(h, "section", "about");
    s2s_html_leaf(h, "h2", NULL, "About this run");
    s2s_html_open(h, "div", "columns");
    void (*const parts[])(s2s_page *) = {put_models, put_searches, put_tests, put_measures};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        s2s_html_tag(h, "div");
        parts[i](page);
        s2s_html_end(h);
    }
    s2s_html_end(h);
    s2s_html_end(h);
}
