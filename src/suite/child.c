/* See child.h. */
#define _GNU_SOURCE /* prctl */
#include "suite/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/interrupt.h"

extern char **environ;

/* --- in the process --- */

s2s_status s2s_child_answer(const s2s_cell_job *job, s2s_buf *answer, s2s_err *err) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* nobody would take the result */
#endif
    s2s_err own = {0};
    s2s_status status = s2s_cell_run(job, &own);
    if (status == S2S_OK) return S2S_OK;
    return s2s_buf_printf(answer, err, "%d %s", (int)status, own.message);
}

/* --- starting it --- */

/* argv of the process; the strings are borrowed, the array is the caller's. NULL: no memory. */
static char **make_arguments(const s2s_child *child, const s2s_cell_job *job, char threads[24],
                             s2s_err *err) {
    enum { FIXED = 12 };
    size_t room = (FIXED + 2 * (size_t)job->sets_n) * sizeof(char *);
    const char **argv = malloc(room);
    if (!argv) {
        s2s_fail_memory(err, room);
        return NULL;
    }
    snprintf(threads, 24, "%lld", (long long)child->threads);
    const char *fixed[] = {"s2s",       S2S_CHILD_COMMAND, "--model",   job->model,  "--source",
                           job->source, "--cell",          job->folder, "--threads", threads};
    int n = sizeof fixed / sizeof *fixed;
    memcpy(argv, fixed, sizeof fixed);
    for (int i = 0; i < job->sets_n; i++) {
        argv[n++] = "--set";
        argv[n++] = job->sets[i];
    }
    if (child->quiet) argv[n++] = "--quiet";
    argv[n] = NULL;
    return (char **)(void *)argv;
}

/* Keys of a terminal reach all processes that it started; this one is told by its starter alone, once, since a second
 * signal would end it before it has saved what is done. */
static int block_keys(posix_spawnattr_t *attributes) {
    sigset_t blocked;
    int code = pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    if (code != 0) return code;
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGHUP);
    code = posix_spawnattr_setsigmask(attributes, &blocked);
    return code ? code : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK);
}

static int spawn(const s2s_child *child, char **argv, int output, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawnattr_init(&attributes);
    if (code == 0) {
        code = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        if (code == 0) code = block_keys(&attributes);
        if (code == 0)
            code = posix_spawn(pid, child->program, &actions, &attributes, argv, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static s2s_status start(const s2s_child *child, char **argv, const int pipe_ends[2], pid_t *pid,
                        s2s_err *err) {
    int code = spawn(child, argv, pipe_ends[1], pid);
    if (code == 0) return S2S_OK;
    errno = code;
    return s2s_fail_errno(err, "start", child->program);
}

/* --- waiting for it --- */

/* Reads until the process ends. A signal may come between looking for it and waiting, so that the wait is
 * never a long one. */
static void read_message(int pipe_end, pid_t pid, char *text, size_t room) {
    enum { PATIENCE = 200 }; /* milliseconds */
    size_t size = 0;
    bool told = false;
    for (;;) {
        if (s2s_interrupted() && !told) {
            kill(pid, SIGTERM);
            told = true;
        }
        struct pollfd wait = {.fd = pipe_end, .events = POLLIN};
        if (poll(&wait, 1, PATIENCE) <= 0) continue;
        char spare[256];
        bool fits = size + 1 < room;
        ssize_t n =
            read(pipe_end, fits ? text + size : spare, fits ? room - 1 - size : sizeof spare);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        if (fits) size += (size_t)n;
    }
    text[size] = '\0';
}

static s2s_status judge(int how, const char *message, s2s_err *err) {
    if (s2s_interrupted()) return s2s_fail(err, S2S_INTERRUPTED, "interrupted");
    if (WIFSIGNALED(how))
        return s2s_fail(err, S2S_IO, "its process was ended by signal %d%s", WTERMSIG(how),
                        WTERMSIG(how) == SIGKILL ? ", perhaps for want of memory" : "");
    if (*message) {
        char *text;
        long status = strtol(message, &text, 10);
        bool known = status > S2S_OK && *text == ' ';
        return s2s_fail(err, known ? (s2s_status)status : S2S_IO, "%s", known ? text + 1 : message);
    }
    if (WEXITSTATUS(how) == 0) return S2S_OK;
    return s2s_fail(err, S2S_IO, "its process ended with %d", WEXITSTATUS(how));
}

s2s_status s2s_child_run(const s2s_child *child, const s2s_cell_job *job, s2s_err *err) {
    char threads[24], message[sizeof err->message];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return s2s_fail_errno(err, "make", "a pipe");
    char **argv = make_arguments(child, job, threads, err);
    pid_t pid = 0;
    s2s_status status = argv ? start(child, argv, ends, &pid, err) : S2S_MEMORY;
    free(argv);
    close(ends[1]); /* the process has its own, so that the pipe ends with it */
    int how = 0;
    if (status == S2S_OK) {
        read_message(ends[0], pid, message, sizeof message);
        while (waitpid(pid, &how, 0) < 0 && errno == EINTR) {
        }
        status = judge(how, message, err);
    }
    close(ends[0]);
    return status;
}
