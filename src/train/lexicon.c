/* The lexicon's tables, and fitting it; see lexicon.h. Who gets into it is decided in cooccurrence.c. */
#include "train/lexicon.h"

#include <math.h>
#include <stdlib.h>

#include "base/thread.h"

/* --- tables --- */

void s2s_lexicon_release(s2s_lexicon *lexicon) {
    free(lexicon->starts);
    free(lexicon->entries);
    free(lexicon->target_pairs);
    *lexicon = (s2s_lexicon){0};
}

/* Tables are at most three quarters full, so a search soon meets an empty place. */
s2s_lexicon_entry *s2s_lexicon_place(const s2s_lexicon *lexicon, int32_t source, int32_t target) {
    size_t size;
    s2s_lexicon_entry *row = s2s_lexicon_row(lexicon, source, &size);
    if (!size) return NULL;
    size_t at = ((uint32_t)target * UINT32_C(2654435769)) >> 7; /* Fibonacci hashing */
    for (;; at++) {
        s2s_lexicon_entry *entry = row + (at & (size - 1));
        if (entry->target == target || entry->target < 0) return entry;
    }
}

s2s_status s2s_lexicon_add_row(s2s_lexicon *lexicon, const int32_t *targets, int n, s2s_err *err) {
    size_t begin = lexicon->starts[lexicon->rows], size = n > 0;
    while (4 * (size_t)n > 3 * size) size *= 2;
    S2S_TRY(s2s_grow(&lexicon->entries, &lexicon->capacity, begin + size, sizeof *lexicon->entries,
                     err));
    for (size_t i = 0; i < size; i++)
        lexicon->entries[begin + i] = (s2s_lexicon_entry){.target = -1};
    int32_t row = lexicon->rows++;
    lexicon->starts[row + 1] = begin + size;
    for (int i = 0; i < n; i++)
        *s2s_lexicon_place(lexicon, row, targets[i]) =
            (s2s_lexicon_entry){.target = targets[i], .probability = 1};
    return S2S_OK;
}

/* --- fitting --- */

/* A token is shared out in this many parts; a sum of 2^36 whole tokens still fits. */
#define PARTS 0x1p28
#define LOG_PARTS 0x1p20 /* of a log-probability */

typedef struct fitting {
    const s2s_lexicon *lexicon;
    s2s_lexicon_entry **found; /* [threads x room] */
    size_t room;
    uint64_t tokens;
    int64_t log_sum; /* of p(t | source sentence), in parts */
} fitting;

/* The entries that may have made the token, and the sum of their probabilities. */
static int find_makers(const s2s_lexicon *lexicon, const s2s_example *pair, int32_t token,
                       s2s_lexicon_entry **found, double *sum) {
    int n = 0;
    *sum = 0;
    for (int i = 0; i <= pair->source_length; i++) {
        int32_t source = i < pair->source_length ? pair->source[i] : lexicon->source_size;
        s2s_lexicon_entry *entry = s2s_lexicon_find(lexicon, source, token);
        if (!entry) continue;
        *sum += (double)entry->probability;
        found[n++] = entry;
    }
    return n;
}

static void share_out(void *self, const s2s_example *pair, int thread) {
    fitting *f = self;
    s2s_lexicon_entry **found = f->found + (size_t)thread * f->room;
    int64_t log_sum = 0;
    for (int j = 0; j < pair->target_length; j++) {
        double sum;
        int n = find_makers(f->lexicon, pair, pair->target[j], found, &sum);
        if (!(sum > 0)) continue;
        log_sum += llrint(log(sum / (pair->source_length + 1)) * LOG_PARTS);
        for (int k = 0; k < n; k++) {
            uint64_t part = (uint64_t)((double)found[k]->probability / sum * PARTS);
#pragma omp atomic
            found[k]->sum += part;
        }
    }
#pragma omp atomic
    f->log_sum += log_sum;
#pragma omp atomic
    f->tokens += (uint64_t)pair->target_length;
}

static void normalize_row(const s2s_lexicon *lexicon, int32_t source) {
    size_t n;
    s2s_lexicon_entry *row = s2s_lexicon_row(lexicon, source, &n);
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++) total += row[i].sum;
    for (size_t i = 0; i < n; i++) {
        row[i].probability = total ? (float)((double)row[i].sum / (double)total) : 0;
        row[i].sum = 0;
    }
}

s2s_status s2s_lexicon_fit(s2s_lexicon *lexicon, const s2s_pair_set *pairs, double *perplexity,
                           s2s_err *err) {
    fitting f = {.lexicon = lexicon, .room = (size_t)s2s_dataset_longest(pairs->dataset) + 1};
    size_t found = (size_t)s2s_threads() * f.room;
    f.found = calloc(found, sizeof *f.found);
    if (!f.found) return s2s_fail_memory(err, found * sizeof *f.found);
    s2s_status status = s2s_pair_set_each(pairs, share_out, &f, "aligning tokens", err);
    free(f.found);
    S2S_TRY(status);
#pragma omp parallel for schedule(dynamic, 64)
    for (int32_t source = 0; source < lexicon->rows; source++) normalize_row(lexicon, source);
    *perplexity = exp(-((double)f.log_sum / LOG_PARTS) / (double)f.tokens);
    return S2S_OK;
}
