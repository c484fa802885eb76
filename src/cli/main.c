/* The s2s program: finds the command, and turns its status into a message and an exit code:
 * 0 done, 1 failed, 2 wrong use. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/thread.h"
#include "cli/command.h"
#include "kernel/kernels.h"

static s2s_status run(int argc, char **argv, s2s_err *err) {
    const s2s_command commands[] = {
        s2s_command_train,     s2s_command_translate,
        s2s_command_evaluate,  s2s_command_score,
        s2s_command_vocab,     s2s_command_inspect,
        s2s_command_recipe,    s2s_command_average,
        s2s_command_quantize,  s2s_command_bench,
        s2s_command_fill_mask, s2s_command_embed,
        s2s_command_cell,      {0},
    };
    S2S_TRY(s2s_kernel_check(err));
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        s2s_output *output;
        S2S_TRY(s2s_output_open(&output, "-", err));
        return s2s_output_finish(output, s2s_version(output, err), err);
    }
    return s2s_command_dispatch(
        "s2s", commands, "\ns2s --version tells the version, the processor and the libraries.",
        argc, argv, err);
}

/* A file opened later must not become standard output by taking its number. A closed one is
 * replaced by one that fails: standard output by one that cannot be written to, so that results are
 * not lost in silence, and standard input by one that cannot be read, so that it does not pass for
 * an empty one. Messages have nowhere to go. */
static void keep_standard_streams(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_WRONLY);
}

/* One line, whatever the names in it hold. */
static void print_error(char *message) {
    for (char *c = message; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f) *c = *c == '\n' ? ' ' : '?';
    fprintf(stderr, "s2s: %s\n", message);
}

int main(int argc, char **argv) {
    s2s_threads_sleep_soon(argv);
    keep_standard_streams();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write, and told */
    s2s_interrupt_install();
    s2s_err err = {0};
    s2s_status status = run(argc, argv, &err);
    if (status == S2S_OK) return 0;
    print_error(err.message);
    return status == S2S_USAGE ? 2 : 1;
}
