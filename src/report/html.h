/* A small writer of HTML and SVG: tags are opened and ended, and everything that comes from outside goes
 * through the one function that escapes it.
 *
 * The first failure is kept, and all calls after it do nothing, so that a page reads as what it looks like and
 * not as a row of checks: look at `status` at the end. */
#ifndef S2S_REPORT_HTML_H
#define S2S_REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/memory.h"

enum { S2S_HTML_DEEPEST = 32 };

typedef struct s2s_html {
    s2s_buf *out; /* borrowed */
    s2s_err *err; /* of the first failure */
    s2s_status status;
    const char *open[S2S_HTML_DEEPEST]; /* tags that are not ended */
    int depth;
    bool in_tag; /* attributes may follow */
} s2s_html;

static inline s2s_html s2s_html_begin(s2s_buf *out, s2s_err *err) {
    return (s2s_html){.out = out, .err = err};
}

/* Opens a tag; `tag` and the names of attributes are literals of the program. */
void s2s_html_tag(s2s_html *h, const char *tag);
/* Of the tag that was opened last, before anything is written into it. The value is escaped. */
void s2s_html_attr(s2s_html *h, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Text, escaped. What is no UTF-8 or cannot stand in HTML becomes U+FFFD. */
void s2s_html_text(s2s_html *h, const char *text, size_t length);
void s2s_html_print(s2s_html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the innermost tag. */
void s2s_html_end(s2s_html *h);
/* Ends the tag that was just opened and has neither content nor end tag: <meta>, <br>. */
void s2s_html_void(s2s_html *h);
/* Bytes of the program's own, as they are. */
void s2s_html_raw(s2s_html *h, const char *markup);

/* <tag class="class">text</tag>; class NULL: none. */
void s2s_html_leaf(s2s_html *h, const char *tag, const char *class, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A tag with a class, to be ended by the caller. */
void s2s_html_open(s2s_html *h, const char *tag, const char *class);

#endif
