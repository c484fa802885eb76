/* See corpus.h. A reader is one file of lines (two for line-aligned text) and a rule that takes a
 * pair out of a line. */
#include "data/corpus.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/file.h"

struct s2s_corpus_reader {
    s2s_corpus corpus; /* its strings belong to the recipe */
    s2s_lines *lines;
    s2s_lines *target_lines; /* line-aligned only */
    json_t *object;          /* holds the texts of the last pair; JSON only */
};

static unsigned long long number_of(const s2s_lines *lines) {
    return (unsigned long long)s2s_lines_number(lines);
}

/* --- a line that is text --- */

static s2s_status check_text(const s2s_lines *lines, const char *line, size_t length,
                             s2s_err *err) {
    ptrdiff_t bad = s2s_utf8_check(line, length);
    if (bad < 0) return S2S_OK;
    const char *path = s2s_lines_path(lines);
    if (line[bad] == '\0')
        return s2s_fail(err, S2S_INPUT, "%s:%llu: byte %td is NUL; is this a text file?", path,
                        number_of(lines), bad + 1);
    return s2s_fail(err, S2S_INPUT,
                    "%s:%llu: byte %td (0x%02X) is not UTF-8; convert the file, for example with "
                    "iconv",
                    path, number_of(lines), bad + 1, (unsigned char)line[bad]);
}

static s2s_status next_text(s2s_lines *lines, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    S2S_TRY(s2s_lines_next(lines, line, length, more, err));
    return *more ? check_text(lines, *line, *length, err) : S2S_OK;
}

/* --- line-aligned files --- */

/* One file has ended and the other has not: counts the longer one for the message. */
static s2s_status unaligned(s2s_lines *shorter, s2s_lines *longer, s2s_err *err) {
    unsigned long long ended = number_of(shorter);
    bool more = true;
    while (more) {
        const char *line;
        size_t length;
        S2S_TRY(s2s_lines_next(longer, &line, &length, &more, err));
    }
    return s2s_fail(
        err, S2S_INPUT,
        "%s has %llu lines but %s has %llu: line %llu is missing; line n of the one must "
        "be the translation of line n of the other",
        s2s_lines_path(shorter), ended, s2s_lines_path(longer), number_of(longer), ended + 1);
}

static s2s_status next_aligned(s2s_corpus_reader *r, s2s_pair *pair, bool *more, s2s_err *err) {
    bool more_target = false;
    S2S_TRY(next_text(r->lines, &pair->source, &pair->source_length, more, err));
    if (!r->target_lines) return S2S_OK;
    S2S_TRY(next_text(r->target_lines, &pair->target, &pair->target_length, &more_target, err));
    if (*more && !more_target) return unaligned(r->target_lines, r->lines, err);
    if (!*more && more_target) return unaligned(r->lines, r->target_lines, err);
    return S2S_OK;
}

/* --- columns --- */

static s2s_status find_column(const s2s_lines *lines, s2s_column line, int64_t number,
                              const char *key, const char **text, size_t *length, s2s_err *err) {
    s2s_column column;
    int64_t seen = s2s_column_find(line, number, &column);
    if (seen < number)
        return s2s_fail(
            err, S2S_INPUT,
            "%s:%llu: %s is %lld, but the line has %lld column%s (columns are parted by tabs)",
            s2s_lines_path(lines), number_of(lines), key, (long long)number, (long long)seen,
            seen == 1 ? "" : "s");
    *text = column.text;
    *length = column.length;
    return S2S_OK;
}

static s2s_status next_columns(s2s_corpus_reader *r, s2s_pair *pair, bool *more, s2s_err *err) {
    s2s_column line;
    S2S_TRY(next_text(r->lines, &line.text, &line.length, more, err));
    if (!*more) return S2S_OK;
    S2S_TRY(find_column(r->lines, line, r->corpus.source_column, "source_column", &pair->source,
                        &pair->source_length, err));
    if (r->corpus.target_column < 1) return S2S_OK;
    return find_column(r->lines, line, r->corpus.target_column, "target_column", &pair->target,
                       &pair->target_length, err);
}

/* --- JSON lines --- */

static const char *kind_of(const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "text";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_NULL:
        return "null";
    default:
        return "true or false";
    }
}

/* "it has a, b, c": what the user may have meant. */
static s2s_status missing_field(s2s_corpus_reader *r, const char *field, s2s_err *err) {
    s2s_buf names = {0};
    const char *name;
    json_t *value;
    s2s_status status = S2S_OK;
    json_object_foreach(r->object, name, value) {
        if (status == S2S_OK && names.size < 200)
            status = s2s_buf_printf(&names, err, "%s\"%s\"", names.size ? ", " : "", name);
    }
    if (status == S2S_OK)
        status = s2s_fail(err, S2S_INPUT, "%s:%llu: there is no field \"%s\"; the fields are: %s",
                          s2s_lines_path(r->lines), number_of(r->lines), field,
                          names.size ? names.data : "none");
    s2s_buf_release(&names);
    return status;
}

static s2s_status find_field(s2s_corpus_reader *r, const char *field, const char **text,
                             size_t *length, s2s_err *err) {
    const json_t *value = json_object_get(r->object, field);
    if (!value) return missing_field(r, field, err);
    if (!json_is_string(value))
        return s2s_fail(err, S2S_INPUT, "%s:%llu: field \"%s\" must be text, not %s",
                        s2s_lines_path(r->lines), number_of(r->lines), field, kind_of(value));
    *text = json_string_value(value);
    *length = json_string_length(value);
    return S2S_OK;
}

static s2s_status parse_object(s2s_corpus_reader *r, const char *line, size_t length,
                               s2s_err *err) {
    json_error_t error;
    r->object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (!r->object)
        return s2s_fail(err, S2S_INPUT, "%s:%llu:%d: not JSON: %s; each line must be one object",
                        s2s_lines_path(r->lines), number_of(r->lines), error.column, error.text);
    if (json_is_object(r->object)) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%s:%llu: each line must be one JSON object, not %s",
                    s2s_lines_path(r->lines), number_of(r->lines), kind_of(r->object));
}

static bool is_blank(const char *line, size_t length) {
    return strspn(line, " \t") == length;
}

static s2s_status next_object(s2s_corpus_reader *r, s2s_pair *pair, bool *more, s2s_err *err) {
    const char *line;
    size_t length;
    json_decref(r->object);
    r->object = NULL;
    do { /* blank lines mean nothing in JSON */
        S2S_TRY(next_text(r->lines, &line, &length, more, err));
        if (!*more) return S2S_OK;
    } while (is_blank(line, length));
    S2S_TRY(parse_object(r, line, length, err));
    S2S_TRY(find_field(r, r->corpus.source_field, &pair->source, &pair->source_length, err));
    s2s_string_list targets = r->corpus.target_field;
    if (!targets.n) return S2S_OK;
    S2S_TRY(find_field(r, targets.items[0], &pair->target, &pair->target_length, err));
    for (int i = 1; i < targets.n; i++, pair->more_n++)
        S2S_TRY(find_field(r, targets.items[i], &pair->more[i - 1].text, &pair->more[i - 1].length,
                           err));
    return S2S_OK;
}

/* --- a reader --- */

static s2s_status open_files(s2s_corpus_reader *r, s2s_err *err) {
    const s2s_corpus *c = &r->corpus;
    if (c->tsv && c->source_column >= 1) return s2s_lines_open(&r->lines, c->tsv, err);
    if (c->json && c->source_field) return s2s_lines_open(&r->lines, c->json, err);
    if (!c->source)
        return s2s_fail(err, S2S_USAGE,
                        "a corpus needs source and target files, or a tsv file with source_column, "
                        "or a json file with source_field");
    S2S_TRY(s2s_lines_open(&r->lines, c->source, err));
    return c->target ? s2s_lines_open(&r->target_lines, c->target, err) : S2S_OK;
}

s2s_status s2s_corpus_open(s2s_corpus_reader **reader, const s2s_corpus *corpus, s2s_err *err) {
    *reader = NULL;
    s2s_corpus_reader *r = calloc(1, sizeof *r);
    if (!r) return s2s_fail_memory(err, sizeof *r);
    r->corpus = *corpus;
    s2s_status status = open_files(r, err);
    if (status == S2S_OK)
        *reader = r;
    else
        s2s_corpus_close(r);
    return status;
}

s2s_status s2s_corpus_next(s2s_corpus_reader *reader, s2s_pair *pair, bool *more, s2s_err *err) {
    *pair = (s2s_pair){0};
    *more = false;
    if (reader->corpus.tsv) return next_columns(reader, pair, more, err);
    if (reader->corpus.json) return next_object(reader, pair, more, err);
    return next_aligned(reader, pair, more, err);
}

void s2s_corpus_close(s2s_corpus_reader *reader) {
    if (!reader) return;
    s2s_lines_close(reader->lines);
    s2s_lines_close(reader->target_lines);
    json_decref(reader->object);
    free(reader);
}
