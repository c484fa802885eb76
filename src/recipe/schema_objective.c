/* The keys of `objective`. */
#include "recipe/sections.h"

static const char *const objective_types[] = {[S2S_TRANSLATION] = "translation", NULL};

static const s2s_key objective_keys[] = {
    CHOICE(s2s_objective_recipe, type, objective_types, translation,
           "What is learned: to write the target for the source.", PLAIN),
    {FIELD(REAL, s2s_objective_recipe, label_smoothing), .initial = "0.1", SHARE,
     .help = "Share of the probability that is spread over the whole vocabulary."},
};
const s2s_section s2s_objective_schema = KEYS(objective_keys);
