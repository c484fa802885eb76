/* The kinds of objectives, a file each; private to this folder. */
#ifndef S2S_OBJECTIVE_KIND_H
#define S2S_OBJECTIVE_KIND_H

#include "objective/objective.h"

typedef struct s2s_objective_kind {
    void (*emit)(s2s_plan *plan, const s2s_model *model);
    s2s_collator (*collator)(const s2s_objective *objective);
} s2s_objective_kind;

extern const s2s_objective_kind s2s_translation_kind, s2s_masked_lm_kind, s2s_causal_lm_kind;

#endif
