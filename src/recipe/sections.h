/* The sections that a recipe is made of, each in a file of its own: schema_NAME.c. */
#ifndef S2S_RECIPE_SECTIONS_H
#define S2S_RECIPE_SECTIONS_H

#include "recipe/table.h"

extern const s2s_section s2s_data_schema;       /* s2s_data_recipe */
extern const s2s_section s2s_text_schema;       /* s2s_text_recipe */
extern const s2s_section s2s_encoder_schema;    /* s2s_stack_recipe */
extern const s2s_section s2s_decoder_schema;    /* s2s_stack_recipe, which inherits the encoder's */
extern const s2s_section s2s_objective_schema;  /* s2s_objective_recipe */
extern const s2s_section s2s_train_schema;      /* s2s_train_recipe */
extern const s2s_section s2s_validation_search; /* s2s_search_recipe: train.validation.search */

#endif
