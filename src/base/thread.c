/* See thread.h. */
#include "base/thread.h"

#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* Threads inherit the mask of the one that starts them. */
static void start_threads(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int started = 0;
#pragma omp parallel reduction(+ : started) /* OpenMP starts its threads when they are first used  \
                                             */
    started++;
    (void)started;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void s2s_threads_set(int count) {
    /* OpenMP asked for the affinity mask when the process began; asking now would give the one
     * place that OMP_PROC_BIND has tied this thread to. */
    omp_set_num_threads(count > 0 ? count : omp_get_num_procs());
    start_threads();
}

int s2s_threads(void) {
    return omp_get_max_threads();
}

void s2s_threads_alone(void) {
    omp_set_num_threads(1); /* of this thread's regions only */
}

int s2s_thread_index(void) {
    return omp_get_thread_num();
}

void s2s_threads_sleep_soon(char **argv) {
    static const char SPINS[] = "GOMP_SPINCOUNT";
    char program[4096]; /* its own path, for the name that ps shows */
    if (getenv(SPINS) || getenv("OMP_WAIT_POLICY")) return;
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0 || setenv(SPINS, "2000", 0)) return; /* threads wait as the library likes */
    program[length] = '\0';
    execv(program, argv);
}
