/* See chunk.h. */
#include "data/chunk.h"

#include <omp.h>
#include <stdlib.h>

static s2s_status reserve(s2s_chunk *chunk, s2s_err *err) {
    if (chunk->ids) return S2S_OK;
    chunk->ends = calloc(2 * S2S_CHUNK_PAIRS, sizeof *chunk->ends);
    chunk->ids = calloc(2 * S2S_CHUNK_PAIRS, sizeof *chunk->ids);
    chunk->cut = calloc(2 * S2S_CHUNK_PAIRS, sizeof *chunk->cut);
    if (chunk->ends && chunk->ids && chunk->cut) return S2S_OK;
    return s2s_fail_memory(err, 2 * S2S_CHUNK_PAIRS * sizeof *chunk->ids);
}

static s2s_status add(s2s_chunk *chunk, const s2s_pair *pair, bool wants_target, s2s_err *err) {
    if (wants_target && !pair->target)
        return s2s_fail(err, S2S_USAGE,
                        "the corpus has no target side; name one (target, target_column or "
                        "target_field)");
    size_t *ends = chunk->ends + 2 * chunk->n;
    S2S_TRY(s2s_buf_append(&chunk->text, pair->source, pair->source_length, err));
    ends[0] = chunk->text.size;
    if (wants_target) S2S_TRY(s2s_buf_append(&chunk->text, pair->target, pair->target_length, err));
    ends[1] = chunk->text.size;
    chunk->n++;
    return S2S_OK;
}

s2s_status s2s_chunk_read(s2s_chunk *chunk, s2s_corpus_reader *reader, bool wants_target,
                          s2s_err *err) {
    S2S_TRY(reserve(chunk, err));
    chunk->n = 0;
    chunk->text.size = 0;
    chunk->has_target = wants_target;
    while (chunk->n < S2S_CHUNK_PAIRS && chunk->text.size < S2S_CHUNK_BYTES) {
        s2s_pair pair;
        bool more;
        S2S_TRY(s2s_corpus_next(reader, &pair, &more, err));
        if (!more) break;
        S2S_TRY(add(chunk, &pair, wants_target, err));
    }
    return S2S_OK;
}

s2s_pair s2s_chunk_text(const s2s_chunk *chunk, int pair) {
    const size_t *ends = chunk->ends + 2 * pair;
    size_t begin = pair ? ends[-1] : 0;
    return (s2s_pair){.source = chunk->text.data + begin,
                      .source_length = ends[0] - begin,
                      .target = chunk->has_target ? chunk->text.data + ends[0] : NULL,
                      .target_length = ends[1] - ends[0]};
}

s2s_example s2s_chunk_example(const s2s_chunk *chunk, int pair) {
    const s2s_ids *source = &chunk->ids[2 * pair], *target = source + 1;
    return (s2s_example){.source = source->data,
                         .target = chunk->has_target ? target->data : NULL,
                         .source_length = (int)source->size,
                         .target_length = (int)target->size};
}

bool s2s_chunk_cut(const s2s_chunk *chunk, int pair, int side) {
    return chunk->cut[S2S_STREAMS * pair + side];
}

static s2s_status encode_side(const s2s_chunk_side *side, const char *text, size_t length,
                              s2s_ids *ids, bool *cut, s2s_err *err) {
    return s2s_vocabulary_encode_cut(side->vocabulary, text, length, &side->cut, ids, cut, err);
}

static s2s_status encode_pair(s2s_chunk *chunk, int i, const s2s_chunk_side sides[S2S_STREAMS],
                              s2s_err *err) {
    s2s_pair pair = s2s_chunk_text(chunk, i);
    s2s_ids *ids = &chunk->ids[2 * i];
    bool *cut = &chunk->cut[2 * i];
    ids[0].size = ids[1].size = 0;
    cut[0] = cut[1] = false;
    S2S_TRY(encode_side(&sides[S2S_SOURCE], pair.source, pair.source_length, ids, cut, err));
    if (!chunk->has_target) return S2S_OK;
    return encode_side(&sides[S2S_TARGET], pair.target, pair.target_length, ids + 1, cut + 1, err);
}

s2s_status s2s_chunk_encode(s2s_chunk *chunk, const s2s_chunk_side sides[S2S_STREAMS],
                            s2s_err *err) {
    s2s_status status = S2S_OK;
    int first = chunk->n; /* the first pair that failed: the message does not depend on threads */
#pragma omp parallel for schedule(dynamic, 64)
    for (int i = 0; i < chunk->n; i++) {
        s2s_err own = {0};
        s2s_status failed = encode_pair(chunk, i, sides, &own);
        if (failed == S2S_OK) continue;
#pragma omp critical(s2s_chunk_failure)
        if (i < first) {
            first = i;
            status = failed;
            if (err) *err = own;
        }
    }
    return status;
}

void s2s_chunk_release(s2s_chunk *chunk) {
    for (int i = 0; chunk->ids && i < 2 * S2S_CHUNK_PAIRS; i++) s2s_ids_release(&chunk->ids[i]);
    free(chunk->ids);
    free(chunk->cut);
    free(chunk->ends);
    s2s_buf_release(&chunk->text);
    *chunk = (s2s_chunk){0};
}
