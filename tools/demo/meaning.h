/* What a sentence means, before it is English or German: phrases, places and clauses.
 *
 * sentences.c makes meanings; speak_english.c and speak_german.c say the same meaning in either
 * language, so that a pair is a translation by construction. */
#ifndef S2S_DEMO_MEANING_H
#define S2S_DEMO_MEANING_H

#include "demo/german.h"

struct s2s_clause;

typedef enum s2s_phrase_kind {
    NOUN_PHRASE,
    NAME_PHRASE,
    PRONOUN_PHRASE,
    QUESTION_PHRASE, /* who, what */
    RELATIVE_PHRASE, /* who, that */
} s2s_phrase_kind;

typedef struct s2s_phrase {
    s2s_phrase_kind kind;
    const s2s_noun *noun; /* of a relative phrase: what it refers to */
    const s2s_name *name;
    bool person, plural;
    bool feminine;           /* Lehrerin */
    s2s_who who, german_who; /* of a pronoun: they differ for things, it is er, sie or es */
    s2s_determiner determiner;
    s2s_who owner; /* of a possessive */
    int count;     /* of a number */
    const s2s_adjective *adjective;
    s2s_degree degree;
    const struct s2s_phrase *possessor; /* my brother's, Anna's */
    const struct s2s_clause *relative;
} s2s_phrase;

/* A place: a preposition with a phrase, or a name. */
typedef struct s2s_location {
    s2s_preposition_id preposition;
    const s2s_phrase *phrase;
    const s2s_named_place *named;
    bool motion; /* to it */
} s2s_location;

typedef struct s2s_clock_time {
    int hour;   /* 1 to 12; 0: no time of day */
    int minute; /* 0, 15, 30, 45 */
} s2s_clock_time;

typedef enum s2s_mood { STATEMENT, QUESTION, COMMAND, LETS } s2s_mood;

typedef enum s2s_tense { PRESENT, PAST, PERFECT, FUTURE } s2s_tense;

/* How a second clause hangs on the first. */
typedef enum s2s_link_kind {
    NO_LINK,
    SUBORDINATE,
    COORDINATE,
    TO_INFINITIVE,
    PURPOSE
} s2s_link_kind;

typedef struct s2s_conjunction {
    const char *english, *german;
    s2s_link_kind kind;
    bool english_comma;
} s2s_conjunction;

typedef struct s2s_clause {
    s2s_mood mood;
    const s2s_adverb *question_word; /* where, when, why */
    const s2s_verb *verb;
    const s2s_modal *modal;
    s2s_tense tense;
    bool simple;      /* no progressive: habits, conditions */
    bool progressive; /* even in the past: it was raining */
    bool negated, gladly, please;

    const s2s_phrase *subject, *object, *recipient;
    const s2s_adjective *predicate; /* of a copula: an adjective, */
    s2s_degree degree;
    const s2s_adverb *intensifier;
    const s2s_phrase *standard; /* bigger than this */
    const s2s_phrase *identity; /* or a noun: a doctor */

    const s2s_adverb *time, *frequency, *done, *manner;
    s2s_clock_time clock;
    bool time_first;
    const s2s_phrase *companion; /* with my sister */
    const s2s_location *place, *source;

    const s2s_conjunction *conjunction;
    const struct s2s_clause *second;
    bool second_first;
} s2s_clause;

/* The person and number that a verb agrees with. */
s2s_who s2s_phrase_who(const s2s_phrase *phrase);
s2s_form s2s_phrase_form(const s2s_phrase *phrase);
/* An object that says which one: it goes further to the front in German. */
bool s2s_phrase_is_definite(const s2s_phrase *phrase);

void s2s_say_english(s2s_text *out, const s2s_clause *clause);
void s2s_say_german(s2s_text *out, const s2s_clause *clause);

#endif
