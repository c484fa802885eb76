/* The keys of `objective`, and what each kind of it needs. */
#include "recipe/sections.h"

static const char *const objective_types[] = {[S2S_TRANSLATION] = "translation",
                                              [S2S_MASKED_LM] = "masked_lm",
                                              [S2S_CAUSAL_LM] = "causal_lm",
                                              [S2S_SPAN_CORRUPTION] = "span_corruption",
                                              [S2S_DENOISING] = "denoising",
                                              [S2S_PREFIX_LM] = "prefix_lm",
                                              NULL};

static const s2s_objective_shape shapes[] = {
    [S2S_TRANSLATION] = {.encoder = true, .decoder = true, .targets = true},
    [S2S_MASKED_LM] = {.encoder = true, .symbol = "<mask>"},
    [S2S_CAUSAL_LM] = {.decoder = true},
    [S2S_SPAN_CORRUPTION] = {.encoder = true, .decoder = true, .sentinels = true},
    [S2S_DENOISING] = {.encoder = true, .decoder = true, .symbol = "<mask>"},
    [S2S_PREFIX_LM] = {.encoder = true, .decoder = true},
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
           "What is learned: to write the target for the source (translation); to fill in what is "
           "masked (masked_lm: BERT, RoBERTa; an encoder alone); to go on with a text (causal_lm: "
           "GPT; a decoder alone). Or, with encoder and decoder from one text: to write what is "
           "hidden of it (span_corruption: T5), the whole of a text that was spoilt (denoising: "
           "BART), or how it goes on (prefix_lm).",
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
    NUMBER(s2s_objective_recipe, corruption, 0.15, 0, 1,
           "span_corruption: share of a text's tokens that are hidden.",
           .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH),
    NUMBER(s2s_objective_recipe, mean_span, 3, 1, 1000,
           "span_corruption and denoising: tokens of a hidden span, on average. Of denoising the "
           "lengths are Poisson's, so that some spans are empty.",
           PLAIN),
    {FIELD(REAL, s2s_objective_recipe, infilling), .initial = "0.3", SHARE,
     .help =
         "denoising: share of a text's tokens that lie in spans, for each of which there is one "
         "<mask>."},
    {FIELD(REAL, s2s_objective_recipe, deletion), .initial = "0", SHARE,
     .help = "denoising: of the tokens that infilling leaves, the share that is left out."},
    {FIELD(REAL, s2s_objective_recipe, masking), .initial = "0", SHARE,
     .help = "denoising: of the tokens that infilling leaves, the share that <mask> stands for."},
    NUMBER(s2s_objective_recipe, permutation, 1, 0, 1,
           "denoising: share of a text's lines that change places with each other.", PLAIN),
    NUMBER(s2s_objective_recipe, rotation, 0, 0, 1,
           "denoising: share of the texts that begin anywhere, what was before that moved behind "
           "the end.",
           PLAIN),
};
const s2s_section s2s_objective_schema = KEYS(objective_keys);
