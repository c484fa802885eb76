/* For tests of collators: texts as a dataset gives them, a vocabulary with <mask>, and room for a batch. */
#ifndef S2S_TESTS_OBJECTIVE_TEXTS_H
#define S2S_TESTS_OBJECTIVE_TEXTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/examples.h"
#include "objective/objective.h"

/* Made sentences: some alone, some two with an end symbol between them, as running text is packed. */
typedef struct texts {
    s2s_vocabulary *vocabulary;
    s2s_recipe *recipe;
    s2s_objective objective; /* of the recipe */
    s2s_ids ids;             /* all of them, end to end */
    s2s_example *items;
    int n;
    s2s_batch batch;    /* with room for all */
    int32_t *predicted; /* the batch's */
} texts;

/* n texts, and the objective of `recipe`. */
void texts_make(texts *t, const char *recipe, int n);
void texts_release(texts *t);

/* A batch of the texts [first, first + n): into t->batch. */
void texts_collate(texts *t, int first, int n, uint64_t key);
/* The tokens of text i as the last batch, which began with text `first`, has them: *length with begin and end. */
const int32_t *texts_row(const texts *t, int stream, int text, int first, int *length);

#endif
