/* The process of a cell, for which this program stands in: what reaches it and what comes back. */
#define _GNU_SOURCE /* readlink */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "scratch.h"
#include "suite/child.h"

static s2s_err err;

/* --- the stand-in: what it does is the name of its "model" --- */

static volatile sig_atomic_t interrupts, hangups, terminations;

static void count(int number) {
    if (number == SIGINT) interrupts++;
    if (number == SIGHUP) hangups++;
    if (number == SIGTERM) terminations++;
}

static const char *value_of(int argc, char **argv, const char *name) {
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0) return argv[i + 1];
    exit(99);
}

static void put(const char *folder, const char *name, const char *text) {
    s2s_arena arena = {0};
    const char *path = s2s_path_join(&arena, folder, name, &err);
    if (!path || s2s_write_file(path, text, strlen(text), &err) != S2S_OK) exit(98);
    s2s_arena_release(&arena);
}

/* Waits for SIGTERM, and a while longer for what else may come; writes down what came. */
static int count_signals(const char *folder) {
    struct sigaction action = {.sa_handler = count};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    put(folder, "ready", "");
    for (int i = 0; i < 1000 && !terminations; i++) usleep(10000);
    for (int i = 0; i < 40; i++) usleep(10000);
    char text[64];
    snprintf(text, sizeof text, "%d %d %d", (int)interrupts, (int)hangups, (int)terminations);
    put(folder, "signals", text);
    return 0;
}

static int stand_in(int argc, char **argv) {
    const char *what = value_of(argc, argv, "--model");
    if (strcmp(what, "count") == 0) return count_signals(value_of(argc, argv, "--cell"));
    if (strcmp(what, "fail") == 0) printf("%d weights: too short", (int)S2S_INPUT);
    if (strcmp(what, "die") == 0) raise(SIGKILL);
    return strcmp(what, "exit") == 0 ? 7 : 0;
}

/* --- tests --- */

static s2s_status run(const char *what) {
    static char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    assert_true(length > 0);
    program[length] = '\0';
    s2s_child child = {.program = program};
    s2s_cell_job job = {.model = what, .source = "source", .folder = scratch("")};
    err = (s2s_err){0};
    return s2s_child_run(&child, &job, &err);
}

static void test_what_comes_back(void **state) {
    (void)state;
    assert_int_equal(run("do nothing"), S2S_OK);
    assert_int_equal(run("fail"), S2S_INPUT);
    assert_string_equal(err.message, "weights: too short");
    assert_int_equal(run("exit"), S2S_IO);
    assert_non_null(strstr(err.message, "ended with 7"));
    assert_int_equal(run("die"), S2S_IO);
    assert_non_null(strstr(err.message, "signal 9, perhaps for want of memory"));
}

/* What the user's own process does, in a process group of its own, as a shell gives one to each job. */
static void be_the_job(void) {
    setpgid(0, 0);
    s2s_interrupt_install();
    _exit(run("count") == S2S_INTERRUPTED ? 0 : 1);
}

/* Ctrl-C, and a terminal that goes away, reach the whole group. */
static void expect_told_once(int signal_number) {
    unlink(scratch("ready"));
    pid_t job = fork();
    assert_true(job >= 0);
    if (job == 0) be_the_job();
    for (int i = 0; i < 1000 && !s2s_file_exists(scratch("ready")); i++) usleep(10000);
    assert_true(s2s_file_exists(scratch("ready")));
    assert_int_equal(kill(-job, signal_number), 0);
    int how;
    assert_int_equal(waitpid(job, &how, 0), job);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    scratch_expect(scratch("signals"), "0 0 1");
}

static void test_keys_of_a_terminal_reach_it_once(void **state) {
    (void)state;
    expect_told_once(SIGINT);
    expect_told_once(SIGHUP);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], S2S_CHILD_COMMAND) == 0) return stand_in(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_comes_back),
        cmocka_unit_test(test_keys_of_a_terminal_reach_it_once),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
