/* The token cache: examples in a file that is mapped. Private to src/data.
 *
 *     magic     8 bytes
 *     block     of BLOCK examples (the last one of fewer), again and again:
 *                 the examples' words of 32 bits: source ids, target ids; where the text is kept
 * also the bytes of source and target text (a word each), both texts, zeros up to a whole word
 *                 zeros up to 8 bytes; a record for each example
 *     blocks    where each block's records begin (64 bits a block)
 *     corpora   number of the first example of each corpus, and the number of all (64 bits each)
 *     trailer   counts, digest, and a checksum of everything before it
 *
 * It is written from front to back, so that memory does not grow with the corpus. Numbers are as
 * the machine has them: a cache is made where it is used. */
#ifndef S2S_DATA_CACHE_H
#define S2S_DATA_CACHE_H

#include "base/file.h"
#include "data/dataset.h"

/* Where an example's words begin, in bytes from the file's start. */
typedef struct s2s_cache_record {
    uint64_t offset;
    uint32_t source_length, target_length;
} s2s_cache_record;

typedef struct s2s_cache_trailer {
    uint64_t examples, blocks, corpora;
    uint64_t blocks_offset, corpora_offset;
    s2s_dropped dropped;
    uint32_t with_text, longest, version, has_target;
    char digest[40];
    uint64_t checksum;
    char magic[8];
} s2s_cache_trailer;

/* A cache's file is named by the 32 digits of its digest and this. */
#define S2S_CACHE_ENDING ".tokens"
enum { S2S_CACHE_DIGITS = 32 };

/* --- writing --- */

typedef struct s2s_cache_writer s2s_cache_writer;

s2s_status s2s_cache_create(s2s_cache_writer **writer, const char *path, const char *digest,
                            bool with_text, bool has_target, s2s_err *err);
/* The examples that follow are those of the next corpus. */
s2s_status s2s_cache_begin_corpus(s2s_cache_writer *writer, s2s_err *err);
s2s_status s2s_cache_add(s2s_cache_writer *writer, const s2s_example *example, const s2s_pair *text,
                         s2s_err *err);
/* Both free the writer; commit also when it fails. */
s2s_status s2s_cache_commit(s2s_cache_writer *writer, const s2s_dropped *dropped, s2s_err *err);
void s2s_cache_abort(s2s_cache_writer *writer);

/* --- reading --- */

typedef struct s2s_cache {
    s2s_map map;
    const s2s_cache_trailer *trailer;
    const uint64_t *blocks, *corpora;
} s2s_cache;

/* S2S_INPUT when the file is damaged or another's; the message says how. */
s2s_status s2s_cache_open(s2s_cache *cache, const char *path, const char *digest, s2s_err *err);
void s2s_cache_close(s2s_cache *cache);
/* Whether the file begins as a cache does, of any version. */
bool s2s_cache_is_one(const char *path);
s2s_example s2s_cache_get(const s2s_cache *cache, uint64_t index);
s2s_pair s2s_cache_text(const s2s_cache *cache, uint64_t index);

#endif
