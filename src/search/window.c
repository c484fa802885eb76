/* See window.h. */
#include "search/window.h"

#include <stdlib.h>

#include "search/rules.h"

/* A usual result is some hundred bytes, so that the window may be wide: a sentence of many times the
 * usual length shall not make the others wait. Results with attention, or of very many hypotheses, are
 * bounded by RESULT_BYTES for each worker. A chunk holds sources, and is read before its first sentence
 * is opened. */
enum { AHEAD = 16, CHUNK = 4, CHUNK_TOKENS = 16, RESULT_BYTES = 1 << 26 };

s2s_status s2s_window_init(s2s_window *window, const s2s_search_recipe *recipe, bool attention,
                           int workers, s2s_err *err) {
    int64_t sentences = s2s_search_batch(recipe);
    *window = (s2s_window){.ahead = AHEAD * (uint64_t)workers * (uint64_t)sentences,
                           .chunk = sentences == 1 ? 1 : CHUNK * (size_t)sentences,
                           .chunk_tokens = CHUNK_TOKENS * recipe->batch_tokens,
                           .most_bytes = RESULT_BYTES * (size_t)workers,
                           .recipe = recipe,
                           .attention = attention};
    window->slots = calloc(window->ahead, sizeof *window->slots);
    if (!window->slots) return s2s_fail_memory(err, window->ahead * sizeof *window->slots);
    window->waiting = calloc(window->chunk, sizeof *window->waiting);
    if (!window->waiting) return s2s_fail_memory(err, window->chunk * sizeof *window->waiting);
    return S2S_OK;
}

static s2s_window_slot *slot_of(const s2s_window *window, uint64_t index) {
    return &window->slots[index % window->ahead];
}

void s2s_window_release(s2s_window *window) {
    for (uint64_t i = window->oldest; i < window->read; i++) {
        free(slot_of(window, i)->request);
        free(slot_of(window, i)->result);
    }
    free(window->slots);
    free(window->waiting);
    *window = (s2s_window){0};
}

static s2s_status hold_request(s2s_window *window, const s2s_request *request, s2s_err *err) {
    s2s_window_slot *slot = slot_of(window, window->read);
    *slot = (s2s_window_slot){0};
    if (request->n == 0) {
        S2S_TRY(s2s_result_create_empty(&slot->result, err));
    } else {
        S2S_TRY(s2s_request_copy(&slot->request, request, err));
        double bytes = s2s_result_bound(request, window->recipe, window->attention);
        bool alone = bytes >= (double)window->most_bytes; /* it fills the window by itself */
        slot->bytes = alone ? window->most_bytes : (size_t)bytes;
        window->bytes += slot->bytes;
        window->waiting[window->waiting_n++] = (s2s_waiting){window->read, request->n};
    }
    window->read++;
    return S2S_OK;
}

bool s2s_window_is_full(const s2s_window *window) {
    return window->read - window->oldest == window->ahead || window->bytes >= window->most_bytes;
}

bool s2s_window_is_last(const s2s_window *window, int n) {
    bool few = window->waiting_n - window->waiting_at < (size_t)n;
    return few && (window->ended || window->chunk == 1);
}

s2s_status s2s_window_fill(s2s_window *window, const s2s_search_io *io, s2s_err *err) {
    if (window->waiting_at < window->waiting_n) return S2S_OK;
    window->waiting_at = window->waiting_n = 0;
    int64_t tokens = 0;
    /* Lines without tokens count, because somebody may wait for the answer to them, too. */
    uint64_t end = window->read + window->chunk;
    while (!window->ended && !s2s_window_is_full(window) && window->read < end &&
           tokens < window->chunk_tokens) {
        const s2s_request *request = NULL;
        bool more = false;
        S2S_TRY(io->next(io->self, &request, &more, err));
        if (!more) {
            window->ended = true;
        } else {
            S2S_TRY(hold_request(window, request, err));
            tokens += request->n;
        }
    }
    s2s_sort_longest_first(window->waiting, window->waiting_n);
    return S2S_OK;
}

const s2s_window_slot *s2s_window_first(const s2s_window *window, uint64_t *index) {
    if (window->waiting_at == window->waiting_n) return NULL;
    *index = window->waiting[window->waiting_at].index;
    return slot_of(window, *index);
}

s2s_request *s2s_window_pop(s2s_window *window) {
    s2s_window_slot *slot = slot_of(window, window->waiting[window->waiting_at++].index);
    s2s_request *request = slot->request;
    slot->request = NULL;
    return request;
}

void s2s_window_finish(s2s_window *window, uint64_t index, s2s_result *result) {
    slot_of(window, index)->result = result;
}

s2s_status s2s_window_deliver(s2s_window *window, const s2s_search_io *io, s2s_err *err) {
    while (window->oldest < window->read) {
        s2s_window_slot *slot = slot_of(window, window->oldest);
        if (!slot->result) break;
        S2S_TRY(io->done(io->self, window->oldest, slot->result->best, slot->result->n, err));
        free(slot->result);
        slot->result = NULL;
        window->bytes -= slot->bytes;
        window->oldest++;
    }
    return S2S_OK;
}
