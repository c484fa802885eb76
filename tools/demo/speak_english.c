/* A meaning in English: subject, auxiliary, verb, objects, then manner, place and time. */
#include <stdio.h>
#include <string.h>

#include "demo/english.h"
#include "demo/meaning.h"

/* The verb of a clause in three parts: "is [not] [always] reading", "does [not] want to read".
 * Without an auxiliary the finite verb is in `rest`. */
typedef struct verb_parts {
    s2s_text auxiliary, rest;
} verb_parts;

static void say_clause(s2s_text *out, const s2s_clause *clause, bool inverted);
static void say_tail(s2s_text *out, const s2s_clause *clause);

/* --- phrases --- */

static void say_phrase(s2s_text *out, const s2s_phrase *phrase, bool subject);

static void say_adjective_and_noun(s2s_text *out, const s2s_phrase *phrase) {
    if (phrase->adjective) s2s_english_adjective(out, phrase->adjective, phrase->degree);
    s2s_english_noun(out, phrase->noun, phrase->plural);
}

static void say_determiner(s2s_text *out, const s2s_phrase *phrase) {
    s2s_text next = {0};
    switch (phrase->determiner) {
    case THE:
    case PRACTISED:
        s2s_text_word(out, "the");
        break;
    case A:
        if (phrase->plural) break;
        say_adjective_and_noun(&next, phrase);
        s2s_text_word(out, s2s_english_article(next.data));
        break;
    case NO:
        s2s_text_word(out, "no");
        break;
    case THIS:
        s2s_text_word(out, phrase->plural ? "these" : "this");
        break;
    case EVERY:
        s2s_text_word(out, "every");
        break;
    case WHICH:
        s2s_text_word(out, "which");
        break;
    case HOW_MANY:
        s2s_text_word(out, "how many");
        break;
    case POSSESSIVE:
        s2s_text_word(out, s2s_english_possessive(phrase->owner));
        break;
    case NUMBER:
        s2s_english_number(out, phrase->count);
        break;
    case BARE:
        break;
    }
}

static void say_noun_phrase(s2s_text *out, const s2s_phrase *phrase) {
    if (phrase->possessor) {
        say_phrase(out, phrase->possessor, true);
        bool plural = s2s_phrase_who(phrase->possessor) == THEY && s2s_ends_with(out->data, "s");
        s2s_text_join(out, plural ? "'" : "'s");
    } else {
        say_determiner(out, phrase);
    }
    say_adjective_and_noun(out, phrase);
}

static void say_phrase(s2s_text *out, const s2s_phrase *phrase, bool subject) {
    switch (phrase->kind) {
    case NOUN_PHRASE:
        say_noun_phrase(out, phrase);
        break;
    case NAME_PHRASE:
        s2s_text_word(out, phrase->name->english);
        break;
    case PRONOUN_PHRASE:
        s2s_text_word(out, s2s_english_pronoun(phrase->who, subject));
        break;
    case QUESTION_PHRASE:
        s2s_text_word(out, !phrase->person ? "what" : subject ? "who" : "whom");
        break;
    case RELATIVE_PHRASE:
        s2s_text_word(out, !phrase->person ? "that" : subject ? "who" : "whom");
        break;
    }
}

static void say_relative(s2s_text *out, const s2s_phrase *phrase) {
    if (phrase && phrase->relative) say_clause(out, phrase->relative, false);
}

static void say_phrase_with_relative(s2s_text *out, const s2s_phrase *phrase, bool subject) {
    say_phrase(out, phrase, subject);
    say_relative(out, phrase);
}

static void say_location(s2s_text *out, const s2s_location *location) {
    if (location == NULL) return;
    if (location->named) {
        s2s_text_word(out,
                      location->motion ? location->named->english_to : location->named->english_at);
        return;
    }
    s2s_text_word(out, s2s_prepositions[location->preposition].english);
    say_phrase(out, location->phrase, false);
}

/* --- adverbials --- */

/* at three o'clock, at a quarter past three, at half past three, at a quarter to four */
static void say_clock(s2s_text *out, s2s_clock_time clock) {
    if (clock.hour == 0) return;
    static const char *const before[] = {"", "a quarter past", "half past", "a quarter to"};
    s2s_text_word(out, "at");
    s2s_text_word(out, before[clock.minute / 15]);
    s2s_english_number(out, clock.minute == 45 ? clock.hour % 12 + 1 : clock.hour);
    if (clock.minute == 0) s2s_text_word(out, "o'clock");
}

static void say_time(s2s_text *out, const s2s_clause *clause) {
    if (clause->time) s2s_text_word(out, clause->time->english);
    say_clock(out, clause->clock);
}

/* --- the verb --- */

/* Picks him up: the particle waits for a pronoun. */
static bool splits(const s2s_clause *clause) {
    const s2s_phrase *object = clause->object;
    return object && object->kind == PRONOUN_PHRASE && s2s_english_particle(&clause->verb->english);
}

/* The verb of the clause in that form, without a particle that waits. */
static void say_verb(s2s_text *out, const s2s_clause *clause, s2s_english_form form) {
    const char *base = clause->verb->english.base;
    s2s_english_forms verb = clause->verb->english;
    char bare[32];
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(base, "|"), base);
    if (splits(clause)) verb.base = bare;
    s2s_english_verb(out, &verb, form);
}

static bool is_be(const s2s_clause *clause) {
    return strcmp(clause->verb->english.base, "be") == 0;
}

static bool is_progressive(const s2s_clause *clause) {
    bool stative = (clause->verb->flags & STATIVE) != 0;
    bool habit = clause->simple || clause->gladly || clause->frequency ||
                 (clause->time && clause->time->uses & HABIT);
    return clause->progressive || (clause->tense == PRESENT && !stative && !habit);
}

static bool is_third(s2s_who who) {
    return who == HE || who == SHE || who == IT;
}

static void say_do(s2s_text *out, bool past, s2s_who subject) {
    static const s2s_english_forms do_verb = {"do", "did", "done"};
    bool third = subject == HE || subject == SHE || subject == IT;
    if (!past && third)
        s2s_text_word(out, "does");
    else
        s2s_english_finite(out, &do_verb, past, subject);
}

static void modal_parts(verb_parts *parts, const s2s_clause *clause, bool needs_do) {
    const s2s_modal *modal = clause->modal;
    s2s_who subject = s2s_phrase_who(clause->subject);
    bool past = clause->tense == PAST;
    static const s2s_english_forms be = {"be", NULL, NULL};
    if (strncmp(modal->english, "be ", 3) == 0) {
        s2s_english_finite(&parts->auxiliary, &be, past, subject);
        s2s_text_word(&parts->rest, modal->english + 3);
    } else if (strncmp(modal->english, "would ", 6) == 0) {
        s2s_text_word(&parts->auxiliary, "would");
        s2s_text_word(&parts->rest, modal->english + 6);
    } else if (past && needs_do && strcmp(modal->english_past, "had to") == 0) {
        say_do(&parts->auxiliary, past, subject);
        s2s_text_word(&parts->rest, "have to");
    } else if (modal->english_auxiliary) {
        s2s_text_word(&parts->auxiliary, past ? modal->english_past : modal->english);
    } else if (needs_do) {
        say_do(&parts->auxiliary, past, subject);
        s2s_text_word(&parts->rest, modal->english);
    } else {
        s2s_text_word(&parts->rest, past                ? modal->english_past
                                    : is_third(subject) ? "wants to"
                                                        : modal->english);
    }
    say_verb(&parts->rest, clause, BASE_FORM);
}

/* "likes to read" is a verb of its own: its complement stays the same through the tenses. */
static void gladly_parts(verb_parts *parts, const s2s_clause *clause, bool needs_do) {
    static const s2s_english_forms like = {"like", NULL, NULL};
    s2s_who subject = s2s_phrase_who(clause->subject);
    bool past = clause->tense == PAST;
    if (needs_do) {
        say_do(&parts->auxiliary, past, subject);
        s2s_text_word(&parts->rest, "like");
    } else {
        s2s_english_finite(&parts->rest, &like, past, subject);
    }
    s2s_text_word(&parts->rest, "to");
    say_verb(&parts->rest, clause, BASE_FORM);
}

static void simple_parts(verb_parts *parts, const s2s_clause *clause, bool needs_do) {
    const s2s_english_forms *verb = &clause->verb->english;
    s2s_who subject = s2s_phrase_who(clause->subject);
    bool past = clause->tense == PAST;
    if (is_be(clause)) {
        s2s_english_finite(&parts->auxiliary, verb, past, subject);
    } else if (needs_do) {
        say_do(&parts->auxiliary, past, subject);
        say_verb(&parts->rest, clause, BASE_FORM);
    } else {
        if (strcmp(verb->base, "have") == 0)
            s2s_english_finite(&parts->rest, verb, past, subject);
        else
            say_verb(&parts->rest, clause,
                     past                ? PAST_TENSE_FORM
                     : is_third(subject) ? THIRD_FORM
                                         : BASE_FORM);
    }
}

static verb_parts make_verb(const s2s_clause *clause, bool needs_do) {
    static const s2s_english_forms be = {"be", NULL, NULL}, have = {"have", "had", "had"};
    s2s_who subject = s2s_phrase_who(clause->subject);
    verb_parts parts = {0};
    if (clause->modal) {
        modal_parts(&parts, clause, needs_do);
    } else if (clause->gladly) {
        gladly_parts(&parts, clause, needs_do);
    } else if (clause->tense == FUTURE) {
        s2s_text_word(&parts.auxiliary, "will");
        say_verb(&parts.rest, clause, BASE_FORM);
    } else if (clause->tense == PERFECT) {
        s2s_english_finite(&parts.auxiliary, &have, false, subject);
        say_verb(&parts.rest, clause, PARTICIPLE_FORM);
    } else if (is_progressive(clause)) {
        s2s_english_finite(&parts.auxiliary, &be, clause->tense == PAST, subject);
        say_verb(&parts.rest, clause, ING_FORM);
    } else {
        simple_parts(&parts, clause, needs_do);
    }
    return parts;
}

static void say_not(s2s_text *out) {
    if (s2s_ends_with(out->data, " can") || strcmp(out->data, "can") == 0)
        s2s_text_join(out, "not");
    else
        s2s_text_word(out, "not");
}

/* --- clauses --- */

static bool is_fronted(const s2s_phrase *phrase) {
    return phrase && (phrase->kind == QUESTION_PHRASE || phrase->kind == RELATIVE_PHRASE ||
                      phrase->determiner == WHICH || phrase->determiner == HOW_MANY);
}

/* "I do not have any apples": the bare plural and the mass noun take any where German has kein. */
static void say_object_phrase(s2s_text *out, const s2s_clause *clause) {
    const s2s_phrase *object = clause->object;
    bool any = clause->negated && object->kind == NOUN_PHRASE && !object->possessor &&
               clause->verb->frame != PREPOSITIONAL &&
               (object->determiner == BARE || (object->determiner == A && object->plural));
    if (any) s2s_text_word(out, "any");
    say_phrase_with_relative(out, object, false);
}

static void say_objects(s2s_text *out, const s2s_clause *clause) {
    bool with_to = (clause->verb->flags & WITH_TO) != 0;
    const s2s_phrase *recipient = is_fronted(clause->recipient) ? NULL : clause->recipient;
    if (recipient && !with_to) say_phrase_with_relative(out, recipient, false);
    if (clause->object && !is_fronted(clause->object)) {
        if (clause->verb->frame == PREPOSITIONAL)
            s2s_text_word(out, s2s_prepositions[clause->verb->preposition].english);
        say_object_phrase(out, clause);
        if (splits(clause)) s2s_text_word(out, s2s_english_particle(&clause->verb->english));
    }
    if (recipient && with_to) {
        s2s_text_word(out, "to");
        say_phrase_with_relative(out, recipient, false);
    }
}

static void say_complement(s2s_text *out, const s2s_clause *clause) {
    if (clause->intensifier) s2s_text_word(out, clause->intensifier->english);
    if (clause->predicate) s2s_english_adjective(out, clause->predicate, clause->degree);
    if (clause->identity) say_phrase_with_relative(out, clause->identity, false);
    if (clause->standard) {
        s2s_text_word(out, "than");
        say_phrase(out, clause->standard, true);
    }
}

static void say_second(s2s_text *out, const s2s_clause *clause) {
    if (clause->second == NULL) return;
    const s2s_conjunction *conjunction = clause->conjunction;
    if (conjunction->english_comma) s2s_text_comma(out);
    s2s_text_word(out, conjunction->english);
    if (conjunction->kind == TO_INFINITIVE || conjunction->kind == PURPOSE) {
        say_verb(out, clause->second, BASE_FORM);
        say_tail(out, clause->second);
    } else {
        say_clause(out, clause->second, false);
    }
}

/* All that follows the verb. */
static void say_tail(s2s_text *out, const s2s_clause *clause) {
    say_objects(out, clause);
    say_complement(out, clause);
    if (clause->manner) s2s_text_word(out, clause->manner->english);
    say_location(out, clause->place);
    say_location(out, clause->source);
    if (clause->companion) {
        s2s_text_word(out, "with");
        say_phrase(out, clause->companion, false);
    }
    if (!clause->time_first) say_time(out, clause);
    if (!clause->second_first) say_second(out, clause);
}

/* Question and relative phrases; a preposition comes with them: "with whom". */
static void say_opening(s2s_text *out, const s2s_clause *clause) {
    if (clause->question_word) s2s_text_word(out, clause->question_word->english);
    if (is_fronted(clause->object)) {
        if (clause->verb->frame == PREPOSITIONAL)
            s2s_text_word(out, s2s_prepositions[clause->verb->preposition].english);
        say_phrase(out, clause->object, false);
    } else if (is_fronted(clause->recipient)) {
        s2s_text_word(out, "to");
        say_phrase(out, clause->recipient, false);
    }
}

static void say_middle_adverbs(s2s_text *out, const s2s_clause *clause) {
    if (clause->frequency) s2s_text_word(out, clause->frequency->english);
    if (clause->done) s2s_text_word(out, clause->done->english);
}

static void say_clause(s2s_text *out, const s2s_clause *clause, bool inverted) {
    verb_parts verb = make_verb(clause, inverted || clause->negated);
    if (clause->time_first && (clause->time || clause->clock.hour)) {
        say_time(out, clause);
        s2s_text_comma(out);
    }
    say_opening(out, clause);
    if (inverted) s2s_text_word(out, verb.auxiliary.data);
    say_phrase_with_relative(out, clause->subject, true);
    if (!inverted) s2s_text_word(out, verb.auxiliary.data);
    if (clause->negated) say_not(out);
    say_middle_adverbs(out, clause);
    s2s_text_word(out, verb.rest.data);
    say_tail(out, clause);
}

static void say_command(s2s_text *out, const s2s_clause *clause) {
    if (clause->please) s2s_text_word(out, "please");
    if (clause->mood == LETS) s2s_text_word(out, "let us");
    if (clause->negated) s2s_text_word(out, clause->mood == LETS ? "not" : "do not");
    say_verb(out, clause, BASE_FORM);
    say_tail(out, clause);
}

void s2s_say_english(s2s_text *out, const s2s_clause *clause) {
    bool exclaims = clause->mood == COMMAND || clause->mood == LETS;
    bool who_asks = clause->subject && clause->subject->kind == QUESTION_PHRASE;
    if (clause->second_first) {
        say_second(out, clause);
        s2s_text_comma(out);
    }
    if (exclaims)
        say_command(out, clause);
    else
        say_clause(out, clause, clause->mood == QUESTION && !who_asks);
    s2s_text_finish(out, exclaims ? "!" : clause->mood == QUESTION ? "?" : ".");
}
