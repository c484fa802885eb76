/* The keys of `objective`, and what each kind of it needs. */
#include "recipe/sections.h"

static const char *const objective_types[] = {[S2S_TRANSLATION] = "translation",
                                              [S2S_MASKED_LM] = "masked_lm",
                                              [S2S_CAUSAL_LM] = "causal_lm",
                                              NULL};

static const s2s_objective_shape shapes[] = {
    [S2S_TRANSLATION] = {.encoder = true, .decoder = true, .targets = true},
    [S2S_MASKED_LM] = {.encoder = true, .symbol = "<mask>"},
    [S2S_CAUSAL_LM] = {.decoder = true},
};

const s2s_objective_shape *s2s_objective_shape_of(s2s_objective_type type) {
    return &shapes[type];
}

s2s_status s2s_recipe_needs_targets(const s2s_recipe *recipe, s2s_err *err) {
    s2s_objective_type type = recipe->objective.type;
    if (shapes[type].targets) return S2S_OK;
    return s2s_fail(err, S2S_USAGE,
                    "%s: a model of objective.type %s has %s alone and writes no text for another; "
                    "this needs one "
                    "that was trained with objective.type %s",
                    recipe->name, objective_types[type],
                    shapes[type].encoder ? "an encoder" : "a decoder",
                    objective_types[S2S_TRANSLATION]);
}

static const s2s_key objective_keys[] = {
    CHOICE(s2s_objective_recipe, type, objective_types, translation,
           "What is learned: to write the target for the source (translation, with encoder and "
           "decoder), to fill in "
           "what is masked (masked_lm: BERT, RoBERTa; an encoder alone), or to go on with a text "
           "(causal_lm: GPT; a "
           "decoder alone).",
           PLAIN),
    {FIELD(REAL, s2s_objective_recipe, label_smoothing), .initial = "0.1", SHARE,
     .note = "0 but for translation",
     .help = "Share of the probability that is spread over the whole vocabulary."},
    {FIELD(REAL, s2s_objective_recipe, mask_share), .initial = "0.15", .low = 0, .high = 1,
     .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH,
     .help = "masked_lm: share of a text's tokens that must be found."},
    {FIELD(REAL, s2s_objective_recipe, mask_random), .initial = "0.1", .low = 0, .high = 1,
     .help = "masked_lm: of those, the share that any token stands for."},
    {FIELD(REAL, s2s_objective_recipe, mask_kept), .initial = "0.1", .low = 0, .high = 1,
     .help = "masked_lm: of those, the share that stands as it is; <mask> stands for the others."},
    TRUTH(s2s_objective_recipe, whole_words, false,
          "masked_lm: the pieces of a word are masked together."),
    TRUTH(s2s_objective_recipe, static_masks, false,
          "masked_lm: a text is masked alike in each epoch, as BERT's were; else anew (RoBERTa)."),
};
const s2s_section s2s_objective_schema = KEYS(objective_keys);
