/* See suite.h. */
#define _GNU_SOURCE /* readlink */
#include "cli/suite.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "report/report.h"
#include "suite/child.h"

static s2s_status run_cell(void *self, const s2s_cell_job *job, s2s_err *err) {
    return s2s_child_run(self, job, err);
}

/* Each cell in a process of this same program. */
static s2s_status run_missing(s2s_call *call, s2s_agenda *agenda, s2s_err *err) {
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return s2s_fail_errno(err, "find", "the program's own file");
    program[length] = '\0';
    s2s_child child = {program, call->options.threads, call->options.quiet};
    return s2s_agenda_run(agenda, run_cell, &child, call->log, err);
}

static s2s_status write_table(s2s_call *call, const s2s_suite_options *options,
                              const s2s_board *board, s2s_err *err) {
    s2s_table_format format = call->options.json     ? S2S_TABLE_JSON
                              : options->format >= 0 ? (s2s_table_format)options->format
                                                     : S2S_TABLE_TEXT;
    s2s_buf text = {0};
    s2s_status status = s2s_table_write(board, format, &text, err);
    if (status == S2S_OK) status = s2s_output_write(call->output, text.data, text.size, err);
    s2s_buf_release(&text);
    return status;
}

/* --- the report --- */

/* The page tells it, too; but who looks at it may not be who can mend it. */
static s2s_status read_attention(void *self, s2s_attention *attention, const s2s_board *board,
                                 int row, const size_t *lines, size_t n, s2s_err *err) {
    s2s_call *call = self;
    s2s_status status = s2s_attention_read(attention, board, row, lines, n, err);
    if (status != S2S_OK && status != S2S_INTERRUPTED)
        s2s_log_warn(call->log, "the report has no pictures of attention of %s: %s",
                     s2s_agenda_name(board->agenda, board->rows[row].cell).text, err->message);
    return status;
}

/* --line, counted from 1, as numbers counted from 0. `lines`: [n] of the options. */
static s2s_status read_lines(const s2s_strings *given, size_t *lines, s2s_err *err) {
    for (size_t i = 0; i < given->n; i++) {
        const char *text = given->items[i];
        char *end;
        errno = 0;
        unsigned long number = strtoul(text, &end, 10);
        if (*text < '1' || *text > '9' || *end || errno)
            return s2s_fail(err, S2S_USAGE,
                            "--line: \"%.60s\" is no number of a line; the first is 1", text);
        lines[i] = number - 1;
    }
    return S2S_OK;
}

static s2s_status write_report(s2s_call *call, const s2s_suite_options *options,
                               const s2s_board *board, const size_t *lines, s2s_err *err) {
    s2s_report_options report = {.lines = lines,
                                 .lines_n = options->lines.n,
                                 .attention = options->no_run ? NULL : read_attention,
                                 .attention_self = call};
    s2s_buf page = {0};
    s2s_status status = s2s_report_write(board, &report, &page, err);
    if (status == S2S_OK) status = s2s_write_file(options->html, page.data, page.size, err);
    s2s_buf_release(&page);
    return status;
}

/* A report that could not be written after hours is told before them. */
static s2s_status check_report(const s2s_suite_options *options, s2s_err *err) {
    if (!options->html && options->lines.n)
        return s2s_fail(err, S2S_USAGE, "--line goes with --html, the report that shows it");
    if (!options->html) return S2S_OK;
    s2s_writer *writer;
    S2S_TRY(s2s_writer_open(&writer, options->html, err));
    s2s_writer_abort(writer);
    return S2S_OK;
}

/* --- all of it --- */

static s2s_status show(s2s_call *call, const s2s_suite_options *options, const s2s_agenda *agenda,
                       const size_t *lines, s2s_err *err) {
    s2s_board board;
    S2S_TRY(s2s_board_create(&board, agenda, err));
    s2s_status status = write_table(call, options, &board, err);
    if (status == S2S_OK && options->html) status = write_report(call, options, &board, lines, err);
    s2s_board_release(&board);
    return status;
}

static s2s_status run_suite(s2s_call *call, const s2s_suite_options *options, const size_t *lines,
                            s2s_err *err) {
    s2s_suite *suite;
    S2S_TRY(s2s_suite_load(&suite, call->options.arguments[0], err));
    s2s_agenda agenda;
    s2s_status status = s2s_agenda_create(&agenda, suite, err);
    if (status == S2S_OK) {
        if (!options->no_run) status = run_missing(call, &agenda, err);
        if (status == S2S_OK) status = show(call, options, &agenda, lines, err);
        if (status == S2S_OK) status = s2s_agenda_check(&agenda, err);
        s2s_agenda_release(&agenda);
    }
    s2s_suite_free(suite);
    return status;
}

s2s_status s2s_evaluate_suite(s2s_call *call, const s2s_suite_options *options, s2s_err *err) {
    if (call->options.json && options->format >= 0 && options->format != S2S_TABLE_JSON)
        return s2s_fail(err, S2S_USAGE, "--json is --format=json; give one of them");
    size_t *lines = calloc(options->lines.n + 1, sizeof *lines);
    if (!lines) return s2s_fail_memory(err, (options->lines.n + 1) * sizeof *lines);
    s2s_status status = read_lines(&options->lines, lines, err);
    if (status == S2S_OK) status = check_report(options, err);
    if (status == S2S_OK) status = run_suite(call, options, lines, err);
    free(lines);
    return status;
}
