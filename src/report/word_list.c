/* See word_list.h. The longest common subsequence by the table of lengths (Wagner and Fischer 1974). */
#include "report/word_list.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "metric/points.h"
#include "metric/unicode.h"

/* --- cutting --- */

static bool is_east_asian(uint32_t point) {
    return (point >= 0x3040 && point < 0x3100) || (point >= 0x3400 && point < 0xA000) ||
           (point >= 0xF900 && point < 0xFB00) || (point >= 0x20000 && point < 0x40000);
}

typedef enum kind { SPACE, RUN, ALONE } kind;

static kind kind_of(uint32_t point) {
    if (s2s_is_space(point)) return SPACE;
    bool alone = s2s_is_punctuation(point) || s2s_is_symbol(point) || is_east_asian(point);
    return alone ? ALONE : RUN;
}

static s2s_status add_word(s2s_word_list *words, const char *text, size_t length, s2s_err *err) {
    S2S_TRY(s2s_grow(&words->items, &words->capacity, words->n + 1, sizeof *words->items, err));
    words->items[words->n++] = (s2s_segment){text, length};
    return S2S_OK;
}

s2s_status s2s_word_list_split(s2s_word_list *words, s2s_segment text, s2s_err *err) {
    words->n = 0;
    bool open = false; /* the last word may go on */
    for (size_t i = 0; i < text.length;) {
        uint32_t point;
        size_t size = s2s_point_decode(text.text + i, text.length - i, &point);
        kind k = kind_of(point);
        if (k == RUN && open)
            words->items[words->n - 1].length += size;
        else if (k != SPACE)
            S2S_TRY(add_word(words, text.text + i, size, err));
        open = k == RUN;
        i += size;
    }
    return S2S_OK;
}

void s2s_word_list_release(s2s_word_list *words) {
    free(words->items);
    *words = (s2s_word_list){0};
}

/* --- lower case --- */

static s2s_status lower_line(s2s_buf *line, s2s_segment text, s2s_err *err) {
    line->size = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t point;
        utf8proc_uint8_t bytes[4];
        size_t size = s2s_point_decode(text.text + i, text.length - i, &point);
        utf8proc_ssize_t n = utf8proc_encode_char(utf8proc_tolower((utf8proc_int32_t)point), bytes);
        S2S_TRY(s2s_buf_append(line, bytes, (size_t)n, err));
        i += size;
    }
    return S2S_OK;
}

s2s_status s2s_word_list_lower(s2s_texts *to, const s2s_texts *from, s2s_err *err) {
    s2s_buf line = {0};
    s2s_status status = S2S_OK;
    for (size_t i = 0; i < from->n && status == S2S_OK; i++) {
        status = lower_line(&line, s2s_texts_at(from, i), err);
        if (status == S2S_OK)
            status = s2s_texts_add(to, line.data ? line.data : "", line.size, err);
    }
    s2s_buf_release(&line);
    return status;
}

/* --- comparing --- */

enum { LARGEST_TABLE = 1 << 22 }; /* cells: 16 MB */

static bool same(s2s_segment a, s2s_segment b) {
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

/* lengths[i * (m + 1) + j]: of the longest common subsequence of a[i ...] and b[j ...]. */
static void fill_table(const s2s_segment *a, size_t n, const s2s_segment *b, size_t m,
                       int32_t *lengths) {
    size_t row = m + 1;
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;) {
            int32_t down = lengths[(i + 1) * row + j], right = lengths[i * row + j + 1];
            int32_t both = lengths[(i + 1) * row + j + 1] + 1;
            lengths[i * row + j] = same(a[i], b[j]) ? both : down > right ? down : right;
        }
}

static s2s_status diff_middle(const s2s_segment *a, size_t n, const s2s_segment *b, size_t m,
                              bool *keep_a, bool *keep_b, s2s_err *err) {
    if (!n || !m || (n + 1) > LARGEST_TABLE / (m + 1)) return S2S_OK;
    size_t row = m + 1;
    int32_t *lengths = calloc((n + 1) * row, sizeof *lengths);
    if (!lengths) return s2s_fail_memory(err, (n + 1) * row * sizeof *lengths);
    fill_table(a, n, b, m, lengths);
    for (size_t i = 0, j = 0; i < n && j < m;) {
        if (same(a[i], b[j]))
            keep_a[i++] = keep_b[j++] = true;
        else if (lengths[(i + 1) * row + j] >= lengths[i * row + j + 1])
            i++;
        else
            j++;
    }
    free(lengths);
    return S2S_OK;
}

s2s_status s2s_word_list_diff(const s2s_word_list *a, const s2s_word_list *b, bool *keep_a,
                              bool *keep_b, s2s_err *err) {
    size_t n = a->n, m = b->n, begin = 0;
    memset(keep_a, 0, n * sizeof *keep_a);
    memset(keep_b, 0, m * sizeof *keep_b);
    for (; begin < n && begin < m && same(a->items[begin], b->items[begin]); begin++)
        keep_a[begin] = keep_b[begin] = true;
    for (; n > begin && m > begin && same(a->items[n - 1], b->items[m - 1]); n--, m--)
        keep_a[n - 1] = keep_b[m - 1] = true;
    return diff_middle(a->items + begin, n - begin, b->items + begin, m - begin, keep_a + begin,
                       keep_b + begin, err);
}
