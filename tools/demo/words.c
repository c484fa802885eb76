/* Adjectives, names, modal verbs and adverbs. */
#include "demo/lexicon.h"

/* A table is read by its columns. */
/* clang-format off */

#define OBJECTS (CLOTHES | DRIVABLE | DEVICE | FURNITURE | THING | PAPER | INSTRUMENT)
#define PAINTED (CLOTHES | DRIVABLE | FURNITURE | UPRIGHT)
#define HAPPENINGS (SHOW | EVENT)

/* English, German, what it goes with, how, scale | stem before endings, comparative, superlative */
const s2s_adjective s2s_adjectives[] = {
    /* how one feels */
    {"tired", "müde", PERSON | ANIMAL, STATE | GRADABLE | BLAME, MOOD},
    {"hungry", "hungrig", PERSON | ANIMAL, STATE, MOOD},
    {"thirsty", "durstig", PERSON | ANIMAL, STATE, MOOD},
    {"ill", "krank", PERSON | ANIMAL, STATE | BLAME, MOOD},
    {"happy", "glücklich", PERSON, STATE | GRADABLE | PRAISE, MOOD},
    {"sad", "traurig", PERSON, STATE | BLAME, MOOD},
    {"angry", "wütend", PERSON, STATE | BLAME, MOOD},
    {"nervous", "nervös", PERSON, STATE, MOOD},
    {"bored", "gelangweilt", PERSON, STATE, MOOD},
    {"healthy", "gesund", PERSON | ANIMAL, PRAISE, MOOD},

    /* what one is like */
    {"friendly", "freundlich", PERSON | PET, GRADABLE | PRAISE, MANNERS},
    {"polite", "höflich", PERSON, GRADABLE | PRAISE, MANNERS},
    {"clever", "klug", PERSON | ANIMAL, GRADABLE | PRAISE, NO_SCALE, NULL, "klüger"},
    {"young", "jung", PERSON | ANIMAL, GRADABLE, AGE, NULL, "jünger"},
    {"tall", "groß", PERSON, GRADABLE | PREDICATE, SIZE, NULL, "größer", "größt"},
    {"rich", "reich", PERSON, GRADABLE | PRAISE, NO_SCALE},
    {"strong", "stark", PERSON | ANIMAL, GRADABLE | PRAISE, NO_SCALE, NULL, "stärker"},
    {"famous", "berühmt", PROFESSION, GRADABLE | PRAISE, NO_SCALE},
    {"lazy", "faul", PERSON | PET, GRADABLE | BLAME, DILIGENCE},
    {"hard-working", "fleißig", PERSON, GRADABLE | PRAISE, DILIGENCE},
    {"shy", "schüchtern", PERSON | ANIMAL, BLAME, COURAGE},
    {"honest", "ehrlich", PERSON, PRAISE, NO_SCALE},
    {"curious", "neugierig", PERSON | ANIMAL, 0, NO_SCALE},
    {"brave", "mutig", PERSON | PET, GRADABLE | PRAISE, COURAGE},
    {"strict", "streng", PROFESSION, GRADABLE | BLAME, NO_SCALE},
    {"funny", "lustig", PERSON | SHOW | TALE, GRADABLE | PRAISE, WORTH},
    {"wild", "wild", ANIMAL, 0, NO_SCALE},

    /* age, size, worth */
    {"old", "alt", PERSON | ANIMAL | TRANSIT | OPENABLE | PLACE | ROOM | OBJECTS, GRADABLE, AGE, NULL, "älter"},
    {"new", "neu", OBJECTS | PLACE | ROOM | TRANSIT | TOPIC | SHOW, 0, AGE},
    {"small", "klein", ANIMAL | FOOD | OPENABLE | PLANT | PLACE | ROOM | OBJECTS, GRADABLE, SIZE},
    {"big", "groß", ANIMAL | FOOD | OPENABLE | PLANT | PLACE | ROOM | OBJECTS, GRADABLE, SIZE, NULL, "größer", "größt"},
    {"beautiful", "schön", CLOTHES | FURNITURE | UPRIGHT | INSTRUMENT | EVENT | PLANT | PLACE | ROOM, GRADABLE | PRAISE, BEAUTY},
    {"ugly", "hässlich", CLOTHES | FURNITURE | UPRIGHT, GRADABLE | BLAME, BEAUTY},
    {"expensive", "teuer", OBJECTS, GRADABLE | BLAME, PRICE, "teur", "teurer", "teuerst"},
    {"cheap", "billig", OBJECTS, GRADABLE | PRAISE, PRICE},
    {"modern", "modern", TRANSIT | DEVICE | FURNITURE | PLACE | ROOM, GRADABLE | PRAISE, AGE},
    {"good", "gut", TITLE | TOPIC | FOOD | DRINK | DEVICE | INSTRUMENT | PROFESSION | HAPPENINGS, PRAISE, WORTH, NULL, "besser", "best"},
    {"bad", "schlecht", TITLE | DEVICE | INSTRUMENT | HAPPENINGS, BLAME, WORTH},

    /* colours and shapes */
    {"red", "rot", PAINTED, 0, COLOUR},
    {"blue", "blau", PAINTED, 0, COLOUR},
    {"green", "grün", PAINTED, 0, COLOUR},
    {"yellow", "gelb", PAINTED, 0, COLOUR},
    {"black", "schwarz", PET | PAINTED, 0, COLOUR},
    {"white", "weiß", PET | PAINTED, 0, COLOUR},
    {"brown", "braun", PET | PAINTED, 0, COLOUR},
    {"grey", "grau", PET | PAINTED, 0, COLOUR},
    {"round", "rund", SURFACE, 0, NO_SCALE},

    /* condition */
    {"clean", "sauber", CLOTHES | DRIVABLE | VESSEL | OPENABLE | INDOORS | SURFACE, GRADABLE | PRAISE, CLEANLINESS},
    {"dirty", "schmutzig", CLOTHES | DRIVABLE | VESSEL | OPENABLE | INDOORS | SURFACE, GRADABLE | BLAME, CLEANLINESS},
    {"broken", "kaputt", DRIVABLE | DEVICE | UPRIGHT, PREDICATE | BLAME, NO_SCALE},
    {"heavy", "schwer", FURNITURE | UPRIGHT, GRADABLE | BLAME, WEIGHT},
    {"light", "leicht", UPRIGHT, GRADABLE | PRAISE, WEIGHT},
    {"empty", "leer", INDOORS | TRANSIT | VESSEL, 0, NO_SCALE},
    {"full", "voll", TRANSIT | VESSEL, 0, NO_SCALE},
    {"comfortable", "bequem", CLOTHES | SURFACE, GRADABLE | PRAISE, COMFORT},
    {"warm", "warm", CLOTHES | INDOORS, GRADABLE, TEMPERATURE, NULL, "wärmer"},
    {"cold", "kalt", DRINK | INDOORS, GRADABLE | BLAME, TEMPERATURE, NULL, "kälter"},
    {"hot", "heiß", DRINK, GRADABLE, TEMPERATURE},
    {"fresh", "frisch", FOOD, GRADABLE | PRAISE, TASTE},
    {"delicious", "lecker", FOOD, PRAISE, TASTE},
    {"sweet", "süß", FOOD | DRINK, GRADABLE, TASTE},
    {"wet", "nass", CLOTHES | FLAT, BLAME, NO_SCALE},
    {"dry", "trocken", CLOTHES, 0, NO_SCALE},
    {"fast", "schnell", DRIVABLE | TRANSIT, GRADABLE | PRAISE, SPEED},
    {"slow", "langsam", DRIVABLE | TRANSIT | DEVICE, GRADABLE | BLAME, SPEED},
    {"loud", "laut", TRANSIT | DEVICE | INSTRUMENT, GRADABLE | BLAME, NOISE},
    {"quiet", "ruhig", PLACE, GRADABLE | PRAISE, NOISE},
    {"dark", "dunkel", INDOORS, GRADABLE | BLAME, NO_SCALE, "dunkl", "dunkler", "dunkelst"},
    {"dangerous", "gefährlich", ANIMAL, GRADABLE | BLAME, NO_SCALE},

    /* worth talking about */
    {"interesting", "interessant", READABLE | TOPIC | TALE | SIGHT | HAPPENINGS, GRADABLE | PRAISE, WORTH},
    {"boring", "langweilig", TITLE | HAPPENINGS, GRADABLE | BLAME, WORTH},
    {"exciting", "spannend", TITLE | HAPPENINGS, GRADABLE | PRAISE, WORTH},
    {"long", "lang", READABLE | HAPPENINGS, GRADABLE, SIZE, NULL, "länger"},
    {"short", "kurz", READABLE | HAPPENINGS, GRADABLE, SIZE, NULL, "kürzer"},
    {"difficult", "schwierig", TOPIC | LANGUAGE, GRADABLE | BLAME, EFFORT},
    {"easy", "einfach", TOPIC, GRADABLE | PRAISE, EFFORT},
    {"important", "wichtig", WRITTEN | EVENT | TOPIC, GRADABLE, WORTH},
    {"strange", "seltsam", READABLE | SHOW | TOPIC | TALE, GRADABLE | BLAME, WORTH},
};

const size_t s2s_adjective_count = sizeof s2s_adjectives / sizeof *s2s_adjectives;

const s2s_name s2s_names[] = {
    {"Anna", "Anna", FEMININE},
    {"Maria", "Maria", FEMININE},
    {"Julia", "Julia", FEMININE},
    {"Laura", "Laura", FEMININE},
    {"Sophie", "Sophie", FEMININE},
    {"Emma", "Emma", FEMININE},
    {"Lena", "Lena", FEMININE},
    {"Sarah", "Sarah", FEMININE},
    {"Clara", "Clara", FEMININE},
    {"Eva", "Eva", FEMININE},
    {"Nina", "Nina", FEMININE},
    {"Hannah", "Hannah", FEMININE},
    {"Peter", "Peter", MASCULINE},
    {"Paul", "Paul", MASCULINE},
    {"Thomas", "Thomas", MASCULINE},
    {"David", "David", MASCULINE},
    {"Daniel", "Daniel", MASCULINE},
    {"Martin", "Martin", MASCULINE},
    {"Simon", "Simon", MASCULINE},
    {"Felix", "Felix", MASCULINE},
    {"Michael", "Michael", MASCULINE},
    {"Robert", "Robert", MASCULINE},
    {"Oliver", "Oliver", MASCULINE},
    {"Tim", "Tim", MASCULINE},
    {"Mr Weber", "Herr Weber", MASCULINE, "Herrn Weber"},
    {"Mr Schmidt", "Herr Schmidt", MASCULINE, "Herrn Schmidt"},
    {"Mr Wagner", "Herr Wagner", MASCULINE, "Herrn Wagner"},
    {"Mrs Becker", "Frau Becker", FEMININE},
    {"Mrs Hoffmann", "Frau Hoffmann", FEMININE},
    {"Mrs Schulz", "Frau Schulz", FEMININE},
};

const size_t s2s_name_count = sizeof s2s_names / sizeof *s2s_names;

/* present, past, an auxiliary in English?, German, negated? */
const s2s_modal s2s_modals[] = {
    {"can", "could", true, "können", true},
    {"must", "had to", true, "müssen", false},
    {"should", NULL, true, "sollten", true},
    {"want to", "wanted to", false, "wollen", true},
    {"would like to", NULL, true, "möchten", false},
    {"be allowed to", "be allowed to", true, "dürfen", true},
};

const size_t s2s_modal_count = sizeof s2s_modals / sizeof *s2s_modals;

const s2s_adverb s2s_times[] = {
    {"now", "jetzt", NOW},
    {"today", "heute", NOW | FUTURE_TIME},
    {"every day", "jeden Tag", HABIT | TAKES_CLOCK},
    {"every week", "jede Woche", HABIT},
    {"every morning", "jeden Morgen", HABIT},
    {"every evening", "jeden Abend", HABIT},
    {"in the morning", "am Morgen", HABIT},
    {"in the evening", "am Abend", HABIT},
    {"in summer", "im Sommer", HABIT | SEASON},
    {"in winter", "im Winter", HABIT | SEASON},
    {"at the weekend", "am Wochenende", HABIT | FUTURE_TIME},
    {"yesterday", "gestern", PAST_TIME | TAKES_CLOCK},
    {"yesterday evening", "gestern Abend", PAST_TIME},
    {"last week", "letzte Woche", PAST_TIME},
    {"last month", "letzten Monat", PAST_TIME | SEASON},
    {"last year", "letztes Jahr", PAST_TIME | SEASON},
    {"an hour ago", "vor einer Stunde", PAST_TIME},
    {"two days ago", "vor zwei Tagen", PAST_TIME},
    {"three weeks ago", "vor drei Wochen", PAST_TIME | SEASON},
    {"four years ago", "vor vier Jahren", PAST_TIME | SEASON},
    {"on Sunday", "am Sonntag", PAST_TIME | FUTURE_TIME | TAKES_CLOCK},
    {"on Monday", "am Montag", PAST_TIME | FUTURE_TIME | TAKES_CLOCK},
    {"on Tuesday", "am Dienstag", PAST_TIME | FUTURE_TIME | TAKES_CLOCK},
    {"on Friday", "am Freitag", PAST_TIME | FUTURE_TIME | TAKES_CLOCK},
    {"on Saturday", "am Samstag", PAST_TIME | FUTURE_TIME | TAKES_CLOCK},
    {"in January", "im Januar", PAST_TIME | FUTURE_TIME | SEASON},
    {"in May", "im Mai", PAST_TIME | FUTURE_TIME | SEASON},
    {"in August", "im August", PAST_TIME | FUTURE_TIME | SEASON},
    {"tomorrow", "morgen", FUTURE_TIME | TAKES_CLOCK},
    {"tomorrow evening", "morgen Abend", FUTURE_TIME},
    {"this evening", "heute Abend", FUTURE_TIME},
    {"next week", "nächste Woche", FUTURE_TIME},
    {"next month", "nächsten Monat", FUTURE_TIME | SEASON},
    {"next year", "nächstes Jahr", FUTURE_TIME | SEASON},
    {"soon", "bald", FUTURE_TIME},
};

const size_t s2s_time_count = sizeof s2s_times / sizeof *s2s_times;

const s2s_adverb s2s_frequencies[] = {
    {"often", "oft", HABIT},
    {"always", "immer", HABIT},
    {"sometimes", "manchmal", HABIT},
    {"usually", "meistens", HABIT},
    {"rarely", "selten", HABIT},
};

const size_t s2s_frequency_count = sizeof s2s_frequencies / sizeof *s2s_frequencies;

const s2s_adverb s2s_done[] = {
    {"already", "schon", DONE_TIME},
    {"just", "gerade", DONE_TIME},
    {"never", "nie", DONE_TIME},
};

const size_t s2s_done_count = sizeof s2s_done / sizeof *s2s_done;

const s2s_adverb s2s_manners[] = {
    {"quickly", "schnell", HASTE},
    {"slowly", "langsam", HASTE},
    {"alone", "allein", COMPANY},
    {"together", "zusammen", COMPANY},
    {"quietly", "leise", HUSH},
    {"carefully", "vorsichtig", CARE},
};

const size_t s2s_manner_count = sizeof s2s_manners / sizeof *s2s_manners;

const s2s_adverb s2s_intensifiers[] = {
    {"very", "sehr", 0},
    {"too", "zu", 0},
    {"quite", "ziemlich", 0},
    {"a little", "ein bisschen", 0},
};

const size_t s2s_intensifier_count = sizeof s2s_intensifiers / sizeof *s2s_intensifiers;
