/* s2s evaluate-cell: one cell of a suite in a process of its own. `s2s evaluate SUITE` starts it; it is in no list
 * of commands. */
#include "cli/command.h"
#include "suite/child.h"

typedef struct cell_options {
    const char *source, *folder;
} cell_options;

static s2s_status do_cell(s2s_call *call, s2s_err *err) {
    const cell_options *o = call->self;
    S2S_TRY(s2s_options_need(call->options.model, "model", err));
    S2S_TRY(s2s_options_need(o->source, "source", err));
    S2S_TRY(s2s_options_need(o->folder, "cell", err));
    s2s_cell_job job = {.model = call->options.model,
                        .source = o->source,
                        .folder = o->folder,
                        .sets = call->options.sets.items,
                        .sets_n = (int)call->options.sets.n,
                        .log = call->log};
    s2s_buf answer = {0};
    s2s_status status = s2s_child_answer(&job, &answer, err);
    if (status == S2S_OK && answer.size)
        status = s2s_output_write(call->output, answer.data, answer.size, err);
    s2s_buf_release(&answer);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    cell_options o = {0};
    const s2s_option options[] = {
        S2S_TEXT_OPTION("source", "FILE", &o.source, "JSON lines, {\"source\": ...}."),
        S2S_TEXT_OPTION("cell", "FOLDER", &o.folder, "Where output and result go."),
    };
    const s2s_usage usage = {
        .command = S2S_CHILD_COMMAND,
        .summary = "Does one cell of a suite. `s2s evaluate SUITE` starts this for each of them, "
                   "so that the memory that it takes can be told.",
        .common = S2S_WITH_MODEL | S2S_WITH_OUTPUT | S2S_WITH_THREADS | S2S_WITH_SET,
        S2S_TABLE(options),
    };
    return s2s_call_run(&usage, argc, argv, do_cell, &o, err);
}

const s2s_command s2s_command_cell = {S2S_CHILD_COMMAND, NULL, run};
