/* German morphology against tables that any grammar book has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "demo/german.h"
#include "lookup.h"

#define EXPECT(call, expected)                                                                     \
    do {                                                                                           \
        s2s_text out = {0};                                                                        \
        call;                                                                                      \
        assert_string_equal(out.data, expected);                                                   \
    } while (0)

static const char *const cases[] = {"nominative", "accusative", "dative", "genitive"};

/* Article, adjective and noun in four cases. */
static void check_phrase(s2s_determiner determiner, const char *noun_word, bool plural,
                         const char *const expected[4]) {
    const s2s_noun *entry = noun(noun_word);
    assert_non_null(entry);
    s2s_form form = s2s_form_of(entry->gender, plural);
    for (int gcase = NOMINATIVE; gcase <= GENITIVE; gcase++) {
        s2s_text out = {0};
        s2s_german_determiner(&out, determiner, WE, form, (s2s_case)gcase);
        s2s_german_adjective(&out, adjective("alt"), POSITIVE, determiner, form, (s2s_case)gcase);
        s2s_german_noun(&out, entry, plural, (s2s_case)gcase);
        if (strcmp(out.data, expected[gcase]) != 0)
            fail_msg("%s: '%s' instead of '%s'", cases[gcase], out.data, expected[gcase]);
    }
}

static void definite_phrases(void **state) {
    (void)state;
    check_phrase(THE, "Hund", false,
                 (const char *const[]){"der alte Hund", "den alten Hund", "dem alten Hund",
                                       "des alten Hundes"});
    check_phrase(THE, "Frau", false,
                 (const char *const[]){"die alte Frau", "die alte Frau", "der alten Frau",
                                       "der alten Frau"});
    check_phrase(THE, "Haus", false,
                 (const char *const[]){"das alte Haus", "das alte Haus", "dem alten Haus",
                                       "des alten Hauses"});
    check_phrase(THE, "Haus", true,
                 (const char *const[]){"die alten Häuser", "die alten Häuser", "den alten Häusern",
                                       "der alten Häuser"});
}

static void indefinite_phrases(void **state) {
    (void)state;
    check_phrase(A, "Vater", false,
                 (const char *const[]){"ein alter Vater", "einen alten Vater", "einem alten Vater",
                                       "eines alten Vaters"});
    check_phrase(A, "Lampe", false,
                 (const char *const[]){"eine alte Lampe", "eine alte Lampe", "einer alten Lampe",
                                       "einer alten Lampe"});
    check_phrase(NO, "Auto", false,
                 (const char *const[]){"kein altes Auto", "kein altes Auto", "keinem alten Auto",
                                       "keines alten Autos"});
    check_phrase(NO, "Auto", true,
                 (const char *const[]){"keine alten Autos", "keine alten Autos",
                                       "keinen alten Autos", "keiner alten Autos"});
    check_phrase(POSSESSIVE, "Mutter", false,
                 (const char *const[]){"unsere alte Mutter", "unsere alte Mutter",
                                       "unserer alten Mutter", "unserer alten Mutter"});
}

static void strong_phrases(void **state) {
    (void)state;
    check_phrase(BARE, "Wein", false,
                 (const char *const[]){"alter Wein", "alten Wein", "altem Wein", "alten Weines"});
    check_phrase(
        NUMBER, "Brief", true,
        (const char *const[]){"alte Briefe", "alte Briefe", "alten Briefen", "alter Briefe"});
    check_phrase(THIS, "Bus", false,
                 (const char *const[]){"dieser alte Bus", "diesen alten Bus", "diesem alten Bus",
                                       "dieses alten Busses"});
}

static void weak_nouns(void **state) {
    (void)state;
    check_phrase(THE, "Junge", false,
                 (const char *const[]){"der alte Junge", "den alten Jungen", "dem alten Jungen",
                                       "des alten Jungen"});
    check_phrase(THE, "Student", false,
                 (const char *const[]){"der alte Student", "den alten Studenten",
                                       "dem alten Studenten", "des alten Studenten"});
}

static void genitives(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"Chef", "Chefs"},
        {"Tisch", "Tisches"},
        {"Lehrer", "Lehrers"},
        {"Fluss", "Flusses"},
        {"Geheimnis", "Geheimnisses"},
        {"Park", "Parks"},
        {"Mädchen", "Mädchens"},
        {"Satz", "Satzes"},
        {"Zoo", "Zoos"},
        {"Kind", "Kindes"},
        {"Katze", "Katze"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        EXPECT(s2s_german_noun(&out, noun(pairs[i][0]), false, GENITIVE), pairs[i][1]);
}

static void dative_plurals(void **state) {
    (void)state;
    EXPECT(s2s_german_noun(&out, noun("Mann"), true, DATIVE), "Männern");
    EXPECT(s2s_german_noun(&out, noun("Auto"), true, DATIVE), "Autos");
    EXPECT(s2s_german_noun(&out, noun("Frau"), true, DATIVE), "Frauen");
    EXPECT(s2s_german_noun(&out, noun("Eltern"), true, DATIVE), "Eltern");
}

static void adjective_stems(void **state) {
    (void)state;
    EXPECT(s2s_german_adjective(&out, adjective("müde"), POSITIVE, A, FORM_M, NOMINATIVE), "müder");
    EXPECT(s2s_german_adjective(&out, adjective("teuer"), POSITIVE, A, FORM_N, NOMINATIVE),
           "teures");
    EXPECT(s2s_german_adjective(&out, adjective("dunkel"), POSITIVE, THE, FORM_N, DATIVE),
           "dunklen");
    EXPECT(s2s_german_predicate(&out, adjective("teuer"), POSITIVE), "teuer");
}

static void comparison(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"alt", "älter", "am ältesten"},
        {"groß", "größer", "am größten"},
        {"gut", "besser", "am besten"},
        {"neu", "neuer", "am neuesten"},
        {"teuer", "teurer", "am teuersten"},
        {"klug", "klüger", "am klügsten"},
        {"spannend", "spannender", "am spannendsten"},
        {"schön", "schöner", "am schönsten"},
        {"müde", "müder", "am müdesten"},
        {"kurz", "kürzer", "am kürzesten"},
        {"frisch", "frischer", "am frischesten"},
        {"interessant", "interessanter", "am interessantesten"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const s2s_adjective *entry = adjective(rows[i][0]);
        assert_non_null(entry);
        EXPECT(s2s_german_predicate(&out, entry, COMPARATIVE), rows[i][1]);
        EXPECT(s2s_german_predicate(&out, entry, SUPERLATIVE), rows[i][2]);
    }
}

/* ich, du, er, wir, sie in the present; the past of ich and wir; participle; infinitive with zu;
 * imperative */
typedef struct conjugation {
    const char *infinitive, *present[5], *past[2], *participle, *with_zu, *imperative;
} conjugation;

static const conjugation conjugations[] = {
    {"lesen",
     {"lese", "liest", "liest", "lesen", "lesen"},
     {"las", "lasen"},
     "gelesen",
     "zu lesen",
     "lies"},
    {"nehmen",
     {"nehme", "nimmst", "nimmt", "nehmen", "nehmen"},
     {"nahm", "nahmen"},
     "genommen",
     "zu nehmen",
     "nimm"},
    {"laufen",
     {"laufe", "läufst", "läuft", "laufen", "laufen"},
     {"lief", "liefen"},
     "gelaufen",
     "zu laufen",
     "lauf"},
    {"arbeiten",
     {"arbeite", "arbeitest", "arbeitet", "arbeiten", "arbeiten"},
     {"arbeitete", "arbeiteten"},
     "gearbeitet",
     "zu arbeiten",
     "arbeite"},
    {"öffnen",
     {"öffne", "öffnest", "öffnet", "öffnen", "öffnen"},
     {"öffnete", "öffneten"},
     "geöffnet",
     "zu öffnen",
     "öffne"},
    {"zeichnen",
     {"zeichne", "zeichnest", "zeichnet", "zeichnen", "zeichnen"},
     {"zeichnete", "zeichneten"},
     "gezeichnet",
     "zu zeichnen",
     "zeichne"},
    {"wohnen",
     {"wohne", "wohnst", "wohnt", "wohnen", "wohnen"},
     {"wohnte", "wohnten"},
     "gewohnt",
     "zu wohnen",
     "wohn"},
    {"füttern",
     {"füttere", "fütterst", "füttert", "füttern", "füttern"},
     {"fütterte", "fütterten"},
     "gefüttert",
     "zu füttern",
     "füttere"},
    {"tanzen",
     {"tanze", "tanzt", "tanzt", "tanzen", "tanzen"},
     {"tanzte", "tanzten"},
     "getanzt",
     "zu tanzen",
     "tanz"},
    {"vergessen",
     {"vergesse", "vergisst", "vergisst", "vergessen", "vergessen"},
     {"vergaß", "vergaßen"},
     "vergessen",
     "zu vergessen",
     "vergiss"},
    {"reparieren",
     {"repariere", "reparierst", "repariert", "reparieren", "reparieren"},
     {"reparierte", "reparierten"},
     "repariert",
     "zu reparieren",
     "repariere"},
    {"besuchen",
     {"besuche", "besuchst", "besucht", "besuchen", "besuchen"},
     {"besuchte", "besuchten"},
     "besucht",
     "zu besuchen",
     "besuch"},
    {"auf|stehen",
     {"stehe", "stehst", "steht", "stehen", "stehen"},
     {"stand", "standen"},
     "aufgestanden",
     "aufzustehen",
     "steh"},
    {"ein|laden",
     {"lade", "lädst", "lädt", "laden", "laden"},
     {"lud", "luden"},
     "eingeladen",
     "einzuladen",
     "lade"},
    {"vor|bereiten",
     {"bereite", "bereitest", "bereitet", "bereiten", "bereiten"},
     {"bereitete", "bereiteten"},
     "vorbereitet",
     "vorzubereiten",
     "bereite"},
    {"mit|bringen",
     {"bringe", "bringst", "bringt", "bringen", "bringen"},
     {"brachte", "brachten"},
     "mitgebracht",
     "mitzubringen",
     "bring"},
    {"wissen",
     {"weiß", "weißt", "weiß", "wissen", "wissen"},
     {"wusste", "wussten"},
     "gewusst",
     "zu wissen",
     "wisse"},
};

static void verbs(void **state) {
    (void)state;
    static const s2s_who people[] = {I, YOU, SHE, WE, THEY};
    for (size_t i = 0; i < sizeof conjugations / sizeof *conjugations; i++) {
        const conjugation *row = &conjugations[i];
        assert_non_null(verb(row->infinitive));
        const s2s_german_forms *entry = &verb(row->infinitive)->german;
        for (int j = 0; j < 5; j++)
            EXPECT(s2s_german_finite(&out, entry, PRESENT_FORM, people[j], false), row->present[j]);
        EXPECT(s2s_german_finite(&out, entry, PAST_FORM, I, false), row->past[0]);
        EXPECT(s2s_german_finite(&out, entry, PAST_FORM, WE, false), row->past[1]);
        EXPECT(s2s_german_participle(&out, entry), row->participle);
        EXPECT(s2s_german_infinitive(&out, entry, true), row->with_zu);
        EXPECT(s2s_german_imperative(&out, entry), row->imperative);
    }
}

static void auxiliaries(void **state) {
    (void)state;
    EXPECT(s2s_german_finite(&out, &s2s_sein, PRESENT_FORM, YOU, false), "bist");
    EXPECT(s2s_german_finite(&out, &s2s_haben, PRESENT_FORM, IT, false), "hat");
    EXPECT(s2s_german_finite(&out, &s2s_werden, PRESENT_FORM, HE, false), "wird");
    EXPECT(s2s_german_finite(&out, &s2s_sein, PAST_FORM, THEY, false), "waren");
    const s2s_german_forms can = {.infinitive = "können"};
    EXPECT(s2s_german_finite(&out, &can, PRESENT_FORM, I, false), "kann");
    EXPECT(s2s_german_finite(&out, &can, PAST_FORM, WE, false), "konnten");
    EXPECT(s2s_german_finite(&out, &verb("auf|stehen")->german, PRESENT_FORM, SHE, true),
           "aufsteht");
}

static void small_words(void **state) {
    (void)state;
    assert_string_equal(s2s_german_contraction("in", FORM_M, DATIVE), "im");
    assert_string_equal(s2s_german_contraction("zu", FORM_F, DATIVE), "zur");
    assert_null(s2s_german_contraction("in", FORM_F, ACCUSATIVE));
    assert_string_equal(s2s_german_relative(FORM_PLURAL, DATIVE), "denen");
    assert_string_equal(s2s_german_relative(FORM_N, NOMINATIVE), "das");
    assert_string_equal(s2s_german_pronoun(SHE, DATIVE), "ihr");
    assert_string_equal(s2s_german_reflexive(I), "mich");
    assert_string_equal(s2s_german_reflexive(THEY), "sich");
    EXPECT(s2s_german_number(&out, 2), "zwei");
    EXPECT(s2s_german_number(&out, 17), "siebzehn");
    EXPECT(s2s_german_number(&out, 30), "dreißig");
    EXPECT(s2s_german_number(&out, 21), "einundzwanzig");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definite_phrases),
        cmocka_unit_test(indefinite_phrases),
        cmocka_unit_test(strong_phrases),
        cmocka_unit_test(weak_nouns),
        cmocka_unit_test(genitives),
        cmocka_unit_test(dative_plurals),
        cmocka_unit_test(adjective_stems),
        cmocka_unit_test(comparison),
        cmocka_unit_test(verbs),
        cmocka_unit_test(auxiliaries),
        cmocka_unit_test(small_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
