/* See dataset.h: finds the token cache of some corpora, or makes it. */
#include "data/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/rng.h"
#include "data/cache.h"
#include "data/chunk.h"
#include "data/documents.h"

struct s2s_dataset {
    s2s_cache cache;
    s2s_chunk_side sides[S2S_STREAMS]; /* the target's vocabulary is NULL where it is not wanted */
    double *weights;                   /* [corpora] */
};

/* All that making a cache needs. */
typedef struct job {
    const s2s_corpora *corpora;
    const s2s_data_recipe *recipe;
    const s2s_chunk_side *sides; /* the dataset's */
    s2s_log *log;
    bool has_target, with_text;
    char digest[33];
    char *path; /* of the cache, in `arena` */
    s2s_arena arena;
    double began;
} job;

static const char *path_of(const s2s_corpus *corpus) {
    const char *const paths[] = {corpus->tsv, corpus->json, corpus->text, corpus->source};
    int i = 0;
    while (i < 3 && !paths[i]) i++;
    return paths[i];
}

/* --- the name of the cache: everything that its content follows from --- */

static s2s_status add_file(s2s_buf *key, const char *path, s2s_err *err) {
    char digest[33];
    struct stat found;
    if (stat(path, &found) == 0 && !S_ISREG(found.st_mode))
        return s2s_fail(err, S2S_IO,
                        "cannot read %s: a corpus must be a regular file, because it is read twice",
                        path);
    S2S_TRY(s2s_file_digest(path, digest, err));
    return s2s_buf_printf(key, err, "file %s\n", digest);
}

static s2s_status add_corpus(s2s_buf *key, const s2s_corpus *c, bool wants_target, s2s_err *err) {
    if (c->tsv) {
        S2S_TRY(s2s_buf_printf(key, err, "tsv %lld %lld\n", (long long)c->source_column,
                               (long long)c->target_column));
        return add_file(key, c->tsv, err);
    }
    if (c->json) {
        S2S_TRY(s2s_buf_printf(key, err, "json %s %s\n", c->source_field ? c->source_field : "",
                               c->target_field.n ? c->target_field.items[0] : ""));
        return add_file(key, c->json, err);
    }
    if (c->text) {
        S2S_TRY(s2s_buf_printf(key, err, "documents\n"));
        return add_file(key, c->text, err);
    }
    S2S_TRY(s2s_buf_printf(key, err, "lines\n"));
    if (c->source) S2S_TRY(add_file(key, c->source, err));
    return c->target && wants_target ? add_file(key, c->target, err) : S2S_OK;
}

static s2s_status add_vocabulary(s2s_buf *key, const s2s_vocabulary *vocabulary, s2s_err *err) {
    char digest[33] = "none";
    if (vocabulary) s2s_vocabulary_digest(vocabulary, digest);
    return s2s_buf_printf(key, err, "vocabulary %s\n", digest);
}

static s2s_status write_key(const job *j, s2s_buf *key, s2s_err *err) {
    const s2s_data_recipe *r = j->recipe;
    for (int i = 0; i < j->corpora->n; i++)
        S2S_TRY(add_corpus(key, &j->corpora->items[i], j->has_target, err));
    for (int i = 0; i < S2S_STREAMS; i++) S2S_TRY(add_vocabulary(key, j->sides[i].vocabulary, err));
    return s2s_buf_printf(key, err, "lengths %lld %lld long %d %d %a ratio %a text %d\n",
                          (long long)r->min_length, (long long)r->max_length, (int)r->long_sources,
                          (int)r->long_targets, r->head_share, r->max_ratio, j->with_text);
}

static s2s_status find_path(job *j, const char *folder, s2s_err *err) {
    s2s_buf key = {0};
    s2s_status status = write_key(j, &key, err);
    XXH128_hash_t hash = XXH3_128bits(key.data, key.size);
    s2s_buf_release(&key);
    if (status != S2S_OK) return status;
    snprintf(j->digest, sizeof j->digest, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
    char name[64];
    snprintf(name, sizeof name, "%s" S2S_CACHE_ENDING, j->digest);
    j->path = s2s_path_join(&j->arena, folder, name, err);
    return j->path ? S2S_OK : S2S_MEMORY;
}

/* --- filters --- */

/* Whether a side has more tokens than it may, and is not to be cut. */
static bool is_too_long(const job *j, const s2s_chunk *chunk, int pair, int side) {
    return s2s_chunk_cut(chunk, pair, side) && j->sides[side].cut.keep == S2S_LONG_DROP;
}

/* The counter of the reason to drop an example, or that of kept ones. */
static uint64_t *judge(const job *j, const s2s_chunk *chunk, int pair, s2s_dropped *counts) {
    s2s_example e = s2s_chunk_example(chunk, pair);
    int shorter = e.source_length, longer = e.source_length;
    if (j->has_target && e.target_length < shorter) shorter = e.target_length;
    if (j->has_target && e.target_length > longer) longer = e.target_length;
    if (shorter == 0) return &counts->empty;
    if (shorter < j->recipe->min_length) return &counts->too_short;
    for (int i = 0; i < S2S_STREAMS; i++)
        if (is_too_long(j, chunk, pair, i)) return &counts->too_long;
    double ratio = j->recipe->max_ratio;
    if (ratio > 0 && longer > ratio * shorter) return &counts->ratio;
    counts->cut_sources += s2s_chunk_cut(chunk, pair, S2S_SOURCE);
    counts->cut_targets += s2s_chunk_cut(chunk, pair, S2S_TARGET);
    return &counts->kept;
}

/* --- making the cache --- */

static s2s_status add_chunk(const job *j, const s2s_chunk *chunk, s2s_cache_writer *cache,
                            s2s_dropped *counts, s2s_err *err) {
    for (int i = 0; i < chunk->n; i++) {
        uint64_t *count = judge(j, chunk, i, counts);
        ++*count;
        if (count != &counts->kept) continue;
        s2s_example example = s2s_chunk_example(chunk, i);
        s2s_pair text = s2s_chunk_text(chunk, i);
        S2S_TRY(s2s_cache_add(cache, &example, &text, err));
    }
    return S2S_OK;
}

static uint64_t total_of(const s2s_dropped *d) {
    return d->kept + d->empty + d->too_short + d->too_long + d->ratio;
}

static s2s_status add_chunks(const job *j, s2s_corpus_reader *reader, const char *path,
                             s2s_chunk *chunk, s2s_cache_writer *cache, s2s_dropped *counts,
                             s2s_err *err) {
    for (;;) {
        S2S_TRY(s2s_chunk_read(chunk, reader, j->has_target, err));
        if (!chunk->n) return S2S_OK;
        S2S_TRY(s2s_chunk_encode(chunk, j->sides, err));
        S2S_TRY(add_chunk(j, chunk, cache, counts, err));
        if (s2s_interrupted())
            return s2s_fail(err, S2S_INTERRUPTED, "interrupted while encoding %s", path);
        if (j->log)
            s2s_log_progress(j->log, (double)total_of(counts), 0, "encoding %s: %llu examples",
                             path, (unsigned long long)total_of(counts));
    }
}

/* A corpus of running text. */
static s2s_status add_documents(const job *j, s2s_corpus_reader *reader, const char *path,
                                s2s_chunk *chunk, s2s_documents *documents, s2s_err *err) {
    const s2s_chunk_side whole[S2S_STREAMS] = {
        {j->sides[S2S_SOURCE].vocabulary, {.most = SIZE_MAX}}};
    for (;;) {
        S2S_TRY(s2s_chunk_read(chunk, reader, false, err));
        if (!chunk->n) return s2s_documents_end(documents, err);
        S2S_TRY(s2s_chunk_encode(chunk, whole, err));
        for (int i = 0; i < chunk->n; i++) {
            s2s_example line = s2s_chunk_example(chunk, i);
            S2S_TRY(s2s_documents_add(documents, line.source, line.source_length, err));
        }
        if (s2s_interrupted())
            return s2s_fail(err, S2S_INTERRUPTED, "interrupted while encoding %s", path);
        if (j->log)
            s2s_log_progress(j->log, (double)documents->sequences, 0, "encoding %s: %llu sequences",
                             path, (unsigned long long)documents->sequences);
    }
}

static s2s_status add_corpus_of(const job *j, const s2s_corpus *corpus, s2s_corpus_reader *reader,
                                s2s_chunk *chunk, s2s_cache_writer *cache, s2s_dropped *counts,
                                s2s_err *err) {
    const char *path = path_of(corpus);
    if (!corpus->text) return add_chunks(j, reader, path, chunk, cache, counts, err);
    if (j->has_target)
        return s2s_fail(err, S2S_USAGE,
                        "%s: running text has no target side, and what is to be done needs pairs",
                        path);
    s2s_documents documents = {.cache = cache,
                               .most = (int)j->sides[S2S_SOURCE].cut.most,
                               .eos = s2s_vocabulary_eos(j->sides[S2S_SOURCE].vocabulary)};
    s2s_status status = add_documents(j, reader, path, chunk, &documents, err);
    counts->kept += documents.sequences;
    s2s_documents_release(&documents);
    return status;
}

static s2s_status add_corpora(const job *j, s2s_chunk *chunk, s2s_cache_writer *cache,
                              s2s_dropped *counts, s2s_err *err) {
    for (int i = 0; i < j->corpora->n; i++) {
        const s2s_corpus *corpus = &j->corpora->items[i];
        s2s_corpus_reader *reader;
        S2S_TRY(s2s_cache_begin_corpus(cache, err));
        S2S_TRY(s2s_corpus_open(&reader, corpus, err));
        s2s_status status = add_corpus_of(j, corpus, reader, chunk, cache, counts, err);
        s2s_corpus_close(reader);
        S2S_TRY(status);
    }
    return S2S_OK;
}

/* Why nothing is left, and what to change. */
static s2s_status nothing_left(const job *j, const s2s_dropped *d, s2s_err *err) {
    const char *path = j->corpora->n ? path_of(&j->corpora->items[0]) : "the corpus";
    if (!total_of(d)) return s2s_fail(err, S2S_INPUT, "%s: there are no examples", path);
    return s2s_fail(err, S2S_INPUT,
                    "%s: none of %llu examples passes the length filters: %llu have an empty side, "
                    "%llu are shorter than data.min_length (%lld), %llu longer than "
                    "data.max_length (%lld), %llu beyond data.max_ratio (%g)",
                    path, (unsigned long long)total_of(d), (unsigned long long)d->empty,
                    (unsigned long long)d->too_short, (long long)j->recipe->min_length,
                    (unsigned long long)d->too_long, (long long)j->recipe->max_length,
                    (unsigned long long)d->ratio, j->recipe->max_ratio);
}

static s2s_status make_cache(const job *j, s2s_err *err) {
    s2s_cache_writer *cache;
    s2s_dropped counts = {0};
    s2s_chunk chunk = {0};
    S2S_TRY(s2s_cache_create(&cache, j->path, j->digest, j->with_text, j->has_target, err));
    s2s_status status = add_corpora(j, &chunk, cache, &counts, err);
    s2s_chunk_release(&chunk);
    if (j->log) s2s_log_progress_end(j->log);
    if (status == S2S_OK && !counts.kept) status = nothing_left(j, &counts, err);
    if (status == S2S_OK) return s2s_cache_commit(cache, &counts, err);
    s2s_cache_abort(cache);
    return status;
}

/* --- opening --- */

static void report(const job *j, const s2s_dropped *d, bool made) {
    if (!j->log) return;
    const char *path = path_of(&j->corpora->items[0]);
    unsigned long long dropped = (unsigned long long)(total_of(d) - d->kept);
    double seconds = s2s_clock() - j->began;
    s2s_log_say(j->log, "%s%s: %llu examples, %s in %.1f s", path,
                j->corpora->n > 1 ? " and others" : "", (unsigned long long)d->kept,
                made ? "encoded" : "found in the cache", seconds);
    if (dropped)
        s2s_log_say(
            j->log,
            "  dropped %llu: %llu with an empty side, %llu too short, %llu too long, %llu of "
            "too different lengths",
            dropped, (unsigned long long)d->empty, (unsigned long long)d->too_short,
            (unsigned long long)d->too_long, (unsigned long long)d->ratio);
    if (d->cut_sources + d->cut_targets)
        s2s_log_say(
            j->log,
            "  cut to data.max_length (%lld): %llu sources, %llu targets; data.long_sources "
            "and data.long_targets tell what is kept of them",
            (long long)j->recipe->max_length, (unsigned long long)d->cut_sources,
            (unsigned long long)d->cut_targets);
    s2s_field fields[] = {S2S_TEXT("path", path),
                          S2S_NUMBER("examples", d->kept),
                          S2S_NUMBER("empty", d->empty),
                          S2S_NUMBER("too_short", d->too_short),
                          S2S_NUMBER("too_long", d->too_long),
                          S2S_NUMBER("ratio", d->ratio),
                          S2S_NUMBER("cut_sources", d->cut_sources),
                          S2S_NUMBER("cut_targets", d->cut_targets),
                          S2S_NUMBER("seconds", seconds)};
    (void)s2s_log_event(j->log, "data", fields, (int)(sizeof fields / sizeof *fields), NULL);
}

static s2s_status open_or_make(s2s_dataset *d, job *j, const char *folder, s2s_err *err) {
    S2S_TRY(find_path(j, folder, err));
    s2s_err why = {0};
    bool made = s2s_cache_open(&d->cache, j->path, j->digest, &why) != S2S_OK;
    if (made) {
        if (j->log && s2s_file_exists(j->path))
            s2s_log_warn(j->log, "%s; it is made again", why.message);
        S2S_TRY(s2s_make_folders(folder, err));
        S2S_TRY(make_cache(j, err));
        S2S_TRY(s2s_cache_open(&d->cache, j->path, j->digest, err));
    }
    report(j, &d->cache.trailer->dropped, made);
    return S2S_OK;
}

/* That come with each side of an example: an end, and with a text that stands alone a begin as well. */
static int symbols_of(const s2s_vocabulary *target) {
    return target ? 1 : 2;
}

static s2s_chunk_side side_of(const s2s_data_recipe *recipe, const s2s_vocabulary *vocabulary,
                              s2s_long_text keep, int symbols) {
    return (s2s_chunk_side){.vocabulary = vocabulary,
                            .cut = {.keep = keep,
                                    .most = (size_t)(recipe->max_length - symbols),
                                    .head_share = recipe->head_share}};
}

static bool samples(const s2s_chunk_side *side) {
    return side->vocabulary && s2s_vocabulary_samples(side->vocabulary);
}

s2s_status s2s_dataset_open(s2s_dataset **dataset, const s2s_corpora *corpora,
                            const s2s_data_recipe *recipe, const s2s_vocabulary *source,
                            const s2s_vocabulary *target, const char *cache_folder, s2s_log *log,
                            s2s_err *err) {
    *dataset = NULL;
    s2s_dataset *d = calloc(1, sizeof *d);
    if (d) d->weights = calloc((size_t)corpora->n + 1, sizeof *d->weights);
    if (!d || !d->weights) {
        free(d);
        return s2s_fail_memory(err, sizeof *d);
    }
    d->sides[S2S_SOURCE] = side_of(recipe, source, recipe->long_sources, symbols_of(target));
    d->sides[S2S_TARGET] = side_of(recipe, target, recipe->long_targets, symbols_of(target));
    for (int i = 0; i < corpora->n; i++) d->weights[i] = corpora->items[i].weight;
    job j = {.corpora = corpora,
             .recipe = recipe,
             .sides = d->sides,
             .log = log,
             .has_target = target != NULL,
             .with_text = samples(&d->sides[S2S_SOURCE]) || samples(&d->sides[S2S_TARGET]),
             .began = s2s_clock()};
    s2s_status status = open_or_make(d, &j, cache_folder, err);
    s2s_arena_release(&j.arena);
    if (status == S2S_OK)
        *dataset = d;
    else
        s2s_dataset_free(d);
    return status;
}

void s2s_dataset_free(s2s_dataset *dataset) {
    if (!dataset) return;
    s2s_cache_close(&dataset->cache);
    free(dataset->weights);
    free(dataset);
}

/* --- what it holds --- */

const char *s2s_dataset_digest(const s2s_dataset *dataset) {
    return dataset->cache.trailer->digest;
}

uint64_t s2s_dataset_size(const s2s_dataset *dataset) {
    return dataset->cache.trailer->examples;
}

s2s_example s2s_dataset_get(const s2s_dataset *dataset, uint64_t index) {
    return s2s_cache_get(&dataset->cache, index);
}

s2s_dropped s2s_dataset_dropped(const s2s_dataset *dataset) {
    return dataset->cache.trailer->dropped;
}

int s2s_dataset_symbols(const s2s_dataset *dataset) {
    return symbols_of(dataset->sides[S2S_TARGET].vocabulary);
}

int s2s_dataset_longest(const s2s_dataset *dataset) {
    return (int)dataset->cache.trailer->longest;
}

int s2s_dataset_corpora(const s2s_dataset *dataset) {
    return (int)dataset->cache.trailer->corpora;
}

const uint64_t *s2s_dataset_starts(const s2s_dataset *dataset) {
    return dataset->cache.corpora;
}

double s2s_dataset_weight(const s2s_dataset *dataset, int corpus) {
    return dataset->weights[corpus];
}

bool s2s_dataset_samples(const s2s_dataset *dataset) {
    return dataset->cache.trailer->with_text;
}

/* One side of an example: what it is drawn from, and what it is when the draw is too long. */
typedef struct drawing {
    const s2s_chunk_side *side;
    const char *text;
    size_t text_length;
    const int32_t *best;
    int best_length, longest;
} drawing;

/* A side that has all the tokens that may stay was cut (or would be, if it had one more). */
static s2s_status sample_side(const drawing *d, uint64_t seed, s2s_ids *ids, s2s_err *err) {
    const s2s_cut *cut = &d->side->cut;
    bool was_cut = cut->keep != S2S_LONG_DROP && (size_t)d->best_length == cut->most;
    size_t before = ids->size;
    S2S_TRY(s2s_vocabulary_sample(d->side->vocabulary, d->text, d->text_length, seed, ids, err));
    size_t drawn = ids->size - before;
    if (was_cut) drawn = s2s_cut_ids(cut, ids->data + before, drawn);
    ids->size = before;
    if (drawn && drawn <= cut->most && drawn <= (size_t)d->longest) {
        ids->size += drawn;
        return S2S_OK;
    }
    for (int i = 0; i < d->best_length; i++) S2S_TRY(s2s_ids_push(ids, d->best[i], err));
    return S2S_OK;
}

s2s_status s2s_dataset_sample(const s2s_dataset *dataset, uint64_t index, uint64_t seed,
                              const int longest[2], s2s_ids *source, s2s_ids *target,
                              s2s_err *err) {
    s2s_example best = s2s_cache_get(&dataset->cache, index);
    s2s_pair text = s2s_cache_text(&dataset->cache, index);
    drawing from = {.side = &dataset->sides[S2S_SOURCE],
                    .text = text.source,
                    .text_length = text.source_length,
                    .best = best.source,
                    .best_length = best.source_length,
                    .longest = longest[S2S_SOURCE]};
    S2S_TRY(sample_side(&from, s2s_rng_mix(seed, 0), source, err));
    if (!best.target) return S2S_OK;
    drawing to = {.side = &dataset->sides[S2S_TARGET],
                  .text = text.target,
                  .text_length = text.target_length,
                  .best = best.target,
                  .best_length = best.target_length,
                  .longest = longest[S2S_TARGET]};
    return sample_side(&to, s2s_rng_mix(seed, 1), target, err);
}
