/* The part of the input that the engine has in hand, from the oldest sentence that is not given out
 * to the last one read: sentences that wait to be opened, that are open, and results that wait for
 * earlier ones.
 *
 * Waiting sentences are read a chunk at a time and opened longest first: sentences of a like length
 * run together, and the last ones to run are short. A batch of one sentence has a chunk of one, so
 * that a pipe is answered line by line: by one worker, since there is never more than one sentence. */
#ifndef S2S_SEARCH_WINDOW_H
#define S2S_SEARCH_WINDOW_H

#include "base/longest_first.h"
#include "search/result.h"
#include "search/search.h"

typedef struct s2s_window_slot {
    s2s_request *request; /* while it waits */
    s2s_result *result;   /* when it is finished */
    size_t bytes;         /* that the result may have */
} s2s_window_slot;

typedef struct s2s_window {
    s2s_window_slot *slots; /* [ahead], a ring: sentence i is in slot i % ahead */
    uint64_t ahead;
    uint64_t oldest, read; /* sentences [oldest, read) are in hand */
    s2s_waiting *waiting;  /* [chunk] in the order of opening */
    size_t chunk, waiting_n, waiting_at;
    int64_t chunk_tokens; /* source tokens that end a chunk early */
    size_t bytes,
        most_bytes; /* that the results of all in hand may have, and with which no more is read */
    const s2s_search_recipe *recipe; /* of sentences that bring none */
    bool attention;                  /* results have it */
    bool ended;                      /* there is no more input */
} s2s_window;

/* Of `workers` that have a batch open each. The recipe is borrowed; `attention`: results come with it. */
s2s_status s2s_window_init(s2s_window *window, const s2s_search_recipe *recipe, bool attention,
                           int workers, s2s_err *err);
void s2s_window_release(s2s_window *window);

/* Whether results must be given out before more can be read. */
bool s2s_window_is_full(const s2s_window *window);
/* Whether fewer sentences than `n` wait, and no more than these will ever wait together. */
bool s2s_window_is_last(const s2s_window *window, int n);
/* Reads the next chunk when no sentence waits and there is room. It may be one of empty lines, so that
 * none waits after it either. */
s2s_status s2s_window_fill(s2s_window *window, const s2s_search_io *io, s2s_err *err);
/* The sentence to be opened next, or NULL when none waits. */
const s2s_window_slot *s2s_window_first(const s2s_window *window, uint64_t *index);
/* The first waiting sentence is opened; its request is the caller's from now on. */
s2s_request *s2s_window_pop(s2s_window *window);
/* Takes over the result of an open sentence. */
void s2s_window_finish(s2s_window *window, uint64_t index, s2s_result *result);
/* Gives out the results whose turn it is. */
s2s_status s2s_window_deliver(s2s_window *window, const s2s_search_io *io, s2s_err *err);

#endif
