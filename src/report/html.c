/* See html.h. */
#include "report/html.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/file.h"

static void put(s2s_html *h, const char *bytes, size_t size) {
    if (h->status == S2S_OK) h->status = s2s_buf_append(h->out, bytes, size, h->err);
}

static void put_string(s2s_html *h, const char *text) {
    put(h, text, strlen(text));
}

/* --- escaping --- */

/* What stands for a byte of ASCII, or NULL: itself. Quotes matter within attributes alone, but one rule for both is
 * one that nobody takes for the other. */
static const char *entity(unsigned char byte) {
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
        return NULL;
    default:
        return byte < 0x20 || byte == 0x7F ? "\xEF\xBF\xBD" : NULL;
    }
}

/* `text` is UTF-8 but for the control characters that entity() replaces. */
static void put_escaped(s2s_html *h, const char *text, size_t length) {
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        const char *instead = entity((unsigned char)text[i]);
        if (!instead) continue;
        put(h, text + from, i - from);
        put_string(h, instead);
        from = i + 1;
    }
    put(h, text + from, length - from);
}

static void end_tag_head(s2s_html *h) {
    if (h->in_tag) put_string(h, ">");
    h->in_tag = false;
}

/* Escapes piece by piece what is between the bytes that are no UTF-8. */
static void put_any(s2s_html *h, const char *text, size_t length) {
    while (length && h->status == S2S_OK) {
        ptrdiff_t bad = s2s_utf8_check(text, length);
        size_t good = bad < 0 ? length : (size_t)bad;
        put_escaped(h, text, good);
        if (bad < 0) return;
        put_string(h, "\xEF\xBF\xBD");
        text += good + 1;
        length -= good + 1;
    }
}

void s2s_html_text(s2s_html *h, const char *text, size_t length) {
    end_tag_head(h);
    put_any(h, text, length);
}

/* --- what the others are made of --- */

static void put_format(s2s_html *h, const char *format, va_list args) {
    s2s_buf text = {0};
    if (h->status == S2S_OK) h->status = s2s_buf_vprintf(&text, h->err, format, args);
    if (h->status == S2S_OK) put_any(h, text.data, text.size);
    s2s_buf_release(&text);
}

void s2s_html_print(s2s_html *h, const char *format, ...) {
    end_tag_head(h);
    va_list args;
    va_start(args, format);
    put_format(h, format, args);
    va_end(args);
}

void s2s_html_raw(s2s_html *h, const char *markup) {
    end_tag_head(h);
    put_string(h, markup);
}

void s2s_html_tag(s2s_html *h, const char *tag) {
    assert(h->depth < S2S_HTML_DEEPEST);
    end_tag_head(h);
    put_string(h, "<");
    put_string(h, tag);
    h->open[h->depth++] = tag;
    h->in_tag = true;
}

void s2s_html_attr(s2s_html *h, const char *name, const char *format, ...) {
    assert(h->in_tag);
    put_string(h, " ");
    put_string(h, name);
    put_string(h, "=\"");
    va_list args;
    va_start(args, format);
    put_format(h, format, args);
    va_end(args);
    put_string(h, "\"");
}

void s2s_html_end(s2s_html *h) {
    assert(h->depth > 0);
    end_tag_head(h);
    put_string(h, "</");
    put_string(h, h->open[--h->depth]);
    put_string(h, ">");
}

void s2s_html_void(s2s_html *h) {
    assert(h->in_tag);
    end_tag_head(h);
    h->depth--;
}

void s2s_html_open(s2s_html *h, const char *tag, const char *class) {
    s2s_html_tag(h, tag);
    if (class) s2s_html_attr(h, "class", "%s", class);
}

void s2s_html_leaf(s2s_html *h, const char *tag, const char *class, const char *format, ...) {
    s2s_html_open(h, tag, class);
    end_tag_head(h);
    va_list args;
    va_start(args, format);
    put_format(h, format, args);
    va_end(args);
    s2s_html_end(h);
}
