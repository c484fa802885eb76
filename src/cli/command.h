/* Commands: how they are found by name, and the frame that each of them runs in. */
#ifndef S2S_CLI_COMMAND_H
#define S2S_CLI_COMMAND_H

#include "base/log.h"
#include "cli/options.h"
#include "cli/output.h"

typedef struct s2s_command {
    const char *name, *summary; /* summary NULL: not listed; the program starts it for itself */
    /* argv[0] is the command's own name. */
    s2s_status (*run)(int argc, char **argv, s2s_err *err);
} s2s_command;

/* Runs the one of `commands` (ended by a row without a name) that argv[1] names; `program` is what
 * comes before it ("s2s", "s2s vocab"). --help lists all of them, and ends with `more`. */
s2s_status s2s_command_dispatch(const char *program, const s2s_command *commands, const char *more,
                                int argc, char **argv, s2s_err *err);

/* A command at work. */
typedef struct s2s_call {
    s2s_options options;
    s2s_log *log;       /* messages, on standard error */
    s2s_output *output; /* results; NULL unless the command has S2S_WITH_OUTPUT */
    void *self;         /* the command's own options */
    double begun;       /* clock, seconds */
} s2s_call;

/* The state of a job; `total` 0: unknown, and results come out as it goes on. Nothing is shown of a
 * job that is done in a moment, nor of one whose results go to the terminal that the bar would be
 * drawn on. */
void s2s_call_progress(const s2s_call *call, uint64_t done, uint64_t total, const char *what);

/* Reads the options, shows the help page or runs `body`, and ends its output. */
s2s_status s2s_call_run(const s2s_usage *usage, int argc, char **argv,
                        s2s_status (*body)(s2s_call *call, s2s_err *err), void *self, s2s_err *err);

extern const s2s_command s2s_command_recipe, s2s_command_vocab, s2s_command_evaluate,
    s2s_command_inspect, s2s_command_bench, s2s_command_train, s2s_command_translate,
    s2s_command_average, s2s_command_quantize, s2s_command_score, s2s_command_cell,
    s2s_command_fill_mask, s2s_command_embed;
extern const s2s_command s2s_command_shortlist; /* of `s2s vocab` */

/* Prints the program's version and those of what it stands on. */
s2s_status s2s_version(s2s_output *output, s2s_err *err);

#endif
