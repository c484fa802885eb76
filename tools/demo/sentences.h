/* The kinds of sentences. Each function makes the meaning of one kind, or returns NULL when its
 * random choices do not fit together; sentences.c says how often each kind comes. */
#ifndef S2S_DEMO_SENTENCES_H
#define S2S_DEMO_SENTENCES_H

#include "demo/draft.h"

/* Verbs of doing something without going anywhere. */
enum { DOINGS = 1 << INTRANSITIVE | 1 << TRANSITIVE | 1 << DATIVE_OBJECT | 1 << PREPOSITIONAL };

/* sentence_simple.c */
const s2s_clause *s2s_imagine_statement(s2s_draft *draft);
const s2s_clause *s2s_imagine_yes_no_question(s2s_draft *draft);
const s2s_clause *s2s_imagine_where_question(s2s_draft *draft);
const s2s_clause *s2s_imagine_when_or_why_question(s2s_draft *draft);
const s2s_clause *s2s_imagine_object_question(s2s_draft *draft);
const s2s_clause *s2s_imagine_who_question(s2s_draft *draft);
const s2s_clause *s2s_imagine_command(s2s_draft *draft);

/* sentence_be_have.c */
const s2s_clause *s2s_imagine_description(s2s_draft *draft);
const s2s_clause *s2s_imagine_feeling(s2s_draft *draft);
const s2s_clause *s2s_imagine_comparison(s2s_draft *draft);
const s2s_clause *s2s_imagine_profession(s2s_draft *draft);
const s2s_clause *s2s_imagine_possession(s2s_draft *draft);
const s2s_clause *s2s_imagine_lack(s2s_draft *draft);
const s2s_clause *s2s_imagine_price(s2s_draft *draft);

/* sentence_cause.c */
const s2s_clause *s2s_imagine_reason(s2s_draft *draft);
const s2s_clause *s2s_imagine_motive(s2s_draft *draft);
const s2s_clause *s2s_imagine_concession(s2s_draft *draft);
const s2s_clause *s2s_imagine_liking(s2s_draft *draft);
const s2s_clause *s2s_imagine_condition(s2s_draft *draft);
const s2s_clause *s2s_imagine_habit(s2s_draft *draft);

/* sentence_linked.c */
const s2s_clause *s2s_imagine_contrast(s2s_draft *draft);
const s2s_clause *s2s_imagine_two_doings(s2s_draft *draft);
const s2s_clause *s2s_imagine_once(s2s_draft *draft);
const s2s_clause *s2s_imagine_sequence(s2s_draft *draft);
const s2s_clause *s2s_imagine_report(s2s_draft *draft);
const s2s_clause *s2s_imagine_indirect_question(s2s_draft *draft);
const s2s_clause *s2s_imagine_attempt(s2s_draft *draft);
const s2s_clause *s2s_imagine_purpose(s2s_draft *draft);

/* sentence_relative.c */
const s2s_clause *s2s_imagine_relative_subject(s2s_draft *draft);
const s2s_clause *s2s_imagine_relative_object(s2s_draft *draft);

/* --- what several kinds need --- */

void s2s_join_clauses(s2s_clause *first, const s2s_conjunction *conjunction,
                      const s2s_clause *second);
const s2s_phrase *s2s_choose_somebody(s2s_draft *draft);
/* A person whom both languages call he, she, they, and that pronoun; NULL where they differ. */
const s2s_phrase *s2s_choose_referable(s2s_draft *draft, const s2s_phrase **pronoun);
bool s2s_is_past(const s2s_clause *clause);
/* The subject is ..., or was. */
s2s_clause *s2s_new_copula(s2s_draft *draft, const s2s_phrase *subject);
/* very, too, quite, where the adjective takes it */
void s2s_intensify(s2s_draft *draft, s2s_clause *clause);
/* Definite and without adjective. */
s2s_phrase *s2s_choose_compared(s2s_draft *draft, uint64_t classes);
s2s_phrase *s2s_choose_profession(s2s_draft *draft, const s2s_phrase *subject);
bool s2s_has_sex(const s2s_phrase *phrase);
/* "no time", "help" */
s2s_phrase *s2s_need_phrase(s2s_draft *draft, const s2s_noun *noun);
/* It rains. */
s2s_clause *s2s_new_weather(s2s_draft *draft, bool past);

#endif
