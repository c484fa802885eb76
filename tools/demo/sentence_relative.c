/* Relative clauses, of subjects and of objects. */
#include "demo/sentences.h"

static s2s_phrase *relative_pronoun(s2s_draft *draft, const s2s_phrase *antecedent) {
    s2s_phrase *pronoun = s2s_new_phrase(draft);
    *pronoun = (s2s_phrase){.kind = RELATIVE_PHRASE,
                            .noun = antecedent->noun,
                            .person = antecedent->person,
                            .plural = antecedent->plural};
    return pronoun;
}

/* The woman who is reading the book. */
static s2s_clause *relative_of_subject(s2s_draft *draft, const s2s_phrase *antecedent) {
    s2s_clause *clause = s2s_new_clause(draft);
    uint64_t classes = antecedent->noun->classes;
    int attempts = 0;
    do clause->verb = s2s_choose_verb(draft, ACTIONS);
    while ((clause->verb->subject & classes) == 0 && ++attempts < 200);
    if ((clause->verb->subject & classes) == 0) return NULL;
    clause->subject = relative_pronoun(draft, antecedent);
    s2s_fill_clause(draft, clause);
    return clause;
}

/* The book that I bought yesterday; the woman whom I am helping; the boy with whom I play. */
static s2s_clause *relative_of_object(s2s_draft *draft, const s2s_phrase *antecedent) {
    unsigned frames = 1 << TRANSITIVE | 1 << DATIVE_OBJECT;
    if (antecedent->person) frames |= 1 << PREPOSITIONAL;
    s2s_clause *clause = s2s_new_clause(draft);
    uint64_t classes = antecedent->noun->classes;
    int attempts = 0;
    do clause->verb = s2s_choose_verb(draft, frames);
    while (((clause->verb->object & classes) == 0 || (clause->verb->subject & PERSON) == 0) &&
           ++attempts < 200);
    if (attempts == 200) return NULL;
    clause->subject = s2s_choose_somebody(draft);
    clause->object = relative_pronoun(draft, antecedent);
    return clause;
}

static s2s_clause *choose_relative(s2s_draft *draft, const s2s_phrase *antecedent) {
    bool of_subject = antecedent->person ? s2s_chance(draft, 60) : s2s_chance(draft, 20);
    s2s_clause *relative =
        of_subject ? relative_of_subject(draft, antecedent) : relative_of_object(draft, antecedent);
    if (relative == NULL) return NULL;
    s2s_choose_time(draft, relative, false);
    relative->time_first = false;
    if (s2s_chance(draft, 12)) s2s_choose_negation(draft, relative, 100);
    return relative;
}

static s2s_phrase *choose_antecedent(s2s_draft *draft, uint64_t classes) {
    s2s_phrase *antecedent = s2s_noun_phrase(draft, s2s_choose_noun(draft, classes), NULL);
    if (antecedent->noun->classes & KIN || antecedent->noun->german_plural == NULL) return NULL;
    antecedent->determiner = s2s_chance(draft, 80) ? THE : A;
    antecedent->possessor = NULL;
    if (antecedent->degree == SUPERLATIVE) antecedent->degree = POSITIVE;
    antecedent->relative = choose_relative(draft, antecedent);
    return antecedent->relative ? antecedent : NULL;
}

/* The dog that I saw yesterday is old; the man who is waiting is a teacher. */
const s2s_clause *s2s_imagine_relative_subject(s2s_draft *draft) {
    s2s_phrase *subject =
        choose_antecedent(draft, PERSON | PET | READABLE | CLOTHES | DRIVABLE | THING | DEVICE);
    if (subject == NULL) return NULL;
    subject->determiner = THE;
    s2s_clause *clause = s2s_new_copula(draft, subject);
    if (subject->person && s2s_has_sex(subject) && (subject->noun->classes & PROFESSION) == 0 &&
        s2s_chance(draft, 50)) {
        clause->identity = s2s_choose_profession(draft, subject);
        return clause;
    }
    clause->predicate = s2s_choose_adjective(draft, subject->noun, 0, false);
    if (clause->predicate == NULL || clause->predicate == subject->adjective) return NULL;
    s2s_intensify(draft, clause);
    return clause;
}

/* I know the man who lives in Berlin. */
const s2s_clause *s2s_imagine_relative_object(s2s_draft *draft) {
    static const uint64_t classes =
        PERSON | PET | READABLE | CLOTHES | DRIVABLE | THING | DEVICE | TOPIC;
    s2s_phrase *object = choose_antecedent(draft, classes);
    if (object == NULL) return NULL;
    s2s_clause *clause = s2s_new_clause(draft);
    int attempts = 0;
    do clause->verb = s2s_choose_verb(draft, 1 << TRANSITIVE | 1 << DATIVE_OBJECT);
    while (((clause->verb->object & object->noun->classes) == 0 ||
            (clause->verb->subject & PERSON) == 0) &&
           ++attempts < 200);
    if (attempts == 200 || clause->verb == object->relative->verb) return NULL;
    clause->subject = s2s_choose_somebody(draft);
    clause->object = object;
    s2s_choose_time(draft, clause, false);
    clause->time = NULL;
    clause->clock = (s2s_clock_time){0};
    clause->time_first = false;
    if (object->determiner == THE) s2s_choose_negation(draft, clause, 12);
    if (s2s_chance(draft, 12)) clause->mood = QUESTION, clause->negated = false;
    return clause;
}
