/* Scores by the length of the source: each bucket is scored as a corpus of its own. */
#include <stdlib.h>

#include "report/chart.h"
#include "report/word_list.h"

static const char *const labels[] = {"1–5",   "6–10",  "11–15",  "16–20",
                                     "21–30", "31–50", "51–100", "101+"};
static const size_t highest[] = {5, 10, 15, 20, 30, 50, 100};
enum { BUCKETS = sizeof labels / sizeof *labels };

static int bucket_of(size_t words) {
    int b = 0;
    while (b < BUCKETS - 1 && words > highest[b]) b++;
    return b;
}

/* The bucket of each line. */
static s2s_status sort_lines(const s2s_texts *source, unsigned char *buckets, size_t *counts,
                             s2s_err *err) {
    s2s_word_list words = {0};
    s2s_status status = S2S_OK;
    for (size_t i = 0; i < source->n && status == S2S_OK; i++) {
        status = s2s_word_list_split(&words, s2s_texts_at(source, i), err);
        buckets[i] = (unsigned char)bucket_of(words.n);
        counts[buckets[i]]++;
    }
    s2s_word_list_release(&words);
    return status;
}

static s2s_status score_buckets(const s2s_board_score *score, const unsigned char *buckets,
                                size_t lines, double *values, s2s_err *err) {
    size_t width = (size_t)s2s_metric_width(score->metric);
    double *sums = calloc(BUCKETS * width, sizeof *sums);
    if (!sums) return s2s_fail_memory(err, BUCKETS * width * sizeof *sums);
    for (size_t i = 0; i < lines; i++) {
        const double *line = s2s_board_segment(score, i);
        for (size_t k = 0; k < width; k++) sums[buckets[i] * width + k] += line[k];
    }
    for (int b = 0; b < BUCKETS; b++)
        values[b] = s2s_metric_value(score->metric, sums + (size_t)b * width);
    free(sums);
    return S2S_OK;
}

static void draw(s2s_page *page, int test, const unsigned char *buckets, const size_t *counts,
                 int *rows, double *values) {
    s2s_html *h = &page->html;
    int first, end;
    s2s_page_rows(page, test, &first, &end);
    size_t lines = page->board->agenda->sets[test].source.n;
    s2s_chart chart = {
        .note = "Each bucket is scored as a corpus of its own; those of fewer than five lines are "
                "left out. The colours are those of the table.",
        .axis = "words of the source",
        .labels = labels,
        .counts = counts,
        .counted = "lines",
        .buckets = BUCKETS,
        .rows = rows,
        .values = values};
    char title[64] = "";
    for (int i = first; i < end && h->status == S2S_OK; i++) {
        const s2s_board_row *row = &page->board->rows[i];
        if (!row->present) continue;
        snprintf(title, sizeof title, "%s by length", row->scores[0].score.name);
        h->status =
            score_buckets(&row->scores[0], buckets, lines, values + chart.n * BUCKETS, h->err);
        rows[chart.n++] = i;
    }
    chart.title = title;
    if (h->status == S2S_OK) s2s_chart_draw(page, &chart);
}

void s2s_page_lengths(s2s_page *page, int test) {
    s2s_html *h = &page->html;
    const s2s_texts *source = &page->board->agenda->sets[test].source;
    size_t counts[BUCKETS] = {0}, n = (size_t)page->board->n;
    unsigned char *buckets = calloc(source->n, 1);
    int *rows = calloc(n, sizeof *rows);
    double *values = calloc(n * BUCKETS, sizeof *values);
    if (h->status == S2S_OK && (!buckets || !rows || !values))
        h->status = s2s_fail_memory(h->err, n * BUCKETS * sizeof *values);
    if (h->status == S2S_OK) h->status = sort_lines(source, buckets, counts, h->err);
    if (h->status == S2S_OK) draw(page, test, buckets, counts, rows, values);
    free(buckets);
    free(rows);
    free(values);
}
