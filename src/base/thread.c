/* See thread.h. */
#include "base/thread.h"

#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
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

/* OpenMP asked for the affinity mask when the process began; asking now would give the one place
 * that OMP_PROC_BIND has tied this thread to. */
static int wanted(int count) {
    return count > 0 ? count : omp_get_num_procs();
}

static void *wait_for(void *lock) {
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

/* All of them are there at once, and gone again when this returns. */
s2s_status s2s_threads_check(int count, s2s_err *err) {
    int others = wanted(count) - 1, n = 0, error = 0;
    pthread_t *threads = calloc((size_t)others + 1, sizeof *threads);
    if (!threads) return s2s_fail_memory(err, (size_t)others * sizeof *threads);
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    while (n < others && !(error = pthread_create(&threads[n], NULL, wait_for, &lock))) n++;
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < n; i++) pthread_join(threads[i], NULL);
    free(threads);
    if (!error) return S2S_OK;
    return s2s_fail(
        err, S2S_MEMORY,
        "cannot start %d threads: %s; use fewer (--threads), or raise the limits on memory "
        "and processes (ulimit -v, ulimit -u)",
        others + 1, strerror(error));
}

void s2s_threads_set(int count) {
    omp_set_num_threads(wanted(count));
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

s2s_status s2s_threads_each(int n, s2s_status (*work)(void *self, int i, s2s_err *err), void *self,
                            s2s_err *err) {
    s2s_status status = S2S_OK;
#pragma omp parallel num_threads(n)
    {
        s2s_err failure = {0};
        s2s_threads_alone();
        if (work(self, s2s_thread_index(), &failure) != S2S_OK) {
#pragma omp critical(s2s_threads_failure)
            if (status == S2S_OK) {
                status = failure.status;
                if (err) *err = failure;
            }
        }
    }
    return status;
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
