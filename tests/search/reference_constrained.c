/* See reference.h: the places of a beam whose hypotheses must get required phrases. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reference.h"

/* Whether a text of n tokens ends with the first k tokens of a phrase. */
static bool ends_within(const int32_t *ids, int n, s2s_phrase phrase, int k) {
    return k <= n && memcmp(ids + n - k, phrase.ids, (size_t)k * sizeof *ids) == 0;
}

/* The most tokens of a phrase it lacks that a text ends with, and the first phrase with so many. */
static int begun(const reference_text *text, s2s_phrases phrases, int *phrase) {
    int most = 0;
    for (int i = 0; i < phrases.n; i++)
        for (int k = 1; !reference_has(text, phrases.items[i]) && k < phrases.items[i].n; k++)
            if (k > most && ends_within(text->ids, text->n, phrases.items[i], k)) {
                most = k;
                *phrase = i;
            }
    return most;
}

/* Tokens of required phrases that a text has, or has begun with. */
static int progress(const reference_text *text, s2s_phrases phrases) {
    int phrase, tokens = begun(text, phrases, &phrase);
    for (int i = 0; i < phrases.n; i++)
        if (reference_has(text, phrases.items[i])) tokens += phrases.items[i].n;
    return tokens;
}

/* The place of a token among those that bring a text forward, or -1. */
static int wanted_place(const reference_text *text, s2s_phrases phrases, int32_t token) {
    int phrase, matched = begun(text, phrases, &phrase);
    if (matched) return phrases.items[phrase].ids[matched] == token ? 0 : -1;
    for (int i = 0; i < phrases.n; i++)
        if (!reference_has(text, phrases.items[i]) && phrases.items[i].ids[0] == token) return i;
    return -1;
}

static int by_choice(const void *left, const void *right) {
    const reference_candidate *a = *(reference_candidate *const *)left,
                              *b = *(reference_candidate *const *)right;
    if (a->choice != b->choice) return a->choice > b->choice ? -1 : 1;
    return a->serial - b->serial;
}

/* Whether it is looked at at all; gives it its place among equals. */
static bool is_considered(const reference_problem *p, reference_candidate *candidate, int rank,
                          int width) {
    reference_text before = candidate->text;
    int32_t token = before.ids[--before.n];
    int place = wanted_place(&before, p->request->required, token);
    candidate->serial = rank < 2 * width ? rank : 1000 * (candidate->parent + 1) + place;
    if (rank >= 2 * width && place < 0) return false;
    return token != FAKE_EOS || reference_has_all(&before, p->request->required);
}

int reference_deal(const reference_problem *p, reference_candidate **ranked, int n, int width,
                   reference_candidate **order, double *best) {
    int kept = 0, dealt = 0, banks = 1;
    for (int i = 0; i < n; i++)
        if (is_considered(p, ranked[i], i, width)) ranked[kept++] = ranked[i];
    qsort(ranked, (size_t)kept, sizeof *ranked, by_choice);
    *best = kept ? ranked[0]->choice : -INFINITY;
    for (int i = 0; i < p->request->required.n; i++) banks += p->request->required.items[i].n;
    for (int i = 0; i < kept; i++) ranked[i]->taken = false;
    /* Round after round, one of each bank that has any left. */
    for (int round = 0; round < 2 * width; round++)
        for (int bank = banks - 1; bank >= 0; bank--)
            for (int i = 0; i < kept && dealt < 2 * width; i++)
                if (!ranked[i]->taken && progress(&ranked[i]->text, p->request->required) == bank) {
                    ranked[i]->taken = true;
                    order[dealt++] = ranked[i];
                    break;
                }
    return dealt;
}
