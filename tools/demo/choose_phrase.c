/* Random noun phrases that make sense: who can be a subject, what has a plural, what one says `my`
 * to. */
#include <string.h>

#include "demo/draft.h"

/* --- nouns --- */

static const s2s_noun *noun_at(size_t index) {
    return index < s2s_noun_count ? &s2s_nouns[index] : &s2s_places[index - s2s_noun_count].noun;
}

/* Every matching noun alike: the i-th match replaces the choice so far with chance 1/i. */
const s2s_noun *s2s_choose_noun(s2s_draft *draft, uint64_t classes) {
    const s2s_noun *choice = NULL;
    size_t matches = 0;
    for (size_t i = 0; i < s2s_noun_count + s2s_place_count; i++) {
        const s2s_noun *candidate = noun_at(i);
        if (candidate->classes & classes && s2s_pick(draft, ++matches) == 0) choice = candidate;
    }
    return choice;
}

const s2s_adjective *s2s_choose_adjective(s2s_draft *draft, const s2s_noun *noun, unsigned flags,
                                          bool attributive) {
    const s2s_adjective *choice = NULL;
    size_t matches = 0;
    for (size_t i = 0; i < s2s_adjective_count; i++) {
        const s2s_adjective *candidate = &s2s_adjectives[i];
        bool fits = (candidate->classes & noun->classes) != 0 &&
                    (candidate->flags & flags) == flags &&
                    !(attributive && candidate->flags & PREDICATE) &&
                    !(noun->german_plural == NULL && candidate->scale == SIZE);
        if (fits && s2s_pick(draft, ++matches) == 0) choice = candidate;
    }
    return choice;
}

/* --- determiners --- */

typedef struct article_odds {
    int the, a, possessive, this, number;
} article_odds;

static article_odds odds_of(uint64_t classes) {
    if (classes & KIN) return (article_odds){0, 0, 100, 0, 0};
    if (classes & PERSON) return (article_odds){63, 22, 0, 10, 5};
    if (classes & (PLACE | ROOM)) return (article_odds){78, 8, 4, 10, 0};
    if (classes & CLOTHES) return (article_odds){31, 23, 35, 8, 3};
    if (classes & ANIMAL && !(classes & PET)) return (article_odds){64, 20, 0, 8, 8};
    if (classes & PET) return (article_odds){38, 18, 30, 8, 6};
    if (classes & (FOOD | PLANT)) return (article_odds){38, 34, 4, 6, 18};
    if (classes & SHOW) return (article_odds){58, 22, 0, 18, 2};
    if (classes & EVENT) return (article_odds){52, 14, 18, 16, 0};
    return (article_odds){40, 24, 20, 9, 7};
}

static s2s_determiner choose_determiner(s2s_draft *draft, uint64_t classes) {
    article_odds odds = odds_of(classes);
    int dice = (int)s2s_pick(draft, 100);
    if ((dice -= odds.the) < 0) return THE;
    if ((dice -= odds.a) < 0) return A;
    if ((dice -= odds.possessive) < 0) return POSSESSIVE;
    if ((dice -= odds.this) < 0) return THIS;
    return NUMBER;
}

/* Mine, more often than not: what I read is my book. */
static s2s_who choose_owner(s2s_draft *draft, const s2s_phrase *subject) {
    static const s2s_who owners[] = {I, YOU, HE, SHE, WE, THEY};
    s2s_who own = subject ? s2s_phrase_who(subject) : IT;
    if (own != IT && s2s_chance(draft, 55)) return own;
    return owners[s2s_pick(draft, sizeof owners / sizeof *owners)];
}

static void choose_number(s2s_draft *draft, s2s_phrase *phrase) {
    phrase->determiner = NUMBER;
    phrase->plural = true;
    bool many = phrase->noun->classes & (FOOD | PLANT | PAPER | THING) && s2s_chance(draft, 12);
    phrase->count = 2 + (int)s2s_pick(draft, many ? 89 : 9);
}

static bool is_given_name(const s2s_name *name) {
    return name->german_oblique == NULL && strchr(name->german, ' ') == NULL;
}

/* Anna's book, my brother's book. */
static const s2s_phrase *choose_possessor(s2s_draft *draft) {
    s2s_phrase *owner = s2s_new_phrase(draft);
    const s2s_name *name = &s2s_names[s2s_pick(draft, s2s_name_count)];
    if (is_given_name(name) && s2s_chance(draft, 50)) {
        owner->kind = NAME_PHRASE;
        owner->name = name;
        return owner;
    }
    const s2s_noun *noun;
    do noun = s2s_choose_noun(draft, KIN | PROFESSION);
    while (noun->kind == PLURAL_NOUN);
    owner->noun = noun;
    owner->person = true;
    owner->determiner = noun->classes & KIN ? POSSESSIVE : THE;
    owner->owner = choose_owner(draft, NULL);
    return owner;
}

static void choose_adjective(s2s_draft *draft, s2s_phrase *phrase) {
    int percent = phrase->noun->classes & KIN ? 8 : 26;
    if (phrase->determiner == BARE || !s2s_chance(draft, percent)) return;
    phrase->adjective = s2s_choose_adjective(draft, phrase->noun, 0, true);
    if (phrase->adjective && phrase->determiner == THE && phrase->adjective->flags & GRADABLE &&
        s2s_chance(draft, 7))
        phrase->degree = SUPERLATIVE;
}

/* Mass nouns, languages and games go without an article, or nearly so. */
static void determine_mass_noun(s2s_draft *draft, s2s_phrase *phrase) {
    bool substance = (phrase->noun->classes & (FOOD | DRINK)) != 0;
    phrase->determiner = substance && s2s_chance(draft, 25) ? THE : BARE;
}

static int plural_percent(uint64_t classes) {
    if (classes & FOOD) return 35;
    return classes & (KIN | PLACE | ROOM) ? 8 : 14;
}

static void determine_noun(s2s_draft *draft, s2s_phrase *phrase, const struct s2s_phrase *subject) {
    uint64_t classes = phrase->noun->classes;
    phrase->determiner = choose_determiner(draft, classes);
    if (phrase->determiner == NUMBER)
        choose_number(draft, phrase);
    else
        phrase->plural = (classes & ONE_ONLY) == 0 && s2s_chance(draft, plural_percent(classes));
    if (phrase->determiner != POSSESSIVE) return;
    phrase->owner = choose_owner(draft, subject);
    if (s2s_chance(draft, 14)) phrase->possessor = choose_possessor(draft);
}

s2s_phrase *s2s_noun_phrase(s2s_draft *draft, const s2s_noun *noun, const s2s_phrase *subject) {
    s2s_phrase *phrase = s2s_new_phrase(draft);
    phrase->kind = NOUN_PHRASE;
    phrase->noun = noun;
    phrase->person = (noun->classes & PERSON) != 0;
    if (noun->german_plural == NULL)
        determine_mass_noun(draft, phrase);
    else
        determine_noun(draft, phrase, subject);
    if (noun->kind == PLURAL_NOUN) phrase->plural = true;
    choose_adjective(draft, phrase);
    return phrase;
}

/* --- subjects and objects --- */

const s2s_phrase *s2s_pronoun(s2s_draft *draft, s2s_who who) {
    s2s_phrase *phrase = s2s_new_phrase(draft);
    phrase->kind = PRONOUN_PHRASE;
    phrase->person = who != IT;
    phrase->who = phrase->german_who = who;
    return phrase;
}

static s2s_who choose_who(s2s_draft *draft) {
    static const s2s_who people[] = {I, I, YOU, HE, SHE, WE, WE, THEY};
    return people[s2s_pick(draft, sizeof people / sizeof *people)];
}

const s2s_phrase *s2s_choose_pronoun(s2s_draft *draft) {
    return s2s_pronoun(draft, choose_who(draft));
}

static const s2s_phrase *choose_name(s2s_draft *draft) {
    s2s_phrase *phrase = s2s_new_phrase(draft);
    phrase->kind = NAME_PHRASE;
    phrase->person = true;
    phrase->name = &s2s_names[s2s_pick(draft, s2s_name_count)];
    return phrase;
}

const s2s_phrase *s2s_choose_subject(s2s_draft *draft, uint64_t classes) {
    if (classes & PERSON && s2s_chance(draft, 88)) {
        int dice = (int)s2s_pick(draft, 100);
        if (dice < 36) return s2s_pronoun(draft, choose_who(draft));
        if (dice < 56) return choose_name(draft);
        classes = PERSON;
    }
    return s2s_noun_phrase(draft, s2s_choose_noun(draft, classes), NULL);
}

const s2s_phrase *s2s_choose_person(s2s_draft *draft, uint64_t classes, const s2s_phrase *subject) {
    int dice = (int)s2s_pick(draft, 100);
    if (dice < 35) {
        s2s_who who = choose_who(draft), own = subject ? s2s_phrase_who(subject) : IT;
        bool same = who == own || (who == I && own == WE) || (who == WE && own == I);
        if (!same) return s2s_pronoun(draft, who);
    }
    if (dice < 50) return choose_name(draft);
    return s2s_noun_phrase(draft, s2s_choose_noun(draft, classes & PERSON ? PERSON : KIN), subject);
}

const s2s_phrase *s2s_choose_object(s2s_draft *draft, uint64_t classes, const s2s_phrase *subject) {
    const s2s_noun *noun = s2s_choose_noun(draft, classes);
    if (noun->classes & PERSON) return s2s_choose_person(draft, classes, subject);
    s2s_phrase *phrase = s2s_noun_phrase(draft, noun, subject);
    if (noun->classes & INSTRUMENT && classes & GAME) {
        phrase->determiner = PRACTISED;
        phrase->plural = false;
        phrase->possessor = NULL;
        phrase->adjective = NULL;
    }
    return phrase;
}

/* A girl is a neuter that English calls she, and so on: such phrases have no pronoun here. */
const s2s_phrase *s2s_refer_to(s2s_draft *draft, const s2s_phrase *phrase) {
    if (phrase->kind == PRONOUN_PHRASE) return s2s_pronoun(draft, phrase->who);
    s2s_who german = s2s_phrase_who(phrase);
    bool person = phrase->kind == NAME_PHRASE || phrase->person;
    if (person && german == IT) return NULL;
    struct s2s_phrase *pronoun = s2s_new_phrase(draft);
    pronoun->kind = PRONOUN_PHRASE;
    pronoun->person = person;
    pronoun->german_who = german;
    pronoun->who = person || german == THEY ? german : IT;
    return pronoun;
}

/* --- places --- */

static const s2s_place *choose_place_noun(s2s_draft *draft, uint64_t classes) {
    const s2s_place *choice = NULL;
    size_t matches = 0;
    for (size_t i = 0; i < s2s_place_count; i++)
        if (s2s_places[i].noun.classes & classes && s2s_pick(draft, ++matches) == 0)
            choice = &s2s_places[i];
    return choice;
}

static const s2s_phrase *place_phrase(s2s_draft *draft, const s2s_noun *noun) {
    s2s_phrase *phrase = s2s_noun_phrase(draft, noun, NULL);
    bool the = s2s_chance(draft, 80);
    if (the) phrase->determiner = THE, phrase->possessor = NULL;
    phrase->plural = false;
    if (phrase->adjective && s2s_chance(draft, 50))
        phrase->adjective = NULL, phrase->degree = POSITIVE;
    return phrase;
}

const s2s_location *s2s_choose_place(s2s_draft *draft, uint64_t classes, bool motion) {
    s2s_location *location = s2s_new_location(draft);
    location->motion = motion;
    bool only_city = (classes & (PLACE | ROOM)) == 0;
    if (only_city || (classes & CITY && s2s_chance(draft, 30))) {
        do location->named = &s2s_named_places[s2s_pick(draft, s2s_named_place_count)];
        while (only_city && !location->named->city);
        return location;
    }
    const s2s_place *place = choose_place_noun(draft, classes);
    location->preposition = motion ? place->to : place->at;
    location->phrase = place_phrase(draft, &place->noun);
    return location;
}

const s2s_location *s2s_choose_source(s2s_draft *draft) {
    s2s_location *location = s2s_new_location(draft);
    const s2s_place *place = choose_place_noun(draft, PLACE);
    location->preposition = place->from;
    location->phrase = place_phrase(draft, &place->noun);
    return location;
}

const s2s_location *s2s_choose_furniture(s2s_draft *draft, bool motion) {
    static const s2s_preposition_id prepositions[] = {ON, ON, ON, UNDER, NEXT_TO, BEHIND};
    s2s_location *location = s2s_new_location(draft);
    location->preposition =
        prepositions[s2s_pick(draft, sizeof prepositions / sizeof *prepositions)];
    location->phrase = place_phrase(draft, s2s_choose_noun(draft, SURFACE));
    location->motion = motion;
    return location;
}
