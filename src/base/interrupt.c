/* See interrupt.h.
 *
 * The handler has a stack of its own. oneDNN's sgemm points the stack pointer into a block from
 * malloc while it computes; the frame of a handler that ran there would be written over the heap.
 * Signals for the process go to the thread that installed this one, whose stack it is; the other
 * threads block them (thread.h). */
#define _GNU_SOURCE /* sigaltstack */
#include "base/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_bool interrupted; /* lock-free, so that a signal handler may set it */

static void on_signal(int number) {
    if (!atomic_exchange(&interrupted, true)) return;
    signal(number, SIG_DFL);
    raise(number); /* blocked within this handler: ends the process when it returns */
}

static void install(int number) {
    struct sigaction old, action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    /* nohup ignores SIGHUP, and a script's background jobs SIGINT, on purpose. */
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN) return;
    sigemptyset(&action.sa_mask);
    /* Without SA_RESTART: a read that waits for the terminal or a pipe must return. */
    sigaction(number, &action, NULL);
}

/* A sanitizer may have given the thread one already. */
static void set_stack(void) {
    static char memory[1 << 16]; /* AVX-512 and AMX registers take 12 KiB of it */
    stack_t old, own = {.ss_sp = memory, .ss_size = sizeof memory};
    if (sigaltstack(NULL, &old) == 0 && old.ss_flags & SS_DISABLE) sigaltstack(&own, NULL);
}

void s2s_interrupt_install(void) {
    set_stack();
    install(SIGINT);
    install(SIGTERM);
    install(SIGHUP); /* the terminal or the connection is gone */
}

bool s2s_interrupted(void) {
    return atomic_load(&interrupted);
}
