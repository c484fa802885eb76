/* How well rare and frequent words are hit: for the words of each bucket, by how often they occur in the
 * first references, the F1 of right words between output and first reference, clipped line by line (as compare-mt has
 * it, Neubig et al. 2019). */
#include <stdlib.h>

#include "report/chart.h"
#include "report/counts.h"
#include "report/word_list.h"

static const char *const labels[] = {"1", "2–4", "5–9", "10–49", "50–99", "100–999", "1000+"};
static const long highest[] = {1, 4, 9, 49, 99, 999};
enum { BUCKETS = sizeof labels / sizeof *labels };

/* What a test set's rows share. */
typedef struct job {
    bool lowercase;       /* as the scores are */
    s2s_texts reference;  /* the first; in lower case where that is so */
    s2s_counts frequency; /* of words in the references */
    s2s_counts line;      /* of words in the line at hand */
    s2s_word_list words;
} job;

/* Right words, and those that there are in outputs and references. */
typedef struct tally {
    double right[BUCKETS], written[BUCKETS], wanted[BUCKETS];
} tally;

static int bucket_of(long frequency) {
    int b = 0;
    while (b < BUCKETS - 1 && frequency > highest[b]) b++;
    return b;
}

static s2s_status copy(s2s_texts *to, const s2s_texts *from, bool lowercase, s2s_err *err) {
    if (lowercase) return s2s_word_list_lower(to, from, err);
    for (size_t i = 0; i < from->n; i++) {
        s2s_segment line = s2s_texts_at(from, i);
        S2S_TRY(s2s_texts_add(to, line.text, line.length, err));
    }
    return S2S_OK;
}

static s2s_status count_references(job *j, size_t *counts, s2s_err *err) {
    for (size_t i = 0; i < j->reference.n; i++) {
        S2S_TRY(s2s_word_list_split(&j->words, s2s_texts_at(&j->reference, i), err));
        for (size_t w = 0; w < j->words.n; w++)
            S2S_TRY(s2s_counts_add(&j->frequency, j->words.items[w], 1, err));
    }
    for (size_t i = 0; i < j->frequency.room; i++)
        if (j->frequency.slots[i].word.text) counts[bucket_of(j->frequency.slots[i].count)]++;
    return S2S_OK;
}

/* A word that no reference has belongs to the rarest: there it lowers the precision. */
static s2s_status add_line(job *j, s2s_segment output, s2s_segment reference, tally *t,
                           s2s_err *err) {
    s2s_counts_clear(&j->line);
    S2S_TRY(s2s_word_list_split(&j->words, reference, err));
    for (size_t w = 0; w < j->words.n; w++) {
        t->wanted[bucket_of(s2s_counts_get(&j->frequency, j->words.items[w]))]++;
        S2S_TRY(s2s_counts_add(&j->line, j->words.items[w], 1, err));
    }
    S2S_TRY(s2s_word_list_split(&j->words, output, err));
    for (size_t w = 0; w < j->words.n; w++) {
        s2s_segment word = j->words.items[w];
        int b = bucket_of(s2s_counts_get(&j->frequency, word));
        t->written[b]++;
        if (s2s_counts_get(&j->line, word) <= 0) continue;
        t->right[b]++;
        S2S_TRY(s2s_counts_add(&j->line, word, -1, err));
    }
    return S2S_OK;
}

static s2s_status tally_lines(job *j, const s2s_texts *output, tally *t, s2s_err *err) {
    for (size_t i = 0; i < output->n; i++)
        S2S_TRY(add_line(j, s2s_texts_at(output, i), s2s_texts_at(&j->reference, i), t, err));
    return S2S_OK;
}

static s2s_status measure(job *j, const s2s_texts *output, double *values, s2s_err *err) {
    tally t = {0};
    s2s_texts folded = {0};
    s2s_status status = copy(&folded, output, j->lowercase, err);
    if (status == S2S_OK) status = tally_lines(j, &folded, &t, err);
    s2s_texts_release(&folded);
    for (int b = 0; b < BUCKETS; b++) {
        double all = t.written[b] + t.wanted[b];
        values[b] = all > 0 ? 200 * t.right[b] / all : 0;
    }
    return status;
}

static s2s_status collect(s2s_page *page, int test, job *j, s2s_chart *chart, size_t *counts,
                          int *rows, double *values, s2s_err *err) {
    int first, end;
    s2s_page_rows(page, test, &first, &end);
    S2S_TRY(copy(&j->reference, &page->board->agenda->sets[test].references[0], j->lowercase, err));
    S2S_TRY(count_references(j, counts, err));
    for (int i = first; i < end; i++) {
        const s2s_board_row *row = &page->board->rows[i];
        if (!row->present) continue;
        S2S_TRY(measure(j, &row->output, values + chart->n * BUCKETS, err));
        rows[chart->n++] = i;
    }
    return S2S_OK;
}

void s2s_page_frequencies(s2s_page *page, int test) {
    s2s_html *h = &page->html;
    size_t counts[BUCKETS] = {0}, n = (size_t)page->board->n;
    job j = {.lowercase = page->board->agenda->lowercase};
    int *rows = calloc(n, sizeof *rows);
    double *values = calloc(n * BUCKETS, sizeof *values);
    s2s_chart chart = {
        .title = "Right words by frequency",
        .note =
            "F1 of the words of a bucket, against the first reference. A word of an output that "
            "no reference has counts among the rarest.",
        .axis = "times that a word occurs in the references",
        .labels = labels,
        .counts = counts,
        .counted = "different words",
        .buckets = BUCKETS,
        .rows = rows,
        .values = values};
    if (h->status == S2S_OK && (!rows || !values))
        h->status = s2s_fail_memory(h->err, n * BUCKETS * sizeof *values);
    if (h->status == S2S_OK)
        h->status = collect(page, test, &j, &chart, counts, rows, values, h->err);
    if (h->status == S2S_OK) s2s_chart_draw(page, &chart);
    s2s_texts_release(&j.reference);
    s2s_counts_release(&j.frequency);
    s2s_counts_release(&j.line);
    s2s_word_list_release(&j.words);
    free(rows);
    free(values);
}
