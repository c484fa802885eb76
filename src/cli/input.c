/* See input.h. */
#include "cli/input.h"

s2s_status s2s_input_open(s2s_input *input, const char *path, s2s_log *log, s2s_err *err) {
    *input = (s2s_input){.log = log};
    return s2s_lines_open(&input->lines, path, err);
}

s2s_status s2s_input_next(void *self, const char **line, size_t *length, bool *more, s2s_err *err) {
    s2s_input *input = self;
    S2S_TRY(s2s_lines_next(input->lines, line, length, more, err));
    if (!*more || input->warned || s2s_utf8_check(*line, *length) < 0) return S2S_OK;
    input->warned = true;
    s2s_log_warn(input->log,
                 "%s:%llu: not UTF-8 text (this is the first such line); what cannot be read "
                 "becomes U+FFFD",
                 s2s_lines_path(input->lines), (unsigned long long)s2s_input_count(input));
    return S2S_OK;
}

uint64_t s2s_input_count(const s2s_input *input) {
    return s2s_lines_number(input->lines);
}

s2s_status s2s_input_blame(const s2s_input *input, s2s_err *err) {
    return s2s_fail_within(err, "%s:%llu", s2s_lines_path(input->lines),
                           (unsigned long long)s2s_input_count(input));
}

void s2s_input_close(s2s_input *input) {
    s2s_lines_close(input->lines);
    input->lines = NULL;
}
