/* Random clauses: a verb, those who take part, a time that goes with the tense. */
#include <string.h>

#include "demo/draft.h"

const s2s_verb *s2s_choose_verb(s2s_draft *draft, unsigned frames) {
    const s2s_verb *choice = NULL;
    size_t matches = 0;
    for (size_t i = 0; i < s2s_verb_count; i++)
        if (frames & 1u << s2s_verbs[i].frame && s2s_pick(draft, ++matches) == 0)
            choice = &s2s_verbs[i];
    return choice;
}

/* --- what completes the verb --- */

static bool is_thing(const s2s_phrase *phrase) {
    bool has_noun = phrase->kind == NOUN_PHRASE || phrase->kind == RELATIVE_PHRASE;
    return has_noun && (phrase->noun->classes & (PERSON | ANIMAL)) == 0;
}

static void fill_place(s2s_draft *draft, s2s_clause *clause) {
    const s2s_verb *verb = clause->verb;
    uint64_t classes = verb->object;
    const s2s_phrase *subject = clause->subject;
    bool small = subject->noun && subject->noun->classes & (FLAT | UPRIGHT | PET);
    if (small && s2s_chance(draft, 60)) {
        clause->place = s2s_choose_furniture(draft, false);
        return;
    }
    if (is_thing(subject)) classes = ROOM;
    if (verb->frame == DIRECTED && strcmp(verb->english.base, "come") == 0 && s2s_chance(draft, 50))
        clause->source = s2s_choose_source(draft);
    else
        clause->place = s2s_choose_place(draft, classes, verb->frame == DIRECTED);
}

/* "gives her books" has two readings; what is given to her needs an article. */
static void fill_recipient(s2s_draft *draft, s2s_clause *clause) {
    const s2s_phrase *object = clause->object;
    bool bare = object->determiner == BARE || (object->determiner == A && object->plural);
    do clause->recipient = s2s_choose_person(draft, PERSON, clause->subject);
    while (bare && clause->recipient->kind == PRONOUN_PHRASE && clause->recipient->who == SHE);
}

/* One does not buy or borrow what is one's own already. */
static const s2s_phrase *choose_acquired(s2s_draft *draft, const s2s_clause *clause) {
    const s2s_noun *noun = s2s_choose_noun(draft, clause->verb->object);
    s2s_phrase *phrase = s2s_noun_phrase(draft, noun, NULL);
    if (phrase->determiner == POSSESSIVE) phrase->determiner = s2s_chance(draft, 50) ? A : THE;
    phrase->possessor = NULL;
    return phrase;
}

void s2s_fill_clause(s2s_draft *draft, s2s_clause *clause) {
    const s2s_verb *verb = clause->verb;
    switch (verb->frame) {
    case TRANSITIVE:
    case DATIVE_OBJECT:
    case PREPOSITIONAL:
        clause->object = verb->flags & ACQUIRES
                             ? choose_acquired(draft, clause)
                             : s2s_choose_object(draft, verb->object, clause->subject);
        break;
    case DITRANSITIVE:
        clause->object = s2s_choose_object(draft, verb->object, clause->subject);
        fill_recipient(draft, clause);
        break;
    case PLACED:
        clause->object = s2s_choose_object(draft, verb->object, clause->subject);
        clause->place = s2s_choose_furniture(draft, true);
        break;
    case LOCATED:
    case DIRECTED:
        fill_place(draft, clause);
        break;
    default:
        break;
    }
}

s2s_clause *s2s_choose_clause(s2s_draft *draft, unsigned frames, const s2s_phrase *subject) {
    s2s_clause *clause = s2s_new_clause(draft);
    do clause->verb = s2s_choose_verb(draft, frames);
    while (subject && (clause->verb->subject & PERSON) == 0);
    clause->subject = subject ? subject : s2s_choose_subject(draft, clause->verb->subject);
    s2s_fill_clause(draft, clause);
    return clause;
}

/* --- tense, modal verb, time --- */

/* One with all of these uses and one of those (when there are any). */
static const s2s_adverb *choose_adverb(s2s_draft *draft, const s2s_adverb *adverbs, size_t count,
                                       unsigned all, unsigned any) {
    const s2s_adverb *choice = NULL;
    size_t matches = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned uses = adverbs[i].uses;
        if ((uses & all) == all && (all || uses & any) && s2s_pick(draft, ++matches) == 0)
            choice = &adverbs[i];
    }
    return choice;
}

static void choose_clock(s2s_draft *draft, s2s_clause *clause) {
    clause->clock.hour = 1 + (int)s2s_pick(draft, 12);
    clause->clock.minute = 15 * (int)s2s_pick(draft, 4);
}

static void choose_time_adverb(s2s_draft *draft, s2s_clause *clause, unsigned use, int percent) {
    if (!s2s_chance(draft, percent)) return;
    clause->time = choose_adverb(draft, s2s_times, s2s_time_count, use, 0);
    bool takes_long = clause->verb->flags & (AIM | LIKEABLE) || clause->verb->frame == LOCATED;
    if (clause->time->uses & SEASON && !takes_long) clause->time = NULL;
    if (clause->time == NULL) return;
    if (clause->time->uses & TAKES_CLOCK && s2s_chance(draft, 12)) choose_clock(draft, clause);
    if (clause->conjunction == NULL && s2s_chance(draft, 30)) clause->time_first = true;
}

static void choose_present(s2s_draft *draft, s2s_clause *clause, bool adverbs) {
    bool repeatable = (clause->verb->flags & STATIVE) == 0;
    if (!adverbs || !repeatable) return;
    if (s2s_chance(draft, 20)) {
        clause->frequency = choose_adverb(draft, s2s_frequencies, s2s_frequency_count, HABIT, 0);
    } else if (s2s_chance(draft, 45)) {
        choose_time_adverb(draft, clause, s2s_chance(draft, 55) ? HABIT : NOW, 100);
    }
}

static void choose_modal(s2s_draft *draft, s2s_clause *clause) {
    clause->modal = &s2s_modals[s2s_pick(draft, s2s_modal_count)];
    bool past = clause->modal->english_past && s2s_chance(draft, 30);
    if (past) clause->tense = PAST;
    choose_time_adverb(draft, clause, past ? PAST_TIME : FUTURE_TIME, 25);
}

static bool agrees_to_modal(const s2s_clause *clause) {
    return !is_thing(clause->subject) && (clause->verb->flags & (NO_MODAL | LASTING)) == 0;
}

static void choose_manner(s2s_draft *draft, s2s_clause *clause) {
    const s2s_adverb *manner =
        choose_adverb(draft, s2s_manners, s2s_manner_count, 0, clause->verb->flags);
    s2s_who who = s2s_phrase_who(clause->subject);
    bool together = manner && strcmp(manner->english, "together") == 0;
    if (!together || who == WE || who == THEY) clause->manner = manner;
}

static void choose_free_place(s2s_draft *draft, s2s_clause *clause) {
    unsigned flags = clause->verb->flags;
    uint64_t classes = (flags & AT_HOME ? ROOM : 0) | (flags & IN_TOWN ? PLACE : 0);
    if (classes && clause->place == NULL) clause->place = s2s_choose_place(draft, classes, false);
}

static void choose_circumstances(s2s_draft *draft, s2s_clause *clause) {
    if (is_thing(clause->subject)) return;
    bool company = (clause->verb->flags & COMPANY) != 0 && clause->object == NULL;
    if (s2s_chance(draft, 14))
        choose_manner(draft, clause);
    else if (company && s2s_chance(draft, 15))
        clause->companion = s2s_choose_person(draft, PERSON, clause->subject);
    if (s2s_chance(draft, 20)) choose_free_place(draft, clause);
}

/* What lasts is now or was then: "I have known him" is a present in German, and one day is no time
 * to love. */
static void choose_lasting(s2s_draft *draft, s2s_clause *clause) {
    if (s2s_chance(draft, 25)) clause->tense = PAST;
}

void s2s_choose_time(s2s_draft *draft, s2s_clause *clause, bool adverbs) {
    if (clause->verb->flags & LASTING) {
        choose_lasting(draft, clause);
        return;
    }
    unsigned accident = STATIVE | NO_MODAL; /* is told when it has happened */
    bool happened = (clause->verb->flags & accident) == accident;
    int dice = happened ? 20 + (int)s2s_pick(draft, 40) : (int)s2s_pick(draft, 100);
    if (adverbs) choose_circumstances(draft, clause);
    if (dice < 20 && agrees_to_modal(clause)) {
        choose_modal(draft, clause);
    } else if (dice < 45) {
        clause->tense = PAST;
        choose_time_adverb(draft, clause, PAST_TIME, 50);
    } else if (dice < 60) {
        clause->tense = PERFECT;
        if (adverbs && s2s_chance(draft, 40))
            clause->done = &s2s_done[s2s_pick(draft, s2s_done_count)];
    } else if (dice < 71) {
        clause->tense = FUTURE;
        choose_time_adverb(draft, clause, FUTURE_TIME, 60);
    } else {
        choose_present(draft, clause, adverbs);
        bool plain =
            clause->time == NULL && clause->frequency == NULL && !is_thing(clause->subject);
        clause->gladly =
            adverbs && plain && clause->verb->flags & LIKEABLE && s2s_chance(draft, 18);
    }
}

/* A negated sentence says little else: an adverb of manner or a place would take the negation to
 * itself. */
void s2s_choose_negation(s2s_draft *draft, s2s_clause *clause, int percent) {
    bool modal_refuses = clause->modal && !clause->modal->negatable;
    bool occupied = clause->done || clause->manner || clause->companion || clause->frequency ||
                    (clause->time && clause->time->uses & HABIT);
    bool free_place = clause->place && clause->verb->frame != LOCATED &&
                      clause->verb->frame != DIRECTED && clause->verb->frame != PLACED;
    bool counted = clause->object && clause->object->kind == NOUN_PHRASE &&
                   (clause->object->determiner == NUMBER ||
                    (clause->object->determiner == A && clause->verb->frame == PREPOSITIONAL));
    if (modal_refuses || occupied || free_place || counted) return;
    clause->negated = s2s_chance(draft, percent);
}
