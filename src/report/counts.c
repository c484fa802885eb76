/* See counts.h. Open addressing; FNV-1a (Fowler, Noll and Vo) is good enough for words. */
#include "report/counts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash(s2s_segment word) {
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < word.length; i++) h = (h ^ (unsigned char)word.text[i]) * 1099511628211u;
    return h ^ h >> 32;
}

/* The slot of a word, or the free one where it belongs. */
static struct s2s_count *find(const s2s_counts *counts, s2s_segment word) {
    for (size_t i = hash(word);; i++) {
        struct s2s_count *slot = &counts->slots[i & (counts->room - 1)];
        if (!slot->word.text) return slot;
        if (slot->word.length == word.length && !memcmp(slot->word.text, word.text, word.length))
            return slot;
    }
}

static s2s_status grow(s2s_counts *counts, s2s_err *err) {
    s2s_counts larger = {.room = counts->room ? 2 * counts->room : 64, .n = counts->n};
    larger.slots = calloc(larger.room, sizeof *larger.slots);
    if (!larger.slots) return s2s_fail_memory(err, larger.room * sizeof *larger.slots);
    for (size_t i = 0; i < counts->room; i++)
        if (counts->slots[i].word.text) *find(&larger, counts->slots[i].word) = counts->slots[i];
    free(counts->slots);
    *counts = larger;
    return S2S_OK;
}

s2s_status s2s_counts_add(s2s_counts *counts, s2s_segment word, long add, s2s_err *err) {
    if (2 * (counts->n + 1) > counts->room) S2S_TRY(grow(counts, err));
    struct s2s_count *slot = find(counts, word);
    if (!slot->word.text) {
        slot->word = word;
        counts->n++;
    }
    slot->count += add;
    return S2S_OK;
}

long s2s_counts_get(const s2s_counts *counts, s2s_segment word) {
    return counts->n ? find(counts, word)->count : 0;
}

void s2s_counts_clear(s2s_counts *counts) {
    if (counts->n) memset(counts->slots, 0, counts->room * sizeof *counts->slots);
    counts->n = 0;
}

void s2s_counts_release(s2s_counts *counts) {
    free(counts->slots);
    *counts = (s2s_counts){0};
}
