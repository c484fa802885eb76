/* Lines where two systems differ most, with what differs highlighted and what they looked at; of a system alone, its
 * worst and best. */
#include <stdlib.h>

#include "report/heat_map.h"
#include "report/shown.h"
#include "report/word_list.h"

/* What the section shows. */
typedef struct view {
    s2s_page *page;
    int test;
    s2s_shown shown;
    s2s_attention attention[2]; /* of either row; empty: there is none */
} view;

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
    s2s_page_swatch(page, row);
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

/* Pictures take room: of most lines they are shown when asked for. */
static void put_pictures(const view *v, size_t line, bool open) {
    s2s_html *h = &v->page->html;
    if (!v->attention[0].n && !v->attention[1].n) return;
    s2s_html_tag(h, "details");
    if (open) s2s_html_attr(h, "open", "open");
    s2s_html_leaf(h, "summary", NULL, "Attention");
    s2s_html_open(h, "div", "pictures");
    for (int i = 0; i < 2; i++) {
        const s2s_attention_line *looked_at = s2s_attention_of(&v->attention[i], line);
        if (looked_at) s2s_heat_map_draw(v->page, v->shown.rows[i], looked_at);
    }
    s2s_html_end(h);
    s2s_html_end(h);
}

static void put_card(const view *v, size_t line, bool open) {
    s2s_page *page = v->page;
    s2s_html *h = &page->html;
    const int *rows = v->shown.rows;
    const s2s_testset *set = &page->board->agenda->sets[v->test];
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
    put_pictures(v, line, open);
    s2s_html_end(h);
}

/* --- the section --- */

static void put_group(const view *v, const s2s_line_group *group) {
    s2s_html *h = &v->page->html;
    s2s_html_leaf(h, "h4", NULL, "%s", group->title);
    for (size_t i = 0; i < group->n; i++) put_card(v, group->lines[i], i == 0);
    if (!group->n) s2s_html_leaf(h, "p", "note", "There is no such line.");
}

/* Why there are no pictures is told where they would be. */
static s2s_status read_attention(view *v, int i) {
    s2s_html *h = &v->page->html;
    const s2s_report_options *o = v->page->options;
    int row = v->shown.rows[i];
    if (!o->attention || row < 0) return S2S_OK;
    s2s_err own = {0};
    s2s_status status = o->attention(o->attention_self, &v->attention[i], v->page->board, row,
                                     v->shown.ascending, v->shown.different, &own);
    if (status == S2S_OK) return S2S_OK;
    if (status == S2S_MEMORY || status == S2S_INTERRUPTED)
        return s2s_fail(h->err, status, "%s", own.message);
    s2s_html_open(h, "p", "note");
    s2s_html_print(h, "No pictures of the attention of ");
    s2s_page_row_name(v->page, row);
    s2s_html_print(h, ": %s", own.message);
    s2s_html_end(h);
    return S2S_OK;
}

static void put_lines(view *v) {
    s2s_page *page = v->page;
    s2s_html *h = &page->html;
    const int *rows = v->shown.rows;
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
    for (int i = 0; i < 2 && h->status == S2S_OK; i++) h->status = read_attention(v, i);
    for (int g = 0; g < v->shown.groups_n; g++) put_group(v, &v->shown.groups[g]);
    s2s_html_end(h);
}

void s2s_page_lines(s2s_page *page, int test) {
    s2s_html *h = &page->html;
    view v = {.page = page, .test = test};
    if (h->status == S2S_OK) h->status = s2s_shown_make(&v.shown, page, test, h->err);
    if (h->status == S2S_OK && v.shown.rows[0] >= 0) put_lines(&v);
    for (int i = 0; i < 2; i++) s2s_attention_release(&v.attention[i]);
    s2s_shown_release(&v.shown);
}
