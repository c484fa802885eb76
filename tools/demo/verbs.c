/* The verbs, one sense a row: English forms, German forms, what completes the verb, who does it to
 * what. */
#include "demo/lexicon.h"

/* A table is read by its columns. */
/* clang-format off */

#define BEING (PERSON | ANIMAL)
#define CARRIED (THING | CLOTHES | PAPER)
#define BOUGHT (THING | CLOTHES | PRINT | FOOD | DRIVABLE | FURNITURE | DEVICE | INSTRUMENT)
#define LOST (FLAT | PET)
#define SEEN (PERSON | ANIMAL | CARRIED | DRIVABLE | TRANSIT | SHOW | PLANT | FURNITURE)
#define SPOKEN_OF (EVENT | TOPIC | SHOW | TITLE | TALE)

/* {base, past, participle}, {infinitive, stem of du and er, past, participle, auxiliary}, ... */
const s2s_verb s2s_verbs[] = {
    /* nothing but a subject */
    {{"sleep", "slept", "slept"}, {"schlafen", "schläf", "schlief", "geschlafen"}, INTRANSITIVE, BEING, 0, LIKEABLE | AIM | COMPANY | AT_HOME},
    {{"work"}, {"arbeiten"}, INTRANSITIVE, PERSON, 0, LIKEABLE | AIM | HASTE | HUSH | COMPANY | AT_HOME | IN_TOWN},
    {{"laugh"}, {"lachen"}, INTRANSITIVE, PERSON, 0, HUSH},
    {{"cry"}, {"weinen"}, INTRANSITIVE, PERSON, 0, HUSH},
    {{"dance"}, {"tanzen"}, INTRANSITIVE, PERSON, 0, LIKEABLE | AIM | COMPANY | AT_HOME | IN_TOWN},
    {{"sing", "sang", "sung"}, {"singen", NULL, "sang", "gesungen"}, INTRANSITIVE, PERSON, 0, LIKEABLE | HUSH | COMPANY | AT_HOME | IN_TOWN | AIM},
    {{"swim", "swam", "swum"}, {"schwimmen", NULL, "schwamm", "geschwommen", SEIN}, INTRANSITIVE, BEING, 0, LIKEABLE | AIM | COMPANY | HASTE},
    {{"cook"}, {"kochen"}, INTRANSITIVE, PERSON, 0, LIKEABLE | COMPANY | AT_HOME},
    {{"wait"}, {"warten"}, INTRANSITIVE, PERSON, 0, COMPANY | HUSH | AT_HOME | IN_TOWN},
    {{"get|up", "got", "got"}, {"auf|stehen", NULL, "stand", "gestanden", SEIN}, INTRANSITIVE, PERSON, 0, HASTE},
    {{"wake|up", "woke", "woken"}, {"auf|wachen", NULL, NULL, NULL, SEIN}, INTRANSITIVE, PERSON, 0, NO_IMPERATIVE},
    {{"fall|asleep", "fell", "fallen"}, {"ein|schlafen", "schläf", "schlief", "geschlafen", SEIN}, INTRANSITIVE, BEING, 0, NO_IMPERATIVE},
    {{"watch|TV"}, {"fern|sehen", "sieh", "sah", "gesehen"}, INTRANSITIVE, PERSON, 0, LIKEABLE | AIM | COMPANY | AT_HOME},
    {{"go|shopping", "went", "gone"}, {"ein|kaufen"}, INTRANSITIVE, PERSON, 0, LIKEABLE | AIM | COMPANY},
    {{"sit|down", "sat", "sat"}, {"hin|setzen"}, INTRANSITIVE, PERSON, 0, REFLEXIVE | HASTE},
    {{"hurry|up"}, {"beeilen"}, INTRANSITIVE, PERSON, 0, REFLEXIVE},
    {{"get|dressed", "got", "got"}, {"an|ziehen", NULL, "zog", "gezogen"}, INTRANSITIVE, PERSON, 0, REFLEXIVE | HASTE},
    {{"relax"}, {"entspannen"}, INTRANSITIVE, PERSON, 0, REFLEXIVE | AIM | AT_HOME | IN_TOWN},
    {{"arrive"}, {"an|kommen", NULL, "kam", "gekommen", SEIN}, INTRANSITIVE, PERSON | TRANSIT, 0, NO_IMPERATIVE | NO_MODAL},
    {{"depart"}, {"ab|fahren", "fähr", "fuhr", "gefahren", SEIN}, INTRANSITIVE, TRANSIT, 0, NO_IMPERATIVE | NO_MODAL},
    {{"come|back", "came", "come"}, {"zurück|kommen", NULL, "kam", "gekommen", SEIN}, INTRANSITIVE, PERSON, 0, COMPANY},
    {{"begin", "began", "begun"}, {"an|fangen", "fäng", "fing", "gefangen"}, INTRANSITIVE, SHOW | EVENT, 0, NO_IMPERATIVE | NO_MODAL},
    {{"end"}, {"enden"}, INTRANSITIVE, SHOW | EVENT, 0, NO_IMPERATIVE | NO_MODAL},
    {{"bloom"}, {"blühen"}, INTRANSITIVE, PLANT, 0, NO_IMPERATIVE | NO_MODAL},
    {{"bark"}, {"bellen", NULL, NULL, "gebellt"}, INTRANSITIVE, DOG, 0, NO_IMPERATIVE | NO_MODAL},

    /* somebody or something in the accusative */
    {{"read", "read", "read"}, {"lesen", "lies", "las", "gelesen"}, TRANSITIVE, PERSON, READABLE, LIKEABLE | FONDLY | AT_HOME | IN_TOWN | COMPANY | HASTE},
    {{"write", "wrote", "written"}, {"schreiben", NULL, "schrieb", "geschrieben"}, TRANSITIVE, PERSON, WRITTEN, LIKEABLE | HASTE | AT_HOME},
    {{"eat", "ate", "eaten"}, {"essen", "iss", "aß", "gegessen"}, TRANSITIVE, PERSON, FOOD, LIKEABLE | HASTE | COMPANY | AT_HOME | IN_TOWN | AIM},
    {{"drink", "drank", "drunk"}, {"trinken", NULL, "trank", "getrunken"}, TRANSITIVE, PERSON, DRINK, LIKEABLE | HASTE | COMPANY | AT_HOME | IN_TOWN | AIM},
    {{"prepare"}, {"vor|bereiten"}, TRANSITIVE, PERSON, EVENT, COMPANY},
    {{"bake"}, {"backen", NULL, NULL, "gebacken"}, TRANSITIVE, PERSON, BAKED, LIKEABLE | COMPANY},
    {{"cook"}, {"kochen"}, TRANSITIVE, PERSON, DISH, LIKEABLE | COMPANY},
    {{"order"}, {"bestellen"}, TRANSITIVE, PERSON, FOOD | DRINK, AIM},
    {{"taste"}, {"probieren"}, TRANSITIVE, PERSON, FOOD | DRINK, 0},
    {{"cut", "cut", "cut"}, {"schneiden", NULL, "schnitt", "geschnitten"}, TRANSITIVE, PERSON, FOOD, CARE | HASTE},
    {{"buy", "bought", "bought"}, {"kaufen"}, TRANSITIVE, PERSON, BOUGHT | DRINK, ACQUIRES | FONDLY | AIM},
    {{"sell", "sold", "sold"}, {"verkaufen"}, TRANSITIVE, PERSON, BOUGHT, 0},
    {{"see", "saw", "seen"}, {"sehen", "sieh", "sah", "gesehen"}, TRANSITIVE, BEING, SEEN, STATIVE | NO_IMPERATIVE},
    {{"hear", "heard", "heard"}, {"hören"}, TRANSITIVE, BEING, PERSON | ANIMAL | DRIVABLE | INSTRUMENT, STATIVE | NO_IMPERATIVE},
    {{"find", "found", "found"}, {"finden", NULL, "fand", "gefunden"}, TRANSITIVE, PERSON, LOST, STATIVE | NO_IMPERATIVE | AT_HOME | IN_TOWN},
    {{"lose", "lost", "lost"}, {"verlieren", NULL, "verlor", "verloren"}, TRANSITIVE, PERSON, LOST, STATIVE | NO_IMPERATIVE | NO_MODAL | IN_TOWN},
    {{"look+for"}, {"suchen"}, TRANSITIVE, PERSON, PERSON | LOST, AT_HOME | IN_TOWN | FONDLY | AIM},
    {{"need"}, {"brauchen"}, TRANSITIVE, PERSON, CARRIED | DEVICE | DRIVABLE | NEED | FURNITURE, STATIVE | LASTING},
    {{"wear", "wore", "worn"}, {"tragen", "träg", "trug", "getragen"}, TRANSITIVE, PERSON, CLOTHES, LIKEABLE | FONDLY},
    {{"put|on", "put", "put"}, {"an|ziehen", NULL, "zog", "gezogen"}, TRANSITIVE, PERSON, CLOTHES, HASTE | FONDLY},
    {{"take|off", "took", "taken"}, {"aus|ziehen", NULL, "zog", "gezogen"}, TRANSITIVE, PERSON, CLOTHES, HASTE},
    {{"try|on"}, {"an|probieren"}, TRANSITIVE, PERSON, CLOTHES, FONDLY | AIM},
    {{"wash"}, {"waschen", "wäsch", "wusch", "gewaschen"}, TRANSITIVE, PERSON, CLOTHES | DRIVABLE, CARE | AIM},
    {{"repair"}, {"reparieren"}, TRANSITIVE, PERSON, DRIVABLE | DEVICE | FURNITURE, LIKEABLE | CARE | AIM},
    {{"open"}, {"öffnen"}, TRANSITIVE, PERSON, OPENABLE, CARE | HASTE | HUSH},
    {{"close"}, {"schließen", NULL, "schloss", "geschlossen"}, TRANSITIVE, PERSON, OPENABLE, CARE | HASTE | HUSH},
    {{"lock"}, {"ab|schließen", NULL, "schloss", "geschlossen"}, TRANSITIVE, PERSON, LOCKABLE, HASTE},
    {{"turn|on"}, {"ein|schalten"}, TRANSITIVE, PERSON, DEVICE, 0},
    {{"turn|off"}, {"aus|schalten"}, TRANSITIVE, PERSON, DEVICE, 0},
    {{"use"}, {"benutzen"}, TRANSITIVE, PERSON, DEVICE, 0},
    {{"clean"}, {"putzen"}, TRANSITIVE, PERSON, INDOORS, HASTE},
    {{"tidy|up"}, {"auf|räumen"}, TRANSITIVE, PERSON, INDOORS, HASTE | AIM},
    {{"visit"}, {"besuchen"}, TRANSITIVE, PERSON, PERSON | SIGHT, LIKEABLE | FONDLY | AIM},
    {{"know", "knew", "known"}, {"kennen", NULL, "kannte", "gekannt"}, TRANSITIVE, PERSON, PERSON | SIGHT | SPOKEN_OF, STATIVE | LASTING},
    {{"love"}, {"lieben"}, TRANSITIVE, PERSON, PERSON | PET, STATIVE | LASTING},
    {{"meet", "met", "met"}, {"treffen", "triff", "traf", "getroffen"}, TRANSITIVE, PERSON, PERSON, LIKEABLE | FONDLY | AIM | IN_TOWN},
    {{"call"}, {"an|rufen", NULL, "rief", "gerufen"}, TRANSITIVE, PERSON, PERSON, FONDLY},
    {{"invite"}, {"ein|laden", "läd", "lud", "geladen"}, TRANSITIVE, PERSON, PERSON, FONDLY},
    {{"pick|up"}, {"ab|holen"}, TRANSITIVE, PERSON, PERSON, AIM},
    {{"ask"}, {"fragen"}, TRANSITIVE, PERSON, PERSON, 0},
    {{"hug"}, {"umarmen", NULL, NULL, "umarmt"}, TRANSITIVE, PERSON, KIN, FONDLY},
    {{"kiss"}, {"küssen"}, TRANSITIVE, PERSON, KIN, FONDLY},
    {{"greet"}, {"grüßen"}, TRANSITIVE, PERSON, PERSON, FONDLY},
    {{"disturb"}, {"stören"}, TRANSITIVE, PERSON, PERSON, 0},
    {{"miss"}, {"vermissen"}, TRANSITIVE, PERSON, PERSON | PET, STATIVE | LASTING},
    {{"understand", "understood", "understood"}, {"verstehen", NULL, "verstand", "verstanden"}, TRANSITIVE, PERSON, TOPIC | LANGUAGE | TALE, STATIVE | NO_IMPERATIVE},
    {{"learn"}, {"lernen"}, TRANSITIVE, PERSON, LANGUAGE, LIKEABLE | AIM | HASTE},
    {{"speak", "spoke", "spoken"}, {"sprechen", "sprich", "sprach", "gesprochen"}, TRANSITIVE, PERSON, LANGUAGE, LIKEABLE | STATIVE | HASTE},
    {{"play"}, {"spielen"}, TRANSITIVE, PERSON, INSTRUMENT | GAME, LIKEABLE | COMPANY | AIM | AT_HOME},
    {{"watch"}, {"an|sehen", "sieh", "sah", "gesehen"}, TRANSITIVE, PERSON, SHOW, FONDLY | COMPANY},
    {{"forget", "forgot", "forgotten"}, {"vergessen", "vergiss", "vergaß", "vergessen"}, TRANSITIVE, PERSON, FLAT | TOPIC | EVENT, STATIVE | NO_MODAL},
    {{"take", "took", "taken"}, {"nehmen", "nimm", "nahm", "genommen"}, TRANSITIVE, PERSON, TRANSIT | THING, FONDLY},
    {{"drive", "drove", "driven"}, {"fahren", "fähr", "fuhr", "gefahren"}, TRANSITIVE, PERSON, DRIVABLE, LIKEABLE | HASTE | CARE | FONDLY},
    {{"carry"}, {"tragen", "träg", "trug", "getragen"}, TRANSITIVE, PERSON, THING, CARE},
    {{"photograph"}, {"fotografieren"}, TRANSITIVE, PERSON, PERSON | ANIMAL | PLANT | SIGHT, LIKEABLE | FONDLY | AIM},
    {{"draw", "drew", "drawn"}, {"zeichnen"}, TRANSITIVE, PERSON, ANIMAL | PLANT, LIKEABLE | FONDLY},
    {{"paint"}, {"malen"}, TRANSITIVE, PERSON, ANIMAL | PLANT, LIKEABLE | FONDLY},
    {{"plant"}, {"pflanzen"}, TRANSITIVE, PERSON, PLANT, 0},
    {{"water"}, {"gießen", NULL, "goss", "gegossen"}, TRANSITIVE, PERSON, PLANT, AIM},
    {{"feed", "fed", "fed"}, {"füttern"}, TRANSITIVE, PERSON, PET, LIKEABLE | AIM},
    {{"hide", "hid", "hidden"}, {"verstecken"}, TRANSITIVE, PERSON, THING, AT_HOME | HASTE},
    {{"pack"}, {"packen"}, TRANSITIVE, PERSON, LUGGAGE, HASTE},
    {{"borrow"}, {"aus|leihen", NULL, "lieh", "geliehen"}, TRANSITIVE, PERSON, PRINT | THING | DRIVABLE, ACQUIRES | FONDLY},
    {{"throw|away", "threw", "thrown"}, {"weg|werfen", "wirf", "warf", "geworfen"}, TRANSITIVE, PERSON, CARRIED, 0},
    {{"steal", "stole", "stolen"}, {"stehlen", "stiehl", "stahl", "gestohlen"}, TRANSITIVE, THIEF, THING | DRIVABLE, ACQUIRES | NO_IMPERATIVE},
    {{"check"}, {"prüfen"}, TRANSITIVE, PERSON, WRITTEN | DEVICE, CARE},
    {{"bring|along", "brought", "brought"}, {"mit|bringen", NULL, "brachte", "gebracht"}, TRANSITIVE, PERSON, CARRIED | PERSON | PET, FONDLY},

    /* somebody in the dative */
    {{"help"}, {"helfen", "hilf", "half", "geholfen"}, DATIVE_OBJECT, PERSON, PERSON, LIKEABLE | AIM | FONDLY},
    {{"thank"}, {"danken"}, DATIVE_OBJECT, PERSON, PERSON, FONDLY},
    {{"answer"}, {"antworten"}, DATIVE_OBJECT, PERSON, PERSON, HASTE},
    {{"follow"}, {"folgen", NULL, NULL, NULL, SEIN}, DATIVE_OBJECT, BEING, BEING, 0},
    {{"trust"}, {"vertrauen"}, DATIVE_OBJECT, PERSON, PERSON, STATIVE},
    {{"congratulate"}, {"gratulieren"}, DATIVE_OBJECT, PERSON, PERSON, AIM},
    {{"belong+to"}, {"gehören"}, DATIVE_OBJECT, PET | CLOTHES | DRIVABLE | FURNITURE | THING, PERSON, STATIVE | LASTING | NO_IMPERATIVE},
    {{"listen+to"}, {"zu|hören"}, DATIVE_OBJECT, PERSON, PERSON, 0},

    /* something for somebody */
    {{"give", "gave", "given"}, {"geben", "gib", "gab", "gegeben"}, DITRANSITIVE, PERSON, CARRIED | FOOD | DRINK, 0},
    {{"show", "showed", "shown"}, {"zeigen"}, DITRANSITIVE, PERSON, CARRIED | SIGHT | PET, 0},
    {{"send", "sent", "sent"}, {"schicken"}, DITRANSITIVE, PERSON, WRITTEN | THING, 0},
    {{"bring", "brought", "brought"}, {"bringen", NULL, "brachte", "gebracht"}, DITRANSITIVE, PERSON, CARRIED | FOOD | DRINK, 0},
    {{"lend", "lent", "lent"}, {"leihen", NULL, "lieh", "geliehen"}, DITRANSITIVE, PERSON, THING | PRINT | DRIVABLE, 0},
    {{"offer"}, {"an|bieten", NULL, "bot", "geboten"}, DITRANSITIVE, PERSON, FOOD | DRINK, 0},
    {{"recommend"}, {"empfehlen", "empfiehl", "empfahl", "empfohlen"}, DITRANSITIVE, PERSON, TITLE | SHOW, WITH_TO},
    {{"explain"}, {"erklären"}, DITRANSITIVE, PERSON, TOPIC | TALE, WITH_TO},
    {{"tell", "told", "told"}, {"erzählen"}, DITRANSITIVE, PERSON, TALE, 0},

    /* with a preposition */
    {{"wait"}, {"warten"}, PREPOSITIONAL, PERSON, PERSON | TRANSIT, IN_TOWN | COMPANY, FOR_AUF},
    {{"think", "thought", "thought"}, {"denken", NULL, "dachte", "gedacht"}, PREPOSITIONAL, PERSON, PERSON | EVENT, LIKEABLE, OF_AN},
    {{"talk"}, {"reden"}, PREPOSITIONAL, PERSON, SPOKEN_OF, LIKEABLE | HUSH | AT_HOME | IN_TOWN, ABOUT_UEBER},
    {{"speak", "spoke", "spoken"}, {"sprechen", "sprich", "sprach", "gesprochen"}, PREPOSITIONAL, PERSON, PERSON, LIKEABLE | HUSH | AT_HOME | IN_TOWN | AIM, WITH},
    {{"dream"}, {"träumen"}, PREPOSITIONAL, PERSON, PERSON | EVENT, LIKEABLE, OF_VON},
    {{"laugh"}, {"lachen"}, PREPOSITIONAL, PERSON, PERSON | TALE, 0, AT_UEBER},
    {{"ask"}, {"fragen"}, PREPOSITIONAL, PERSON, PERSON | EVENT, 0, ABOUT_NACH},
    {{"play"}, {"spielen"}, PREPOSITIONAL, PERSON, PERSON | PET, LIKEABLE | AIM | AT_HOME | IN_TOWN, WITH},
    {{"dance"}, {"tanzen"}, PREPOSITIONAL, PERSON, PERSON, LIKEABLE | AT_HOME | IN_TOWN | AIM, WITH},
    {{"look|forward"}, {"freuen"}, PREPOSITIONAL, PERSON, EVENT, REFLEXIVE | LASTING, TO_AUF},
    {{"complain"}, {"beschweren"}, PREPOSITIONAL, PERSON, FOOD | DEVICE | TRANSIT, REFLEXIVE, ABOUT_UEBER},

    /* somewhere */
    {{"sit", "sat", "sat"}, {"sitzen", NULL, "saß", "gesessen"}, LOCATED, BEING, PLACE | ROOM, LIKEABLE | COMPANY | HUSH},
    {{"stand", "stood", "stood"}, {"stehen", NULL, "stand", "gestanden"}, LOCATED, PERSON | DRIVABLE | FURNITURE | UPRIGHT, PLACE | ROOM, NO_IMPERATIVE | NO_MODAL},
    {{"lie", "lay", "lain"}, {"liegen", NULL, "lag", "gelegen"}, LOCATED, ANIMAL | FLAT, ROOM, NO_IMPERATIVE | NO_MODAL},
    {{"live"}, {"wohnen"}, LOCATED, PERSON, CITY, STATIVE | LIKEABLE | NO_IMPERATIVE | COMPANY},
    {{"stay"}, {"bleiben", NULL, "blieb", "geblieben", SEIN}, LOCATED, PERSON, PLACE | ROOM | CITY, LIKEABLE | COMPANY},
    {{"be", "was", "been"}, {"sein", NULL, "war", "gewesen", SEIN}, LOCATED, PERSON | ANIMAL | DRIVABLE | UPRIGHT | FLAT, PLACE | ROOM | CITY, STATIVE | NO_IMPERATIVE | NO_MODAL},

    /* to somewhere */
    {{"go", "went", "gone"}, {"gehen", NULL, "ging", "gegangen", SEIN}, DIRECTED, PERSON, PLACE | ROOM, LIKEABLE | COMPANY},
    {{"run", "ran", "run"}, {"laufen", "läuf", "lief", "gelaufen", SEIN}, DIRECTED, BEING, PLACE | ROOM, HASTE},
    {{"drive", "drove", "driven"}, {"fahren", "fähr", "fuhr", "gefahren", SEIN}, DIRECTED, PERSON, PLACE | CITY, LIKEABLE | COMPANY},
    {{"travel", "travelled", "travelled"}, {"reisen", NULL, NULL, NULL, SEIN}, DIRECTED, PERSON, CITY, LIKEABLE | COMPANY},
    {{"come", "came", "come"}, {"kommen", NULL, "kam", "gekommen", SEIN}, DIRECTED, PERSON, PLACE | ROOM, COMPANY},
    {{"fly", "flew", "flown"}, {"fliegen", NULL, "flog", "geflogen", SEIN}, DIRECTED, PERSON, CITY, LIKEABLE | COMPANY},

    /* something to somewhere */
    {{"put", "put", "put"}, {"stellen"}, PLACED, PERSON, UPRIGHT, CARE},
    {{"put", "put", "put"}, {"legen"}, PLACED, PERSON, FLAT, CARE},

    /* that ..., whether ..., to ... */
    {{"think", "thought", "thought"}, {"denken", NULL, "dachte", "gedacht"}, THAT_CLAUSE, PERSON, 0, STATIVE},
    {{"believe"}, {"glauben"}, THAT_CLAUSE, PERSON, 0, STATIVE},
    {{"know", "knew", "known"}, {"wissen", NULL, "wusste", "gewusst"}, THAT_CLAUSE, PERSON, 0, STATIVE},
    {{"say", "said", "said"}, {"sagen"}, THAT_CLAUSE, PERSON, 0, STATIVE},
    {{"hope"}, {"hoffen"}, THAT_CLAUSE, PERSON, 0, STATIVE},
    {{"ask"}, {"fragen"}, WHETHER_CLAUSE, PERSON, 0, 0},
    {{"try"}, {"versuchen"}, INFINITIVE_CLAUSE, PERSON, 0, 0},
    {{"hope"}, {"hoffen"}, INFINITIVE_CLAUSE, PERSON, 0, STATIVE},
    {{"promise"}, {"versprechen", "versprich", "versprach", "versprochen"}, INFINITIVE_CLAUSE, PERSON, 0, STATIVE},
    {{"begin", "began", "begun"}, {"an|fangen", "fäng", "fing", "gefangen"}, INFINITIVE_CLAUSE, PERSON, 0, 0},
    {{"forget", "forgot", "forgotten"}, {"vergessen", "vergiss", "vergaß", "vergessen"}, INFINITIVE_CLAUSE, PERSON, 0, STATIVE},
    {{"decide"}, {"beschließen", NULL, "beschloss", "beschlossen"}, INFINITIVE_CLAUSE, PERSON, 0, STATIVE},
};

const size_t s2s_verb_count = sizeof s2s_verbs / sizeof *s2s_verbs;

/* Verbs that sentences ask for by name. */
const s2s_verb s2s_be = {{"be"}, {"sein"}, COPULA, 0, 0, STATIVE | NO_MODAL};
const s2s_verb s2s_have = {{"have", "had", "had"}, {"haben", NULL, "hatte", "gehabt"}, TRANSITIVE, PERSON, 0, STATIVE | LASTING};
const s2s_verb s2s_like = {{"like"}, {"mögen", NULL, "mochte", "gemocht"}, TRANSITIVE, PERSON, 0, STATIVE | LASTING};
const s2s_verb s2s_need = {{"need"}, {"brauchen"}, TRANSITIVE, PERSON, 0, STATIVE | LASTING};
const s2s_verb s2s_cost = {{"cost", "cost", "cost"}, {"kosten"}, TRANSITIVE, 0, 0, STATIVE | LASTING};
const s2s_verb s2s_know_whether = {{"know", "knew", "known"}, {"wissen", NULL, "wusste", "gewusst"}, WHETHER_CLAUSE, PERSON, 0, STATIVE};

const s2s_verb s2s_weather[] = {
    {{"rain"}, {"regnen"}, INTRANSITIVE, 0, 0, 0},
    {{"snow"}, {"schneien"}, INTRANSITIVE, 0, 0, 0},
};

const size_t s2s_weather_count = sizeof s2s_weather / sizeof *s2s_weather;
