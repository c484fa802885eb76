/* See ngram.h. */
#include "metric/ngram.h"

#include <stdlib.h>

typedef struct s2s_ngram_count {
    uint32_t most;      /* in any reference, less what the hypothesis has matched */
    uint32_t here;      /* in the reference ... */
    uint32_t reference; /* ... with this number; the first is 1 */
} ngram_count;

size_t s2s_ngrams_in(size_t length, int order) {
    return length >= (size_t)order ? length - (size_t)order + 1 : 0;
}

static s2s_status count_of(s2s_ngrams *ngrams, uint32_t number, ngram_count **count, s2s_err *err) {
    if (number >= ngrams->counts_size) { /* numbers are given in order, so it is the next one */
        S2S_TRY(s2s_grow(&ngrams->counts, &ngrams->counts_capacity, (size_t)number + 1,
                         sizeof *ngrams->counts, err));
        ngrams->counts[number] = (ngram_count){0};
        ngrams->counts_size = (size_t)number + 1;
    }
    *count = &ngrams->counts[number];
    return S2S_OK;
}

static s2s_status count_reference_ngram(s2s_ngrams *ngrams, uint32_t number, s2s_err *err) {
    ngram_count *count;
    S2S_TRY(count_of(ngrams, number, &count, err));
    if (count->reference != ngrams->references) {
        count->reference = ngrams->references;
        count->here = 0;
    }
    if (++count->here > count->most) count->most = count->here;
    return S2S_OK;
}

s2s_status s2s_ngrams_add_reference(s2s_ngrams *ngrams, const s2s_points *symbols, int order,
                                    s2s_err *err) {
    ngrams->references++;
    for (size_t i = 0; i < symbols->size; i++) {
        uint32_t number = S2S_TRIE_ROOT;
        for (size_t j = i; j < symbols->size && j < i + (size_t)order; j++) {
            S2S_TRY(s2s_trie_add(&ngrams->trie, number, symbols->data[j], &number, err));
            S2S_TRY(count_reference_ngram(ngrams, number, err));
        }
    }
    return S2S_OK;
}

void s2s_ngrams_match(s2s_ngrams *ngrams, const s2s_points *symbols, int order, double *matches) {
    for (int n = 0; n < order; n++) matches[n] = 0;
    for (size_t i = 0; i < symbols->size; i++) {
        uint32_t number = S2S_TRIE_ROOT;
        for (int n = 0; n < order && i + (size_t)n < symbols->size; n++) {
            number = s2s_trie_find(&ngrams->trie, number, symbols->data[i + (size_t)n]);
            if (number == S2S_TRIE_NONE) break; /* then no reference has a longer one either */
            ngram_count *count = &ngrams->counts[number];
            if (!count->most) continue;
            count->most--;
            matches[n]++;
        }
    }
}

void s2s_ngrams_clear(s2s_ngrams *ngrams) {
    s2s_trie_clear(&ngrams->trie);
    ngrams->counts_size = 0;
    ngrams->references = 0;
}

void s2s_ngrams_release(s2s_ngrams *ngrams) {
    s2s_trie_release(&ngrams->trie);
    free(ngrams->counts);
    *ngrams = (s2s_ngrams){0};
}
