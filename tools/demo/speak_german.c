/* A meaning in German.
 *
 * A German clause is a frame of fields: prefield, left bracket, middle field, right bracket, final
 * field. Main clauses have the finite verb in the left bracket (second, or first in questions and
 * commands) and the rest of the verb in the right one; subordinate clauses have the conjunction in
 * the left and all of the verb in the right bracket. */
#include <stdio.h>
#include <string.h>

#include "demo/meaning.h"

typedef enum word_order { VERB_SECOND, VERB_FIRST, VERB_FINAL, INFINITIVE_ORDER } word_order;

static void say_clause(s2s_text *out, const s2s_clause *clause, word_order order);

/* --- phrases --- */

static void say_possessor_name(s2s_text *out, const s2s_name *name) {
    s2s_text_word(out, name->german);
    const char *word = name->german;
    bool hisses = s2s_ends_with(word, "s") || s2s_ends_with(word, "x") || s2s_ends_with(word, "z");
    s2s_text_join(out, hisses ? "’" : "s");
}

static void say_noun(s2s_text *out, const s2s_phrase *phrase, s2s_case gcase) {
    if (!phrase->feminine) {
        s2s_german_noun(out, phrase->noun, phrase->plural, gcase);
        return;
    }
    s2s_text_word(out, phrase->noun->feminine);
    if (phrase->plural) s2s_text_join(out, "nen");
}

static void say_phrase(s2s_text *out, const s2s_phrase *phrase, s2s_case gcase);

/* Article, adjective, noun, whose it is. A name goes before the noun, in place of the article. */
static void say_noun_phrase(s2s_text *out, const s2s_phrase *phrase, s2s_case gcase,
                            bool without_article) {
    s2s_form form = s2s_phrase_form(phrase);
    s2s_determiner determiner = phrase->possessor ? THE : phrase->determiner;
    if (phrase->possessor && phrase->possessor->kind == NAME_PHRASE) {
        say_possessor_name(out, phrase->possessor->name);
        determiner = BARE;
    } else if (!without_article) {
        s2s_german_determiner(out, determiner, phrase->owner, form, gcase);
    }
    if (phrase->determiner == NUMBER) s2s_german_number(out, phrase->count);
    if (phrase->adjective)
        s2s_german_adjective(out, phrase->adjective, phrase->degree, determiner, form, gcase);
    say_noun(out, phrase, gcase);
    if (phrase->possessor && phrase->possessor->kind == NOUN_PHRASE)
        say_phrase(out, phrase->possessor, GENITIVE);
}

static void say_phrase(s2s_text *out, const s2s_phrase *phrase, s2s_case gcase) {
    static const char *const wer[] = {"wer", "wen", "wem", "wessen"};
    const s2s_name *name = phrase->name;
    switch (phrase->kind) {
    case NOUN_PHRASE:
        say_noun_phrase(out, phrase, gcase, false);
        break;
    case NAME_PHRASE:
        s2s_text_word(out, gcase != NOMINATIVE && name->german_oblique ? name->german_oblique
                                                                       : name->german);
        break;
    case PRONOUN_PHRASE:
        s2s_text_word(out, s2s_german_pronoun(phrase->german_who, gcase));
        break;
    case QUESTION_PHRASE:
        s2s_text_word(out, phrase->person ? wer[gcase] : "was");
        break;
    case RELATIVE_PHRASE:
        s2s_text_word(out, s2s_german_relative(s2s_phrase_form(phrase), gcase));
        break;
    }
}

static void say_relative(s2s_text *out, const s2s_phrase *phrase) {
    if (phrase == NULL || phrase->relative == NULL) return;
    s2s_text_comma(out);
    say_clause(out, phrase->relative, VERB_FINAL);
    s2s_text_comma(out);
}

/* "im Garten", "mit dem Hund": the article may melt into the preposition. */
static void say_prepositional(s2s_text *out, s2s_preposition_id id, const s2s_phrase *phrase,
                              s2s_case gcase) {
    const char *preposition = s2s_prepositions[id].german, *contraction = NULL;
    if (phrase->kind == NOUN_PHRASE && phrase->determiner == THE && phrase->possessor == NULL)
        contraction = s2s_german_contraction(preposition, s2s_phrase_form(phrase), gcase);
    s2s_text_word(out, contraction ? contraction : preposition);
    if (contraction)
        say_noun_phrase(out, phrase, gcase, true);
    else
        say_phrase(out, phrase, gcase);
}

static void say_location(s2s_text *out, const s2s_location *location) {
    if (location == NULL) return;
    if (location->named) {
        const s2s_named_place *named = location->named;
        s2s_text_word(out, location->motion ? named->german_to : named->german_at);
        return;
    }
    const s2s_preposition *preposition = &s2s_prepositions[location->preposition];
    bool accusative = location->motion && preposition->two_way;
    say_prepositional(out, location->preposition, location->phrase,
                      accusative ? ACCUSATIVE : preposition->governs);
}

/* --- adverbials --- */

/* um drei Uhr, um halb vier, um Viertel nach drei, um Viertel vor vier */
static void say_clock(s2s_text *out, s2s_clock_time clock) {
    if (clock.hour == 0) return;
    int next = clock.hour % 12 + 1;
    int named = clock.minute <= 15 ? clock.hour : next;
    static const char *const before[] = {"", "Viertel nach", "halb", "Viertel vor"};
    s2s_text_word(out, "um");
    s2s_text_word(out, before[clock.minute / 15]);
    s2s_german_number(out, named);
    if (clock.minute == 0)
        s2s_text_word(out, "Uhr");
    else if (named == 1)
        s2s_text_join(out, "s"); /* halb eins */
}

static void say_time(s2s_text *out, const s2s_clause *clause) {
    if (clause->time) s2s_text_word(out, clause->time->german);
    say_clock(out, clause->clock);
}

static bool has_time(const s2s_clause *clause) {
    return clause->time != NULL || clause->clock.hour != 0;
}

/* --- the verb --- */

/* German asks about the past in the perfect, and so it speaks to du; sein, haben and the modal
 * verbs keep their past. */
static s2s_tense german_tense(const s2s_clause *clause) {
    bool keeps = clause->modal != NULL || clause->verb->frame == COPULA ||
                 strcmp(clause->verb->german.infinitive, "haben") == 0 ||
                 strcmp(clause->verb->german.infinitive, "sein") == 0;
    bool spoken = clause->mood == QUESTION || s2s_phrase_who(clause->subject) == YOU;
    return clause->tense == PAST && spoken && !keeps ? PERFECT : clause->tense;
}

static bool is_simple(const s2s_clause *clause) {
    s2s_tense tense = german_tense(clause);
    return clause->modal == NULL && (tense == PRESENT || tense == PAST);
}

static s2s_who german_subject(const s2s_clause *clause) {
    if (clause->subject->kind == PRONOUN_PHRASE) return clause->subject->german_who;
    return s2s_phrase_who(clause->subject);
}

static void say_finite(s2s_text *out, const s2s_clause *clause, bool with_prefix) {
    const s2s_german_forms *verb = &clause->verb->german;
    s2s_tense tense = german_tense(clause);
    s2s_verb_form form = tense == PAST ? PAST_FORM : PRESENT_FORM;
    s2s_german_forms modal = {.infinitive = clause->modal ? clause->modal->german : NULL};
    if (clause->modal)
        verb = &modal;
    else if (tense == FUTURE)
        verb = &s2s_werden;
    else if (tense == PERFECT)
        verb = verb->auxiliary == SEIN ? &s2s_sein : &s2s_haben;
    s2s_german_finite(out, verb, form, german_subject(clause), with_prefix);
}

/* What stands in the right bracket before, or without, the finite verb. */
static void say_rest_of_verb(s2s_text *out, const s2s_clause *clause, word_order order) {
    const s2s_german_forms *verb = &clause->verb->german;
    if (order == INFINITIVE_ORDER)
        s2s_german_infinitive(out, verb, true);
    else if (clause->mood == LETS || clause->modal)
        s2s_german_infinitive(out, verb, false);
    else if (german_tense(clause) == FUTURE)
        s2s_german_infinitive(out, verb, false);
    else if (german_tense(clause) == PERFECT)
        s2s_german_participle(out, verb);
    else if (order != VERB_FINAL)
        s2s_german_prefix(out, verb);
}

/* --- the middle field --- */

static bool has_kein(const s2s_clause *clause) {
    const s2s_phrase *indefinite = clause->identity ? clause->identity : clause->object;
    return clause->negated && indefinite && indefinite->kind == NOUN_PHRASE &&
           clause->verb->frame != PREPOSITIONAL && !s2s_phrase_is_definite(indefinite) &&
           (indefinite->determiner == A || indefinite->determiner == BARE);
}

/* nicht, nie, schon, gern: the adverb that the end of the sentence hangs on. */
static bool has_late_adverb(const s2s_clause *clause) {
    return clause->gladly || clause->done || (clause->negated && !has_kein(clause));
}

static void say_late_adverb(s2s_text *out, const s2s_clause *clause) {
    if (clause->done) s2s_text_word(out, clause->done->german);
    if (clause->negated && !has_kein(clause)) s2s_text_word(out, "nicht");
    if (clause->gladly) s2s_text_word(out, "gern");
}

static bool is_pronoun(const s2s_phrase *phrase) {
    return phrase != NULL && phrase->kind == PRONOUN_PHRASE;
}

/* Question and relative phrases stand before the clause, where say_clause has put them. */
static bool is_fronted(const s2s_phrase *phrase) {
    return phrase != NULL && (phrase->kind == QUESTION_PHRASE || phrase->kind == RELATIVE_PHRASE ||
                              phrase->determiner == WHICH || phrase->determiner == HOW_MANY);
}

static bool has_bare_object(const s2s_clause *clause) {
    s2s_frame frame = clause->verb->frame;
    return clause->object && !is_fronted(clause->object) && frame != PREPOSITIONAL;
}

static s2s_case object_case(const s2s_clause *clause) {
    if (clause->verb->frame == PREPOSITIONAL)
        return s2s_prepositions[clause->verb->preposition].governs;
    return clause->verb->frame == DATIVE_OBJECT ? DATIVE : ACCUSATIVE;
}

static void say_object(s2s_text *out, const s2s_clause *clause) {
    s2s_phrase object = *clause->object;
    if (has_kein(clause) && !clause->identity) object.determiner = NO;
    say_phrase(out, &object, object_case(clause));
}

/* Unstressed pronouns come first: the accusative before the dative. */
static void say_pronouns(s2s_text *out, const s2s_clause *clause) {
    if (clause->verb->flags & REFLEXIVE)
        s2s_text_word(out, s2s_german_reflexive(german_subject(clause)));
    if (has_bare_object(clause) && is_pronoun(clause->object)) say_object(out, clause);
    if (is_pronoun(clause->recipient)) say_phrase(out, clause->recipient, DATIVE);
}

static void say_recipient(s2s_text *out, const s2s_clause *clause) {
    if (clause->recipient && !is_pronoun(clause->recipient) && !is_fronted(clause->recipient))
        say_phrase(out, clause->recipient, DATIVE);
}

/* Definite objects go before a late adverb, and then before the time; others stay close to the
 * verb. */
static void say_time_and_objects(s2s_text *out, const s2s_clause *clause, bool time_is_said) {
    bool late = has_late_adverb(clause);
    bool noun_object = has_bare_object(clause) && !is_pronoun(clause->object);
    bool early = noun_object && late && s2s_phrase_is_definite(clause->object);
    if (late) say_recipient(out, clause);
    if (early) say_object(out, clause);
    if (!time_is_said) say_time(out, clause);
    if (clause->frequency) s2s_text_word(out, clause->frequency->german);
    if (!late) say_recipient(out, clause);
    if (noun_object && !early && s2s_phrase_is_definite(clause->object)) say_object(out, clause);
    say_late_adverb(out, clause);
    if (clause->manner) s2s_text_word(out, clause->manner->german);
    if (noun_object && !s2s_phrase_is_definite(clause->object)) say_object(out, clause);
}

static void say_complement(s2s_text *out, const s2s_clause *clause) {
    if (clause->identity) {
        s2s_phrase identity = *clause->identity;
        /* Sie ist Ärztin; sie ist eine gute Ärztin. */
        bool profession = identity.noun && (identity.noun->classes & PROFESSION) != 0;
        if (has_kein(clause))
            identity.determiner = NO;
        else if (profession && identity.determiner == A && !identity.adjective)
            identity.determiner = BARE;
        say_phrase(out, &identity, NOMINATIVE);
    }
    if (clause->intensifier) s2s_text_word(out, clause->intensifier->german);
    if (clause->predicate) s2s_german_predicate(out, clause->predicate, clause->degree);
}

static void say_middle(s2s_text *out, const s2s_clause *clause, bool time_is_said) {
    const s2s_phrase *object = clause->object;
    say_pronouns(out, clause);
    say_time_and_objects(out, clause, time_is_said);
    if (clause->companion) say_prepositional(out, WITH, clause->companion, DATIVE);
    if (object && clause->verb->frame == PREPOSITIONAL && !is_fronted(object))
        say_prepositional(out, clause->verb->preposition, object, object_case(clause));
    say_location(out, clause->source);
    say_location(out, clause->place);
    say_complement(out, clause);
}

/* --- clauses --- */

/* What opens a question or a relative clause; returns false when nothing does. */
static bool say_opening(s2s_text *out, const s2s_clause *clause) {
    if (clause->question_word) {
        s2s_text_word(out, clause->question_word->german);
    } else if (is_fronted(clause->object)) {
        if (clause->verb->frame == PREPOSITIONAL)
            say_prepositional(out, clause->verb->preposition, clause->object, object_case(clause));
        else
            say_object(out, clause);
    } else if (is_fronted(clause->recipient)) {
        say_phrase(out, clause->recipient, DATIVE);
    } else {
        return false;
    }
    return true;
}

static void say_subject(s2s_text *out, const s2s_clause *clause) {
    say_phrase(out, clause->subject, NOMINATIVE);
    say_relative(out, clause->subject);
}

static void say_second(s2s_text *out, const s2s_clause *clause) {
    const s2s_conjunction *conjunction = clause->conjunction;
    if (clause->second == NULL) return;
    bool und = strcmp(conjunction->german, "und") == 0;
    if (!und) s2s_text_comma(out);
    s2s_text_word(out, conjunction->german);
    if (conjunction->kind == COORDINATE)
        say_clause(out, clause->second, VERB_SECOND);
    else if (conjunction->kind == SUBORDINATE)
        say_clause(out, clause->second, VERB_FINAL);
    else
        say_clause(out, clause->second, INFINITIVE_ORDER);
}

/* "als meine Katze", "die ich kenne", "dass es regnet" */
static void say_final_field(s2s_text *out, const s2s_clause *clause) {
    if (clause->standard) {
        s2s_text_word(out, "als");
        say_phrase(out, clause->standard, NOMINATIVE);
    }
    say_relative(out, clause->object);
    say_relative(out, clause->identity);
    say_relative(out, clause->recipient);
    if (!clause->second_first) say_second(out, clause);
}

static void say_verb_final(s2s_text *out, const s2s_clause *clause) {
    (void)say_opening(out, clause);
    say_subject(out, clause);
    say_middle(out, clause, false);
    say_rest_of_verb(out, clause, VERB_FINAL);
    say_finite(out, clause, is_simple(clause));
    say_final_field(out, clause);
}

static void say_command(s2s_text *out, const s2s_clause *clause) {
    if (clause->please) s2s_text_word(out, "bitte");
    if (clause->mood == LETS)
        s2s_text_word(out, "lass uns");
    else
        s2s_german_imperative(out, &clause->verb->german);
    say_middle(out, clause, false);
    say_rest_of_verb(out, clause, VERB_FIRST);
    say_final_field(out, clause);
}

static void say_main(s2s_text *out, const s2s_clause *clause, word_order order) {
    bool opened = say_opening(out, clause);
    bool time_first = !opened && order == VERB_SECOND && clause->time_first && has_time(clause);
    bool subject_first = !opened && !time_first && order == VERB_SECOND;
    if (time_first) say_time(out, clause);
    if (subject_first) say_subject(out, clause);
    say_finite(out, clause, false);
    if (!subject_first) say_subject(out, clause);
    say_middle(out, clause, time_first);
    say_rest_of_verb(out, clause, order);
    say_final_field(out, clause);
}

static void say_clause(s2s_text *out, const s2s_clause *clause, word_order order) {
    if (clause->mood == COMMAND || clause->mood == LETS) {
        say_command(out, clause);
    } else if (order == VERB_FINAL) {
        say_verb_final(out, clause);
    } else if (order == INFINITIVE_ORDER) {
        say_middle(out, clause, false);
        say_rest_of_verb(out, clause, order);
    } else {
        say_main(out, clause, order);
    }
}

void s2s_say_german(s2s_text *out, const s2s_clause *clause) {
    bool who_asks = clause->subject && clause->subject->kind == QUESTION_PHRASE;
    word_order order = clause->mood == QUESTION && !who_asks ? VERB_FIRST : VERB_SECOND;
    if (clause->second_first) {
        say_second(out, clause);
        s2s_text_comma(out);
        order = VERB_FIRST;
    }
    say_clause(out, clause, order);
    bool exclaims = clause->mood == COMMAND || clause->mood == LETS;
    s2s_text_finish(out, exclaims ? "!" : clause->mood == QUESTION ? "?" : ".");
}
