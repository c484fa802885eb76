/* See learn_shortlist.h. The list of a source token has its most probable targets (lexicon.h), and the target token that
 * is the same piece: names and numbers that no pair showed are copied, as a translator would. */
#include "train/learn_shortlist.h"

#include <stdlib.h>

#include "base/clock.h"
#include "text/shortlist.h"
#include "train/lexicon.h"

enum {
    PASSES = 5,    /* of expectation maximisation; later ones hardly change who is among the best */
    CANDIDATES = 3 /* times those that are kept */
};

typedef struct learning {
    const s2s_pair_set *pairs;
    const s2s_vocabulary *source, *target;
    const s2s_shortlist_options *options;
    s2s_lexicon lexicon;
    s2s_ids always, targets;
    uint32_t *starts;    /* [source_size + 1] */
    bool *is_always;     /* [target_size] */
    void *ranked;        /* scratch for whoever ranks tokens */
    size_t ranked_bytes; /* its capacity */
} learning;

/* --- what every sentence may use --- */

typedef struct counted {
    uint32_t pairs;
    int32_t token;
} counted;

static int compare_ids(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

/* Most frequent first; equal ones by token. */
static int compare_counts(const void *left, const void *right) {
    const counted *a = left, *b = right;
    if (a->pairs != b->pairs) return a->pairs > b->pairs ? -1 : 1;
    return (a->token > b->token) - (a->token < b->token);
}

static s2s_status add_always(learning *l, int32_t token, s2s_err *err) {
    if (l->is_always[token]) return S2S_OK;
    l->is_always[token] = true;
    return s2s_ids_push(&l->always, token, err);
}

static s2s_status choose_always(learning *l, s2s_err *err) {
    int size = l->lexicon.target_size;
    S2S_TRY(s2s_grow(&l->ranked, &l->ranked_bytes, (size_t)size * sizeof(counted), 1, err));
    counted *ranked = l->ranked;
    for (int32_t t = 0; t < size; t++) ranked[t] = (counted){l->lexicon.target_pairs[t], t};
    qsort(ranked, (size_t)size, sizeof *ranked, compare_counts);
    S2S_TRY(add_always(l, s2s_vocabulary_eos(l->target), err));
    S2S_TRY(add_always(l, s2s_vocabulary_unk(l->target), err));
    for (int i = 0; i < size && i < l->options->frequent; i++)
        S2S_TRY(add_always(l, ranked[i].token, err));
    qsort(l->always.data, l->always.size, sizeof *l->always.data, compare_ids);
    return S2S_OK;
}

/* --- the list of a source token --- */

/* Most probable first; equal ones by token. */
static int compare_entries(const void *left, const void *right) {
    const s2s_lexicon_entry *a = left, *b = right;
    if (a->probability != b->probability) return a->probability > b->probability ? -1 : 1;
    return (a->target > b->target) - (a->target < b->target);
}

static s2s_status add_list(learning *l, int32_t source, s2s_err *err) {
    size_t places, n = 0, begin = l->targets.size;
    const s2s_lexicon_entry *row = s2s_lexicon_row(&l->lexicon, source, &places);
    S2S_TRY(s2s_grow(&l->ranked, &l->ranked_bytes, (places + 1) * sizeof *row, 1, err));
    s2s_lexicon_entry *ranked = l->ranked;
    for (size_t i = 0; i < places; i++)
        if (row[i].target >= 0 && (double)row[i].probability >= l->options->least)
            ranked[n++] = row[i];
    qsort(ranked, n, sizeof *ranked, compare_entries);
    if (n > (size_t)l->options->best) n = (size_t)l->options->best;
    int32_t same = s2s_vocabulary_id(l->target, s2s_vocabulary_piece(l->source, source));
    bool missing = !l->is_always[same]; /* unk, which stands for no such piece, is always there */
    for (size_t i = 0; i < n; i++) {
        missing &= ranked[i].target != same;
        if (!l->is_always[ranked[i].target])
            S2S_TRY(s2s_ids_push(&l->targets, ranked[i].target, err));
    }
    if (missing) S2S_TRY(s2s_ids_push(&l->targets, same, err));
    if (l->targets.size > begin)
        qsort(l->targets.data + begin, l->targets.size - begin, sizeof *l->targets.data,
              compare_ids);
    return S2S_OK;
}

static s2s_status make_lists(learning *l, s2s_err *err) {
    size_t source_size = (size_t)l->lexicon.source_size,
           target_size = (size_t)l->lexicon.target_size;
    l->starts = calloc(source_size + 1, sizeof *l->starts);
    l->is_always = calloc(target_size, sizeof *l->is_always);
    if (!l->starts || !l->is_always)
        return s2s_fail_memory(err, (source_size + 1) * sizeof *l->starts);
    S2S_TRY(choose_always(l, err));
    for (size_t s = 0; s < source_size; s++) {
        S2S_TRY(add_list(l, (int32_t)s, err));
        l->starts[s + 1] = (uint32_t)l->targets.size;
    }
    return S2S_OK;
}

/* --- what it allows --- */

/* Counts on some pairs how many tokens a sentence may use, and how many of those of its own translation are not
 * among them. */
static s2s_status tell_coverage(const s2s_pair_set *pairs, const s2s_shortlist *list,
                                const char *path, s2s_err *err) {
    enum { MOST = 1000 };
    s2s_pair_set some = {pairs->dataset, pairs->n < MOST ? pairs->n : MOST, NULL};
    uint64_t *marks = calloc(s2s_shortlist_marks(list), sizeof *marks);
    if (!marks) return s2s_fail_memory(err, s2s_shortlist_marks(list) * sizeof *marks);
    s2s_ids allowed = {0};
    s2s_status status = S2S_OK;
    double sum = 0, tokens = 0, forbidden = 0;
    for (uint64_t i = 0; i < some.n && status == S2S_OK; i++) {
        s2s_example pair = s2s_pair_set_get(&some, i);
        allowed.size = 0;
        status = s2s_shortlist_tokens(list, pair.source, pair.source_length, marks, &allowed, err);
        for (int j = 0; j < pair.target_length && status == S2S_OK; j++)
            forbidden += !bsearch(pair.target + j, allowed.data, allowed.size, sizeof *allowed.data,
                                  compare_ids);
        sum += (double)allowed.size;
        tokens += pair.target_length;
    }
    s2s_ids_release(&allowed);
    free(marks);
    if (status == S2S_OK)
        s2s_log_say(
            pairs->log,
            "%s: a sentence of the data may use %.0f of %d target tokens on average; %.2f%% "
            "of its translation's tokens are not among them",
            path, sum / (double)some.n, list->target_size, 100 * forbidden / tokens);
    return status;
}

/* --- all of it --- */

static s2s_status fit(learning *l, s2s_err *err) {
    int source_size = s2s_vocabulary_size(l->source), target_size = s2s_vocabulary_size(l->target);
    int64_t candidates = CANDIDATES * l->options->best;
    if (candidates > target_size) candidates = target_size;
    S2S_TRY(
        s2s_lexicon_create(&l->lexicon, l->pairs, source_size, target_size, (int)candidates, err));
    double perplexity = 0;
    for (int pass = 0; pass < PASSES; pass++)
        S2S_TRY(s2s_lexicon_fit(&l->lexicon, l->pairs, &perplexity, err));
    return S2S_OK;
}

static s2s_status learn(learning *l, const char *path, s2s_err *err) {
    S2S_TRY(fit(l, err));
    S2S_TRY(make_lists(l, err));
    s2s_shortlist list = {.source_size = l->lexicon.source_size,
                          .target_size = l->lexicon.target_size,
                          .always_n = (int)l->always.size,
                          .always = l->always.data,
                          .starts = l->starts,
                          .targets = l->targets.data};
    S2S_TRY(s2s_shortlist_write(&list, path, l->source, l->target, err));
    return tell_coverage(l->pairs, &list, path, err);
}

s2s_status s2s_shortlist_learn(const s2s_dataset *dataset, const s2s_vocabulary *source,
                               const s2s_vocabulary *target, const s2s_shortlist_options *options,
                               const char *path, s2s_log *log, s2s_err *err) {
    uint64_t most = (uint64_t)options->pairs, size = s2s_dataset_size(dataset);
    s2s_pair_set pairs = {dataset, size < most ? size : most, log};
    learning l = {.pairs = &pairs, .source = source, .target = target, .options = options};
    double begun = s2s_clock();
    s2s_status status = learn(&l, path, err);
    s2s_log_progress_end(log);
    if (status == S2S_OK)
        s2s_log_say(log, "%s: learnt from %llu of %llu pairs in %.1f s", path,
                    (unsigned long long)pairs.n, (unsigned long long)size, s2s_clock() - begun);
    s2s_lexicon_release(&l.lexicon);
    s2s_ids_release(&l.always);
    s2s_ids_release(&l.targets);
    free(l.starts);
    free(l.is_always);
    free(l.ranked);
    return status;
}
