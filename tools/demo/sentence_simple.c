/* Sentences of one clause: statements, questions, commands. */
#include <string.h>

#include "demo/sentences.h"

const s2s_clause *s2s_imagine_statement(s2s_draft *draft) {
    s2s_clause *clause = s2s_choose_clause(draft, ACTIONS, NULL);
    s2s_choose_time(draft, clause, true);
    s2s_choose_negation(draft, clause, 18);
    return clause;
}

const s2s_clause *s2s_imagine_yes_no_question(s2s_draft *draft) {
    s2s_clause *clause = s2s_choose_clause(draft, ACTIONS, NULL);
    clause->mood = QUESTION;
    s2s_choose_time(draft, clause, true);
    clause->time_first = false;
    return clause;
}

const s2s_clause *s2s_imagine_where_question(s2s_draft *draft) {
    static const s2s_adverb where_at = {"where", "wo", 0}, where_to = {"where", "wohin", 0};
    s2s_clause *clause = s2s_choose_clause(draft, 1 << LOCATED | 1 << DIRECTED, NULL);
    bool motion = clause->verb->frame == DIRECTED;
    if (motion && strcmp(clause->verb->english.base, "come") == 0) return NULL;
    clause->mood = QUESTION;
    s2s_choose_time(draft, clause, false);
    clause->place = clause->source = NULL;
    clause->question_word = motion ? &where_to : &where_at;
    clause->time_first = false;
    return clause;
}

const s2s_clause *s2s_imagine_when_or_why_question(s2s_draft *draft) {
    static const s2s_adverb when = {"when", "wann", 0}, why_so = {"why", "warum", 0};
    s2s_clause *clause = s2s_choose_clause(draft, ACTIONS, NULL);
    bool stative = (clause->verb->flags & STATIVE) != 0;
    clause->mood = QUESTION;
    s2s_choose_time(draft, clause, false);
    clause->time_first = false;
    clause->question_word = stative || s2s_chance(draft, 50) ? &why_so : &when;
    if (clause->question_word == &when) {
        clause->time = NULL;
        clause->clock = (s2s_clock_time){0};
        if (clause->tense == PERFECT) clause->tense = PAST;
    }
    return clause;
}

/* whom, what, which, how many, to whom, for whom */
const s2s_clause *s2s_imagine_object_question(s2s_draft *draft) {
    unsigned frames = 1 << TRANSITIVE | 1 << DATIVE_OBJECT | 1 << PREPOSITIONAL;
    s2s_clause *clause = s2s_choose_clause(draft, frames, NULL);
    if (clause->object->kind == PRONOUN_PHRASE || clause->verb->frame == COPULA) return NULL;
    s2s_phrase *asked = s2s_new_phrase(draft);
    bool person = clause->object->person;
    if (person || s2s_chance(draft, 45)) {
        asked->kind = QUESTION_PHRASE;
        asked->person = person;
        if (!person && clause->verb->frame != TRANSITIVE) return NULL;
    } else {
        asked->noun = clause->object->noun;
        if (asked->noun->german_plural == NULL) return NULL;
        asked->plural = s2s_chance(draft, 40);
        asked->determiner = asked->plural && s2s_chance(draft, 60) ? HOW_MANY : WHICH;
        if (clause->verb->frame != TRANSITIVE) asked->determiner = WHICH;
    }
    clause->object = asked;
    clause->mood = QUESTION;
    s2s_choose_time(draft, clause, false);
    clause->time_first = false;
    return clause;
}

const s2s_clause *s2s_imagine_who_question(s2s_draft *draft) {
    s2s_phrase *who = s2s_new_phrase(draft);
    who->kind = QUESTION_PHRASE;
    who->person = true;
    s2s_clause *clause = s2s_choose_clause(draft, ACTIONS, who);
    clause->mood = QUESTION;
    s2s_choose_time(draft, clause, false);
    clause->time_first = false;
    return clause;
}

const s2s_clause *s2s_imagine_command(s2s_draft *draft) {
    bool lets = s2s_chance(draft, 20);
    s2s_clause *clause = s2s_choose_clause(draft, ACTIONS, s2s_pronoun(draft, lets ? WE : YOU));
    unsigned refused = NO_IMPERATIVE | LASTING | STATIVE | (lets ? REFLEXIVE : 0);
    if (clause->verb->flags & refused) return NULL;
    clause->mood = lets ? LETS : COMMAND;
    clause->please = !lets && s2s_chance(draft, 45);
    if (lets || s2s_chance(draft, 70)) return clause;
    s2s_choose_negation(draft, clause, 100);
    return clause;
}
