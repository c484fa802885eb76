/* English morphology: plurals, verb forms, comparison, pronouns, numbers. */
#ifndef S2S_DEMO_ENGLISH_H
#define S2S_DEMO_ENGLISH_H

#include "demo/german.h"

typedef enum s2s_english_form {
    BASE_FORM,
    THIRD_FORM,
    PAST_TENSE_FORM,
    PARTICIPLE_FORM,
    ING_FORM
} s2s_english_form;

/* Followed by its particle, if it has one. */
void s2s_english_verb(s2s_text *out, const s2s_english_forms *verb, s2s_english_form form);
/* "on" of "turn|on"; NULL without a bar. */
const char *s2s_english_particle(const s2s_english_forms *verb);
/* The present or past that agrees with the subject; knows be and have. */
void s2s_english_finite(s2s_text *out, const s2s_english_forms *verb, bool past, s2s_who subject);
void s2s_english_noun(s2s_text *out, const s2s_noun *noun, bool plural);
/* "a", or "an" before `next`. */
const char *s2s_english_article(const char *next);
void s2s_english_adjective(s2s_text *out, const s2s_adjective *adjective, s2s_degree degree);
const char *s2s_english_pronoun(s2s_who who, bool subject);
const char *s2s_english_possessive(s2s_who who);
void s2s_english_number(s2s_text *out, int number);

#endif
