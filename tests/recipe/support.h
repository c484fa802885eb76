/* What the recipe tests share. */
#ifndef TESTS_RECIPE_SUPPORT_H
#define TESTS_RECIPE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recipe/recipe.h"

/* The least that is a recipe for a model. */
#define MODEL "encoder: {}\ndecoder: {}\n"
/* The least that trains. */
#define TRAINS MODEL "data:\n  train: {tsv: train.tsv}\n  valid: {tsv: valid.tsv}\n"

/* Parses `text` as /r/r.yaml, with a --set unless it is NULL; a failure fails the test. */
s2s_recipe *parse_good(const char *text, const char *set);
/* The same for text that must be refused; gives the message. */
const char *parse_bad(const char *text, const char *set);
/* The recipe as YAML; the caller frees it. */
char *written(const s2s_recipe *recipe);

/* A fresh folder for a test's files, removed with them by scratch_remove. */
void scratch_make(void);
void scratch_remove(void);
const char *scratch_path(const char *name); /* valid until the next 8 calls */
void scratch_write(const char *name, const char *text);

#endif
