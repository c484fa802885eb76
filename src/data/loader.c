/* See loader.h. A thread fills a ring of batches; the caller holds one of them while others are
 * made.
 *
 * Positions count the batches of all ranks. A rank's batches lie `ranks` apart, across the ends of
 * epochs, so that ranks always have a batch each and none is left out. */
#include "data/loader.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "data/plan.h"

enum { SLOTS = 4 }; /* one with the caller, three ahead */

typedef struct slot {
    int32_t *memory; /* all arrays of the batch */
    s2s_batch batch;
    bool ended; /* there is no batch: the data is at its end, or `err` says what failed */
    s2s_err err;
    s2s_cursor after;
    uint64_t batches; /* of the batch's epoch */
} slot;

struct s2s_loader {
    const s2s_dataset *dataset;
    s2s_collator collator;
    s2s_loader_options options;

    /* the thread's own */
    s2s_plan plan;
    uint64_t position; /* in the plan's epoch, of the batch to be made */
    s2s_example *examples;
    size_t examples_capacity;
    s2s_ids source, target; /* drawn segmentations of the batch, end to end */

    pthread_t thread;
    bool has_thread;
    uint64_t batches; /* of the epoch of the batch that the caller has */

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    slot slots[SLOTS];
    uint64_t made, taken; /* batches so far; slot i mod SLOTS holds batch i */
    bool stop;
};

/* --- making a batch --- */

/* Fresh views of a slot's arrays: a collator may have changed them. */
static void lay_out(slot *s, int64_t capacity) {
    int32_t *at = s->memory;
    s->batch = (s2s_batch){0};
    for (int i = 0; i < S2S_STREAMS; i++) {
        s->batch.stream[i].ids = at;
        s->batch.stream[i].starts = at + capacity;
        at += 2 * capacity + 1;
    }
    s->batch.labels = at;
    s->batch.predicted = at + capacity;
}

static s2s_status allocate_slot(slot *s, int64_t capacity, s2s_err *err) {
    size_t words = (size_t)(S2S_STREAMS * (2 * capacity + 1) + 2 * capacity);
    s->memory = calloc(words, sizeof *s->memory);
    return s->memory ? S2S_OK : s2s_fail_memory(err, words * sizeof *s->memory);
}

/* Tokens that a side may have beyond those of its stored segmentations. */
static void count_room(const s2s_loader *l, uint64_t n, int room[S2S_STREAMS]) {
    room[S2S_SOURCE] = room[S2S_TARGET] = (int)l->options.batch_tokens;
    for (uint64_t i = 0; i < n; i++) {
        room[S2S_SOURCE] -= l->examples[i].source_length + 1;
        room[S2S_TARGET] -= l->examples[i].target_length + 1;
    }
}

/* Draws this epoch's segmentation of example `i`. What it has more than the stored one is taken
 * from the room; one that needs more than there is is not taken. */
static s2s_status draw_segmentation(s2s_loader *l, uint64_t i, uint64_t index,
                                    int room[S2S_STREAMS], s2s_err *err) {
    s2s_example *e = &l->examples[i];
    uint64_t seed = s2s_plan_seed(&l->options, l->plan.epoch, index);
    size_t source = l->source.size, target = l->target.size;
    int longest[] = {e->source_length + room[S2S_SOURCE], e->target_length + room[S2S_TARGET]};
    S2S_TRY(s2s_dataset_sample(l->dataset, index, seed, longest, &l->source, &l->target, err));
    e->source_length = (int)(l->source.size - source);
    e->target_length = (int)(l->target.size - target);
    room[S2S_SOURCE] = longest[S2S_SOURCE] - e->source_length;
    room[S2S_TARGET] = longest[S2S_TARGET] - e->target_length;
    return S2S_OK;
}

/* Puts this epoch's segmentations in place of the stored ones. */
static s2s_status draw_segmentations(s2s_loader *l, s2s_span span, s2s_err *err) {
    int room[S2S_STREAMS];
    l->source.size = l->target.size = 0;
    count_room(l, span.n, room);
    for (uint64_t i = 0; i < span.n; i++)
        S2S_TRY(draw_segmentation(l, i, l->plan.order[span.first + i], room, err));
    size_t source = 0, target = 0; /* only now: the lists may have moved while they grew */
    for (uint64_t i = 0; i < span.n; i++) {
        l->examples[i].source = l->source.data + source;
        if (l->examples[i].target) l->examples[i].target = l->target.data + target;
        source += (size_t)l->examples[i].source_length;
        target += (size_t)l->examples[i].target_length;
    }
    return S2S_OK;
}

static s2s_status fill_batch(s2s_loader *l, slot *s, s2s_err *err) {
    s2s_span span = l->plan.batches[l->position];
    S2S_TRY(s2s_grow(&l->examples, &l->examples_capacity, span.n, sizeof *l->examples, err));
    for (uint64_t i = 0; i < span.n; i++)
        l->examples[i] = s2s_dataset_get(l->dataset, l->plan.order[span.first + i]);
    if (l->plan.draws) S2S_TRY(draw_segmentations(l, span, err));
    lay_out(s, l->options.batch_tokens);
    s->batch.index = l->plan.epoch << 32 | l->position;
    uint64_t key = s2s_rng_mix(s2s_rng_mix(l->options.seed, l->plan.epoch), l->position);
    l->collator.collate(l->collator.self, l->examples, (int)span.n, key, &s->batch);
    return S2S_OK;
}

/* --- the way through the epochs --- */

/* Where all ranks go on after the batches that begin with this rank's. */
static s2s_cursor cursor_after(const s2s_loader *l) {
    uint64_t next = l->position + (uint64_t)(l->options.ranks - l->options.rank);
    bool wraps = l->options.shuffle && next >= l->plan.batches_n;
    return wraps ? (s2s_cursor){l->plan.epoch + 1, next - l->plan.batches_n}
                 : (s2s_cursor){l->plan.epoch, next};
}

/* Makes the plan of the position's epoch, which may lie behind the present one. */
static s2s_status settle(s2s_loader *l, s2s_err *err) {
    while (l->options.shuffle && l->position >= l->plan.batches_n) {
        l->position -= l->plan.batches_n;
        S2S_TRY(s2s_plan_make(&l->plan, l->dataset, &l->options, l->plan.epoch + 1, err));
    }
    return S2S_OK;
}

static s2s_status make_next(s2s_loader *l, slot *s, s2s_err *err) {
    S2S_TRY(settle(l, err));
    s->batches = l->plan.batches_n;
    s->after = cursor_after(l);
    s->ended = l->position >= l->plan.batches_n;
    if (!s->ended) S2S_TRY(fill_batch(l, s, err));
    l->position += (uint64_t)l->options.ranks;
    return S2S_OK;
}

/* --- the thread --- */

/* All slots hold a batch that the caller has or is yet to take. */
static bool is_full(const s2s_loader *l) {
    uint64_t given_back = l->taken ? l->taken - 1 : 0;
    return l->made - given_back >= SLOTS;
}

/* Waits until a slot is free; NULL: the loader is to end. */
static slot *wait_for_slot(s2s_loader *l) {
    pthread_mutex_lock(&l->lock);
    while (!l->stop && is_full(l)) pthread_cond_wait(&l->changed, &l->lock);
    slot *s = l->stop ? NULL : &l->slots[l->made % SLOTS];
    pthread_mutex_unlock(&l->lock);
    return s;
}

static void *run(void *self) {
    s2s_loader *l = self;
    for (slot *s; (s = wait_for_slot(l));) {
        s->err = (s2s_err){0};
        if (make_next(l, s, &s->err) != S2S_OK) s->ended = true;
        bool ended = s->ended;
        pthread_mutex_lock(&l->lock);
        l->made++;
        pthread_cond_broadcast(&l->changed);
        pthread_mutex_unlock(&l->lock);
        if (ended) break;
    }
    return NULL;
}

/* Signals are for the thread that waits for input and looks at the flag. */
static s2s_status start_thread(s2s_loader *l, s2s_err *err) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&l->thread, NULL, run, l);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return s2s_fail(err, S2S_MEMORY, "cannot start the loader's thread: %s", strerror(failed));
    l->has_thread = true;
    return S2S_OK;
}

/* --- for the caller --- */

static s2s_status check(const s2s_loader *l, s2s_cursor start, s2s_err *err) {
    const s2s_loader_options *o = &l->options;
    int longest = s2s_dataset_longest(l->dataset) + s2s_dataset_symbols(l->dataset);
    if (longest > o->batch_tokens)
        return s2s_fail(
            err, S2S_USAGE,
            "train.batch_tokens: %lld is too small for the longest example, which has %d "
            "tokens with its symbols; raise it, or lower data.max_length",
            (long long)o->batch_tokens, longest);
    if (o->shuffle && (uint64_t)o->ranks > l->plan.batches_n)
        return s2s_fail(err, S2S_USAGE,
                        "%d processes are more than an epoch has batches (%llu); lower "
                        "train.batch_tokens, or start fewer",
                        o->ranks, (unsigned long long)l->plan.batches_n);
    if (start.batch > l->plan.batches_n)
        return s2s_fail(
            err, S2S_INPUT,
            "training stopped at batch %llu of epoch %llu, but this epoch has only %llu "
            "batches now: data, weights or train.batch_tokens have changed",
            (unsigned long long)start.batch, (unsigned long long)start.epoch,
            (unsigned long long)l->plan.batches_n);
    return S2S_OK;
}

static s2s_status begin(s2s_loader *l, s2s_cursor start, s2s_err *err) {
    for (int i = 0; i < SLOTS; i++)
        S2S_TRY(allocate_slot(&l->slots[i], l->options.batch_tokens, err));
    S2S_TRY(s2s_plan_make(&l->plan, l->dataset, &l->options, start.epoch, err));
    S2S_TRY(check(l, start, err));
    l->position = start.batch + (uint64_t)l->options.rank;
    l->batches = l->plan.batches_n;
    return start_thread(l, err);
}

s2s_status s2s_loader_create(s2s_loader **loader, const s2s_dataset *dataset, s2s_collator collator,
                             s2s_loader_options options, s2s_cursor start, s2s_err *err) {
    *loader = NULL;
    s2s_loader *l = calloc(1, sizeof *l);
    if (!l) return s2s_fail_memory(err, sizeof *l);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->changed, NULL);
    l->dataset = dataset;
    l->collator = collator;
    l->options = options;
    if (l->options.ranks < 1) l->options.ranks = 1;
    s2s_status status = begin(l, start, err);
    if (status == S2S_OK)
        *loader = l;
    else
        s2s_loader_free(l);
    return status;
}

void s2s_loader_free(s2s_loader *loader) {
    if (!loader) return;
    pthread_mutex_lock(&loader->lock);
    loader->stop = true;
    pthread_cond_broadcast(&loader->changed);
    pthread_mutex_unlock(&loader->lock);
    if (loader->has_thread) pthread_join(loader->thread, NULL);
    for (int i = 0; i < SLOTS; i++) free(loader->slots[i].memory);
    s2s_plan_release(&loader->plan);
    free(loader->examples);
    s2s_ids_release(&loader->source);
    s2s_ids_release(&loader->target);
    pthread_mutex_destroy(&loader->lock);
    pthread_cond_destroy(&loader->changed);
    free(loader);
}

s2s_status s2s_loader_next(s2s_loader *loader, const s2s_batch **batch, s2s_cursor *cursor,
                           s2s_err *err) {
    *batch = NULL;
    pthread_mutex_lock(&loader->lock);
    bool at_end = loader->taken && loader->slots[(loader->taken - 1) % SLOTS].ended;
    if (!at_end) {
        loader->taken++; /* gives back the batch before */
        pthread_cond_broadcast(&loader->changed);
        while (loader->made < loader->taken) pthread_cond_wait(&loader->changed, &loader->lock);
    }
    const slot *s = &loader->slots[(loader->taken - 1) % SLOTS];
    pthread_mutex_unlock(&loader->lock);
    if (s->err.status != S2S_OK) {
        if (err) *err = s->err;
        return s->err.status;
    }
    *cursor = s->after;
    loader->batches = s->batches;
    if (!s->ended) *batch = &s->batch;
    return S2S_OK;
}

uint64_t s2s_loader_batches(const s2s_loader *loader) {
    return loader->batches;
}
