/* The schema's root: see schema.h. A key's name is its field's; its default stands in its table and nowhere else. */
#include "recipe/sections.h"

static const s2s_key root_keys[] = {
    TEXT(s2s_recipe, name, "What the model is called; not taken from `base`.",
         .note = "the recipe's file name"),
    FILE_PATH(s2s_recipe, output, "The run folder: checkpoints, log, model; not taken from `base`.",
              .note = "`runs/NAME` beside the recipe"),
    WHOLE(s2s_recipe, seed, 1, 0, INFINITY,
          "Where all random numbers start; the same seed gives the same model.", PLAIN),
    {.name = "base",
     .type = S2S_KEY_BASE,
     .help = "Another recipe to start from: this one's keys win over its."},
    SECTION(s2s_recipe, data, s2s_data_schema, "Where the examples come from.", PLAIN),
    SECTION(s2s_recipe, text, s2s_text_schema, "From text to tokens and back.", PLAIN),
    SECTION(s2s_recipe, encoder, s2s_encoder_schema, "The layers that read the source.", PLAIN),
    SECTION(s2s_recipe, decoder, s2s_decoder_schema, "The layers that write the target.",
            .inherits = "encoder"),
    SECTION(s2s_recipe, objective, s2s_objective_schema, "What the model learns.", PLAIN),
    SECTION(s2s_recipe, train, s2s_train_schema, "How it learns.", PLAIN),
    SECTION(s2s_recipe, search, s2s_search_schema,
            "How the finished model looks for its output; the command line overrides it.", PLAIN),
};
const s2s_section s2s_schema = KEYS(root_keys);
