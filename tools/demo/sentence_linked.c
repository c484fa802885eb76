/* Two clauses: contrasts, times, reports, questions in sentences, infinitives. */
#include <string.h>

#include "demo/sentences.h"

static const s2s_conjunction that = {"that", "dass", SUBORDINATE, false};
static const s2s_conjunction whether = {"whether", "ob", SUBORDINATE, false};
static const s2s_conjunction where = {"where", "wo", SUBORDINATE, false};
static const s2s_conjunction why = {"why", "warum", SUBORDINATE, false};
static const s2s_conjunction when_past = {"when", "als", SUBORDINATE, false};
static const s2s_conjunction before = {"before", "bevor", SUBORDINATE, false};
static const s2s_conjunction during = {"while", "während", SUBORDINATE, false};
static const s2s_conjunction but = {"but", "aber", COORDINATE, true};
static const s2s_conjunction and = {"and", "und", COORDINATE, false};
static const s2s_conjunction to = {"to", "", TO_INFINITIVE, false};
static const s2s_conjunction in_order_to = {"to", "um", PURPOSE, false};

/* One speaks for it and one against it, and not both of the same: cheap and expensive. */
static bool is_contrast(const s2s_adjective *first, const s2s_adjective *second, bool negated) {
    unsigned for_or_against = PRAISE | BLAME;
    if (first == NULL || second == NULL || first == second) return false;
    if (first->scale == second->scale && first->scale != NO_SCALE) return false;
    if (!(first->flags & for_or_against) || !(second->flags & for_or_against)) return false;
    bool same = (first->flags & PRAISE) == (second->flags & PRAISE);
    return same == negated;
}

const s2s_clause *s2s_imagine_contrast(s2s_draft *draft) {
    static const uint64_t contrasted = CLOTHES | TITLE | DRIVABLE | UPRIGHT | SURFACE | DEVICE |
                                       SIGHT | INDOORS | PERSON | ANIMAL | SHOW | EVENT;
    s2s_phrase *subject = s2s_choose_compared(draft, contrasted);
    const s2s_phrase *pronoun = s2s_refer_to(draft, subject);
    if (pronoun == NULL) return NULL;
    s2s_clause *first = s2s_new_copula(draft, subject), *second = s2s_new_copula(draft, pronoun);
    first->predicate = s2s_choose_adjective(draft, subject->noun, 0, false);
    second->predicate = s2s_choose_adjective(draft, subject->noun, 0, false);
    second->tense = first->tense;
    second->negated = s2s_chance(draft, 35);
    if (!is_contrast(first->predicate, second->predicate, second->negated)) return NULL;
    if (!second->negated) s2s_intensify(draft, second);
    s2s_join_clauses(first, &but, second);
    return first;
}

const s2s_clause *s2s_imagine_two_doings(s2s_draft *draft) {
    s2s_clause *first = s2s_choose_clause(draft, DOINGS, s2s_choose_somebody(draft));
    s2s_clause *second = s2s_choose_clause(draft, DOINGS, s2s_choose_somebody(draft));
    if (s2s_phrase_who(first->subject) == s2s_phrase_who(second->subject)) return NULL;
    bool past = (first->verb->flags | second->verb->flags) & STATIVE || s2s_chance(draft, 30);
    first->tense = second->tense = past ? PAST : PRESENT;
    s2s_join_clauses(first, &and, second);
    return first;
}

/* --- before, while, when --- */

static bool is_momentary(const s2s_verb *verb) {
    static const char *const moments[] = {"get|up",   "wake|up",   "fall|asleep",
                                          "sit|down", "come|back", "arrive"};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        if (strcmp(verb->english.base, moments[i]) == 0) return true;
    return false;
}

/* When I came home, it was raining. */
const s2s_clause *s2s_imagine_once(s2s_draft *draft) {
    unsigned momentary = 1 << INTRANSITIVE | 1 << DIRECTED;
    s2s_clause *arrival = s2s_choose_clause(draft, momentary, s2s_choose_somebody(draft)), *main;
    const s2s_phrase *who = s2s_refer_to(draft, arrival->subject);
    if (who == NULL || s2s_phrase_who(who) == YOU) return NULL;
    if (arrival->verb->frame == INTRANSITIVE && !is_momentary(arrival->verb)) return NULL;
    main = s2s_chance(draft, 25) ? s2s_new_weather(draft, true)
                                 : s2s_choose_clause(draft, ACTIONS, who);
    if (main->verb == arrival->verb || main->verb->flags & LASTING) return NULL;
    arrival->tense = main->tense = PAST;
    s2s_join_clauses(main, &when_past, arrival);
    main->second_first = true;
    return main;
}

const s2s_clause *s2s_imagine_sequence(s2s_draft *draft) {
    const s2s_phrase *pronoun, *subject = s2s_choose_referable(draft, &pronoun);
    if (subject == NULL || s2s_phrase_who(subject) == YOU) return NULL;
    bool at_once = s2s_chance(draft, 40);
    s2s_clause *first = s2s_choose_clause(draft, ACTIONS, subject), *second;
    second = s2s_choose_clause(draft, DOINGS, at_once ? s2s_choose_somebody(draft) : pronoun);
    if ((first->verb->flags | second->verb->flags) & STATIVE || first->verb == second->verb)
        return NULL;
    if (second->subject->kind == PRONOUN_PHRASE && second->subject->who == YOU) return NULL;
    if (at_once && s2s_phrase_who(first->subject) == s2s_phrase_who(second->subject)) return NULL;
    first->tense = second->tense = PAST;
    s2s_join_clauses(first, at_once ? &during : &before, second);
    return first;
}

/* --- that, whether, where, why --- */

const s2s_clause *s2s_imagine_report(s2s_draft *draft) {
    s2s_clause *main = s2s_choose_clause(draft, 1 << THAT_CLAUSE, s2s_choose_somebody(draft)),
               *content;
    if (s2s_chance(draft, 25)) {
        content = s2s_new_copula(
            draft,
            s2s_noun_phrase(draft, s2s_choose_noun(draft, PERSON | SHOW | READABLE | EVENT), NULL));
        content->predicate = s2s_choose_adjective(draft, content->subject->noun, 0, false);
        if (content->predicate == NULL || !s2s_phrase_is_definite(content->subject)) return NULL;
        s2s_intensify(draft, content);
    } else {
        content = s2s_choose_clause(draft, ACTIONS, NULL);
        s2s_choose_time(draft, content, false);
        s2s_choose_negation(draft, content, 15);
        content->time_first = false;
        bool hopes = strcmp(main->verb->english.base, "hope") == 0;
        if (hopes && (content->modal || s2s_is_past(content))) return NULL;
    }
    s2s_join_clauses(main, &that, content);
    return main;
}

const s2s_clause *s2s_imagine_indirect_question(s2s_draft *draft) {
    s2s_clause *main = s2s_chance(draft, 35) ? s2s_choose_clause(draft, 1 << WHETHER_CLAUSE,
                                                                 s2s_choose_somebody(draft))
                                             : s2s_new_clause(draft);
    if (main->verb == NULL) {
        main->verb = &s2s_know_whether;
        main->subject = s2s_choose_somebody(draft);
        main->mood = s2s_chance(draft, 35) ? QUESTION : STATEMENT;
        main->negated = main->mood == STATEMENT;
    }
    bool asks_where = s2s_chance(draft, 25);
    s2s_clause *content = s2s_choose_clause(draft, asks_where ? 1 << LOCATED : ACTIONS, NULL);
    s2s_choose_time(draft, content, false);
    content->time_first = false;
    if (asks_where) content->place = NULL;
    s2s_join_clauses(main, asks_where ? &where : s2s_chance(draft, 25) ? &why : &whether, content);
    return main;
}

/* --- infinitives --- */

const s2s_clause *s2s_imagine_attempt(s2s_draft *draft) {
    const s2s_phrase *subject = s2s_choose_somebody(draft);
    s2s_clause *main = s2s_choose_clause(draft, 1 << INFINITIVE_CLAUSE, subject), *action;
    action = s2s_choose_clause(draft, ACTIONS, subject);
    if (action->verb->flags & (NO_MODAL | NO_IMPERATIVE | LASTING | STATIVE)) return NULL;
    s2s_choose_time(draft, main, false);
    if (main->modal || main->time) return NULL;
    if (main->tense == FUTURE) main->tense = PRESENT;
    s2s_join_clauses(main, &to, action);
    return main;
}

const s2s_clause *s2s_imagine_purpose(s2s_draft *draft) {
    const s2s_phrase *subject = s2s_choose_somebody(draft);
    s2s_clause *main = s2s_choose_clause(draft, 1 << DIRECTED, subject), *action;
    action = s2s_choose_clause(draft, DOINGS, subject);
    if ((action->verb->flags & AIM) == 0 || main->source || main->place->named) return NULL;
    s2s_choose_time(draft, main, false);
    main->time = NULL;
    main->clock = (s2s_clock_time){0};
    main->time_first = false;
    s2s_join_clauses(main, &in_order_to, action);
    return main;
}
