/* Meanings put together by hand, said in both languages: word order, agreement, brackets, commas.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "demo/meaning.h"
#include "lookup.h"

static const s2s_phrase she = {
    .kind = PRONOUN_PHRASE, .person = true, .who = SHE, .german_who = SHE};
static const s2s_phrase you = {
    .kind = PRONOUN_PHRASE, .person = true, .who = YOU, .german_who = YOU};
static const s2s_phrase him = {.kind = PRONOUN_PHRASE, .person = true, .who = HE, .german_who = HE};
static const s2s_adverb yesterday = {"yesterday", "gestern", PAST_TIME};
static const s2s_conjunction because = {"because", "weil", SUBORDINATE, false};
static const s2s_conjunction whether = {"whether", "ob", SUBORDINATE, false};
static const s2s_conjunction in_order_to = {"to", "um", PURPOSE, false};

static s2s_phrase the(const char *german) {
    return (s2s_phrase){
        .noun = noun(german), .determiner = THE, .person = (noun(german)->classes & PERSON) != 0};
}

static void expect(const s2s_clause *clause, const char *english, const char *german) {
    s2s_text first = {0}, second = {0};
    s2s_say_english(&first, clause);
    s2s_say_german(&second, clause);
    assert_string_equal(first.data, english);
    assert_string_equal(second.data, german);
}

static void verb_second(void **state) {
    (void)state;
    s2s_phrase door = the("Tür");
    s2s_clause clause = {.verb = verb("öffnen"), .subject = &she, .object = &door};
    expect(&clause, "She is opening the door.", "Sie öffnet die Tür.");
    clause.tense = PAST, clause.time = &yesterday;
    expect(&clause, "She opened the door yesterday.", "Sie öffnete gestern die Tür.");
    clause.time_first = true;
    expect(&clause, "Yesterday, she opened the door.", "Gestern öffnete sie die Tür.");
    clause.time = NULL, clause.tense = PERFECT;
    expect(&clause, "She has opened the door.", "Sie hat die Tür geöffnet.");
}

static void separable_verbs(void **state) {
    (void)state;
    s2s_phrase lamp = the("Lampe");
    s2s_clause clause = {.verb = verb("ein|schalten"), .subject = &she, .object = &lamp};
    expect(&clause, "She is turning on the lamp.", "Sie schaltet die Lampe ein.");
    clause.modal = &s2s_modals[0];
    expect(&clause, "She can turn on the lamp.", "Sie kann die Lampe einschalten.");
    clause.modal = NULL, clause.mood = COMMAND, clause.subject = &you, clause.please = true;
    expect(&clause, "Please turn on the lamp!", "Bitte schalte die Lampe ein!");
}

static void particles_and_pronouns(void **state) {
    (void)state;
    s2s_clause clause = {.verb = verb("ab|holen"), .subject = &she, .object = &him};
    expect(&clause, "She is picking him up.", "Sie holt ihn ab.");
    clause.verb = verb("suchen");
    expect(&clause, "She is looking for him.", "Sie sucht ihn.");
}

static void negation(void **state) {
    (void)state;
    s2s_phrase coat = the("Mantel");
    s2s_clause clause = {.verb = verb("kaufen"), .subject = &she, .object = &coat, .negated = true};
    expect(&clause, "She is not buying the coat.", "Sie kauft den Mantel nicht.");
    coat.determiner = A;
    expect(&clause, "She is not buying a coat.", "Sie kauft keinen Mantel.");
    coat.plural = true;
    expect(&clause, "She is not buying any coats.", "Sie kauft keine Mäntel.");
}

static void two_objects(void **state) {
    (void)state;
    s2s_phrase book = the("Buch"), brother = the("Bruder");
    s2s_clause clause = {
        .verb = verb("geben"), .subject = &she, .object = &book, .recipient = &him, .tense = PAST};
    expect(&clause, "She gave him the book.", "Sie gab ihm das Buch.");
    clause.recipient = &brother, clause.time = &yesterday;
    expect(&clause, "She gave the brother the book yesterday.",
           "Sie gab gestern dem Bruder das Buch.");
}

static void questions(void **state) {
    (void)state;
    s2s_phrase what = {.kind = QUESTION_PHRASE}, train = the("Zug");
    s2s_clause clause = {.mood = QUESTION, .verb = verb("lesen"), .subject = &you, .object = &what};
    expect(&clause, "What are you reading?", "Was liest du?");
    clause.verb = verb("nehmen"), clause.object = &train, clause.tense = PAST;
    expect(&clause, "Did you take the train?", "Hast du den Zug genommen?");
}

static void subordinate_clauses(void **state) {
    (void)state;
    s2s_phrase station = the("Bahnhof");
    s2s_location there = {.preposition = TO_ZU, .phrase = &station, .motion = true};
    s2s_clause tired = {.verb = &s2s_be, .subject = &she, .predicate = adjective("müde")};
    s2s_clause clause = {.verb = verb("gehen"), .subject = &she, .place = &there};
    clause.conjunction = &because, clause.second = &tired;
    expect(&clause, "She is going to the station because she is tired.",
           "Sie geht zum Bahnhof, weil sie müde ist.");
    s2s_clause arrival = {.verb = verb("an|kommen"), .subject = &him, .tense = PERFECT};
    s2s_clause knowing = {.verb = &s2s_know_whether,
                          .subject = &she,
                          .negated = true,
                          .conjunction = &whether,
                          .second = &arrival};
    expect(&knowing, "She does not know whether he has arrived.",
           "Sie weiß nicht, ob er angekommen ist.");
    s2s_phrase brother = the("Bruder");
    s2s_clause meeting = {.verb = verb("ab|holen"), .subject = &she, .object = &brother};
    clause.conjunction = &in_order_to, clause.second = &meeting;
    expect(&clause, "She is going to the station to pick up the brother.",
           "Sie geht zum Bahnhof, um den Bruder abzuholen.");
    clause.conjunction = &because, clause.second = &tired, clause.second_first = true;
    expect(&clause, "Because she is tired, she is going to the station.",
           "Weil sie müde ist, geht sie zum Bahnhof.");
}

static void relative_clauses(void **state) {
    (void)state;
    s2s_phrase man = the("Mann");
    s2s_phrase who = {.kind = RELATIVE_PHRASE, .noun = man.noun, .person = true};
    s2s_clause help = {.verb = verb("helfen"), .subject = &she, .object = &who};
    s2s_clause clause = {.verb = &s2s_be, .subject = &man, .predicate = adjective("alt")};
    man.relative = &help;
    expect(&clause, "The man whom she is helping is old.", "Der Mann, dem sie hilft, ist alt.");
    s2s_clause seen = {.verb = verb("sehen"), .subject = &she, .object = &man, .tense = PERFECT};
    help.subject = &who, help.object = &him;
    expect(&seen, "She has seen the man who is helping him.",
           "Sie hat den Mann gesehen, der ihm hilft.");
}

static void possessors(void **state) {
    (void)state;
    s2s_phrase anna = {.kind = NAME_PHRASE, .name = &s2s_names[0], .person = true},
               dog = the("Hund");
    s2s_phrase teacher = the("Lehrer");
    s2s_clause clause = {.verb = verb("suchen"), .subject = &she, .object = &dog};
    dog.possessor = &anna, dog.adjective = adjective("alt");
    expect(&clause, "She is looking for Anna's old dog.", "Sie sucht Annas alten Hund.");
    dog.possessor = &teacher;
    expect(&clause, "She is looking for the teacher's old dog.",
           "Sie sucht den alten Hund des Lehrers.");
}

static void clock_times(void **state) {
    (void)state;
    s2s_clause clause = {
        .verb = verb("auf|stehen"), .subject = &she, .tense = PAST, .clock = {12, 30}};
    expect(&clause, "She got up at half past twelve.", "Sie stand um halb eins auf.");
    clause.clock = (s2s_clock_time){3, 45};
    expect(&clause, "She got up at a quarter to four.", "Sie stand um Viertel vor vier auf.");
    clause.clock = (s2s_clock_time){1, 0};
    expect(&clause, "She got up at one o'clock.", "Sie stand um ein Uhr auf.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verb_second),
        cmocka_unit_test(separable_verbs),
        cmocka_unit_test(negation),
        cmocka_unit_test(particles_and_pronouns),
        cmocka_unit_test(two_objects),
        cmocka_unit_test(questions),
        cmocka_unit_test(subordinate_clauses),
        cmocka_unit_test(relative_clauses),
        cmocka_unit_test(possessors),
        cmocka_unit_test(clock_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
