/* Translation: the probability of each target token given the source and the target tokens before it. */
#include "objective/kind.h"

static s2s_collator collator(const s2s_objective *objective) {
    return s2s_translation_collator(&objective->symbols);
}

const s2s_objective_kind s2s_translation_kind = {s2s_pair_emit, collator};
