/* What ran: models, searches, test sets, signatures, machine; and how things were measured. */
#include <string.h>

#include "report/section.h"
#include "suite/table.h"

static void begin_list(s2s_html *h, const char *title) {
    s2s_html_leaf(h, "h3", NULL, "%s", title);
    s2s_html_open(h, "dl", "facts");
}

static void put_models(s2s_page *page) {
    s2s_html *h = &page->html;
    const s2s_suite *suite = page->board->agenda->suite;
    begin_list(h, "Models");
    for (int i = 0; i < suite->models.n; i++) {
        s2s_html_leaf(h, "dt", NULL, "%s", s2s_suite_model_at(suite, i)->name);
        s2s_html_leaf(h, "dd", "path", "%s", s2s_suite_model_at(suite, i)->folder);
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
        s2s_html_leaf(h, "span", "path", "%s",
                      test->tsv    ? test->tsv
                      : test->json ? test->json
                                   : test->source);
        s2s_html_end(h);
    }
    s2s_html_end(h);
}

static const s2s_board_row *any_present(const s2s_board *board) {
    for (int i = 0; i < board->n; i++)
        if (board->rows[i].present) return &board->rows[i];
    return NULL;
}

static void put_measures(s2s_page *page) {
    s2s_html *h = &page->html;
    const s2s_board_row *row = any_present(page->board);
    begin_list(h, "Measures");
    for (int m = 0; row && m < page->board->metrics; m++) {
        s2s_html_leaf(h, "dt", NULL, "%s", row->scores[m].score.name);
        s2s_html_tag(h, "dd");
        s2s_html_leaf(h, "code", NULL, "%s", row->scores[m].score.signature);
        s2s_html_end(h);
    }
    if (row) {
        s2s_html_leaf(h, "dt", NULL, "machine");
        s2s_html_leaf(h, "dd", NULL, "%s, %lld threads, s2s %s", row->facts.processor,
                      (long long)row->facts.threads, row->facts.version);
    }
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
