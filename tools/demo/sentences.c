/* The choice among the kinds of sentences, and what several kinds need. */
#include "demo/sentences.h"

void s2s_join_clauses(s2s_clause *first, const s2s_conjunction *conjunction,
                      const s2s_clause *second) {
    first->conjunction = conjunction;
    first->second = second;
}

const s2s_phrase *s2s_choose_somebody(s2s_draft *draft) {
    const s2s_phrase *subject;
    do subject = s2s_choose_subject(draft, PERSON);
    while (subject->kind == NOUN_PHRASE && subject->relative);
    return subject;
}

/* A person whom both languages call he, she, they, or the pronoun that it is. */
const s2s_phrase *s2s_choose_referable(s2s_draft *draft, const s2s_phrase **pronoun) {
    const s2s_phrase *subject = s2s_choose_somebody(draft);
    *pronoun = s2s_refer_to(draft, subject);
    return *pronoun ? subject : NULL;
}

bool s2s_is_past(const s2s_clause *clause) {
    return clause->tense == PAST || clause->tense == PERFECT;
}

static const struct {
    const s2s_clause *(*imagine)(s2s_draft *draft);
    int weight;
} kinds[] = {
    {s2s_imagine_statement, 300},
    {s2s_imagine_yes_no_question, 70},
    {s2s_imagine_where_question, 12},
    {s2s_imagine_when_or_why_question, 30},
    {s2s_imagine_object_question, 35},
    {s2s_imagine_who_question, 20},
    {s2s_imagine_command, 60},
    {s2s_imagine_description, 45},
    {s2s_imagine_feeling, 18},
    {s2s_imagine_comparison, 25},
    {s2s_imagine_profession, 16},
    {s2s_imagine_possession, 45},
    {s2s_imagine_lack, 6},
    {s2s_imagine_price, 8},
    {s2s_imagine_reason, 50},
    {s2s_imagine_motive, 20},
    {s2s_imagine_concession, 25},
    {s2s_imagine_liking, 30},
    {s2s_imagine_contrast, 30},
    {s2s_imagine_two_doings, 25},
    {s2s_imagine_condition, 40},
    {s2s_imagine_habit, 25},
    {s2s_imagine_once, 20},
    {s2s_imagine_sequence, 25},
    {s2s_imagine_report, 50},
    {s2s_imagine_indirect_question, 45},
    {s2s_imagine_attempt, 35},
    {s2s_imagine_purpose, 25},
    {s2s_imagine_relative_subject, 60},
    {s2s_imagine_relative_object, 80},
};

/* The same noun or name twice in a sentence is clumsy, and could be somebody else. */
static bool repeats_itself(const s2s_draft *draft) {
    for (int i = 0; i < draft->phrase_count; i++)
        for (int j = 0; j < i; j++) {
            const s2s_phrase *a = &draft->phrases[i], *b = &draft->phrases[j];
            bool noun = a->kind == NOUN_PHRASE && b->kind == NOUN_PHRASE && a->noun == b->noun;
            bool name = a->kind == NAME_PHRASE && b->kind == NAME_PHRASE && a->name == b->name;
            if (noun || name) return true;
        }
    return false;
}

const s2s_clause *s2s_imagine(s2s_draft *draft) {
    size_t count = sizeof kinds / sizeof *kinds;
    int total = 0;
    for (size_t i = 0; i < count; i++) total += kinds[i].weight;
    int dice = (int)s2s_pick(draft, (size_t)total);
    size_t kind = 0;
    while ((dice -= kinds[kind].weight) >= 0) kind++;
    const s2s_clause *clause = kinds[kind].imagine(draft);
    bool good = clause && !draft->crowded && !repeats_itself(draft);
    return good ? clause : NULL;
}
