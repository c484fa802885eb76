/* The rules of search.h, slow and plain: outputs are arrays, everything is computed again at each step from its
 * definition, all candidates are sorted. The engine must equal it bit for bit. Log-probabilities come from
 * s2s_topk, which test_topk.c checks against the C library. */
#ifndef TESTS_SEARCH_REFERENCE_H
#define TESTS_SEARCH_REFERENCE_H

#include "fake.h"
#include "search/topk.h"

enum { REFERENCE_LONGEST = 48, REFERENCE_VOCABULARY = 64 };

/* The problem of one sentence. */
typedef struct reference_problem {
    const fake *f;
    const s2s_request *request;
    const s2s_search_recipe *recipe;
    int longest; /* tokens, end symbol included */
} reference_problem;

/* The beginning of an output, or a whole one with its end symbol where it has one. */
typedef struct reference_text {
    int32_t ids[REFERENCE_LONGEST];
    double each[REFERENCE_LONGEST]; /* log p of each token */
    int n;
    double log_probability; /* the sum of those that were chosen: not of a prefix */
} reference_text;

typedef struct reference_finished {
    reference_text text;
    double score;
    s2s_ending ending;
} reference_finished;

/* A text with one more token, in a beam. */
typedef struct reference_candidate {
    reference_text text;
    int parent, group;
    double choice; /* what it is ranked by */
    int serial;    /* and its place among equals */
    bool taken;
} reference_candidate;

/* `recipe`: the run's, which the request's goes before. */
reference_problem reference_open(const fake *f, const s2s_search_recipe *recipe,
                                 const s2s_request *request);

/* --- what may follow, and what it is worth (reference_rules.c) --- */

/* The tokens that may follow a text, best first, into scores [REFERENCE_VOCABULARY]; returns their number. */
int reference_next(const reference_problem *p, const reference_text *text, s2s_token_score *scores);
void reference_add(reference_text *text, s2s_token_score score);
/* The request's prefix, or as much of it as the longest output has. */
reference_text reference_prefix(const reference_problem *p);
bool reference_ends(const reference_text *text);
double reference_score(const reference_problem *p, const reference_text *text);
/* Whether all required phrases stand in a text. */
bool reference_has_all(const reference_text *text, s2s_phrases phrases);
bool reference_has(const reference_text *text, s2s_phrase phrase);

/* --- beams (reference.c, reference_constrained.c) --- */

/* Appends what fake_io would keep. `attention`: with that. Returns the steps it took. */
int reference_search(const reference_problem *p, uint64_t index, bool attention, s2s_buf *output);
/* Every hypothesis there is, best first; for all [most]. Returns how many. */
int reference_enumerate(const reference_problem *p, reference_finished *all, int most);
/* The best n of count, as fake_io would keep them. */
void reference_put(const reference_problem *p, uint64_t index, bool attention,
                   reference_finished *all, int count, s2s_buf *output);

/* Required phrases: leaves in order [2 * width] the candidates of `ranked` [n], best first, in the order in which
 * they get places; returns their number. *best: the highest `choice` of those that may be taken. */
int reference_deal(const reference_problem *p, reference_candidate **ranked, int n, int width,
                   reference_candidate **order, double *best);

#endif
