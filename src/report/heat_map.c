/* See heat_map.h. Weights below FAINT are not drawn: there are many, they say little, and would make most of the
 * page. What is drawn tells its pieces and weight when pointed at; all of it in words is the picture's description,
 * for who cannot see it. */
#include "report/heat_map.h"

#include <string.h>

enum { CELL = 14, LETTER = 8, GAP = 6, LONGEST = 14 }; /* pixels; LONGEST: letters of a label */

static const double FAINT = 0.03;
static const double SLANT = 0.87,
                    RUN = 0.5; /* sine and cosine of the 60 degrees that columns' labels lean by */

/* --- labels --- */

typedef struct label {
    size_t bytes; /* of the piece that are shown */
    int letters;  /* and how wide they are */
    bool cut;
} label;

/* SentencePiece's mark of where a word begins, a bar as wide as a letter is high: "_" does. */
static const char MARK[] = "\xE2\x96\x81";

/* Characters beyond U+3000, most of them East Asian, count as two letters. */
static label label_of(const char *piece) {
    label made = {0};
    for (; piece[made.bytes]; made.bytes++) {
        unsigned char byte = (unsigned char)piece[made.bytes];
        if ((byte & 0xC0) == 0x80) continue;
        int width = byte >= 0xE3 ? 2 : 1;
        made.cut = made.letters + width > LONGEST;
        if (made.cut) break;
        made.letters += width;
    }
    return made;
}

static int widest(const char *const *pieces, int n) {
    int most = 1;
    for (int i = 0; i < n; i++) {
        label made = label_of(pieces[i]);
        int letters = made.letters + made.cut;
        if (letters > most) most = letters;
    }
    return most;
}

static void put_label(s2s_html *h, const char *piece, double x, double y, bool leans) {
    label made = label_of(piece);
    s2s_html_open(h, "text", leans ? NULL : "end");
    s2s_html_attr(h, "x", "%.0f", x);
    s2s_html_attr(h, "y", "%.0f", y);
    if (leans) s2s_html_attr(h, "transform", "rotate(-60 %.0f %.0f)", x, y);
    size_t mark = strncmp(piece, MARK, sizeof MARK - 1) == 0 ? sizeof MARK - 1 : 0;
    if (mark) s2s_html_print(h, "_");
    s2s_html_text(h, piece + mark, made.bytes - mark);
    if (made.cut) s2s_html_print(h, "…");
    s2s_html_end(h);
}

/* --- the picture --- */

typedef struct frame {
    int left, top, width, height; /* where the cells begin; of the whole picture */
} frame;

static frame frame_of(const s2s_attention_line *line) {
    frame f = {.left = widest(line->target, line->target_n) * LETTER + GAP};
    double length = widest(line->source, line->source_n) * LETTER + GAP;
    f.top = (int)(length * SLANT) + GAP;
    f.width = f.left + line->source_n * CELL + (int)(length * RUN);
    f.height = f.top + line->target_n * CELL + 1;
    return f;
}

static void put_frame(s2s_html *h, const s2s_attention_line *line, frame f) {
    s2s_html_open(h, "rect", "field");
    s2s_html_attr(h, "x", "%d", f.left);
    s2s_html_attr(h, "y", "%d", f.top);
    s2s_html_attr(h, "width", "%d", line->source_n * CELL);
    s2s_html_attr(h, "height", "%d", line->target_n * CELL);
    s2s_html_end(h);
    for (int s = 0; s < line->source_n; s++)
        put_label(h, line->source[s], f.left + (s + 0.7) * CELL, f.top - GAP, true);
    for (int t = 0; t < line->target_n; t++)
        put_label(h, line->target[t], f.left - GAP, f.top + (t + 0.8) * CELL, false);
}

static void put_weights(s2s_html *h, const s2s_attention_line *line, frame f) {
    for (int t = 0; t < line->target_n; t++)
        for (int s = 0; s < line->source_n; s++) {
            double weight = (double)line->weights[t * line->source_n + s];
            if (weight < FAINT) continue;
            s2s_html_tag(h, "rect");
            s2s_html_attr(h, "x", "%d", f.left + s * CELL);
            s2s_html_attr(h, "y", "%d", f.top + t * CELL);
            s2s_html_attr(h, "width", "%d", CELL);
            s2s_html_attr(h, "height", "%d", CELL);
            s2s_html_attr(h, "fill-opacity", "%.2f", weight);
            s2s_html_leaf(h, "title", NULL, "%s ← %s  %.2f", line->target[t], line->source[s],
                          weight);
            s2s_html_end(h);
        }
}

/* What each piece looks at most. */
static void describe(s2s_html *h, const s2s_attention_line *line) {
    s2s_html_tag(h, "desc");
    for (int t = 0; t < line->target_n; t++) {
        const float *weights = line->weights + t * line->source_n;
        int best = 0;
        for (int s = 1; s < line->source_n; s++)
            if (weights[s] > weights[best]) best = s;
        s2s_html_print(h, "%s%s looks at %s, %.2f", t ? "; " : "", line->target[t],
                       line->source[best], (double)weights[best]);
    }
    s2s_html_end(h);
}

static void draw(s2s_page *page, int row, const s2s_attention_line *line) {
    s2s_html *h = &page->html;
    frame f = frame_of(line);
    s2s_html_open(h, "div", "wide");
    s2s_html_tag(h, "svg");
    s2s_html_attr(h, "class", "heat c%d", s2s_page_colour(page, row));
    s2s_html_attr(h, "width", "%d", f.width);
    s2s_html_attr(h, "height", "%d", f.height);
    s2s_html_attr(h, "role", "img");
    s2s_html_attr(h, "aria-label", "attention in line %zu: %d pieces of output, %d of the source",
                  line->line + 1, line->target_n, line->source_n);
    describe(h, line);
    put_frame(h, line, f);
    put_weights(h, line, f);
    s2s_html_end(h);
    s2s_html_end(h);
}

void s2s_heat_map_draw(s2s_page *page, int row, const s2s_attention_line *line) {
    s2s_html *h = &page->html;
    s2s_html_open(h, "figure", "attention");
    s2s_html_tag(h, "figcaption");
    s2s_page_swatch(page, row);
    s2s_page_row_name(page, row);
    s2s_html_end(h);
    if (line->differs)
        s2s_html_leaf(h, "p", "note",
                      "No picture: translated again for it, the line has become another text than "
                      "the one that was kept, as can be on another processor.");
    else if (!line->target_n)
        s2s_html_leaf(h, "p", "note", "No picture: there is no output.");
    else if (line->target_n > S2S_MOST_PIECES || line->source_n > S2S_MOST_PIECES)
        s2s_html_leaf(h, "p", "note",
                      "No picture: %d pieces of output and %d of the source are more than %d.",
                      line->target_n, line->source_n, (int)S2S_MOST_PIECES);
    else
        draw(page, row, line);
    s2s_html_end(h);
}
