/* See cache.h. */
#include "data/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { BLOCK = 4096, VERSION = 2 };
static const char magic[8] = "s2stoken";

/* --- writing --- */

struct s2s_cache_writer {
    s2s_writer *file;
    XXH3_state_t *checksum;
    uint64_t offset; /* bytes written */
    s2s_cache_trailer trailer;
    s2s_cache_record records[BLOCK]; /* of the block that is open */
    int in_block;
    uint64_t *blocks, *corpora;
    size_t blocks_capacity, corpora_capacity;
};

static s2s_status put(s2s_cache_writer *w, const void *data, size_t size, s2s_err *err) {
    if (!size) return S2S_OK;
    S2S_TRY(s2s_writer_write(w->file, data, size, err));
    XXH3_64bits_update(w->checksum, data, size);
    w->offset += size;
    return S2S_OK;
}

/* Zeros up to a multiple of `unit`. */
static s2s_status align(s2s_cache_writer *w, size_t unit, s2s_err *err) {
    static const char zeros[8];
    return put(w, zeros, (unit - w->offset % unit) % unit, err);
}

static s2s_status begin_file(s2s_cache_writer *w, const char *path, s2s_err *err) {
    w->checksum = XXH3_createState();
    if (!w->checksum) return s2s_fail_memory(err, 1024);
    XXH3_64bits_reset(w->checksum);
    S2S_TRY(s2s_writer_open(&w->file, path, err));
    return put(w, magic, sizeof magic, err);
}

s2s_status s2s_cache_create(s2s_cache_writer **writer, const char *path, const char *digest,
                            bool with_text, bool has_target, s2s_err *err) {
    s2s_cache_writer *w = calloc(1, sizeof *w);
    if (!w) return s2s_fail_memory(err, sizeof *w);
    w->trailer.with_text = with_text;
    w->trailer.has_target = has_target;
    w->trailer.version = VERSION;
    strncpy(w->trailer.digest, digest, sizeof w->trailer.digest - 1);
    s2s_status status = begin_file(w, path, err);
    if (status == S2S_OK)
        *writer = w;
    else
        s2s_cache_abort(w);
    return status;
}

static void free_writer(s2s_cache_writer *w) {
    XXH3_freeState(w->checksum);
    free(w->blocks);
    free(w->corpora);
    free(w);
}

void s2s_cache_abort(s2s_cache_writer *writer) {
    if (!writer) return;
    s2s_writer_abort(writer->file);
    free_writer(writer);
}

s2s_status s2s_cache_begin_corpus(s2s_cache_writer *writer, s2s_err *err) {
    s2s_cache_trailer *t = &writer->trailer;
    S2S_TRY(s2s_grow(&writer->corpora, &writer->corpora_capacity, t->corpora + 2,
                     sizeof *writer->corpora, err));
    writer->corpora[t->corpora++] = t->examples;
    return S2S_OK;
}

static s2s_status end_block(s2s_cache_writer *w, s2s_err *err) {
    if (!w->in_block) return S2S_OK;
    S2S_TRY(align(w, 8, err));
    S2S_TRY(
        s2s_grow(&w->blocks, &w->blocks_capacity, w->trailer.blocks + 1, sizeof *w->blocks, err));
    w->blocks[w->trailer.blocks++] = w->offset;
    S2S_TRY(put(w, w->records, (size_t)w->in_block * sizeof *w->records, err));
    w->in_block = 0;
    return S2S_OK;
}

static s2s_status put_text(s2s_cache_writer *w, const s2s_pair *text, s2s_err *err) {
    uint32_t sizes[] = {(uint32_t)text->source_length, (uint32_t)text->target_length};
    S2S_TRY(put(w, sizes, sizeof sizes, err));
    S2S_TRY(put(w, text->source, text->source_length, err));
    S2S_TRY(put(w, text->target, text->target_length, err));
    return align(w, sizeof(uint32_t), err);
}

s2s_status s2s_cache_add(s2s_cache_writer *writer, const s2s_example *example, const s2s_pair *text,
                         s2s_err *err) {
    s2s_cache_trailer *t = &writer->trailer;
    uint32_t source = (uint32_t)example->source_length, target = (uint32_t)example->target_length;
    writer->records[writer->in_block++] = (s2s_cache_record){writer->offset, source, target};
    S2S_TRY(put(writer, example->source, source * sizeof(int32_t), err));
    S2S_TRY(put(writer, example->target, target * sizeof(int32_t), err));
    if (t->with_text) S2S_TRY(put_text(writer, text, err));
    uint32_t longer = source > target ? source : target;
    if (longer > t->longest) t->longest = longer;
    t->examples++;
    return writer->in_block == BLOCK ? end_block(writer, err) : S2S_OK;
}

static s2s_status end_file(s2s_cache_writer *w, s2s_err *err) {
    s2s_cache_trailer *t = &w->trailer;
    S2S_TRY(end_block(w, err));
    S2S_TRY(align(w, 8, err));
    t->blocks_offset = w->offset;
    S2S_TRY(put(w, w->blocks, t->blocks * sizeof *w->blocks, err));
    t->corpora_offset = w->offset;
    w->corpora[t->corpora] = t->examples;
    S2S_TRY(put(w, w->corpora, (t->corpora + 1) * sizeof *w->corpora, err));
    S2S_TRY(put(w, t, offsetof(s2s_cache_trailer, checksum), err));
    t->checksum = XXH3_64bits_digest(w->checksum);
    memcpy(t->magic, magic, sizeof magic);
    size_t rest = sizeof *t - offsetof(s2s_cache_trailer, checksum);
    return s2s_writer_write(w->file, &t->checksum, rest, err);
}

s2s_status s2s_cache_commit(s2s_cache_writer *writer, const s2s_dropped *dropped, s2s_err *err) {
    writer->trailer.dropped = *dropped;
    s2s_status status = end_file(writer, err);
    if (status != S2S_OK) {
        s2s_cache_abort(writer);
        return status;
    }
    status = s2s_writer_commit(writer->file, err);
    free_writer(writer);
    return status;
}

/* --- reading --- */

/* S2S_INPUT: the file cannot be used. The checksum makes sure of all that is not looked at here. */
static s2s_status check(const s2s_cache *cache, const char *path, const char *digest,
                        s2s_err *err) {
    const s2s_cache_trailer *t = cache->trailer;
    if (!t || memcmp(cache->map.data, magic, sizeof magic) || memcmp(t->magic, magic, sizeof magic))
        return s2s_fail(err, S2S_INPUT, "%s is cut short or no token cache", path);
    if (t->version != VERSION || strncmp(t->digest, digest, sizeof t->digest))
        return s2s_fail(err, S2S_INPUT, "%s belongs to other data or to another version", path);
    size_t summed = cache->map.size - (sizeof *t - offsetof(s2s_cache_trailer, checksum));
    if (XXH3_64bits(cache->map.data, summed) == t->checksum) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%s is damaged: its checksum is wrong", path);
}

s2s_status s2s_cache_open(s2s_cache *cache, const char *path, const char *digest, s2s_err *err) {
    *cache = (s2s_cache){0};
    S2S_TRY(s2s_map_open(&cache->map, path, err));
    size_t size = cache->map.size;
    if (size >= sizeof magic + sizeof(s2s_cache_trailer) && size % 8 == 0)
        cache->trailer = (const void *)(cache->map.data + size - sizeof(s2s_cache_trailer));
    s2s_status status = check(cache, path, digest, err);
    if (status != S2S_OK) {
        s2s_cache_close(cache);
        return status;
    }
    cache->blocks = (const void *)(cache->map.data + cache->trailer->blocks_offset);
    cache->corpora = (const void *)(cache->map.data + cache->trailer->corpora_offset);
    return S2S_OK;
}

bool s2s_cache_is_one(const char *path) {
    char begin[sizeof magic];
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    bool is_one = fread(begin, sizeof begin, 1, file) == 1 && !memcmp(begin, magic, sizeof magic);
    fclose(file);
    return is_one;
}

void s2s_cache_close(s2s_cache *cache) {
    s2s_map_close(&cache->map);
    *cache = (s2s_cache){0};
}

static const s2s_cache_record *find_record(const s2s_cache *cache, uint64_t index) {
    const s2s_cache_record *records =
        (const void *)(cache->map.data + cache->blocks[index / BLOCK]);
    return &records[index % BLOCK];
}

s2s_example s2s_cache_get(const s2s_cache *cache, uint64_t index) {
    const s2s_cache_record *record = find_record(cache, index);
    const int32_t *words = (const void *)(cache->map.data + record->offset);
    return (s2s_example){.source = words,
                         .target =
                             cache->trailer->has_target ? words + record->source_length : NULL,
                         .source_length = (int)record->source_length,
                         .target_length = (int)record->target_length};
}

s2s_pair s2s_cache_text(const s2s_cache *cache, uint64_t index) {
    const s2s_cache_record *record = find_record(cache, index);
    const uint32_t *words = (const void *)(cache->map.data + record->offset);
    const uint32_t *sizes = words + record->source_length + record->target_length;
    const char *text = (const char *)(sizes + 2);
    return (s2s_pair){.source = text,
                      .source_length = sizes[0],
                      .target = cache->trailer->has_target ? text + sizes[0] : NULL,
                      .target_length = sizes[1]};
}
