/* See encoding.h. */
#include "encode/encoding.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/longest_first.h"
#include "base/memory.h"
#include "base/thread.h"

/* A window has so many batches, or with many workers so many for each. */
enum { WINDOW_BATCHES = 16, WORKER_BATCHES = 4 };

/* A text of the window: where its lists begin in the window's ids, and its results among all. */
typedef struct item {
    const int32_t *came; /* the list of ids as it came, to know it again in the same line */
    size_t ids, hidden, results;
    int n, hidden_n;
    bool damaged;
} item;

typedef struct worker {
    s2s_encode_pass *pass;  /* NULL before its first batch */
    s2s_encode_text *texts; /* of a batch */
    size_t capacity;
} worker;

struct s2s_encoding {
    const s2s_model *model;
    const s2s_reading *reading;
    worker *workers; /* [workers_n] one for each thread */
    int workers_n;
    s2s_encoding_io io;
    int64_t batch_tokens, batch_texts; /* batch_texts 0: no such limit */
    uint64_t delivered;
    /* of the window */
    int32_t *ids;
    item *items;
    int *lines;         /* texts of each line */
    s2s_waiting *order; /* of the texts, the longest first */
    unsigned char *results;
    size_t ids_n, items_n, lines_n, results_n; /* results_n in bytes */
    int64_t length;                            /* of all texts */
    size_t next;                               /* place of the order where the next batch begins */
    bool stopped;                              /* a worker has failed */
    size_t ids_capacity, items_capacity, lines_capacity, order_capacity, results_capacity;
    s2s_encode_text *texts; /* of one line */
    size_t texts_capacity;
};

/* --- life --- */

s2s_status s2s_encoding_create(s2s_encoding **created, const s2s_model *model,
                               const s2s_reading *reading, s2s_err *err) {
    *created = NULL;
    s2s_encoding *e = calloc(1, sizeof *e);
    if (!e) return s2s_fail_memory(err, sizeof *e);
    *e = (s2s_encoding){.model = model, .reading = reading, .workers_n = s2s_threads()};
    e->workers = calloc((size_t)e->workers_n, sizeof *e->workers);
    if (!e->workers) {
        free(e);
        return s2s_fail_memory(err, sizeof *e->workers);
    }
    *created = e;
    return S2S_OK;
}

void s2s_encoding_free(s2s_encoding *e) {
    if (!e) return;
    for (int i = 0; i < e->workers_n; i++) {
        s2s_encode_pass_free(e->workers[i].pass);
        free(e->workers[i].texts);
    }
    void *arrays[] = {e->workers, e->ids, e->items, e->lines, e->order, e->results, e->texts};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) free(arrays[i]);
    free(e);
}

/* --- reading a window --- */

static s2s_status store(s2s_encoding *e, const int32_t *list, int n, size_t *at, s2s_err *err) {
    *at = e->ids_n;
    S2S_TRY(s2s_grow(&e->ids, &e->ids_capacity, e->ids_n + (size_t)n, sizeof *e->ids, err));
    if (n) memcpy(e->ids + e->ids_n, list, (size_t)n * sizeof *list);
    e->ids_n += (size_t)n;
    return S2S_OK;
}

static size_t results_of(const s2s_encoding *e, int hidden_n) {
    return e->reading->size * (e->reading->from_hidden ? (size_t)hidden_n : 1);
}

/* `before`: whether the last item is of the same line. */
static s2s_status add_item(s2s_encoding *e, const s2s_encode_text *text, bool before,
                           s2s_err *err) {
    S2S_TRY(s2s_grow(&e->items, &e->items_capacity, e->items_n + 1, sizeof *e->items, err));
    item *it = e->items + e->items_n;
    bool shared = before && it[-1].came == text->ids && it[-1].n == text->n;
    *it = (item){.came = text->ids,
                 .ids = shared ? it[-1].ids : 0,
                 .results = e->results_n,
                 .n = text->n,
                 .hidden_n = text->hidden_n};
    if (!shared) S2S_TRY(store(e, text->ids, text->n, &it->ids, err));
    S2S_TRY(store(e, text->hidden, text->hidden_n, &it->hidden, err));
    e->results_n += results_of(e, text->hidden_n);
    e->length += text->n;
    e->items_n++;
    return S2S_OK;
}

static s2s_status read_line(s2s_encoding *e, bool *more, s2s_err *err) {
    const s2s_encode_text *texts;
    int n;
    S2S_TRY(e->io.next(e->io.self, &texts, &n, more, err));
    if (!*more) return S2S_OK;
    S2S_TRY(s2s_grow(&e->lines, &e->lines_capacity, e->lines_n + 1, sizeof *e->lines, err));
    e->lines[e->lines_n++] = n;
    for (int i = 0; i < n; i++) S2S_TRY(add_item(e, texts + i, i > 0, err));
    e->length += !n; /* no line is free */
    return S2S_OK;
}

static s2s_status read_window(s2s_encoding *e, bool *more, s2s_err *err) {
    int64_t batches = WORKER_BATCHES * e->workers_n;
    if (batches < WINDOW_BATCHES) batches = WINDOW_BATCHES;
    int64_t most = e->batch_texts == 1 ? 1 : batches * e->batch_tokens;
    e->ids_n = e->items_n = e->lines_n = e->results_n = 0;
    e->length = 0;
    while (*more && e->length < most) S2S_TRY(read_line(e, more, err));
    return s2s_grow(&e->results, &e->results_capacity, e->results_n + 1, 1, err);
}

static s2s_encode_text text_of(const s2s_encoding *e, const item *it) {
    return (s2s_encode_text){.ids = e->ids + it->ids,
                             .hidden = e->ids + it->hidden,
                             .n = it->n,
                             .hidden_n = it->hidden_n};
}

/* --- encoding it --- */

static s2s_status sort_items(s2s_encoding *e, s2s_err *err) {
    S2S_TRY(s2s_grow(&e->order, &e->order_capacity, e->items_n, sizeof *e->order, err));
    for (size_t i = 0; i < e->items_n; i++) e->order[i] = (s2s_waiting){i, e->items[i].n};
    s2s_sort_longest_first(e->order, e->items_n);
    return S2S_OK;
}

/* How many texts of the order, from `first` on, make the next batch. */
static int batch_size(const s2s_encoding *e, size_t first) {
    int64_t tokens = 0, hidden = 0, most_hidden = e->reading->most_hidden;
    size_t end = first;
    for (; end < e->items_n; end++) {
        const item *it = e->items + e->order[end].index;
        tokens += it->n;
        hidden += it->hidden_n;
        bool full = tokens > e->batch_tokens || (most_hidden && hidden > most_hidden) ||
                    (e->batch_texts && end - first == (size_t)e->batch_texts);
        if (full && end > first) break;
    }
    return (int)(end - first);
}

/* The next batch for a worker; 0: there is none. */
static int take_batch(s2s_encoding *e, const s2s_waiting **order) {
    int n = 0;
#pragma omp critical(s2s_encoding_batch)
    if (!e->stopped) {
        n = batch_size(e, e->next);
        *order = e->order + e->next;
        e->next += (size_t)n;
    }
    return n;
}

/* Cuts the batch's rows by texts. */
static void read_rows(const s2s_encoding *e, const s2s_waiting *order, int n, s2s_tensor rows) {
    s2s_tensor own = rows;
    for (int i = 0; i < n; i++) {
        item *it = e->items + order[i].index;
        own.rows = e->reading->from_hidden ? it->hidden_n : it->n;
        it->damaged = !e->reading->read(e->reading, own, e->results + it->results);
        own.data += (size_t)own.rows * (size_t)own.width;
    }
}

static s2s_status encode_batch(const s2s_encoding *e, worker *w, const s2s_waiting *order, int n,
                               s2s_err *err) {
    s2s_tensor rows;
    const s2s_reading *reading = e->reading;
    if (!w->pass)
        S2S_TRY(s2s_encode_pass_create(&w->pass, e->model, reading->emit, reading->mask, err));
    S2S_TRY(s2s_grow(&w->texts, &w->capacity, (size_t)n, sizeof *w->texts, err));
    for (int i = 0; i < n; i++) w->texts[i] = text_of(e, e->items + order[i].index);
    S2S_TRY(s2s_encode_pass_run(w->pass, w->texts, n, &rows, err));
    read_rows(e, order, n, rows);
    return S2S_OK;
}

static s2s_status encode_batches(s2s_encoding *e, worker *w, s2s_err *err) {
    const s2s_waiting *order;
    for (int n; (n = take_batch(e, &order)) > 0;) {
        if (s2s_interrupted()) return s2s_fail(err, S2S_INTERRUPTED, "interrupted");
        S2S_TRY(encode_batch(e, w, order, n, err));
    }
    return S2S_OK;
}

static s2s_status work(void *self, int i, s2s_err *err) {
    s2s_encoding *e = self;
    s2s_status status = encode_batches(e, e->workers + i, err);
    if (status == S2S_OK) return S2S_OK;
#pragma omp critical(s2s_encoding_batch)
    e->stopped = true;
    return status;
}

/* With a batch for each, workers do not wait for each other; with less, the threads share each product. Either way the
 * results are the same, bit for bit (pass.h). */
static s2s_status encode_window(s2s_encoding *e, s2s_err *err) {
    S2S_TRY(sort_items(e, err));
    e->next = 0;
    e->stopped = false;
    bool many = e->workers_n > 1 && e->length >= e->workers_n * e->batch_tokens;
    return many ? s2s_threads_each(e->workers_n, work, e, err) : work(e, 0, err);
}

/* --- giving it out --- */

static s2s_status deliver_line(s2s_encoding *e, const item *items, int n, s2s_err *err) {
    S2S_TRY(s2s_grow(&e->texts, &e->texts_capacity, (size_t)n, sizeof *e->texts, err));
    for (int i = 0; i < n; i++) {
        e->texts[i] = text_of(e, items + i);
        if (items[i].damaged)
            return s2s_fail(err, S2S_NUMERIC,
                            "what the model makes of line %" PRIu64
                            " is not a finite number: its weights are damaged, or training "
                            "diverged",
                            e->delivered + 1);
    }
    return e->io.done(e->io.self, e->delivered++, e->texts, n,
                      e->results + (n ? items->results : 0), err);
}

static s2s_status deliver_window(s2s_encoding *e, s2s_err *err) {
    const item *next = e->items;
    for (size_t i = 0; i < e->lines_n; i++) {
        S2S_TRY(deliver_line(e, next, e->lines[i], err));
        if (e->lines[i]) next += e->lines[i];
    }
    return S2S_OK;
}

s2s_status s2s_encoding_run(s2s_encoding *e, const s2s_search_recipe *search, s2s_encoding_io io,
                            s2s_err *err) {
    e->io = io;
    e->batch_tokens = search->batch_tokens;
    e->batch_texts = search->batch_sentences;
    e->delivered = 0;
    for (bool more = true; more;) {
        S2S_TRY(read_window(e, &more, err));
        S2S_TRY(encode_window(e, err));
        S2S_TRY(deliver_window(e, err));
    }
    return S2S_OK;
}
