/* Lines where two systems differ most, with what differs highlighted; of a system alone, its worst and best. */
#include <math.h>
#include <stdlib.h>

#include "report/section.h"
#include "report/word_list.h"

enum { SHOWN = 5 }; /* lines at each end */

/* A line and how much better the second row's output is than the first's. */
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
 * differ most. rows[1] -1: there is only one row. */
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

static rated *rate_lines(s2s_page *page, const int rows[2], size_t n) {
    s2s_html *h = &page->html;
    rated *lines = calloc(n, sizeof *lines);
    if (!lines) {
        if (h->status == S2S_OK) h->status = s2s_fail_memory(h->err, n * sizeof *lines);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        double a = line_value(page, rows[0], i), b = rows[1] < 0 ? 0 : line_value(page, rows[1], i);
        lines[i] = (rated){i, rows[1] < 0 ? a : b - a};
    }
    qsort(lines, n, sizeof *lines, by_gain);
    return lines;
}

/* --- a line's card --- */

/* `text` with the words that `keep` leaves out between highlights. */
static void put_words(s2s_html *h, s2s_segment text, const s2s_word_list *words, const bool *keep,
                      const char *tag) {
    const char *at = text.text;
    for (size_t i = 0; i < words->n; i++) {
        s2s_segment word = words->items[i];
        bool changed = !keep[i], goes_on = changed && i > 0 && !keep[i - 1];
        if (i > 0 && !keep[i - 1] && !goes_on) s2s_html_end(h);
        s2s_html_text(h, at, (size_t)(word.text - at));
        if (changed && !goes_on) s2s_html_tag(h, tag);
        s2s_html_text(h, word.text, word.length);
        at = word.text + word.length;
    }
    if (words->n && !keep[words->n - 1]) s2s_html_end(h);
    s2s_html_text(h, at, (size_t)(text.text + text.length - at));
}

static void begin_text(s2s_html *h, const char *class) {
    s2s_html_open(h, "dd", class);
    s2s_html_attr(h, "dir", "auto");
}

static void put_plain(s2s_html *h, const char *label, s2s_segment text) {
    s2s_html_leaf(h, "dt", NULL, "%s", label);
    begin_text(h, NULL);
    s2s_html_text(h, text.text, text.length);
    s2s_html_end(h);
}

static void put_row_label(s2s_page *page, int row) {
    s2s_html *h = &page->html;
    s2s_html_tag(h, "dt");
    s2s_html_tag(h, "i");
    s2s_html_attr(h, "class", "swatch c%d", s2s_page_colour(page, row));
    s2s_html_end(h);
    s2s_page_row_name(page, row);
    s2s_html_end(h);
}

static s2s_status put_pair(s2s_page *page, const int rows[2], s2s_segment a, s2s_segment b,
                           s2s_err *err) {
    s2s_html *h = &page->html;
    s2s_word_list words[2] = {{0}, {0}};
    bool *keep_a = NULL, *keep_b = NULL;
    s2s_status status = s2s_word_list_split(&words[0], a, err);
    if (status == S2S_OK) status = s2s_word_list_split(&words[1], b, err);
    if (status == S2S_OK) {
        keep_a = calloc(words[0].n + 1, sizeof *keep_a);
        keep_b = calloc(words[1].n + 1, sizeof *keep_b);
        if (!keep_a || !keep_b) status = s2s_fail_memory(err, words[0].n + words[1].n + 2);
    }
    if (status == S2S_OK) status = s2s_word_list_diff(&words[0], &words[1], keep_a, keep_b, err);
    if (status == S2S_OK && rows[1] >= 0) {
        put_row_label(page, rows[0]);
        begin_text(h, "before");
        put_words(h, a, &words[0], keep_a, "del");
        s2s_html_end(h);
    }
    if (status == S2S_OK) {
        put_row_label(page, rows[1] >= 0 ? rows[1] : rows[0]);
        begin_text(h, "after");
        put_words(h, b, &words[1], keep_b, "ins");
        s2s_html_end(h);
    }
    for (int i = 0; i < 2; i++) s2s_word_list_release(&words[i]);
    free(keep_a);
    free(keep_b);
    return status;
}

static void put_scores(s2s_page *page, const int rows[2], size_t line) {
    s2s_html *h = &page->html;
    s2s_html_open(h, "p", "scores");
    s2s_html_leaf(h, "span", "where", "line %zu", line + 1);
    for (int m = 0; m < page->board->metrics; m++) {
        const s2s_board_score *a = &page->board->rows[rows[0]].scores[m];
        s2s_html_tag(h, "span");
        s2s_html_print(h, "%s %.1f", a->score.name, s2s_board_line(a, line));
        if (rows[1] >= 0)
            s2s_html_print(h, " → %.1f",
                           s2s_board_line(&page->board->rows[rows[1]].scores[m], line));
        s2s_html_end(h);
    }
    s2s_html_end(h);
}

static void put_picture(s2s_page *page, int test, const int rows[2], size_t line) {
    s2s_html *h = &page->html;
    const s2s_report_options *o = page->options;
    s2s_report_line about = {.test = test, .line = line, .rows = {rows[0], rows[1]}};
    for (int i = 0; o && o->picture && i < 2 && h->status == S2S_OK; i++)
        if (rows[i] >= 0) h->status = o->picture(o->picture_self, &about, rows[i], h, h->err);
}

static void put_card(s2s_page *page, int test, const int rows[2], size_t line) {
    s2s_html *h = &page->html;
    const s2s_testset *set = &page->board->agenda->sets[test];
    s2s_html_open(h, "article", "card");
    put_scores(page, rows, line);
    s2s_html_tag(h, "dl");
    put_plain(h, "source", s2s_texts_at(&set->source, line));
    for (int r = 0; r < set->references_n; r++)
        put_plain(h, "reference", s2s_texts_at(&set->references[r], line));
    /* A system alone is held against its reference. */
    s2s_segment b = s2s_texts_at(&page->board->rows[rows[rows[1] >= 0]].output, line);
    s2s_segment a = rows[1] >= 0 ? s2s_texts_at(&page->board->rows[rows[0]].output, line)
                                 : s2s_texts_at(&set->references[0], line);
    if (h->status == S2S_OK) h->status = put_pair(page, rows, a, b, h->err);
    s2s_html_end(h);
    put_picture(page, test, rows, line);
    s2s_html_end(h);
}

/* Up to SHOWN lines from one end, as far as they differ in the direction that is asked for. */
static void put_cards(s2s_page *page, int test, const int rows[2], const rated *lines, size_t n,
                      bool gains, const char *title) {
    s2s_html *h = &page->html;
    bool alone = rows[1] < 0;
    s2s_html_leaf(h, "h4", NULL, "%s", title);
    size_t shown = 0;
    for (; shown < SHOWN && shown < n; shown++) {
        const rated *line = gains ? &lines[n - 1 - shown] : &lines[shown];
        if (!alone && (gains ? line->gain <= 0 : line->gain >= 0)) break;
        put_card(page, test, rows, line->line);
    }
    if (!shown) s2s_html_leaf(h, "p", "note", "There is no such line.");
}

void s2s_page_lines(s2s_page *page, int test) {
    s2s_html *h = &page->html;
    int first, end, rows[2];
    s2s_page_rows(page, test, &first, &end);
    choose_rows(page, first, end, rows);
    if (rows[0] < 0) return;
    size_t n = page->board->agenda->sets[test].source.n;
    rated *lines = rate_lines(page, rows, n);
    if (!lines) return;
    s2s_html_tag(h, "details");
    s2s_html_attr(h, "open", "open");
    s2s_html_tag(h, "summary");
    s2s_html_print(h, "Lines: ");
    s2s_page_row_name(page, rows[0]);
    if (rows[1] >= 0) {
        s2s_html_print(h, " → ");
        s2s_page_row_name(page, rows[1]);
    }
    s2s_html_end(h);
    bool alone = rows[1] < 0;
    put_cards(page, test, rows, lines, n, !alone, alone ? "Worst" : "Most gained");
    put_cards(page, test, rows, lines, n, alone, alone ? "Best" : "Most lost");
    s2s_html_end(h);
    free(lines);
}
