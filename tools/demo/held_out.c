/* See held_out.h. */
#include "demo/held_out.h"

#include <string.h>
#include <xxhash.h>

#include "base/rng.h"

enum structure {
    MODAL = 1 << 0,
    PERFECT_TENSE = 1 << 1,
    FUTURE_TENSE = 1 << 2,
    RELATIVE = 1 << 3,
    CAUSAL = 1 << 4,
    CONDITIONAL = 1 << 5,
    THAT = 1 << 6,
    WHETHER = 1 << 7,
    QUESTIONING = 1 << 8,
    ORDER = 1 << 9,
    GLADLY = 1 << 10,
    SEPARABLE = 1 << 11,
    REFLECTED = 1 << 12,
    TWO_OBJECTS = 1 << 13,
    TIME_FIRST = 1 << 14,
    OWNED = 1 << 15,
    NEGATED = 1 << 16,
    PREPOSITION = 1 << 17,
};

/* A sentence that has all of these structures is never in the training part. */
static const struct {
    unsigned structures;
    s2s_part part;
} held_out_structures[] = {
    {RELATIVE | MODAL, TEST_PART},         {TIME_FIRST | REFLECTED, TEST_PART},
    {CAUSAL | FUTURE_TENSE, TEST_PART},    {WHETHER | SEPARABLE, TEST_PART},
    {TWO_OBJECTS | OWNED, TEST_PART},      {THAT | PERFECT_TENSE, VALID_PART},
    {GLADLY | SEPARABLE, VALID_PART},      {TIME_FIRST | TWO_OBJECTS, VALID_PART},
    {QUESTIONING | REFLECTED, VALID_PART}, {RELATIVE | PREPOSITION | NEGATED, VALID_PART},
};

/* Of a hundred pairs of words. */
enum { TEST_PAIRS = 5, VALID_PAIRS = 4 };

static uint64_t hash_word(const char *word) {
    return XXH64(word, strlen(word), 0);
}

static void add_pair(s2s_traits *traits, const char *first, const s2s_noun *noun) {
    if (first == NULL || noun == NULL || noun->german == NULL) return;
    if (traits->pair_count == HELD_OUT_PAIRS) return;
    traits->pairs[traits->pair_count++] = s2s_rng_mix(hash_word(first), hash_word(noun->german));
}

static const s2s_noun *noun_of(const s2s_phrase *phrase) {
    return phrase ? phrase->noun : NULL;
}

/* The object's noun; without one the place's, without that the subject's. */
static const s2s_noun *noun_about(const s2s_clause *clause) {
    const s2s_noun *noun = noun_of(clause->object);
    if (noun == NULL && clause->place) noun = noun_of(clause->place->phrase);
    return noun ? noun : noun_of(clause->subject);
}

static void add_structure(s2s_traits *traits, bool holds, unsigned structure) {
    if (holds) traits->structures |= structure;
}

static bool joins_with(const s2s_clause *clause, const char *conjunction) {
    return clause->second && strcmp(clause->conjunction->german, conjunction) == 0;
}

static void add_structures(s2s_traits *traits, const s2s_clause *clause) {
    const s2s_verb *verb = clause->verb;
    bool separable = strchr(verb->german.infinitive, '|') != NULL;
    add_structure(traits, clause->modal != NULL, MODAL);
    add_structure(traits, clause->tense == PERFECT, PERFECT_TENSE);
    add_structure(traits, clause->tense == FUTURE, FUTURE_TENSE);
    add_structure(traits, joins_with(clause, "weil"), CAUSAL);
    add_structure(traits, joins_with(clause, "wenn"), CONDITIONAL);
    add_structure(traits, joins_with(clause, "dass"), THAT);
    add_structure(traits, joins_with(clause, "ob"), WHETHER);
    add_structure(traits, clause->mood == QUESTION, QUESTIONING);
    add_structure(traits, clause->mood == COMMAND || clause->mood == LETS, ORDER);
    add_structure(traits, clause->gladly, GLADLY);
    add_structure(traits, separable, SEPARABLE);
    add_structure(traits, (verb->flags & REFLEXIVE) != 0, REFLECTED);
    add_structure(traits, clause->recipient != NULL, TWO_OBJECTS);
    add_structure(traits, clause->time_first && clause->time, TIME_FIRST);
    add_structure(traits, clause->negated, NEGATED);
    add_structure(traits, verb->frame == PREPOSITIONAL, PREPOSITION);
}

static void visit(s2s_traits *traits, const s2s_clause *clause) {
    const s2s_phrase *phrases[] = {clause->subject, clause->object, clause->recipient,
                                   clause->identity, clause->companion};
    add_structures(traits, clause);
    if (clause->predicate)
        add_pair(traits, clause->predicate->german, noun_of(clause->subject));
    else if (clause->identity)
        add_pair(traits, "sein", noun_of(clause->identity));
    else
        add_pair(traits, clause->verb->german.infinitive, noun_about(clause));
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (phrases[i] == NULL) continue;
        add_structure(traits, phrases[i]->possessor != NULL, OWNED);
        add_structure(traits, phrases[i]->relative != NULL, RELATIVE);
        if (phrases[i]->relative) visit(traits, phrases[i]->relative);
    }
    if (clause->second) visit(traits, clause->second);
}

s2s_traits s2s_find_traits(const s2s_clause *clause) {
    s2s_traits traits = {0};
    visit(&traits, clause);
    return traits;
}

s2s_part s2s_part_of_pair(uint64_t pair) {
    uint64_t slot = pair % 100;
    if (slot < TEST_PAIRS) return TEST_PART;
    return slot < TEST_PAIRS + VALID_PAIRS ? VALID_PART : TRAIN_PART;
}

/* Two parts claim it: nobody gets it. */
static s2s_part combine(s2s_part a, s2s_part b) {
    if (a == TRAIN_PART || a == b) return b;
    return b == TRAIN_PART ? a : PART_COUNT;
}

s2s_part s2s_part_of_structures(unsigned structures) {
    s2s_part part = TRAIN_PART;
    for (size_t i = 0; i < sizeof held_out_structures / sizeof *held_out_structures; i++) {
        unsigned all = held_out_structures[i].structures;
        if ((structures & all) == all) part = combine(part, held_out_structures[i].part);
    }
    return part;
}

s2s_part s2s_part_for(const s2s_traits *traits) {
    s2s_part part = s2s_part_of_structures(traits->structures);
    for (int i = 0; i < traits->pair_count; i++)
        part = combine(part, s2s_part_of_pair(traits->pairs[i]));
    return part;
}
