/* What people do because of how it is: because, although, if, when. */
#include <string.h>

#include "demo/sentences.h"

static const s2s_conjunction because = {"because", "weil", SUBORDINATE, false};
static const s2s_conjunction although = {"although", "obwohl", SUBORDINATE, false};
static const s2s_conjunction conditional = {"if", "wenn", SUBORDINATE, false};
static const s2s_conjunction whenever = {"when", "wenn", SUBORDINATE, false};

/* What is so, and what people do, or do not do, because of it. */
typedef struct cause_entry {
    const char *state; /* an adjective, or a need that one has not or has; NULL: the weather */
    bool hinders;
    uint64_t objects; /* 0: what the verb takes */
    const char *verbs[14];
} cause_entry;

static const cause_entry causes[] = {
    {"hungry", false, FOOD, {"eat", "order", "taste", "cook", "bake", "look+for", "buy"}},
    {"thirsty", false, DRINK, {"drink", "order", "buy", "taste"}},
    {"tired", false, 0, {"sleep", "relax", "sit|down", "stay", "fall|asleep", "come|back"}},
    {"ill", false, 0, {"sleep", "stay", "relax", "call", "cry"}},
    {"happy", false, 0, {"laugh", "sing", "dance", "hug", "thank", "greet", "invite", "call"}},
    {"sad", false, 0, {"cry", "call", "visit", "hug", "write", "stay"}},
    {"angry", false, 0, {"throw|away", "complain", "disturb", "turn|off", "take|off"}},
    {"nervous", false, 0, {"hurry|up", "check", "call", "talk", "wake|up", "prepare"}},
    {"bored",
     false,
     0,
     {"watch|TV", "read", "play", "draw", "paint", "sing", "dance", "visit", "watch",
      "photograph"}},
    {"help", false, PERSON, {"call", "look+for", "speak"}},
    {"money", true, 0, {"buy", "order", "travel", "fly", "go|shopping"}},
    {"time",
     true,
     0,
     {"visit", "cook", "read", "meet", "help", "play", "tidy|up", "watch|TV", "clean", "bake",
      "watch", "write", "water", "wait"}},
    {NULL,
     false,
     0,
     {"stay", "read", "watch|TV", "drive", "come|back", "hurry|up", "put|on", "play", "cook",
      "clean"}},
};

s2s_clause *s2s_new_weather(s2s_draft *draft, bool past) {
    s2s_clause *clause = s2s_new_clause(draft);
    clause->verb = &s2s_weather[s2s_pick(draft, s2s_weather_count)];
    clause->subject = s2s_pronoun(draft, IT);
    clause->tense = past ? PAST : PRESENT;
    clause->progressive = past;
    return clause;
}

static const s2s_noun *find_noun(const char *english) {
    for (size_t i = 0; i < s2s_noun_count; i++)
        if (strcmp(s2s_nouns[i].english, english) == 0) return &s2s_nouns[i];
    return NULL;
}

static const s2s_adjective *find_adjective(const char *english) {
    for (size_t i = 0; i < s2s_adjective_count; i++)
        if (strcmp(s2s_adjectives[i].english, english) == 0) return &s2s_adjectives[i];
    return NULL;
}

/* The cause itself: `who` is tired, has no time, needs help; it rains. */
static s2s_clause *say_cause(s2s_draft *draft, const cause_entry *cause, const s2s_phrase *who,
                             bool past) {
    if (cause->state == NULL) return s2s_new_weather(draft, past);
    s2s_clause *clause = s2s_new_clause(draft);
    clause->subject = who;
    clause->tense = past ? PAST : PRESENT;
    clause->predicate = find_adjective(cause->state);
    if (clause->predicate) {
        clause->verb = &s2s_be;
        s2s_intensify(draft, clause);
        return clause;
    }
    s2s_phrase *need = s2s_need_phrase(draft, find_noun(cause->state));
    clause->verb = need->determiner == NO ? &s2s_have : &s2s_need;
    clause->object = need;
    return clause;
}

static bool leads_to(const cause_entry *cause, const s2s_verb *verb) {
    bool takes_objects = cause->objects == 0 || (verb->object & cause->objects) != 0;
    for (size_t i = 0; i < sizeof cause->verbs / sizeof *cause->verbs; i++)
        if (cause->verbs[i] && strcmp(cause->verbs[i], verb->english.base) == 0)
            return takes_objects && (verb->subject & PERSON) != 0 && verb->frame < COPULA;
    return false;
}

/* What `who` does about it. */
static s2s_clause *reaction(s2s_draft *draft, const cause_entry *cause, const s2s_phrase *who) {
    s2s_clause *clause = s2s_new_clause(draft);
    do clause->verb = s2s_choose_verb(draft, ACTIONS);
    while (!leads_to(cause, clause->verb));
    clause->subject = who;
    s2s_fill_clause(draft, clause);
    bool restricted = cause->objects != 0 && clause->object;
    if (restricted)
        clause->object = s2s_choose_object(draft, clause->verb->object & cause->objects, who);
    return clause;
}

static const cause_entry *choose_cause(s2s_draft *draft) {
    return &causes[s2s_pick(draft, sizeof causes / sizeof *causes)];
}

/* What one must or wants to do. */
static s2s_clause *duty(s2s_draft *draft, const s2s_phrase *who, bool past) {
    s2s_clause *clause = s2s_new_clause(draft);
    do clause->verb = s2s_choose_verb(draft, DOINGS);
    while ((clause->verb->flags & AIM) == 0);
    clause->subject = who;
    clause->tense = past ? PAST : PRESENT;
    clause->modal = &s2s_modals[s2s_chance(draft, 50) ? 1 : 3];
    s2s_fill_clause(draft, clause);
    return clause;
}

const s2s_clause *s2s_imagine_reason(s2s_draft *draft) {
    const s2s_phrase *pronoun, *subject = s2s_choose_referable(draft, &pronoun);
    if (subject == NULL) return NULL;
    const cause_entry *cause = choose_cause(draft);
    s2s_clause *clause = reaction(draft, cause, subject);
    s2s_choose_time(draft, clause, false);
    clause->time_first = false;
    if (clause->time && clause->time->uses & SEASON) return NULL; /* nobody is hungry for a month */
    if (clause->tense == PERFECT) clause->tense = PAST;
    if (cause->hinders) s2s_choose_negation(draft, clause, 100);
    if (cause->hinders && !clause->negated) return NULL;
    s2s_join_clauses(clause, &because, say_cause(draft, cause, pronoun, s2s_is_past(clause)));
    return clause;
}

/* She is going to the station because she must pick up her brother. */
const s2s_clause *s2s_imagine_motive(s2s_draft *draft) {
    const s2s_phrase *pronoun, *subject = s2s_choose_referable(draft, &pronoun);
    if (subject == NULL) return NULL;
    s2s_clause *clause = s2s_choose_clause(draft, 1 << DIRECTED, subject);
    if (clause->source || clause->place->named) return NULL;
    s2s_choose_time(draft, clause, false);
    clause->time_first = false;
    if (clause->tense == PERFECT) clause->tense = PAST;
    s2s_join_clauses(clause, &because, duty(draft, pronoun, s2s_is_past(clause)));
    return clause;
}

const s2s_clause *s2s_imagine_concession(s2s_draft *draft) {
    const s2s_phrase *pronoun, *subject = s2s_choose_referable(draft, &pronoun);
    if (subject == NULL) return NULL;
    const cause_entry *cause = choose_cause(draft);
    s2s_clause *clause = s2s_choose_clause(draft, DOINGS | 1 << DIRECTED, subject);
    if (leads_to(cause, clause->verb) != cause->hinders) return NULL;
    if ((clause->verb->flags & AIM) == 0 && clause->verb->frame != DIRECTED) return NULL;
    s2s_choose_time(draft, clause, false);
    clause->time_first = false;
    s2s_join_clauses(clause, &although, say_cause(draft, cause, pronoun, s2s_is_past(clause)));
    return clause;
}

/* I am buying the chair because I like it: weil ich ihn mag. */
const s2s_clause *s2s_imagine_liking(s2s_draft *draft) {
    const s2s_phrase *pronoun, *subject = s2s_choose_referable(draft, &pronoun);
    if (subject == NULL) return NULL;
    s2s_clause *clause = s2s_choose_clause(draft, 1 << TRANSITIVE, subject), *liking;
    if ((clause->verb->flags & FONDLY) == 0) return NULL;
    if (clause->object->kind != NOUN_PHRASE || clause->object->determiner == NUMBER) return NULL;
    uint64_t liked = CLOTHES | READABLE | DRIVABLE | THING | FURNITURE | DEVICE | PET | PERSON;
    if ((clause->object->noun->classes & liked) == 0) return NULL;
    const s2s_phrase *it = s2s_refer_to(draft, clause->object);
    if (it == NULL || it->who == s2s_phrase_who(subject)) return NULL;
    s2s_choose_time(draft, clause, false);
    clause->time_first = false;
    if (clause->tense == PERFECT) clause->tense = PRESENT;
    liking = s2s_new_clause(draft);
    liking->verb = clause->object->person || s2s_chance(draft, 55) ? &s2s_like : &s2s_need;
    liking->subject = pronoun;
    liking->object = it;
    liking->tense = clause->tense == PAST ? PAST : PRESENT;
    s2s_join_clauses(clause, &because, liking);
    return clause;
}

/* The table is old, but it is comfortable: aber er ist bequem. */

/* If you are tired, sit down! If it rains, we will stay at home. */
const s2s_clause *s2s_imagine_condition(s2s_draft *draft) {
    const s2s_phrase *who = s2s_choose_pronoun(draft);
    const cause_entry *cause = choose_cause(draft);
    s2s_clause *main = reaction(draft, cause, who);
    if (who->who == YOU && s2s_chance(draft, 60))
        main->mood = COMMAND;
    else if (s2s_chance(draft, 55))
        main->tense = FUTURE;
    else
        main->modal = &s2s_modals[s2s_pick(draft, 2)];
    if (main->mood == COMMAND && main->verb->flags & NO_IMPERATIVE) return NULL;
    if (cause->hinders && main->modal) main->modal = &s2s_modals[0];
    main->negated = cause->hinders;
    s2s_clause *condition = say_cause(draft, cause, who, false);
    condition->simple = true;
    s2s_join_clauses(main, &conditional, condition);
    main->second_first = main->mood == COMMAND || s2s_chance(draft, 65);
    return main;
}

/* When I am bored, I often watch TV. */
const s2s_clause *s2s_imagine_habit(s2s_draft *draft) {
    const s2s_phrase *who = s2s_choose_pronoun(draft);
    const cause_entry *cause = choose_cause(draft);
    s2s_clause *main = reaction(draft, cause, who);
    s2s_clause *condition = say_cause(draft, cause, who, false);
    if (cause->hinders) return NULL;
    condition->simple = main->simple = true;
    if (s2s_chance(draft, 50)) main->frequency = &s2s_frequencies[s2s_pick(draft, 4)];
    s2s_join_clauses(main, &whenever, condition);
    main->second_first = s2s_chance(draft, 65);
    return main;
}
