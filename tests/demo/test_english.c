/* English morphology: spelling rules and the words that break them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "demo/english.h"
#include "lookup.h"

#define EXPECT(call, expected)                                                                     \
    do {                                                                                           \
        s2s_text out = {0};                                                                        \
        call;                                                                                      \
        assert_string_equal(out.data, expected);                                                   \
    } while (0)

static void plurals(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"Hund", "dogs"},       {"Kirsche", "cherries"}, {"Tasse", "cups"},
        {"Glas", "glasses"},    {"Kiste", "boxes"},      {"Fuchs", "foxes"},
        {"Kind", "children"},   {"Messer", "knives"},    {"Tomate", "tomatoes"},
        {"Kirche", "churches"}, {"Esel", "donkeys"},     {"Eltern", "parents"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        EXPECT(s2s_english_noun(&out, noun(rows[i][0]), true), rows[i][1]);
}

static void verb_forms(void **state) {
    (void)state;
    static const struct {
        const char *infinitive, *third, *past, *participle, *ing;
    } rows[] = {
        {"arbeiten", "works", "worked", "worked", "working"},
        {"schwimmen", "swims", "swam", "swum", "swimming"},
        {"tanzen", "dances", "danced", "danced", "dancing"},
        {"weinen", "cries", "cried", "cried", "crying"},
        {"umarmen", "hugs", "hugged", "hugged", "hugging"},
        {"besuchen", "visits", "visited", "visited", "visiting"},
        {"gehen", "goes", "went", "gone", "going"},
        {"liegen", "lies", "lay", "lain", "lying"},
        {"reisen", "travels", "travelled", "travelled", "travelling"},
        {"waschen", "washes", "washed", "washed", "washing"},
        {"ein|schalten", "turns on", "turned on", "turned on", "turning on"},
        {"bleiben", "stays", "stayed", "stayed", "staying"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const s2s_english_forms *entry = &verb(rows[i].infinitive)->english;
        EXPECT(s2s_english_finite(&out, entry, false, SHE), rows[i].third);
        EXPECT(s2s_english_finite(&out, entry, true, THEY), rows[i].past);
        EXPECT(s2s_english_verb(&out, entry, PARTICIPLE_FORM), rows[i].participle);
        EXPECT(s2s_english_verb(&out, entry, ING_FORM), rows[i].ing);
    }
}

static void be_and_have(void **state) {
    (void)state;
    EXPECT(s2s_english_finite(&out, &s2s_be.english, false, I), "am");
    EXPECT(s2s_english_finite(&out, &s2s_be.english, true, WE), "were");
    EXPECT(s2s_english_finite(&out, &s2s_have.english, false, HE), "has");
    EXPECT(s2s_english_finite(&out, &s2s_have.english, true, YOU), "had");
}

static void degrees(void **state) {
    (void)state;
    EXPECT(s2s_english_adjective(&out, adjective("groß"), COMPARATIVE), "taller");
    EXPECT(s2s_english_adjective(&out, adjective("heiß"), COMPARATIVE), "hotter");
    EXPECT(s2s_english_adjective(&out, adjective("gut"), COMPARATIVE), "better");
    EXPECT(s2s_english_adjective(&out, adjective("faul"), SUPERLATIVE), "laziest");
    EXPECT(s2s_english_adjective(&out, adjective("seltsam"), SUPERLATIVE), "strangest");
    EXPECT(s2s_english_adjective(&out, adjective("bequem"), COMPARATIVE), "more comfortable");
}

static void articles_and_numbers(void **state) {
    (void)state;
    assert_string_equal(s2s_english_article("umbrella"), "an");
    assert_string_equal(s2s_english_article("university"), "a");
    assert_string_equal(s2s_english_article("honest man"), "an");
    assert_string_equal(s2s_english_article("house"), "a");
    EXPECT(s2s_english_number(&out, 12), "twelve");
    EXPECT(s2s_english_number(&out, 40), "forty");
    EXPECT(s2s_english_number(&out, 57), "fifty-seven");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plurals),
        cmocka_unit_test(verb_forms),
        cmocka_unit_test(be_and_have),
        cmocka_unit_test(degrees),
        cmocka_unit_test(articles_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
