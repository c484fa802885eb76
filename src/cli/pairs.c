/* See pairs.h. */
#include "cli/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "cli/json_line.h"

const char *const s2s_pairs_format_names[] = {
    [S2S_PAIRS_TSV] = "tsv", [S2S_PAIRS_JSON] = "json", NULL};

s2s_status s2s_pairs_open(s2s_pairs *pairs, const s2s_pairs_source *source, s2s_line_queue *queue,
                          s2s_log *log, s2s_err *err) {
    *pairs = (s2s_pairs){.format = source->format,
                         .contrastive = source->contrastive,
                         .alone = source->alone,
                         .queue = queue};
    if (source->files.files_n) return s2s_examples_open(&pairs->files, &source->files, log, err);
    return s2s_input_open(&pairs->input, source->input, log, err);
}

void s2s_pairs_close(s2s_pairs *pairs) {
    s2s_examples_close(&pairs->files);
    s2s_input_close(&pairs->input);
    free(pairs->items);
    *pairs = (s2s_pairs){0};
}

static s2s_status add_target(s2s_pairs *pairs, s2s_segment source, s2s_segment target,
                             s2s_err *err) {
    S2S_TRY(s2s_grow(&pairs->items, &pairs->capacity, pairs->n + 1, sizeof *pairs->items, err));
    pairs->items[pairs->n++] = (s2s_pair){.source = source.text,
                                          .source_length = source.length,
                                          .target = target.text,
                                          .target_length = target.length};
    return S2S_OK;
}

/* --- line-aligned files --- */

static s2s_status next_aligned(s2s_pairs *pairs, bool *more, s2s_err *err) {
    const s2s_segment *segments = pairs->files.segments;
    s2s_line *line;
    S2S_TRY(s2s_examples_next(&pairs->files, more, err));
    if (!*more) return S2S_OK;
    for (int i = 1; i < pairs->files.n; i++)
        S2S_TRY(add_target(pairs, segments[0], segments[i], err));
    return s2s_line_push(pairs->queue, &line, err);
}

/* --- columns --- */

static s2s_status take_columns(s2s_pairs *pairs, s2s_column line, s2s_err *err) {
    s2s_column source, target;
    s2s_column_take(&line, &source);
    while (s2s_column_take(&line, &target))
        S2S_TRY(add_target(pairs, (s2s_segment){source.text, source.length},
                           (s2s_segment){target.text, target.length}, err));
    if (pairs->contrastive ? pairs->n >= 2 : pairs->n == 1) return S2S_OK;
    return s2s_fail(
        err, S2S_INPUT, "the line has %zu column%s, not %s (columns are parted by tabs)",
        pairs->n + 1, pairs->n ? "s" : "",
        pairs->contrastive ? "source, right and one or more wrong targets" : "source and target");
}

/* --- texts without sources --- */

static s2s_status take_alone(s2s_pairs *pairs, json_t **object, s2s_column line, s2s_err *err) {
    s2s_segment text = {line.text, line.length};
    if (pairs->format == S2S_PAIRS_JSON) {
        S2S_TRY(s2s_json_line(object, line.text, line.length, err));
        S2S_TRY(s2s_json_text(*object, "text", &text.text, &text.length, err));
    }
    return add_target(pairs, (s2s_segment){"", 0}, text, err);
}

/* --- JSON lines --- */

/* A text, or a list of texts. */
static s2s_status take_wrong(s2s_pairs *pairs, const json_t *object, s2s_segment source,
                             s2s_err *err) {
    static const char MUST[] = "a text or a list of one or more texts";
    const json_t *wrong = json_object_get(object, "wrong");
    bool list = json_is_array(wrong);
    size_t n = list ? json_array_size(wrong) : 1;
    for (size_t i = 0; i < n; i++) {
        const json_t *text = list ? json_array_get(wrong, i) : wrong;
        if (!json_is_string(text)) return s2s_json_fail(wrong, "wrong", MUST, err);
        s2s_segment target = {json_string_value(text), json_string_length(text)};
        S2S_TRY(add_target(pairs, source, target, err));
    }
    return n ? S2S_OK : s2s_json_fail(wrong, "wrong", MUST, err);
}

static s2s_status take_object(s2s_pairs *pairs, json_t **object, s2s_column line, s2s_err *err) {
    s2s_segment source, target;
    S2S_TRY(s2s_json_line(object, line.text, line.length, err));
    S2S_TRY(s2s_json_text(*object, "source", &source.text, &source.length, err));
    S2S_TRY(s2s_json_text(*object, "target", &target.text, &target.length, err));
    S2S_TRY(add_target(pairs, source, target, err));
    return pairs->contrastive ? take_wrong(pairs, *object, source, err) : S2S_OK;
}

/* --- the next line --- */

static s2s_status next_line(s2s_pairs *pairs, bool *more, s2s_err *err) {
    s2s_column text;
    s2s_line *line;
    s2s_err failure = {0};
    S2S_TRY(s2s_input_next(&pairs->input, &text.text, &text.length, more, err));
    if (!*more) return S2S_OK;
    S2S_TRY(s2s_line_push(pairs->queue, &line, err));
    s2s_status status = pairs->alone ? take_alone(pairs, &line->object, text, &failure)
                        : pairs->format == S2S_PAIRS_JSON
                            ? take_object(pairs, &line->object, text, &failure)
                            : take_columns(pairs, text, &failure);
    if (status == S2S_OK) return S2S_OK;
    pairs->n = 0;
    return s2s_line_refuse(pairs->queue, &pairs->input, &failure, err);
}

s2s_status s2s_pairs_next(s2s_pairs *pairs, bool *more, s2s_err *err) {
    pairs->n = 0;
    return pairs->input.lines ? next_line(pairs, more, err) : next_aligned(pairs, more, err);
}
