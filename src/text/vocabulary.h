/* Text to tokens and back: normalisation, then SentencePiece (Kudo and Richardson 2018) behind a C
 * API.
 *
 * A vocabulary is immutable once loaded and may be used from several threads. Special tokens have
 * fixed names: <unk>, <s>, </s>; their ids are the model's own. */
#ifndef S2S_TEXT_VOCABULARY_H
#define S2S_TEXT_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/memory.h"
#include "recipe/recipe.h"
#include "text/cut.h"

typedef struct s2s_vocabulary s2s_vocabulary;

/* A growing list of token ids; all zero is valid and empty. */
typedef struct s2s_ids {
    int32_t *data;
    size_t size, capacity;
} s2s_ids;
s2s_status s2s_ids_push(s2s_ids *ids, int32_t id, s2s_err *err);
void s2s_ids_release(s2s_ids *ids);

/* Trains a SentencePiece model on the lines that `next` gives (raw text; normalised here as the
 * recipe says) and writes it to `path`: unk 0, bos 1, eos 2, no padding symbol. A size above what
 * the text allows is an error that names the largest that works. The same lines give the same model
 * on every machine: the number of threads would change a unigram model, so it is fixed. `next`:
 * *more false ends the text. */
typedef s2s_status (*s2s_next_line)(void *self, const char **line, size_t *length, bool *more,
                                    s2s_err *err);
s2s_status s2s_vocabulary_train(const s2s_text_recipe *recipe, s2s_next_line next, void *self,
                                const char *path, s2s_err *err);

/* Loads a SentencePiece model, ours or another's; `recipe` (not kept) tells how text is normalised
 * before it. In a model without <s>, </s> stands in for it. */
s2s_status s2s_vocabulary_load(s2s_vocabulary **vocabulary, const char *path,
                               const s2s_text_recipe *recipe, s2s_err *err);
void s2s_vocabulary_free(s2s_vocabulary *vocabulary);

int s2s_vocabulary_size(const s2s_vocabulary *vocabulary);
int32_t s2s_vocabulary_unk(const s2s_vocabulary *vocabulary);
int32_t s2s_vocabulary_bos(const s2s_vocabulary *vocabulary);
int32_t s2s_vocabulary_eos(const s2s_vocabulary *vocabulary);
const char *s2s_vocabulary_piece(const s2s_vocabulary *vocabulary, int32_t id);
int32_t s2s_vocabulary_id(const s2s_vocabulary *vocabulary,
                          const char *piece); /* unk when absent */
/* A piece that stands for text: no symbol, nor the unknown piece. */
bool s2s_vocabulary_is_text(const s2s_vocabulary *vocabulary, int32_t id);

/* XXH3 128 of all that decides what a text is encoded to: the model's bytes and the normalisation.
 * 32 hexadecimal digits and a NUL. */
void s2s_vocabulary_digest(const s2s_vocabulary *vocabulary, char digest[33]);
/* Whether the recipe asks for random segmentations in training (sampling_alpha above 0). */
bool s2s_vocabulary_samples(const s2s_vocabulary *vocabulary);

/* Normalises and appends the ids of one line, without bos and eos. Invalid UTF-8 is replaced by
 * U+FFFD. */
s2s_status s2s_vocabulary_encode(const s2s_vocabulary *vocabulary, const char *text, size_t length,
                                 s2s_ids *ids, s2s_err *err);
/* The same for what `cut` keeps of them (the head, where that is S2S_LONG_DROP); *was_cut: there was more. Only as many
 * bytes of either end are encoded as the tokens that stay can have, 64 for each, so that memory does not grow with
 * what is left out. */
s2s_status s2s_vocabulary_encode_cut(const s2s_vocabulary *vocabulary, const char *text,
                                     size_t length, const s2s_cut *cut, s2s_ids *ids, bool *was_cut,
                                     s2s_err *err);
/* A random segmentation, drawn from `seed` alone with the recipe's alpha. Unigram models: subword
 * regularisation (Kudo 2018), a segmentation x with probability proportional to p(x)^alpha, among
 * all (sampling_nbest below 2) or among the n best. BPE models: BPE dropout (Provilkov et al.
 * 2020), each possible merge is passed over with probability alpha at each step. With alpha 0 the
 * best one. */
s2s_status s2s_vocabulary_sample(const s2s_vocabulary *vocabulary, const char *text, size_t length,
                                 uint64_t seed, s2s_ids *ids, s2s_err *err);
/* The n best segmentations, best first: ids end to end in `ids`, `starts` [found + 1]; unigram
 * only. */
s2s_status s2s_vocabulary_nbest(const s2s_vocabulary *vocabulary, const char *text, size_t length,
                                int n, s2s_ids *ids, s2s_ids *starts, s2s_err *err);
/* Appends the text of `ids`; special tokens leave nothing, an id outside the vocabulary is an
 * error. */
s2s_status s2s_vocabulary_decode(const s2s_vocabulary *vocabulary, const int32_t *ids, size_t n,
                                 s2s_buf *text, s2s_err *err);

/* The recipe's normalisation alone, appended to `out`. */
s2s_status s2s_normalize(const s2s_text_recipe *recipe, const char *text, size_t length,
                         s2s_buf *out, s2s_err *err);

#endif
