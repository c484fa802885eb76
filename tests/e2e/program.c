/* See program.h. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "scratch.h"

double program_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void redirect(const char *path, int flags, int descriptor) {
    int opened = open(path, flags, 0666);
    if (opened < 0 || dup2(opened, descriptor) < 0) _exit(126);
    close(opened);
}

pid_t program_start(const char *const *arguments, const char *errors) {
    /* There before the child runs, for whoever waits for a message in it. */
    const char *path = scratch_put_text(errors, "");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child) return child;
    redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    redirect("/dev/null", O_WRONLY, STDOUT_FILENO);
    redirect(path, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    signal(SIGINT, SIG_DFL); /* a shell's background jobs ignore it */
    execv(S2S_PROGRAM, (char *const *)arguments);
    _exit(127);
}

int program_wait(pid_t program) {
    int status;
    while (waitpid(program, &status, 0) < 0) assert_int_equal(errno, EINTR);
    return status;
}

void program_rest(void) {
    const struct timespec millisecond = {0, 1000000};
    nanosleep(&millisecond, NULL);
}

int program_signal(pid_t program, int signal, double seconds) {
    double end = program_now() + seconds;
    while (program_now() < end) {
        int status;
        if (waitpid(program, &status, WNOHANG) == program) return status;
        program_rest();
    }
    kill(program, signal);
    return program_wait(program);
}
