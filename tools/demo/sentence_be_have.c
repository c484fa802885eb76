/* How things are, what people are and have: be, have, like, cost. */
#include <string.h>

#include "demo/sentences.h"

s2s_clause *s2s_new_copula(s2s_draft *draft, const s2s_phrase *subject) {
    s2s_clause *clause = s2s_new_clause(draft);
    clause->verb = &s2s_be;
    clause->subject = subject;
    if (s2s_chance(draft, 20)) clause->tense = PAST;
    return clause;
}

void s2s_intensify(s2s_draft *draft, s2s_clause *clause) {
    if (clause->predicate->flags & (GRADABLE | STATE) && s2s_chance(draft, 35))
        clause->intensifier = &s2s_intensifiers[s2s_pick(draft, s2s_intensifier_count)];
}

const s2s_clause *s2s_imagine_description(s2s_draft *draft) {
    uint64_t everything = ~(uint64_t)(GAME | LANGUAGE | NEED | CITY);
    const s2s_noun *noun = s2s_choose_noun(draft, everything);
    s2s_phrase *subject = s2s_noun_phrase(draft, noun, NULL);
    if (!s2s_phrase_is_definite(subject)) subject->determiner = THE;
    s2s_clause *clause = s2s_new_copula(draft, subject);
    clause->predicate = s2s_choose_adjective(draft, noun, 0, false);
    if (clause->predicate == NULL || clause->predicate == subject->adjective) return NULL;
    s2s_intensify(draft, clause);
    if (clause->intensifier == NULL) s2s_choose_negation(draft, clause, 20);
    if (s2s_chance(draft, 15)) clause->mood = QUESTION;
    if (clause->mood == QUESTION) clause->negated = false;
    return clause;
}

const s2s_clause *s2s_imagine_feeling(s2s_draft *draft) {
    s2s_clause *clause = s2s_new_copula(draft, s2s_choose_somebody(draft));
    static const s2s_noun anybody = {.german_plural = "", .classes = PERSON};
    clause->predicate = s2s_choose_adjective(draft, &anybody, 0, false);
    s2s_intensify(draft, clause);
    if (clause->intensifier == NULL) s2s_choose_negation(draft, clause, 20);
    if (s2s_chance(draft, 20)) clause->mood = QUESTION, clause->negated = false;
    return clause;
}

/* The dog is older than the cat: two of a kind, in the singular. */
s2s_phrase *s2s_choose_compared(s2s_draft *draft, uint64_t classes) {
    s2s_phrase *phrase = s2s_noun_phrase(draft, s2s_choose_noun(draft, classes), NULL);
    if (!s2s_phrase_is_definite(phrase)) phrase->determiner = THE;
    phrase->adjective = NULL;
    phrase->degree = POSITIVE;
    return phrase;
}

const s2s_clause *s2s_imagine_comparison(s2s_draft *draft) {
    static const uint64_t compared = PERSON | ANIMAL | CLOTHES | DRIVABLE | DEVICE | SURFACE |
                                     READABLE | SHOW | EVENT | SIGHT | VESSEL;
    s2s_phrase *subject = s2s_choose_compared(draft, compared);
    const s2s_noun *noun = subject->noun;
    s2s_phrase *standard = s2s_choose_compared(draft, noun->classes & compared);
    s2s_clause *clause = s2s_new_copula(draft, subject);
    clause->predicate = s2s_choose_adjective(draft, noun, GRADABLE, false);
    if (clause->predicate == NULL || standard->noun == noun) return NULL;
    if ((clause->predicate->classes & standard->noun->classes) == 0) return NULL;
    clause->degree = COMPARATIVE;
    clause->standard = standard;
    return clause;
}

s2s_phrase *s2s_choose_profession(s2s_draft *draft, const s2s_phrase *subject) {
    s2s_phrase *identity = s2s_new_phrase(draft);
    identity->noun = s2s_choose_noun(draft, PROFESSION);
    identity->person = true;
    identity->determiner = A;
    identity->feminine = s2s_phrase_who(subject) == SHE;
    if (s2s_chance(draft, 30))
        identity->adjective = s2s_choose_adjective(draft, identity->noun, 0, true);
    return identity;
}

bool s2s_has_sex(const s2s_phrase *phrase) {
    s2s_who who = s2s_phrase_who(phrase);
    return who == HE || who == SHE;
}

const s2s_clause *s2s_imagine_profession(s2s_draft *draft) {
    const s2s_phrase *subject = s2s_choose_somebody(draft);
    if (!s2s_has_sex(subject)) return NULL;
    if (subject->kind == NOUN_PHRASE && subject->noun->classes & PROFESSION) return NULL;
    s2s_clause *clause = s2s_new_copula(draft, subject);
    clause->identity = s2s_choose_profession(draft, subject);
    if (clause->identity->adjective == NULL) s2s_choose_negation(draft, clause, 20);
    if (s2s_chance(draft, 12)) clause->mood = QUESTION, clause->negated = false;
    return clause;
}

static s2s_phrase *choose_had(s2s_draft *draft, const s2s_noun *noun) {
    s2s_phrase *phrase = s2s_noun_phrase(draft, noun, NULL);
    if (phrase->determiner != NUMBER) phrase->determiner = A;
    phrase->possessor = NULL;
    phrase->degree = POSITIVE;
    return phrase;
}

/* have, like */
const s2s_clause *s2s_imagine_possession(s2s_draft *draft) {
    static const uint64_t had =
        PET | THING | CLOTHES | DRIVABLE | DEVICE | PAPER | TOPIC | INSTRUMENT | FURNITURE;
    static const uint64_t liked =
        PERSON | PET | FOOD | DRINK | CLOTHES | TITLE | SHOW | PLANT | SIGHT;
    s2s_clause *clause = s2s_new_clause(draft);
    bool likes = s2s_chance(draft, 45);
    clause->subject = s2s_choose_somebody(draft);
    clause->verb = likes ? &s2s_like : &s2s_have;
    if (likes) clause->object = s2s_choose_object(draft, liked, clause->subject);
    if (!likes) clause->object = choose_had(draft, s2s_choose_noun(draft, had));
    if (s2s_chance(draft, 20)) clause->tense = PAST;
    s2s_choose_negation(draft, clause, 25);
    if (s2s_chance(draft, 20)) clause->mood = QUESTION, clause->negated = false;
    return clause;
}

s2s_phrase *s2s_need_phrase(s2s_draft *draft, const s2s_noun *noun) {
    s2s_phrase *need = s2s_new_phrase(draft);
    need->noun = noun;
    need->determiner = strcmp(noun->english, "help") == 0 ? BARE : NO;
    return need;
}

const s2s_clause *s2s_imagine_lack(s2s_draft *draft) {
    s2s_clause *clause = s2s_new_clause(draft);
    clause->object = s2s_need_phrase(draft, s2s_choose_noun(draft, NEED));
    clause->verb = clause->object->determiner == NO ? &s2s_have : &s2s_need;
    clause->subject = s2s_choose_somebody(draft);
    return clause;
}

const s2s_clause *s2s_imagine_price(s2s_draft *draft) {
    static const s2s_noun euro = {"euro", "Euro", "Euro", MASCULINE, 0, REGULAR_NOUN, NULL};
    s2s_clause *clause = s2s_new_clause(draft);
    s2s_phrase *sum = s2s_new_phrase(draft);
    const s2s_noun *noun =
        s2s_choose_noun(draft, CLOTHES | PRINT | THING | FURNITURE | DEVICE | INSTRUMENT);
    s2s_phrase *goods = s2s_noun_phrase(draft, noun, NULL);
    if (!s2s_phrase_is_definite(goods)) goods->determiner = THE;
    sum->noun = &euro;
    sum->determiner = NUMBER;
    sum->plural = true;
    bool dear = noun->classes & (FURNITURE | DEVICE | INSTRUMENT);
    sum->count = (dear ? 40 : 2) + (int)s2s_pick(draft, dear ? 60 : 39);
    clause->verb = &s2s_cost;
    clause->subject = goods;
    clause->object = sum; /* in the present: the past of cost looks the same in English */
    return clause;
}
