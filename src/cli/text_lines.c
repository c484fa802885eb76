/* See text_lines.h. */
#include "cli/text_lines.h"

#include "cli/json_line.h"

const char *const s2s_text_format_names[] = {
    [S2S_TEXT_PLAIN] = "text", [S2S_TEXT_JSON] = "json", NULL};

s2s_status s2s_text_lines_open(s2s_text_lines *l, const char *path, const s2s_text_options *options,
                               s2s_log *log, s2s_err *err) {
    *l = (s2s_text_lines){.queue = {.strict = options->strict}, .options = *options};
    if (options->field && options->format != S2S_TEXT_JSON)
        return s2s_fail(err, S2S_USAGE, "--field goes with --format=json");
    if (!options->field) l->options.field = "text";
    return s2s_input_open(&l->input, path, log, err);
}

void s2s_text_lines_close(s2s_text_lines *l) {
    s2s_line_queue_release(&l->queue);
    s2s_input_close(&l->input);
}

s2s_status s2s_text_lines_refuse(s2s_text_lines *l, const s2s_err *failure, s2s_err *err) {
    return s2s_line_refuse(&l->queue, &l->input, failure, err);
}

s2s_status s2s_text_lines_next(s2s_text_lines *l, const char **text, size_t *length, bool *more,
                               s2s_err *err) {
    s2s_line *line;
    s2s_err failure = {0};
    S2S_TRY(s2s_input_next(&l->input, text, length, more, err));
    if (!*more) return S2S_OK;
    S2S_TRY(s2s_line_push(&l->queue, &line, err));
    if (l->options.format != S2S_TEXT_JSON) return S2S_OK;
    s2s_status status = s2s_json_line(&line->object, *text, *length, &failure);
    if (status == S2S_OK)
        status = s2s_json_text(line->object, l->options.field, text, length, &failure);
    if (status == S2S_OK) return S2S_OK;
    *text = NULL;
    *length = 0;
    return s2s_text_lines_refuse(l, &failure, err);
}
