/* See pieces.h: a sorted array is the trie, and the range of pieces that share a prefix is its
 * node. */
#include "text/pieces.h"

#include <stdlib.h>
#include <string.h>

static int by_bytes(const void *a, const void *b) {
    const s2s_piece *x = a, *y = b;
    size_t shorter = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->text, y->text, shorter);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

s2s_status s2s_pieces_init(s2s_pieces *pieces, const s2s_spm *spm, s2s_err *err) {
    int size = s2s_spm_size(spm);
    *pieces = (s2s_pieces){.sorted = calloc((size_t)size, sizeof *pieces->sorted)};
    if (!pieces->sorted) return s2s_fail_memory(err, (size_t)size * sizeof *pieces->sorted);
    for (int32_t id = 0; id < size; id++) {
        const char *text = s2s_spm_piece(spm, id);
        if (!s2s_spm_is_text(spm, id) || !*text) continue;
        pieces->sorted[pieces->n++] = (s2s_piece){
            .text = text, .length = strlen(text), .id = id, .score = s2s_spm_score(spm, id)};
    }
    qsort(pieces->sorted, (size_t)pieces->n, sizeof *pieces->sorted, by_bytes);
    int i = 0;
    for (int byte = 0; byte <= 256; byte++) {
        while (i < pieces->n && (unsigned char)pieces->sorted[i].text[0] < byte) i++;
        pieces->first[byte] = i;
    }
    return S2S_OK;
}

void s2s_pieces_release(s2s_pieces *pieces) {
    free(pieces->sorted);
    *pieces = (s2s_pieces){0};
}

/* The first piece in [low, high) whose byte at `depth` is `byte` or more. All are longer than
 * `depth`. */
static int lower_bound(const s2s_pieces *pieces, int low, int high, size_t depth, int byte) {
    while (low < high) {
        int middle = low + (high - low) / 2;
        if ((unsigned char)pieces->sorted[middle].text[depth] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* From the node of `depth` bytes to the one of `depth` + 1. */
static void descend(const s2s_pieces *pieces, s2s_piece_walk *walk, unsigned char byte) {
    if (walk->depth == 0) {
        walk->low = pieces->first[byte];
        walk->high = pieces->first[byte + 1];
    } else {
        /* the piece that ends here sorts before all that go on */
        if (walk->low < walk->high && pieces->sorted[walk->low].length == walk->depth) walk->low++;
        walk->low = lower_bound(pieces, walk->low, walk->high, walk->depth, byte);
        walk->high = lower_bound(pieces, walk->low, walk->high, walk->depth, byte + 1);
    }
    walk->depth++;
}

const s2s_piece *s2s_pieces_next(const s2s_pieces *pieces, s2s_piece_walk *walk, const char *text,
                                 size_t length) {
    while (walk->depth < length) {
        descend(pieces, walk, (unsigned char)text[walk->depth]);
        if (walk->low >= walk->high) {
            walk->depth = length;
            return NULL;
        }
        const s2s_piece *piece = &pieces->sorted[walk->low];
        if (piece->length == walk->depth) return piece;
    }
    return NULL;
}

const s2s_piece *s2s_pieces_find(const s2s_pieces *pieces, const char *text, size_t length) {
    s2s_piece_walk walk = {0};
    while (walk.depth < length) {
        descend(pieces, &walk, (unsigned char)text[walk.depth]);
        if (walk.low >= walk.high) return NULL;
    }
    const s2s_piece *piece = length ? &pieces->sorted[walk.low] : NULL;
    return piece && piece->length == length ? piece : NULL;
}
