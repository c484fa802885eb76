/* See command.h. */
#include "cli/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/thread.h"
#include "recipe/schema.h"

/* --- by name --- */

static s2s_status list_commands(const char *program, const s2s_command *commands, const char *more,
                                s2s_err *err) {
    s2s_output *output;
    S2S_TRY(s2s_output_open(&output, "-", err));
    s2s_status status =
        s2s_output_printf(output, err, "usage: %s COMMAND [OPTION...]\n\nCommands:\n", program);
    for (; commands->name && status == S2S_OK; commands++)
        if (commands->summary)
            status =
                s2s_output_printf(output, err, "  %-12s%s\n", commands->name, commands->summary);
    if (status == S2S_OK)
        status =
            s2s_output_printf(output, err, "\n%s COMMAND --help tells more.%s\n", program, more);
    return s2s_output_finish(output, status, err);
}

static s2s_status fail_unknown(const char *program, const s2s_command *commands, const char *name,
                               s2s_err *err) {
    enum { MOST = 32 };
    const char *names[MOST + 1] = {0};
    for (int i = 0, n = 0; commands[i].name && n < MOST; i++)
        if (commands[i].summary) names[n++] = commands[i].name;
    const char *nearest = s2s_nearest_name(names, name);
    if (nearest)
        return s2s_fail(err, S2S_USAGE, "unknown command \"%s\"; did you mean %s %s?", name,
                        program, nearest);
    return s2s_fail(err, S2S_USAGE, "unknown command \"%s\"; %s --help lists all", name, program);
}

s2s_status s2s_command_dispatch(const char *program, const s2s_command *commands, const char *more,
                                int argc, char **argv, s2s_err *err) {
    if (argc < 2)
        return s2s_fail(err, S2S_USAGE, "a command is missing; %s --help lists all", program);
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return list_commands(program, commands, more, err);
    for (const s2s_command *c = commands; c->name; c++)
        if (strcmp(name, c->name) == 0) return c->run(argc - 1, argv + 1, err);
    return fail_unknown(program, commands, name, err);
}

/* --- the frame --- */

void s2s_call_progress(const s2s_call *call, uint64_t done, uint64_t total, const char *what) {
    static const double PATIENCE = 2; /* seconds */
    bool mixes = strcmp(call->options.output, "-") == 0 && isatty(STDOUT_FILENO);
    if ((mixes && !total) || s2s_clock() - call->begun < PATIENCE) return;
    s2s_log_progress(call->log, (double)done, (double)total, "%" PRIu64 " %s", done, what);
}

static s2s_status show_help(s2s_options *options, const s2s_usage *usage, s2s_err *err) {
    s2s_buf text = {0};
    s2s_output *output = NULL;
    s2s_status status = s2s_options_help(options, usage, &text, err);
    if (status == S2S_OK) status = s2s_output_open(&output, "-", err);
    if (status == S2S_OK) status = s2s_output_write(output, text.data, text.size, err);
    status = s2s_output_finish(output, status, err);
    s2s_buf_release(&text);
    return status;
}

static s2s_status work(s2s_call *call, const s2s_usage *usage,
                       s2s_status (*body)(s2s_call *call, s2s_err *err), s2s_err *err) {
    call->begun = s2s_clock();
    S2S_TRY(s2s_threads_check((int)call->options.threads, err));
    s2s_threads_set((int)call->options.threads);
    call->log = s2s_log_create(call->options.quiet ? NULL : stderr, err);
    if (!call->log) return S2S_MEMORY;
    s2s_status status = S2S_OK;
    if (usage->common & S2S_WITH_OUTPUT)
        status = s2s_output_open(&call->output, call->options.output, err);
    if (status == S2S_OK) status = body(call, err);
    status = s2s_output_finish(call->output, status, err);
    s2s_log_free(call->log);
    return status;
}

s2s_status s2s_call_run(const s2s_usage *usage, int argc, char **argv,
                        s2s_status (*body)(s2s_call *call, s2s_err *err), void *self,
                        s2s_err *err) {
    s2s_call call = {.self = self, .begun = s2s_clock()};
    s2s_status status = s2s_options_parse(&call.options, usage, argc, argv, err);
    if (status == S2S_OK)
        status = call.options.help ? show_help(&call.options, usage, err)
                                   : work(&call, usage, body, err);
    s2s_options_release(&call.options);
    return status;
}
