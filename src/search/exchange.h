/* Where workers take sentences and hand in results: the window (window.h) behind a lock.
 *
 * Reading and giving out happen under the lock too, so that `next` and `done` of the caller are never
 * called twice at once, and a worker that finds nothing to do waits here. */
#ifndef S2S_SEARCH_EXCHANGE_H
#define S2S_SEARCH_EXCHANGE_H

#include <pthread.h>
#include <stdatomic.h>

#include "search/window.h"

typedef struct s2s_exchange {
    s2s_window window;
    s2s_search_io io;
    int workers;
    atomic_bool stopped; /* a worker has failed */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* places of the window became free, or all is to stop */
} s2s_exchange;

s2s_status s2s_exchange_init(s2s_exchange *exchange, const s2s_search_recipe *recipe,
                             s2s_search_io io, int workers, s2s_err *err);
void s2s_exchange_release(s2s_exchange *exchange);

void s2s_exchange_enter(s2s_exchange *exchange);
void s2s_exchange_leave(s2s_exchange *exchange);
void s2s_exchange_stop(s2s_exchange *exchange); /* wakes all workers; from outside the lock */

/* --- within the lock --- */

/* The sentence to be opened next, reading ahead where there is room. NULL: there is none for now; when
 * `wait` is set, which a worker that has nothing to do sets, there is none any more. */
s2s_status s2s_exchange_next(s2s_exchange *exchange, bool wait, const s2s_window_slot **slot,
                             uint64_t *index, s2s_err *err);
/* How many of the waiting sentences one worker should take, at least 1. */
int s2s_exchange_share(const s2s_exchange *exchange);
/* Gives out the results whose turn it is. */
s2s_status s2s_exchange_deliver(s2s_exchange *exchange, s2s_err *err);

#endif
