/* Random segmentations. SentencePiece has them too, but draws from a generator of the thread's own,
 * so that an outcome would depend on what the thread did before. Private to src/text. */
#ifndef S2S_TEXT_SAMPLE_H
#define S2S_TEXT_SAMPLE_H

#include "text/sentencepiece.h"

typedef struct s2s_sampler s2s_sampler;

/* Borrows `spm`. `alpha`, `nbest`: see s2s_vocabulary_sample. Immutable, so threads may share it.
 */
s2s_status s2s_sampler_create(s2s_sampler **sampler, const s2s_spm *spm, double alpha, int nbest,
                              s2s_err *err);
void s2s_sampler_free(s2s_sampler *sampler);

/* Appends the ids of a segmentation of `text`, which is normalised. */
s2s_status s2s_sampler_draw(const s2s_sampler *sampler, const char *text, size_t length,
                            uint64_t seed, s2s_ids *ids, s2s_err *err);

#endif
