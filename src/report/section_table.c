/* The table of a test set: scores with their intervals as small bars, marks, speed and memory. */
#include <math.h>

#include "report/section.h"

/* What the bars of a column span: from the lowest interval to the highest. */
typedef struct span {
    double low, high;
    int best; /* row */
} span;

static span span_of(const s2s_page *page, int first, int end, int metric) {
    span s = {.low = INFINITY, .high = -INFINITY, .best = -1};
    double best = -INFINITY, direction = s2s_page_direction(page, metric);
    for (int i = first; i < end; i++) {
        const s2s_board_row *row = &page->board->rows[i];
        if (!row->present) continue;
        const s2s_board_score *score = &row->scores[metric];
        s.low = fmin(s.low, fmin(score->interval.low, score->score.value));
        s.high = fmax(s.high, fmax(score->interval.high, score->score.value));
        if (direction * score->score.value > best) {
            best = direction * score->score.value;
            s.best = i;
        }
    }
    if (s.high - s.low < 1e-9) s.high = s.low + 1;
    return s;
}

static double place(const span *s, double value) {
    return 6 + 148 * (value - s->low) / (s->high - s->low);
}

static void draw_line(s2s_html *h, const char *class, double x1, double x2, double y1, double y2) {
    s2s_html_open(h, "line", class);
    s2s_html_attr(h, "x1", "%.1f", x1);
    s2s_html_attr(h, "x2", "%.1f", x2);
    s2s_html_attr(h, "y1", "%.1f", y1);
    s2s_html_attr(h, "y2", "%.1f", y2);
    s2s_html_end(h);
}

/* The interval as a bar, the score as a dot, the baseline's score as a rule across. */
static void draw_bar(s2s_page *page, int i, int metric, const span *s) {
    s2s_html *h = &page->html;
    const s2s_board_row *row = &page->board->rows[i];
    const s2s_board_score *score = &row->scores[metric];
    s2s_html_open(h, "svg", "bar");
    s2s_html_attr(h, "viewBox", "0 0 160 14");
    s2s_html_attr(h, "aria-hidden", "true");
    draw_line(h, "track", 2, 158, 7, 7);
    if (row->against >= 0) {
        double base = page->board->rows[row->against].scores[metric].score.value;
        draw_line(h, "base", place(s, base), place(s, base), 1, 13);
    }
    draw_line(h, "interval", place(s, score->interval.low), place(s, score->interval.high), 7, 7);
    s2s_html_open(h, "circle", "dot");
    s2s_html_attr(h, "cx", "%.1f", place(s, score->score.value));
    s2s_html_attr(h, "cy", "7");
    s2s_html_attr(h, "r", "3.2");
    s2s_html_end(h);
    s2s_html_tag(h, "title");
    s2s_html_print(h, "95%% interval: %.2f to %.2f", score->interval.low, score->interval.high);
    s2s_html_end(h);
    s2s_html_end(h);
}

static void put_mark(s2s_page *page, int i, int metric) {
    s2s_html *h = &page->html;
    const s2s_board_row *row = &page->board->rows[i];
    const s2s_board_score *score = &row->scores[metric];
    if (row->against < 0) return;
    bool better = score->delta * s2s_page_direction(page, metric) > 0;
    s2s_html_open(h, "span", !score->significant ? "mark" : better ? "mark better" : "mark worse");
    s2s_html_attr(h, "title", "%+.2f to the baseline, p = %.4f", score->delta, score->p);
    s2s_html_print(h, "%s%+.2f",
                   !score->significant ? ""
                   : score->delta > 0  ? "▲ "
                                       : "▼ ",
                   score->delta);
    s2s_html_end(h);
}

static void put_score(s2s_page *page, int i, int metric, const span *s) {
    s2s_html *h = &page->html;
    const s2s_board_score *score = &page->board->rows[i].scores[metric];
    s2s_html_open(h, "td", "score");
    s2s_html_leaf(h, "span", s->best == i ? "value best" : "value", "%.2f", score->score.value);
    s2s_html_leaf(h, "span", "half", " ± %.2f", score->interval.half);
    put_mark(page, i, metric);
    draw_bar(page, i, metric, s);
    s2s_html_end(h);
}

static void put_row(s2s_page *page, int i, const span *spans) {
    s2s_html *h = &page->html;
    const s2s_board *board = page->board;
    const s2s_board_row *row = &board->rows[i];
    s2s_html_tag(h, "tr");
    s2s_html_open(h, "th", "name");
    s2s_html_attr(h, "scope", "row");
    s2s_page_swatch(page, i);
    s2s_page_row_name(page, i);
    s2s_html_end(h);
    for (int m = 0; m < board->metrics && row->present; m++) put_score(page, i, m, &spans[m]);
    if (row->present) {
        s2s_html_leaf(h, "td", "number", "%.0f", s2s_board_speed(row));
        s2s_html_leaf(h, "td", "number", "%.0f", (double)row->facts.peak_memory / 1e6);
    } else {
        s2s_html_open(h, "td", "missing");
        s2s_html_attr(h, "colspan", "%d", board->metrics + 2);
        s2s_html_print(h, "%s", row->cell->failure ? row->cell->failure : "not done");
        s2s_html_end(h);
    }
    s2s_html_end(h);
}

static const s2s_board_row *any_present(const s2s_page *page, int first, int end) {
    for (int i = first; i < end; i++)
        if (page->board->rows[i].present) return &page->board->rows[i];
    return NULL;
}

static void put_heading(s2s_page *page, const s2s_board_row *some) {
    s2s_html *h = &page->html;
    s2s_html_tag(h, "thead");
    s2s_html_tag(h, "tr");
    s2s_html_leaf(h, "th", NULL, "system");
    for (int m = 0; m < page->board->metrics; m++) {
        s2s_html_open(h, "th", "score");
        s2s_html_attr(h, "title", "%s", some->scores[m].score.signature);
        s2s_html_print(h, "%s", some->scores[m].score.name);
        s2s_html_leaf(h, "small", NULL, "%s", s2s_page_direction(page, m) > 0 ? " ↑" : " ↓");
        s2s_html_end(h);
    }
    s2s_html_leaf(h, "th", "number", "tokens/s");
    s2s_html_leaf(h, "th", "number", "MB");
    s2s_html_end(h);
    s2s_html_end(h);
}

void s2s_page_table(s2s_page *page, int test) {
    s2s_html *h = &page->html;
    int first, end;
    s2s_page_rows(page, test, &first, &end);
    const s2s_board_row *some = any_present(page, first, end);
    if (!some) {
        s2s_html_leaf(h, "p", "missing", "Nothing of this test set is done.");
        return;
    }
    span spans[S2S_METRIC_TYPES];
    for (int m = 0; m < page->board->metrics; m++) spans[m] = span_of(page, first, end, m);
    s2s_html_open(h, "div", "wide");
    s2s_html_tag(h, "table");
    put_heading(page, some);
    s2s_html_tag(h, "tbody");
    for (int i = first; i < end; i++) put_row(page, i, spans);
    s2s_html_end(h);
    s2s_html_end(h);
    s2s_html_end(h);
}
