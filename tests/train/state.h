/* For tests: the state of a training run of a tiny model, filled with numbers that no two share. */
#ifndef S2S_TEST_STATE_H
#define S2S_TEST_STATE_H

#include "train/checkpoint.h"

typedef struct test_state {
    s2s_recipe *recipe;
    s2s_model *model;
    s2s_optimizer optimizer;
    s2s_real *ema;
    s2s_progress progress;
    s2s_training_state all; /* of the above */
} test_state;

/* `output` also gets a vocabulary file to copy. */
void state_make(test_state *state, const char *output, s2s_optimizer_type type, bool ema);
/* With Adam, its moments in bfloat16. */
void state_make_bfloat16(test_state *state, const char *output, bool ema);
/* Other numbers for every weight, moment and count; the same ones for the same key. */
void state_fill(test_state *state, uint64_t key);
void state_expect_equal(const test_state *a, const test_state *b);
void state_release(test_state *state);

#endif
