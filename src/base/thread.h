/* The one pool of compute threads (OpenMP). Work is cut by its size alone, never by the number of
 * threads, so that results do not depend on it. */
#ifndef S2S_BASE_THREAD_H
#define S2S_BASE_THREAD_H

#include "base/err.h"

/* Whether the system lets the process have `count` threads (0 as below) and their stacks. Asked before they are
 * started, because OpenMP ends the process where it does not. */
s2s_status s2s_threads_check(int count, s2s_err *err);
/* 0: as many as the process may use (its affinity mask). Starts them, too: with all signals blocked,
 * because a handler must not run on the stack of a thread that computes (interrupt.c). */
void s2s_threads_set(int count);
int s2s_threads(void);
int s2s_thread_index(void); /* within a parallel region, else 0 */
/* Within a parallel region: those that the calling thread opens have no other thread. */
void s2s_threads_alone(void);

/* Calls work(self, i, err) on up to n >= 1 threads at once, i their numbers from 0; each has no other thread for parallel
 * regions of its own. So `work` takes what is next from what `self` has, until nothing is left or one of them has
 * failed. The first failure is that of all. */
s2s_status s2s_threads_each(int n, s2s_status (*work)(void *self, int i, s2s_err *err), void *self,
                            s2s_err *err);

/* For main, before anything else: makes threads that wait for each other sleep soon instead of spinning for
 * milliseconds. On a machine that others use too, the spinning keeps off the very thread that is waited
 * for, and everything takes many times as long. libgomp reads this from the environment before main, so
 * the program starts itself once more, with `argv`; it does not where the user chose (OMP_WAIT_POLICY,
 * GOMP_SPINCOUNT). */
void s2s_threads_sleep_soon(char **argv);

#endif
