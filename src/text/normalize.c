/* Normalisation of raw text, the first step of encoding. In this order:
 *
 *   repair     bytes that are no UTF-8, and NUL, become U+FFFD
 *   clean      nfkc only: control and zero-width characters go (a zero-width space becomes a blank)
 *   decompose  nfkc: compatibility, nfc: canonical (Unicode Standard Annex 15)
 *   lowercase  code point by code point, so that a sharp s stays what it is
 *   compose    after lowercasing, because some pairs compose in lower case only
 *   blanks     collapse: runs of white space become one blank, none at either end; keep: all stay
 *
 * Zero-width joiners stay: Persian, the Indic scripts and emoji are written with them. U+2581
 * becomes a blank always: it is how SentencePiece writes a blank, so it could not come back as
 * itself. */
#include <stdlib.h>
#include <utf8proc.h>

#include "text/vocabulary.h"

enum { REPLACEMENT = 0xFFFD, META_BLANK = 0x2581, ZERO_WIDTH_SPACE = 0x200B };

static bool is_white_space(int32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

/* Control characters, and format characters that show nothing and join nothing. */
static bool is_invisible(int32_t c) {
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return !is_white_space(c);
    return c == 0xAD || c == 0x180E || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB);
}

/* Writes text with the recipe's treatment of white space. */
typedef struct writer {
    s2s_buf *out;
    bool collapse;
    bool begun, blank; /* something was written; a blank is due before what comes next */
} writer;

static s2s_status put(writer *w, const void *bytes, size_t size, s2s_err *err) {
    if (w->blank && w->begun) S2S_TRY(s2s_buf_append(w->out, " ", 1, err));
    w->blank = false;
    w->begun = true;
    return s2s_buf_append(w->out, bytes, size, err);
}

static s2s_status put_code_point(writer *w, int32_t c, s2s_err *err) {
    if (c == META_BLANK) c = ' ';
    if (w->collapse && is_white_space(c)) {
        w->blank = true;
        return S2S_OK;
    }
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t size = utf8proc_encode_char(c, bytes);
    return put(w, bytes, (size_t)size, err);
}

/* --- ASCII: nothing to repair, clean or compose --- */

static bool is_plain_ascii(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x7F || (c < 0x20 && !is_white_space(c))) return false;
    }
    return true;
}

static s2s_status normalize_ascii(const s2s_text_recipe *recipe, writer *w, const char *text,
                                  size_t length, s2s_err *err) {
    S2S_TRY(s2s_buf_reserve(w->out, w->out->size + length, err));
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (w->collapse && is_white_space(c)) {
            w->blank = true;
            continue;
        }
        if (recipe->lowercase && c >= 'A' && c <= 'Z') c = (char)(c + 'a' - 'A');
        S2S_TRY(put(w, &c, 1, err));
    }
    return S2S_OK;
}

/* --- everything else --- */

static s2s_status repair_and_clean(const char *text, size_t length, bool clean, s2s_buf *out,
                                   s2s_err *err) {
    S2S_TRY(s2s_buf_reserve(out, length, err));
    for (size_t i = 0; i < length;) {
        int32_t c;
        utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)text + i,
                                                 (utf8proc_ssize_t)(length - i), &c);
        if (size <= 0 || c == 0) {
            c = REPLACEMENT;
            size = 1;
        }
        i += (size_t)size;
        if (clean && c == ZERO_WIDTH_SPACE) c = ' ';
        if (clean && is_invisible(c)) continue;
        utf8proc_uint8_t bytes[4];
        S2S_TRY(s2s_buf_append(out, bytes, (size_t)utf8proc_encode_char(c, bytes), err));
    }
    return S2S_OK;
}

static utf8proc_option_t options_of(s2s_normalization form) {
    switch (form) {
    case S2S_NFKC:
        return UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    case S2S_NFC:
        return UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    default:
        return 0;
    }
}

/* UTF-8 to decomposed code points; *points is the caller's to free, also on failure. */
static s2s_status decompose(const s2s_buf *text, utf8proc_option_t options, int32_t **points,
                            utf8proc_ssize_t *n, s2s_err *err) {
    utf8proc_ssize_t room = (utf8proc_ssize_t)text->size + 16;
    for (;;) {
        free(*points);
        *points = malloc(((size_t)room + 1) * sizeof **points);
        if (!*points) return s2s_fail_memory(err, ((size_t)room + 1) * sizeof **points);
        *n = utf8proc_decompose((const utf8proc_uint8_t *)text->data, (utf8proc_ssize_t)text->size,
                                *points, room, options);
        if (*n < 0) return s2s_fail(err, S2S_INPUT, "normalisation: %s", utf8proc_errmsg(*n));
        if (*n <= room) return S2S_OK;
        room = *n;
    }
}

static s2s_status normalize_unicode(const s2s_text_recipe *recipe, writer *w, const s2s_buf *clean,
                                    int32_t **points, s2s_err *err) {
    utf8proc_option_t options = options_of(recipe->normalization);
    utf8proc_ssize_t n = 0;
    S2S_TRY(decompose(clean, options, points, &n, err));
    if (recipe->lowercase)
        for (utf8proc_ssize_t i = 0; i < n; i++) (*points)[i] = utf8proc_tolower((*points)[i]);
    if (options) n = utf8proc_normalize_utf32(*points, n, options);
    for (utf8proc_ssize_t i = 0; i < n; i++) S2S_TRY(put_code_point(w, (*points)[i], err));
    return S2S_OK;
}

s2s_status s2s_normalize(const s2s_text_recipe *recipe, const char *text, size_t length,
                         s2s_buf *out, s2s_err *err) {
    writer w = {.out = out, .collapse = recipe->whitespace == S2S_WHITESPACE_COLLAPSE};
    if (is_plain_ascii(text, length)) return normalize_ascii(recipe, &w, text, length, err);
    s2s_buf clean = {0};
    int32_t *points = NULL;
    s2s_status status =
        repair_and_clean(text, length, recipe->normalization == S2S_NFKC, &clean, err);
    if (status == S2S_OK) status = normalize_unicode(recipe, &w, &clean, &points, err);
    free(points);
    s2s_buf_release(&clean);
    return status;
}
