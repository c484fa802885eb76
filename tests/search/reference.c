/* See reference_search in fake.h. Log-probabilities come from s2s_topk, which test_topk.c checks
 * against the C library, so that results can be compared bit for bit, equal scores included. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake.h"
#include "search/topk.h"

enum { MOST_TOKENS = 64, MOST_FINISHED = 4096 };

typedef struct candidate {
    int32_t ids[MOST_TOKENS];
    double each[MOST_TOKENS];
    int n, parent;
    double log_probability;
} candidate;

typedef struct finished {
    candidate text;
    double score;
    bool ended;
} finished;

static int better(const void *left, const void *right) {
    const candidate *a = left, *b = right;
    if (a->log_probability != b->log_probability)
        return a->log_probability > b->log_probability ? -1 : 1;
    if (a->parent != b->parent) return a->parent < b->parent ? -1 : 1;
    return a->ids[a->n - 1] < b->ids[b->n - 1] ? -1 : 1;
}

static int max_length(const s2s_search_recipe *recipe, int source_n) {
    double most = (double)recipe->max_decoding_length;
    if (recipe->max_length_ratio > 0)
        most = fmin(most,
                    ceil(recipe->max_length_ratio * source_n) + (double)recipe->max_length_offset);
    return most < 1 ? 1 : (int)most;
}

/* All one-token extensions of a hypothesis. */
static int extend(const fake *f, const s2s_search_recipe *recipe, const int32_t *source,
                  int source_n, const candidate *live, int parent, candidate *out) {
    int vocabulary = f->scorer.vocabulary;
    s2s_real *logits = test_malloc((size_t)vocabulary * sizeof *logits);
    s2s_token_score *scores = test_malloc((size_t)vocabulary * sizeof *scores);
    fake_logits(f, source, source_n, live->ids, live->n, logits);
    if (live->n < recipe->min_decoding_length) logits[FAKE_EOS] = -INFINITY;
    int n = s2s_topk_row(logits, vocabulary, vocabulary, scores);
    assert_true(n >= 0);
    for (int i = 0; i < n; i++) {
        out[i] = *live;
        out[i].parent = parent;
        out[i].each[out[i].n] = scores[i].log_probability;
        out[i].ids[out[i].n++] = scores[i].token;
        out[i].log_probability = live->log_probability + scores[i].log_probability;
    }
    test_free(logits);
    test_free(scores);
    return n;
}

static void put(const s2s_search_recipe *recipe, uint64_t index, finished *all, int n,
                s2s_buf *output) {
    s2s_hypothesis *best = test_malloc((size_t)n * sizeof *best);
    bool *taken = test_calloc((size_t)n, sizeof *taken);
    int wanted = n < recipe->n_best ? n : (int)recipe->n_best;
    for (int i = 0; i < wanted; i++) {
        int at = -1;
        for (int j = 0; j < n; j++)
            if (!taken[j] && (at < 0 || all[j].score > all[at].score)) at = j;
        taken[at] = true;
        best[i] = (s2s_hypothesis){.ids = all[at].text.ids,
                                   .length = all[at].text.n - (all[at].ended ? 1 : 0),
                                   .scored = all[at].text.n,
                                   .log_probabilities = all[at].text.each,
                                   .log_probability = all[at].text.log_probability,
                                   .score = all[at].score,
                                   .ending = all[at].ended ? S2S_ENDED : S2S_ENDED_BY_LENGTH};
    }
    assert_int_equal(fake_put(output, index, best, wanted, NULL), S2S_OK);
    test_free(best);
    test_free(taken);
}

void reference_search(const fake *f, const s2s_search_recipe *recipe, uint64_t index,
                      const int32_t *source, int source_n, s2s_buf *output) {
    int width = (int)recipe->beam_size, live_n = 1, done_n = 0, most = max_length(recipe, source_n);
    size_t room = (size_t)width * (size_t)f->scorer.vocabulary;
    candidate *live = test_calloc((size_t)width, sizeof *live);
    candidate *all = test_calloc(room, sizeof *all);
    finished *done = test_calloc(MOST_FINISHED, sizeof *done);
    bool best_done = false, stop = false;
    for (int step = 1; !stop; step++) {
        int n = 0;
        for (int i = 0; i < live_n; i++)
            n += extend(f, recipe, source, source_n, &live[i], i, all + n);
        qsort(all, (size_t)n, sizeof *all, better);
        live_n = 0;
        for (int i = 0; i < n && i < 2 * width; i++) {
            bool ends = all[i].ids[all[i].n - 1] == FAKE_EOS;
            if (i < width && (ends || step == most)) {
                double score = all[i].log_probability / pow(all[i].n, recipe->length_penalty);
                done[done_n++] = (finished){all[i], score, ends};
                if (i == 0) best_done = true;
            }
            if (!ends && live_n < width) live[live_n++] = all[i];
        }
        stop = step == most || (recipe->length_penalty == 0 ? best_done && done_n >= recipe->n_best
                                                            : done_n >= width);
        if (live_n == 0) stop = true;
    }
    put(recipe, index, done, done_n, output);
    test_free(live);
    test_free(all);
    test_free(done);
}
