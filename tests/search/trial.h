/* Random searches: a few sentences, each with what it asks for, searched by the engine and by the reference. All
 * is drawn from the trial's number, so that a failing one can be had again. */
#ifndef TESTS_SEARCH_TRIAL_H
#define TESTS_SEARCH_TRIAL_H

#include "base/rng.h"
#include "reference.h"

enum {
    TRIAL_SENTENCES = 5,
    TRIAL_SOURCE = 7,
    TRIAL_PREFIX = 4,
    TRIAL_PHRASES = 3,
    TRIAL_PHRASE = 3
};

typedef struct trial_sentence {
    int32_t source[TRIAL_SOURCE], prefix[TRIAL_PREFIX];
    int32_t ids[2 * TRIAL_PHRASES][TRIAL_PHRASE];
    s2s_phrase phrases[2 * TRIAL_PHRASES]; /* the required ones, then the forbidden */
} trial_sentence;

typedef struct trial {
    fake model; /* what a scorer is copied from */
    s2s_rng rng;
    s2s_search_recipe recipe;
    trial_sentence sentences[TRIAL_SENTENCES];
    s2s_request requests[TRIAL_SENTENCES];
    bool attention; /* hypotheses are compared with it */
} trial;

/* A beam of random size, limits and length penalty over a vocabulary of [4, 10] tokens. Where it lies in the trial
 * is kept: the trial must not move. */
void trial_init(trial *t, uint64_t number);
/* In [0, bound). */
int trial_draw(trial *t, int bound);
/* One of the values. */
double trial_choose(trial *t, const double *values, int n);
/* Gives sentences a prefix, required phrases, forbidden ones: up to so many each, at random. */
void trial_add_prefixes(trial *t);
void trial_add_required(trial *t, int most);
void trial_add_forbidden(trial *t, int most);

/* By the engine with so many workers; into `output` as fake_io keeps it. */
void trial_run(const trial *t, int workers, s2s_buf *output);
/* The engine must find what the reference finds. */
void trial_check(const trial *t);
/* Hands every result of the engine to `look`. */
typedef void trial_look(void *self, const reference_problem *p, const s2s_hypothesis *best, int n);
void trial_each(const trial *t, trial_look *look, void *self);

/* A hypothesis as a text of the reference. */
reference_text trial_text(const s2s_hypothesis *h);
void assert_close(double value, double expected);
void assert_same_bytes(const s2s_buf *a, const s2s_buf *b);

#endif
