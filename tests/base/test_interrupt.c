/* Signals end as a flag, the second ends the process; each case in a process of its own. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/interrupt.h"

/* How `body` ended: its exit status, or minus the signal. */
static int run(int (*body)(void)) {
    pid_t child = fork();
    if (child == 0) _exit(body());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int once(void) {
    s2s_interrupt_install();
    s2s_interrupt_install();
    if (s2s_interrupted()) return 1;
    raise(SIGINT);
    return s2s_interrupted() ? 0 : 2;
}

static int terminated_once(void) {
    s2s_interrupt_install();
    raise(SIGTERM);
    return s2s_interrupted() ? 0 : 2;
}

static int hung_up_once(void) {
    s2s_interrupt_install();
    raise(SIGHUP);
    return s2s_interrupted() ? 0 : 2;
}

static int twice(void) {
    s2s_interrupt_install();
    raise(SIGINT);
    raise(SIGINT);
    return 0;
}

static int one_of_each(void) {
    s2s_interrupt_install();
    raise(SIGINT);
    raise(SIGTERM);
    return 0;
}

static int ignored_before(void) {
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    s2s_interrupt_install();
    raise(SIGINT);
    raise(SIGHUP);
    return s2s_interrupted() ? 1 : 0;
}

static void first_signal_sets_the_flag(void **state) {
    (void)state;
    assert_int_equal(run(once), 0);
    assert_int_equal(run(terminated_once), 0);
    assert_int_equal(run(hung_up_once), 0);
}

static void second_signal_ends_the_process(void **state) {
    (void)state;
    assert_int_equal(run(twice), -SIGINT);
    assert_int_equal(run(one_of_each), -SIGTERM);
}

static void a_signal_that_was_ignored_stays_ignored(void **state) {
    (void)state;
    assert_int_equal(run(ignored_before), 0);
}

/* Signals that come while oneDNN's sgemm has the stack pointer in a block from malloc: on the usual
 * stack the handler's frame would be written there, and the program would break down at some later
 * free. */
static int has_own_stack(void) {
    struct sigaction action;
    stack_t stack;
    s2s_interrupt_install();
    if (sigaltstack(NULL, &stack) != 0 || stack.ss_flags & SS_DISABLE) return 1;
    if (stack.ss_size < (1 << 14)) return 2;
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 3; i++)
        if (sigaction(signals[i], NULL, &action) != 0 || !(action.sa_flags & SA_ONSTACK)) return 3;
    return 0;
}

static void the_handler_has_a_stack_of_its_own(void **state) {
    (void)state;
    assert_int_equal(run(has_own_stack), 0);
}

/* --- a read that waits --- */

static char process_state(pid_t process) {
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    const char *name_end = size > 0 ? strrchr(text, ')') : NULL;
    assert_non_null(name_end);
    return name_end[2];
}

static int wait_for_input(int ready) {
    s2s_lines *lines;
    s2s_err err = {0};
    const char *line;
    size_t length;
    bool more;
    s2s_interrupt_install();
    if (s2s_lines_open(&lines, "-", &err) != S2S_OK || write(ready, "", 1) != 1) return 1;
    s2s_status status = s2s_lines_next(lines, &line, &length, &more, &err);
    s2s_lines_close(lines);
    return status == S2S_INTERRUPTED && strstr(err.message, "standard input") ? 0 : 2;
}

static void a_signal_ends_the_wait_for_input(void **state) {
    (void)state;
    int input[2], ready[2], status;
    char byte;
    assert_int_equal(pipe(input), 0);
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(input[0], STDIN_FILENO);
        _exit(wait_for_input(ready[1]));
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    while (process_state(child) != 'S') usleep(1000); /* asleep: it reads */
    kill(child, SIGINT);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    for (int i = 0; i < 2; i++) close(input[i]), close(ready[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_signal_sets_the_flag),
        cmocka_unit_test(second_signal_ends_the_process),
        cmocka_unit_test(a_signal_that_was_ignored_stays_ignored),
        cmocka_unit_test(the_handler_has_a_stack_of_its_own),
        cmocka_unit_test(a_signal_ends_the_wait_for_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
