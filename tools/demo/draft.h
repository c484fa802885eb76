/* A meaning being made: where its phrases and clauses live, and the random choices. */
#ifndef S2S_DEMO_DRAFT_H
#define S2S_DEMO_DRAFT_H

#include "base/rng.h"
#include "demo/meaning.h"

enum { DRAFT_PHRASES = 32, DRAFT_CLAUSES = 6, DRAFT_LOCATIONS = 8 };

/* Everything of one sentence; nothing is freed one by one. */
typedef struct s2s_draft {
    s2s_rng rng;
    s2s_phrase phrases[DRAFT_PHRASES];
    s2s_clause clauses[DRAFT_CLAUSES];
    s2s_location locations[DRAFT_LOCATIONS];
    int phrase_count, clause_count, location_count;
    bool crowded; /* there was no more room: the sentence is of no use */
} s2s_draft;

/* --- draft.c: room and dice. Where room runs out the last piece serves twice, and the draft is
 * crowded. --- */

void s2s_draft_start(s2s_draft *draft, uint64_t seed, uint64_t number);
s2s_phrase *s2s_new_phrase(s2s_draft *draft);
s2s_clause *s2s_new_clause(s2s_draft *draft);
s2s_location *s2s_new_location(s2s_draft *draft);
bool s2s_chance(s2s_draft *draft, int percent);
size_t s2s_pick(s2s_draft *draft, size_t count); /* below count */

/* --- choose_phrase.c: noun phrases and places --- */

const s2s_noun *s2s_choose_noun(s2s_draft *draft, uint64_t classes);
/* Somebody or something that does; `classes` are those that the verb allows. */
const s2s_phrase *s2s_choose_subject(s2s_draft *draft, uint64_t classes);
/* Somebody or something that it is done to; `subject` owns what is possessed, more often than not.
 */
const s2s_phrase *s2s_choose_object(s2s_draft *draft, uint64_t classes, const s2s_phrase *subject);
s2s_phrase *s2s_noun_phrase(s2s_draft *draft, const s2s_noun *noun, const s2s_phrase *subject);
const s2s_phrase *s2s_pronoun(s2s_draft *draft, s2s_who who);
/* Of a person. */
const s2s_phrase *s2s_choose_pronoun(s2s_draft *draft);
/* A person other than the subject: a pronoun, a name or a noun; family where the classes are no
 * wider. */
const s2s_phrase *s2s_choose_person(s2s_draft *draft, uint64_t classes, const s2s_phrase *subject);
/* he, she, it, they for a phrase that was said before; NULL where English and German disagree on
 * whom. */
const s2s_phrase *s2s_refer_to(s2s_draft *draft, const s2s_phrase *phrase);
const s2s_location *s2s_choose_place(s2s_draft *draft, uint64_t classes, bool motion);
const s2s_location *s2s_choose_source(s2s_draft *draft);
const s2s_location *s2s_choose_furniture(s2s_draft *draft, bool motion);
const s2s_adjective *s2s_choose_adjective(s2s_draft *draft, const s2s_noun *noun, unsigned flags,
                                          bool attributive);

/* --- choose_clause.c: verbs and what goes with them --- */

const s2s_verb *s2s_choose_verb(s2s_draft *draft, unsigned frames);
/* A clause about the subject (chosen when NULL) with a verb of these frames (a mask of 1 << frame),
 * its objects and places; present tense, no adverbs. */
s2s_clause *s2s_choose_clause(s2s_draft *draft, unsigned frames, const s2s_phrase *subject);
void s2s_fill_clause(s2s_draft *draft, s2s_clause *clause);
/* Tense or modal verb, with the time that goes with it; `adverbs`: manner, companion, frequency as
 * well. */
void s2s_choose_time(s2s_draft *draft, s2s_clause *clause, bool adverbs);
void s2s_choose_negation(s2s_draft *draft, s2s_clause *clause, int percent);

enum {
    ACTIONS = 1 << INTRANSITIVE | 1 << TRANSITIVE | 1 << DATIVE_OBJECT | 1 << DITRANSITIVE |
              1 << PREPOSITIONAL | 1 << LOCATED | 1 << DIRECTED | 1 << PLACED,
};

/* --- sentences.c --- */

/* The meaning of one sentence, or NULL when the choices did not fit together. */
const s2s_clause *s2s_imagine(s2s_draft *draft);

#endif
