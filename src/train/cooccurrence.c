/* Candidates of a lexicon: the targets that are most often in a pair with a source token, and more often than by chance.
 *
 *     score(s, t) = c(s, t) log(c(s, t) N / (c(s) c(t)))     c: in how many of the N pairs
 *
 * which is what the two tell of each other, in all. The table of c is too large to be held (32,000 pieces a side: 4 GB),
 * so it is made a block of source tokens at a time, each in a pass of its own over the pairs. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "train/lexicon.h"

#define COOCCURRENCE_BYTES (UINT64_C(256) << 20)

typedef struct scored {
    double score;
    int32_t target;
} scored;

typedef struct counting {
    const s2s_pair_set *pairs;
    s2s_lexicon *lexicon;
    int candidates;
    uint32_t *source_pairs; /* [source_size] pairs in which a source token is */
    int first, rows;        /* the block: source tokens [first, first + rows) */
    uint32_t *counts;       /* [rows x target_size] */
    int32_t *distinct;      /* [threads x longest] */
    scored *ranked;         /* [threads x target_size] */
    int32_t *chosen;        /* [rows x candidates], or for the last row [target_size] */
    int *chosen_n;          /* [rows] */
    s2s_arena arena;
} counting;

/* --- counting --- */

static bool seen_before(const int32_t *ids, int at) {
    for (int i = 0; i < at; i++)
        if (ids[i] == ids[at]) return true;
    return false;
}

static void count_one(uint32_t *count) {
#pragma omp atomic
    ++*count;
}

/* In how many pairs each token is. */
static void count_tokens(void *self, const s2s_example *pair, int thread) {
    (void)thread;
    const counting *c = self;
    for (int i = 0; i < pair->source_length; i++)
        if (!seen_before(pair->source, i)) count_one(c->source_pairs + pair->source[i]);
    for (int j = 0; j < pair->target_length; j++)
        if (!seen_before(pair->target, j)) count_one(c->lexicon->target_pairs + pair->target[j]);
}

static int find_distinct(const int32_t *ids, int n, int32_t *distinct) {
    int count = 0;
    for (int i = 0; i < n; i++)
        if (!seen_before(ids, i)) distinct[count++] = ids[i];
    return count;
}

static void count_together(void *self, const s2s_example *pair, int thread) {
    const counting *c = self;
    int32_t *targets =
        c->distinct + (size_t)thread * (size_t)s2s_dataset_longest(c->pairs->dataset);
    int n = 0; /* distinct targets, found when the first token of the block is met */
    for (int i = 0; i < pair->source_length; i++) {
        int row = pair->source[i] - c->first;
        if (row < 0 || row >= c->rows || seen_before(pair->source, i)) continue;
        if (!n) n = find_distinct(pair->target, pair->target_length, targets);
        uint32_t *counts = c->counts + (size_t)row * (size_t)c->lexicon->target_size;
        for (int j = 0; j < n; j++) count_one(counts + targets[j]);
    }
}

/* --- choosing --- */

/* Best first; equal ones by token. */
static int compare(const void *left, const void *right) {
    const scored *a = left, *b = right;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return a->target < b->target ? -1 : a->target > b->target;
}

static void choose(const counting *c, int row, scored *ranked) {
    const uint32_t *counts = c->counts + (size_t)row * (size_t)c->lexicon->target_size;
    double of_source = c->source_pairs[c->first + row];
    int n = 0;
    for (int32_t t = 0; t < c->lexicon->target_size; t++) {
        if (!counts[t]) continue;
        double together = counts[t], by_chance = of_source * c->lexicon->target_pairs[t];
        ranked[n++] = (scored){together * log(together * (double)c->pairs->n / by_chance), t};
    }
    qsort(ranked, (size_t)n, sizeof *ranked, compare);
    c->chosen_n[row] = n < c->candidates ? n : c->candidates;
    int32_t *chosen = c->chosen + (size_t)row * (size_t)c->candidates;
    for (int i = 0; i < c->chosen_n[row]; i++) chosen[i] = ranked[i].target;
}

static s2s_status add_block(counting *c, s2s_err *err) {
    size_t target_size = (size_t)c->lexicon->target_size;
#pragma omp parallel for schedule(dynamic, 8)
    for (int row = 0; row < c->rows; row++)
        choose(c, row, c->ranked + (size_t)s2s_thread_index() * target_size);
    for (int row = 0; row < c->rows; row++)
        S2S_TRY(s2s_lexicon_add_row(c->lexicon, c->chosen + (size_t)row * (size_t)c->candidates,
                                    c->chosen_n[row], err));
    return S2S_OK;
}

/* Any target may have no source. */
static s2s_status add_none(counting *c, s2s_err *err) {
    int n = 0;
    for (int32_t t = 0; t < c->lexicon->target_size; t++)
        if (c->lexicon->target_pairs[t]) c->chosen[n++] = t;
    return s2s_lexicon_add_row(c->lexicon, c->chosen, n, err);
}

/* --- all blocks --- */

static s2s_status make_room(counting *c, int rows, s2s_err *err) {
    const s2s_lexicon *l = c->lexicon;
    size_t threads = (size_t)s2s_threads(), target_size = (size_t)l->target_size, n = (size_t)rows;
    size_t longest = (size_t)s2s_dataset_longest(c->pairs->dataset);
    size_t chosen = n * (size_t)c->candidates;
    if (chosen < target_size) chosen = target_size;
    s2s_arena *arena = &c->arena;
    c->source_pairs = s2s_arena_alloc(arena, (size_t)l->source_size * sizeof *c->source_pairs, err);
    c->counts = s2s_arena_alloc(arena, n * target_size * sizeof *c->counts, err);
    c->distinct = s2s_arena_alloc(arena, threads * longest * sizeof *c->distinct, err);
    c->ranked = s2s_arena_alloc(arena, threads * target_size * sizeof *c->ranked, err);
    c->chosen = s2s_arena_alloc(arena, chosen * sizeof *c->chosen, err);
    c->chosen_n = s2s_arena_alloc(arena, n * sizeof *c->chosen_n, err);
    bool all = c->source_pairs && c->counts && c->distinct && c->ranked && c->chosen && c->chosen_n;
    return all ? S2S_OK : S2S_MEMORY;
}

static s2s_status count_blocks(counting *c, int rows, s2s_err *err) {
    s2s_lexicon *l = c->lexicon;
    S2S_TRY(make_room(c, rows, err));
    S2S_TRY(s2s_pair_set_each(c->pairs, count_tokens, c, "counting tokens", err));
    for (c->first = 0; c->first < l->source_size; c->first += c->rows) {
        c->rows = l->source_size - c->first < rows ? l->source_size - c->first : rows;
        size_t n = (size_t)c->rows * (size_t)l->target_size;
        for (size_t i = 0; i < n; i++) c->counts[i] = 0;
        S2S_TRY(s2s_pair_set_each(c->pairs, count_together, c, "counting pairs of tokens", err));
        S2S_TRY(add_block(c, err));
    }
    return add_none(c, err);
}

s2s_status s2s_lexicon_create(s2s_lexicon *lexicon, const s2s_pair_set *pairs, int source_size,
                              int target_size, int candidates, s2s_err *err) {
    *lexicon = (s2s_lexicon){.source_size = source_size, .target_size = target_size};
    size_t starts = (size_t)source_size + 2, targets = (size_t)target_size;
    lexicon->starts = calloc(starts, sizeof *lexicon->starts);
    lexicon->target_pairs = calloc(targets, sizeof *lexicon->target_pairs);
    if (!lexicon->starts || !lexicon->target_pairs)
        return s2s_fail_memory(err, starts * sizeof *lexicon->starts);
    uint64_t rows = COOCCURRENCE_BYTES / (targets * sizeof(uint32_t));
    if (rows > (uint64_t)source_size) rows = (uint64_t)source_size;
    counting c = {.pairs = pairs, .lexicon = lexicon, .candidates = candidates};
    s2s_status status = count_blocks(&c, rows ? (int)rows : 1, err);
    s2s_arena_release(&c.arena);
    return status;
}
