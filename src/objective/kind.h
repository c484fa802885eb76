/* The kinds of objectives, a file each; private to this folder. */
#ifndef S2S_OBJECTIVE_KIND_H
#define S2S_OBJECTIVE_KIND_H

#include "base/rng.h"
#include "objective/objective.h"

typedef struct s2s_objective_kind {
    void (*emit)(s2s_plan *plan, const s2s_model *model);
    s2s_collator (*collator)(const s2s_objective *objective);
} s2s_objective_kind;

extern const s2s_objective_kind s2s_translation_kind, s2s_masked_lm_kind, s2s_causal_lm_kind,
    s2s_span_corruption_kind, s2s_denoising_kind, s2s_prefix_lm_kind;

/* Encoder, decoder, and the loss of all that the decoder writes. */
void s2s_pair_emit(s2s_plan *plan, const s2s_model *model);

/* A batch without sequences. */
void s2s_pair_clear(s2s_batch *batch);
/* What was pushed to the source since its last end becomes a sequence: ..., end. */
void s2s_source_end(const s2s_objective *objective, s2s_batch *batch);
/* The next target: begin, ids; and its labels: ids, end. `ids` may be where these labels come to lie. */
void s2s_target_write(const s2s_objective *objective, const int32_t *ids, int n, s2s_batch *batch);

/* A share of n in whole numbers, right on average. */
int s2s_share_of(int n, double share, s2s_rng *rng);
/* Whether the next of `left` items is one of the `wanted` that are to be chosen among them, all sets of so many being
 * alike likely (selection sampling; Knuth, TAOCP 2, 3.4.2 S). left > 0. */
bool s2s_choose(int left, int wanted, s2s_rng *rng);

#endif
