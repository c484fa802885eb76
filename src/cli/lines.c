/* See lines.h. */
#include "cli/lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "cli/json_line.h"

const char *const s2s_line_format_names[] = {
    [S2S_LINE_TEXT] = "text", [S2S_LINE_TSV] = "tsv", [S2S_LINE_JSON] = "json", NULL};

s2s_status s2s_line_options_complete(s2s_line_options *o, s2s_err *err) {
    const char *wrong = NULL, *format = NULL;
    if (o->format != S2S_LINE_TSV && (o->column || o->prefix_column))
        wrong = o->column ? "column" : "prefix-column", format = "tsv";
    if (o->format != S2S_LINE_JSON && o->field) wrong = "field", format = "json";
    if (wrong) return s2s_fail(err, S2S_USAGE, "--%s goes with --format=%s", wrong, format);
    if (!o->column) o->column = 1;
    if (!o->field) o->field = "source";
    return S2S_OK;
}

/* --- TSV --- */

static s2s_status find_column(const s2s_line *line, int64_t number, s2s_column *column,
                              s2s_err *err) {
    int64_t seen = s2s_column_find((s2s_column){line->columns, line->length}, number, column);
    if (seen == number) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "column %" PRId64 " is missing: the line has %" PRId64, number,
                    seen);
}

static s2s_status copy_text(char **copy, const char *text, size_t length, s2s_err *err) {
    *copy = malloc(length + 1);
    if (!*copy) return s2s_fail_memory(err, length + 1);
    memcpy(*copy, text, length);
    (*copy)[length] = '\0';
    return S2S_OK;
}

static s2s_status read_columns(s2s_line_reader *r, s2s_line *line, const char *text, size_t length,
                               const char **source, size_t *source_length, s2s_err *err) {
    const s2s_line_options *o = r->options;
    S2S_TRY(copy_text(&line->columns, text, length, err));
    line->length = length;
    s2s_column text_column, prefix;
    S2S_TRY(find_column(line, o->column, &text_column, err));
    *source = text_column.text;
    *source_length = text_column.length;
    if (!o->prefix_column) return S2S_OK;
    S2S_TRY(find_column(line, o->prefix_column, &prefix, err));
    free(r->prefix);
    r->prefix = NULL;
    S2S_TRY(copy_text(&r->prefix, prefix.text, prefix.length, err));
    if (prefix.length) r->terms.prefix = r->prefix;
    return S2S_OK;
}

/* --- JSON --- */

/* Phrases of a field go to the reader's list, from `begin` on. */
static s2s_status read_phrases(s2s_line_reader *r, const json_t *object, const char *field,
                               size_t begin, int *n, s2s_err *err) {
    const json_t *list = json_object_get(object, field);
    *n = 0;
    if (!list) return S2S_OK;
    if (!json_is_array(list)) return s2s_json_fail(list, field, "a list of texts", err);
    size_t count = json_array_size(list);
    S2S_TRY(
        s2s_grow(&r->phrases, &r->phrases_capacity, begin + count + 1, sizeof *r->phrases, err));
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text) return s2s_json_fail(list, field, "a list of texts alone", err);
        r->phrases[begin + i] = text;
    }
    *n = (int)count;
    return S2S_OK;
}

static s2s_status read_search(s2s_line_reader *r, const json_t *object, s2s_err *err) {
    const json_t *given = json_object_get(object, "search");
    if (!given) return S2S_OK;
    if (!json_is_object(given))
        return s2s_json_fail(given, "search", "an object of search keys", err);
    char *text = json_dumps(given, JSON_COMPACT);
    if (!text) return s2s_fail_memory(err, 4096);
    if (!r->search_text || strcmp(text, r->search_text) != 0) {
        s2s_search_recipe search = *r->search;
        s2s_status status = s2s_search_recipe_lay(&search, text, strlen(text), err);
        if (status != S2S_OK) {
            free(text);
            return status;
        }
        r->own_search = search;
        free(r->search_text);
        r->search_text = text;
    } else {
        free(text);
    }
    r->terms.search = &r->own_search;
    return S2S_OK;
}

static s2s_status read_fields(s2s_line_reader *r, const json_t *object, const char **source,
                              size_t *length, s2s_err *err) {
    S2S_TRY(s2s_json_text(object, r->options->field, source, length, err));
    const json_t *prefix = json_object_get(object, "prefix");
    if (prefix && !json_is_string(prefix)) return s2s_json_fail(prefix, "prefix", "text", err);
    if (json_string_length(prefix)) r->terms.prefix = json_string_value(prefix);
    int required, forbidden;
    S2S_TRY(read_phrases(r, object, "required", 0, &required, err));
    S2S_TRY(read_phrases(r, object, "forbidden", (size_t)required, &forbidden, err));
    r->terms.required = (s2s_string_list){r->phrases, required};
    r->terms.forbidden = (s2s_string_list){r->phrases + required, forbidden};
    if (!required && !forbidden) r->terms.required.items = r->terms.forbidden.items = NULL;
    return read_search(r, object, err);
}

static s2s_status read_object(s2s_line_reader *r, s2s_line *line, const char *text, size_t length,
                              const char **source, size_t *source_length, s2s_err *err) {
    S2S_TRY(s2s_json_line(&line->object, text, length, err));
    return read_fields(r, line->object, source, source_length, err);
}

/* --- the next line --- */

static s2s_status read_line(s2s_line_reader *r, s2s_line *line, const char *text, size_t length,
                            const char **source, size_t *source_length, s2s_err *err) {
    r->terms = (s2s_line_terms){0};
    *source = text;
    *source_length = length;
    if (r->options->format == S2S_LINE_TSV)
        S2S_TRY(read_columns(r, line, text, length, source, source_length, err));
    if (r->options->format == S2S_LINE_JSON)
        S2S_TRY(read_object(r, line, text, length, source, source_length, err));
    const s2s_line_terms *t = &r->terms;
    bool asks = t->prefix || t->required.n || t->forbidden.n || t->search;
    return asks ? s2s_translator_check(r->translator, r->search, t, err) : S2S_OK;
}

s2s_status s2s_line_reader_next(s2s_line_reader *r, const char **source, size_t *length, bool *more,
                                s2s_err *err) {
    const char *text;
    size_t text_length;
    S2S_TRY(s2s_input_next(&r->input, &text, &text_length, more, err));
    if (!*more) return S2S_OK;
    s2s_line *line;
    S2S_TRY(s2s_line_push(&r->queue, &line, err));
    s2s_err failure = {0};
    if (read_line(r, line, text, text_length, source, length, &failure) == S2S_OK) return S2S_OK;
    r->terms = (s2s_line_terms){0};
    *source = "";
    *length = 0;
    return s2s_line_refuse(&r->queue, &r->input, &failure, err);
}

s2s_status s2s_line_reader_open(s2s_line_reader *r, const char *path,
                                const s2s_line_options *options, s2s_translator *translator,
                                const s2s_search_recipe *search, s2s_log *log, s2s_err *err) {
    *r = (s2s_line_reader){.queue = {.strict = options->strict},
                           .options = options,
                           .translator = translator,
                           .search = search};
    return s2s_input_open(&r->input, path, log, err);
}

void s2s_line_reader_close(s2s_line_reader *r) {
    s2s_line_queue_release(&r->queue);
    free(r->search_text);
    free(r->prefix);
    free(r->phrases);
    s2s_input_close(&r->input);
}
