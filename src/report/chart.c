/* See chart.h. */
#include "report/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The picture's own units; the page scales it. */
enum { WIDTH = 560, HEIGHT = 230, LEFT = 38, RIGHT = 10, TOP = 10, BOTTOM = 46 };

typedef struct frame {
    double low, high, step;         /* of the axis of values */
    int shown[S2S_MOST_BUCKETS], n; /* the buckets that are shown */
} frame;

/* Steps of 1, 2 or 5 times a power of ten, four to eight of them. */
static double step_for(double range) {
    double power = pow(10, floor(log10(range / 4)));
    double steps = range / 4 / power;
    return power * (steps >= 5 ? 5 : steps >= 2 ? 2 : 1);
}

static frame frame_of(const s2s_chart *c) {
    frame f = {.low = INFINITY, .high = -INFINITY};
    for (int b = 0; b < c->buckets; b++)
        if (c->counts[b] >= S2S_LEAST_IN_BUCKET) f.shown[f.n++] = b;
    for (int i = 0; i < c->n; i++)
        for (int k = 0; k < f.n; k++) {
            double value = c->values[i * c->buckets + f.shown[k]];
            f.low = fmin(f.low, value);
            f.high = fmax(f.high, value);
        }
    f.step = step_for(fmax(f.high - f.low, 1));
    f.low = floor(f.low / f.step) * f.step;
    f.high = fmax(ceil(f.high / f.step) * f.step, f.low + f.step);
    return f;
}

static double x_of(const frame *f, int k) {
    return LEFT + (k + 0.5) * (WIDTH - LEFT - RIGHT) / f->n;
}

static double y_of(const frame *f, double value) {
    return TOP + (f->high - value) / (f->high - f->low) * (HEIGHT - TOP - BOTTOM);
}

static void put_label(s2s_html *h, double x, double y, const char *class) {
    s2s_html_open(h, "text", class);
    s2s_html_attr(h, "x", "%.1f", x);
    s2s_html_attr(h, "y", "%.1f", y);
}

static void draw_axes(s2s_html *h, const s2s_chart *c, const frame *f) {
    for (double value = f->low; value < f->high + f->step / 2; value += f->step) {
        s2s_html_open(h, "line", fabs(value) < f->step / 2 ? "grid zero" : "grid");
        s2s_html_attr(h, "x1", "%d", LEFT);
        s2s_html_attr(h, "x2", "%d", WIDTH - RIGHT);
        s2s_html_attr(h, "y1", "%.1f", y_of(f, value));
        s2s_html_attr(h, "y2", "%.1f", y_of(f, value));
        s2s_html_end(h);
        put_label(h, LEFT - 6, y_of(f, value) + 3.5, "end");
        s2s_html_print(h, "%g", fabs(value) < f->step / 2 ? 0 : value);
        s2s_html_end(h);
    }
    for (int k = 0; k < f->n; k++) {
        put_label(h, x_of(f, k), HEIGHT - BOTTOM + 15, "middle");
        s2s_html_print(h, "%s", c->labels[f->shown[k]]);
        s2s_html_end(h);
        put_label(h, x_of(f, k), HEIGHT - BOTTOM + 28, "middle faint");
        s2s_html_print(h, "%zu", c->counts[f->shown[k]]);
        s2s_html_end(h);
    }
    put_label(h, (WIDTH + LEFT - RIGHT) / 2.0, HEIGHT - 4, "middle faint");
    s2s_html_print(h, "%s; below, %s", c->axis, c->counted);
    s2s_html_end(h);
}

static void draw_row(s2s_page *page, const s2s_chart *c, const frame *f, int i) {
    s2s_html *h = &page->html;
    const double *values = c->values + i * c->buckets;
    int colour = s2s_page_colour(page, c->rows[i]);
    s2s_html_tag(h, "polyline");
    s2s_html_attr(h, "class", "c%d", colour);
    s2s_buf points = {0};
    for (int k = 0; k < f->n && h->status == S2S_OK; k++)
        h->status =
            s2s_buf_printf(&points, h->err, "%.1f,%.1f ", x_of(f, k), y_of(f, values[f->shown[k]]));
    s2s_html_attr(h, "points", "%s", points.data ? points.data : "");
    s2s_buf_release(&points);
    s2s_html_end(h);
    for (int k = 0; k < f->n; k++) {
        s2s_html_tag(h, "circle");
        s2s_html_attr(h, "class", "c%d", colour);
        s2s_html_attr(h, "cx", "%.1f", x_of(f, k));
        s2s_html_attr(h, "cy", "%.1f", y_of(f, values[f->shown[k]]));
        s2s_html_attr(h, "r", "3");
        s2s_html_tag(h, "title");
        s2s_page_row_name(page, c->rows[i]);
        s2s_html_print(h, ", %s: %.2f", c->labels[f->shown[k]], values[f->shown[k]]);
        s2s_html_end(h);
        s2s_html_end(h);
    }
}

static void draw(s2s_page *page, const s2s_chart *chart) {
    s2s_html *h = &page->html;
    frame f = frame_of(chart);
    if (!f.n || !chart->n) return;
    s2s_html_open(h, "figure", "chart");
    s2s_html_leaf(h, "figcaption", NULL, "%s", chart->title);
    s2s_html_tag(h, "svg");
    s2s_html_attr(h, "viewBox", "0 0 %d %d", WIDTH, HEIGHT);
    s2s_html_attr(h, "role", "img");
    s2s_html_attr(h, "aria-label", "%s", chart->title);
    draw_axes(h, chart, &f);
    for (int i = 0; i < chart->n; i++) draw_row(page, chart, &f, i);
    s2s_html_end(h);
    if (*chart->note) s2s_html_leaf(h, "p", "note", "%s", chart->note);
    s2s_html_end(h);
}

/* --- differences to the baseline --- */

/* The place of a row of the board in the chart, or -1. */
static int place_of(const s2s_chart *chart, int row) {
    for (int i = 0; i < chart->n; i++)
        if (chart->rows[i] == row) return i;
    return -1;
}

/* Fills `less`, whose arrays have room for all rows, with those that are compared with another. */
static void subtract(const s2s_page *page, const s2s_chart *chart, int *rows, double *values,
                     s2s_chart *less) {
    for (int i = 0; i < chart->n; i++) {
        int against = page->board->rows[chart->rows[i]].against;
        int base = against < 0 ? -1 : place_of(chart, against);
        if (base < 0) continue;
        const double *own = chart->values + i * chart->buckets;
        const double *others = chart->values + base * chart->buckets;
        for (int b = 0; b < chart->buckets; b++)
            values[less->n * chart->buckets + b] = own[b] - others[b];
        rows[less->n++] = chart->rows[i];
    }
}

static void draw_differences(s2s_page *page, const s2s_chart *chart) {
    s2s_html *h = &page->html;
    size_t n = (size_t)chart->n;
    int *rows = calloc(n, sizeof *rows);
    double *values = calloc(n * (size_t)chart->buckets, sizeof *values);
    char title[96];
    snprintf(title, sizeof title, "%s, difference to the baseline", chart->title);
    s2s_chart less = *chart;
    less.title = title;
    less.note = "";
    less.n = 0;
    less.rows = rows;
    less.values = values;
    if (rows && values)
        subtract(page, chart, rows, values, &less);
    else if (h->status == S2S_OK)
        h->status = s2s_fail_memory(h->err, n * sizeof *values);
    if (h->status == S2S_OK) draw(page, &less);
    free(rows);
    free(values);
}

void s2s_chart_draw(s2s_page *page, const s2s_chart *chart) {
    draw(page, chart);
    if (page->board->compared) draw_differences(page, chart);
}
