/* SentencePiece (Kudo and Richardson 2018) in C: the only door to the C++ library. Exceptions end
 * here and become status. Text that comes in is normalised already. Private to src/text. */
#ifndef S2S_TEXT_SENTENCEPIECE_H
#define S2S_TEXT_SENTENCEPIECE_H

#include "text/vocabulary.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct s2s_spm s2s_spm;

typedef struct s2s_spm_options {
    bool bpe; /* else unigram */
    int64_t size;
    double character_coverage;
    int64_t sample_lines;
    bool byte_fallback;
    const char *const *symbols; /* control symbols: pieces that no text is cut into */
    int symbols_n;
    bool keep_whitespace; /* runs of blanks become pieces, a tab is a symbol of its own */
} s2s_spm_options;

/* Appends the model file's bytes to `model`. Lines from `next` are read once and not copied here.
 */
s2s_status s2s_spm_train(const s2s_spm_options *options, s2s_next_line next, void *self,
                         s2s_buf *model, s2s_err *err);

/* A model file's bytes; they are not needed afterwards. */
s2s_status s2s_spm_load(s2s_spm **spm, const void *data, size_t size, s2s_err *err);
void s2s_spm_free(s2s_spm *spm);

int s2s_spm_size(const s2s_spm *spm);
int32_t s2s_spm_unk(const s2s_spm *spm);
int32_t s2s_spm_bos(const s2s_spm *spm); /* -1: the model has none; the same for eos */
int32_t s2s_spm_eos(const s2s_spm *spm);
bool s2s_spm_has_nbest(const s2s_spm *spm); /* a unigram model */

const char *s2s_spm_piece(const s2s_spm *spm, int32_t id);
float s2s_spm_score(const s2s_spm *spm, int32_t id);
bool s2s_spm_is_byte(const s2s_spm *spm, int32_t id);
bool s2s_spm_is_text(const s2s_spm *spm, int32_t id); /* not unknown, control, unused or byte */
int32_t s2s_spm_id(const s2s_spm *spm, const char *piece);

s2s_status s2s_spm_encode(const s2s_spm *spm, const char *text, size_t length, s2s_ids *ids,
                          s2s_err *err);
s2s_status s2s_spm_nbest(const s2s_spm *spm, const char *text, size_t length, int n, s2s_ids *ids,
                         s2s_ids *starts, s2s_err *err);
/* The text as the model sees it: after the model's own character map, blanks as U+2581. */
s2s_status s2s_spm_surface(const s2s_spm *spm, const char *text, size_t length, s2s_buf *surface,
                           s2s_err *err);
s2s_status s2s_spm_decode(const s2s_spm *spm, const int32_t *ids, size_t n, s2s_buf *text,
                          s2s_err *err);

#ifdef __cplusplus
}
#endif
#endif
