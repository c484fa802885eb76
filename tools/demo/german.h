/* German morphology: articles, adjectives, nouns, pronouns, verbs. All of it from tables of endings
 * and a few rules; what the rules do not give stands in the lexicon. */
#ifndef S2S_DEMO_GERMAN_H
#define S2S_DEMO_GERMAN_H

#include "demo/lexicon.h"
#include "demo/text.h"

/* What articles and adjectives agree with: the gender in the singular, one form for the plural. */
typedef enum s2s_form { FORM_M, FORM_F, FORM_N, FORM_PLURAL, FORM_COUNT } s2s_form;

/* Whom a verb or a pronoun speaks of. `you` is always one person who is called du. */
typedef enum s2s_who { I, YOU, HE, SHE, IT, WE, THEY, WHO_COUNT } s2s_who;

typedef enum s2s_determiner {
    BARE,
    THE,
    A,
    NO, /* kein; `not a` and `not any` in English */
    THIS,
    EVERY,
    WHICH,
    POSSESSIVE,
    NUMBER,
    HOW_MANY,
    PRACTISED, /* plays the piano: spielt Klavier */
} s2s_determiner;

typedef enum s2s_degree { POSITIVE, COMPARATIVE, SUPERLATIVE } s2s_degree;

s2s_form s2s_form_of(s2s_gender gender, bool plural);

/* "" where German has none. `owner` counts for POSSESSIVE alone. */
void s2s_german_determiner(s2s_text *out, s2s_determiner determiner, s2s_who owner, s2s_form form,
                           s2s_case gcase);
/* With the ending that stands after that determiner. */
void s2s_german_adjective(s2s_text *out, const s2s_adjective *adjective, s2s_degree degree,
                          s2s_determiner determiner, s2s_form form, s2s_case gcase);
/* As it stands after sein, or before a zu or als of comparison. */
void s2s_german_predicate(s2s_text *out, const s2s_adjective *adjective, s2s_degree degree);
void s2s_german_noun(s2s_text *out, const s2s_noun *noun, bool plural, s2s_case gcase);
const char *s2s_german_pronoun(s2s_who who, s2s_case gcase);
const char *s2s_german_reflexive(s2s_who who);
/* der, die, das: of a relative clause. */
const char *s2s_german_relative(s2s_form form, s2s_case gcase);
/* "im", "zum": a preposition with the definite article in one word; NULL where they stay two. */
const char *s2s_german_contraction(const char *preposition, s2s_form form, s2s_case gcase);
/* From 2 to 99. */
void s2s_german_number(s2s_text *out, int number);

/* --- verbs --- */

typedef enum s2s_verb_form { PRESENT_FORM, PAST_FORM } s2s_verb_form;

/* The separable prefix, "" where there is none. */
void s2s_german_prefix(s2s_text *out, const s2s_german_forms *verb);
/* Without the prefix: "steht" of aufstehen. Joined to it: "aufsteht". */
void s2s_german_finite(s2s_text *out, const s2s_german_forms *verb, s2s_verb_form form,
                       s2s_who subject, bool with_prefix);
void s2s_german_imperative(s2s_text *out, const s2s_german_forms *verb);
void s2s_german_participle(s2s_text *out, const s2s_german_forms *verb);
void s2s_german_infinitive(s2s_text *out, const s2s_german_forms *verb, bool with_zu);

extern const s2s_german_forms s2s_haben, s2s_sein, s2s_werden;

#endif
