/* See sample.h.
 *
 * Unigram (Kudo 2018, "Subword regularization"): a segmentation x1 .. xn has weight prod
 * p(xi)^alpha. With rest[i] the total weight of all segmentations of what follows byte i, rest[i] =
 * sum over pieces x that begin there of p(x)^alpha rest[i + |x|], the text is cut from the left,
 * each piece x with probability p(x)^alpha rest[i + |x|] / rest[i].
 *
 * BPE (Provilkov et al. 2020, "BPE-dropout"): a word begins as characters; at each step every merge
 * that is possible is passed over with probability alpha, and the best of the others is made, until
 * none is. */
#include "text/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "text/pieces.h"

/* What SentencePiece takes off the least likely piece's score for an unknown character. */
static const double unknown_penalty = 10;

struct s2s_sampler {
    const s2s_spm *spm;
    s2s_pieces pieces;
    double alpha;
    int nbest;
    bool bpe;
    double unknown_score;
    int32_t bytes[256]; /* ids of byte pieces; bytes[0] < 0: the model has none */
};

/* --- making one --- */

static void find_bytes(s2s_sampler *s) {
    s->bytes[0] = -1;
    for (int32_t id = 0; id < s2s_spm_size(s->spm); id++)
        if (s2s_spm_is_byte(s->spm, id)) /* named <0x00> .. <0xFF> */
            s->bytes[strtol(s2s_spm_piece(s->spm, id) + 3, NULL, 16) & 0xFF] = id;
}

s2s_status s2s_sampler_create(s2s_sampler **sampler, const s2s_spm *spm, double alpha, int nbest,
                              s2s_err *err) {
    s2s_sampler *s = calloc(1, sizeof *s);
    if (!s) return s2s_fail_memory(err, sizeof *s);
    s->spm = spm;
    s->alpha = alpha;
    s->nbest = nbest;
    s->bpe = !s2s_spm_has_nbest(spm);
    find_bytes(s);
    s2s_status status = s2s_pieces_init(&s->pieces, spm, err);
    if (status != S2S_OK) {
        s2s_sampler_free(s);
        return status;
    }
    double lowest = 0;
    for (int i = 0; i < s->pieces.n; i++) lowest = fmin(lowest, s->pieces.sorted[i].score);
    s->unknown_score = lowest - unknown_penalty;
    *sampler = s;
    return S2S_OK;
}

void s2s_sampler_free(s2s_sampler *sampler) {
    if (!sampler) return;
    s2s_pieces_release(&sampler->pieces);
    free(sampler);
}

/* --- text --- */

/* Bytes of the UTF-8 character at `text`, which is valid. */
static size_t character_size(const char *text, size_t length) {
    unsigned char c = (unsigned char)*text;
    size_t size = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return size < length ? size : length;
}

/* A character that no piece covers: its bytes, or unk; neighbours share one, as SentencePiece has
 * it. */
static s2s_status push_unknown(const s2s_sampler *s, const char *text, size_t size, size_t begin,
                               s2s_ids *ids, s2s_err *err) {
    int32_t unk = s2s_spm_unk(s->spm);
    if (s->bytes[0] < 0) {
        bool again = ids->size > begin && ids->data[ids->size - 1] == unk;
        return again ? S2S_OK : s2s_ids_push(ids, unk, err);
    }
    for (size_t i = 0; i < size; i++)
        S2S_TRY(s2s_ids_push(ids, s->bytes[(unsigned char)text[i]], err));
    return S2S_OK;
}

/* --- unigram: among all segmentations --- */

static double log_add(double a, double b) {
    if (a < b) {
        double swap = a;
        a = b;
        b = swap;
    }
    return b == -INFINITY ? a : a + log1p(exp(b - a));
}

/* A way to go on from a position: a piece, or an unknown character (id below 0). */
typedef struct step {
    int32_t id;
    size_t length;
    double log_weight; /* alpha log p; log rest is added by who uses it */
} step;

/* The ways to go on from `text`, one by one; an unknown character comes last where no piece covers
 * it. */
typedef struct steps {
    s2s_piece_walk walk;
    bool covered, ended;
} steps;

static bool next_step(const s2s_sampler *s, steps *at, const char *text, size_t length, step *out) {
    if (at->ended) return false;
    size_t character = character_size(text, length);
    const s2s_piece *piece = s2s_pieces_next(&s->pieces, &at->walk, text, length);
    if (piece) {
        if (piece->length == character) at->covered = true;
        *out = (step){piece->id, piece->length, s->alpha * piece->score};
        return true;
    }
    at->ended = true;
    *out = (step){-1, character, s->alpha * s->unknown_score};
    return !at->covered;
}

/* rest[i], as logarithm, for every character's first byte i; 0 at the end of the text. */
static void fill_rest(const s2s_sampler *s, const char *text, size_t length, double *rest) {
    rest[length] = 0;
    for (size_t i = length; i-- > 0;) {
        rest[i] = -INFINITY;
        if (((unsigned char)text[i] & 0xC0) == 0x80) continue; /* within a character */
        steps at = {0};
        step one;
        while (next_step(s, &at, text + i, length - i, &one))
            rest[i] = log_add(rest[i], one.log_weight + rest[i + one.length]);
    }
}

static step draw_step(const s2s_sampler *s, const char *text, size_t length, const double *rest,
                      s2s_rng *rng) {
    double left = s2s_rng_uniform(rng);
    steps at = {0};
    step one, chosen = {-1, character_size(text, length), 0};
    while (next_step(s, &at, text, length, &one)) {
        chosen = one; /* the last one also takes what rounding leaves over */
        left -= exp(one.log_weight + rest[one.length] - rest[0]);
        if (left < 0) break;
    }
    return chosen;
}

static s2s_status draw_unigram(const s2s_sampler *s, const char *text, size_t length, s2s_rng *rng,
                               s2s_ids *ids, s2s_err *err) {
    double *rest = malloc((length + 1) * sizeof *rest);
    if (!rest) return s2s_fail_memory(err, (length + 1) * sizeof *rest);
    fill_rest(s, text, length, rest);
    s2s_status status = S2S_OK;
    size_t begin = ids->size;
    for (size_t i = 0; i < length && status == S2S_OK;) {
        step one = draw_step(s, text + i, length - i, rest + i, rng);
        status = one.id < 0 ? push_unknown(s, text + i, one.length, begin, ids, err)
                            : s2s_ids_push(ids, one.id, err);
        i += one.length;
    }
    free(rest);
    return status;
}

/* --- unigram: among the n best --- */

static double score_of(const s2s_sampler *s, const int32_t *ids, size_t n) {
    double score = 0;
    int32_t unk = s2s_spm_unk(s->spm);
    for (size_t i = 0; i < n; i++)
        score += ids[i] == unk ? s->unknown_score : s2s_spm_score(s->spm, ids[i]);
    return score;
}

static size_t draw_candidate(const s2s_sampler *s, const s2s_ids *all, const s2s_ids *starts,
                             s2s_rng *rng) {
    size_t n = starts->size - 1, chosen = 0;
    double total = -INFINITY;
    /* Reservoir: candidate i takes the place of those before with its share of the weight so far.
     */
    for (size_t i = 0; i < n; i++) {
        const int32_t *ids = all->data + starts->data[i];
        double weight =
            s->alpha * score_of(s, ids, (size_t)(starts->data[i + 1] - starts->data[i]));
        total = log_add(total, weight);
        if (s2s_rng_uniform(rng) < exp(weight - total)) chosen = i;
    }
    return chosen;
}

static s2s_status draw_nbest(const s2s_sampler *s, const char *text, size_t length, s2s_rng *rng,
                             s2s_ids *ids, s2s_err *err) {
    s2s_ids all = {0}, starts = {0};
    s2s_status status = s2s_spm_nbest(s->spm, text, length, s->nbest, &all, &starts, err);
    if (status == S2S_OK && starts.size > 1) {
        size_t chosen = draw_candidate(s, &all, &starts, rng);
        for (int32_t i = starts.data[chosen]; i < starts.data[chosen + 1] && status == S2S_OK; i++)
            status = s2s_ids_push(ids, all.data[i], err);
    }
    s2s_ids_release(&all);
    s2s_ids_release(&starts);
    return status;
}

/* --- BPE dropout --- */

/* A step looks at every pair, so a word's cost grows with the square of its length: longer ones are
 * cut. */
enum { WORD_CHARACTERS = 256 };

static bool is_blank(const char *text, size_t length) {
    return length >= 3 && memcmp(text, "\xE2\x96\x81", 3) == 0; /* U+2581 */
}

/* Bytes of the word at `text`: its blanks, then up to the next blank. starts[n + 1] of its
 * characters. */
static size_t find_word(const char *text, size_t length, size_t *starts, int *n) {
    size_t end = 0;
    bool letters = false;
    for (*n = 0; end < length && *n < WORD_CHARACTERS; (*n)++) {
        bool blank = is_blank(text + end, length - end);
        if (blank && letters) break;
        letters |= !blank;
        starts[*n] = end;
        end += character_size(text + end, length - end);
    }
    starts[*n] = end;
    return end;
}

/* The pair to merge next, or -1. */
static int draw_merge(const s2s_sampler *s, const char *word, const size_t *starts, int n,
                      s2s_rng *rng) {
    int best = -1;
    double best_score = -INFINITY;
    for (int i = 0; i + 1 < n; i++) {
        const s2s_piece *merged =
            s2s_pieces_find(&s->pieces, word + starts[i], starts[i + 2] - starts[i]);
        if (!merged || s2s_rng_uniform(rng) < s->alpha) continue;
        if (merged->score > best_score) {
            best = i;
            best_score = merged->score;
        }
    }
    return best;
}

static s2s_status draw_word(const s2s_sampler *s, const char *word, size_t *starts, int n,
                            size_t begin, s2s_rng *rng, s2s_ids *ids, s2s_err *err) {
    for (int at; (at = draw_merge(s, word, starts, n, rng)) >= 0; n--)
        memmove(starts + at + 1, starts + at + 2, (size_t)(n - at - 1) * sizeof *starts);
    for (int i = 0; i < n; i++) {
        size_t size = starts[i + 1] - starts[i];
        const s2s_piece *piece = s2s_pieces_find(&s->pieces, word + starts[i], size);
        S2S_TRY(piece ? s2s_ids_push(ids, piece->id, err)
                      : push_unknown(s, word + starts[i], size, begin, ids, err));
    }
    return S2S_OK;
}

static s2s_status draw_bpe(const s2s_sampler *s, const char *text, size_t length, s2s_rng *rng,
                           s2s_ids *ids, s2s_err *err) {
    size_t starts[WORD_CHARACTERS + 1], begin = ids->size;
    for (size_t i = 0; i < length;) {
        int n;
        size_t size = find_word(text + i, length - i, starts, &n);
        S2S_TRY(draw_word(s, text + i, starts, n, begin, rng, ids, err));
        i += size;
    }
    return S2S_OK;
}

/* --- the choice of the three --- */

s2s_status s2s_sampler_draw(const s2s_sampler *sampler, const char *text, size_t length,
                            uint64_t seed, s2s_ids *ids, s2s_err *err) {
    s2s_rng rng = s2s_rng_init(seed, 0);
    if (!sampler->bpe && sampler->nbest > 1)
        return draw_nbest(sampler, text, length, &rng, ids, err);
    s2s_buf surface = {0};
    s2s_status status = s2s_spm_surface(sampler->spm, text, length, &surface, err);
    if (status == S2S_OK && surface.size)
        status = sampler->bpe ? draw_bpe(sampler, surface.data, surface.size, &rng, ids, err)
                              : draw_unigram(sampler, surface.data, surface.size, &rng, ids, err);
    s2s_buf_release(&surface);
    return status;
}
