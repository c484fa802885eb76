/* See exchange.h. */
#include "search/exchange.h"

s2s_status s2s_exchange_init(s2s_exchange *x, const s2s_search_recipe *recipe, s2s_search_io io,
                             int workers, s2s_err *err) {
    *x = (s2s_exchange){.io = io, .workers = workers};
    atomic_init(&x->stopped, false);
    pthread_mutex_init(&x->lock, NULL); /* without attributes neither of them fails */
    pthread_cond_init(&x->changed, NULL);
    return s2s_window_init(&x->window, recipe, io.attention, workers, err);
}

void s2s_exchange_release(s2s_exchange *x) {
    s2s_window_release(&x->window);
    pthread_cond_destroy(&x->changed);
    pthread_mutex_destroy(&x->lock);
}

void s2s_exchange_enter(s2s_exchange *x) {
    pthread_mutex_lock(&x->lock);
}

void s2s_exchange_leave(s2s_exchange *x) {
    pthread_mutex_unlock(&x->lock);
}

void s2s_exchange_stop(s2s_exchange *x) {
    x->stopped = true; /* at once: another may be reading within the lock */
    s2s_exchange_enter(x);
    pthread_cond_broadcast(&x->changed);
    s2s_exchange_leave(x);
}

s2s_status s2s_exchange_deliver(s2s_exchange *x, s2s_err *err) {
    uint64_t before = x->window.oldest;
    s2s_status status = s2s_window_deliver(&x->window, &x->io, err);
    if (x->window.oldest != before) pthread_cond_broadcast(&x->changed);
    return status;
}

s2s_status s2s_exchange_next(s2s_exchange *x, bool wait, const s2s_window_slot **slot,
                             uint64_t *index, s2s_err *err) {
    for (*slot = NULL; !x->stopped;) {
        S2S_TRY(s2s_exchange_deliver(x, err)); /* before reading, which may take its time */
        S2S_TRY(s2s_window_fill(&x->window, &x->io, err));
        *slot = s2s_window_first(&x->window, index);
        if (*slot || !wait) return S2S_OK;
        S2S_TRY(s2s_exchange_deliver(x, err)); /* lines without tokens have their results already */
        if (x->window.ended) return S2S_OK;
        if (s2s_window_is_full(&x->window)) pthread_cond_wait(&x->changed, &x->lock);
    }
    return S2S_OK;
}

int s2s_exchange_share(const s2s_exchange *x) {
    size_t waiting = x->window.waiting_n - x->window.waiting_at, workers = (size_t)x->workers;
    return (int)((waiting + workers - 1) / workers) + (waiting == 0);
}
