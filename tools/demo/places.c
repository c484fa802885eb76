/* Places: how one is there, gets there and comes from there, in both languages. */
#include "demo/lexicon.h"

/* A table is read by its columns. */
/* clang-format off */

#define M MASCULINE
#define F FEMININE
#define N NEUTER

/* the noun | there, to it, from it */
const s2s_place s2s_places[] = {
    /* at home */
    {{"kitchen", "Küche", "Küchen", F, ROOM | INDOORS}, IN, INTO, OUT_OF},
    {{"bedroom", "Schlafzimmer", "Schlafzimmer", N, ROOM | INDOORS}, IN, INTO, OUT_OF},
    {{"living room", "Wohnzimmer", "Wohnzimmer", N, ROOM | INDOORS}, IN, INTO, OUT_OF},
    {{"bathroom", "Badezimmer", "Badezimmer", N, ROOM | INDOORS}, IN, INTO, OUT_OF},
    {{"dining room", "Esszimmer", "Esszimmer", N, ROOM | INDOORS}, IN, INTO, OUT_OF},
    {{"cellar", "Keller", "Keller", M, ROOM | INDOORS | LOCKABLE}, IN, INTO, OUT_OF},
    {{"garage", "Garage", "Garagen", F, ROOM | INDOORS | LOCKABLE}, IN, INTO, OUT_OF},
    {{"corridor", "Flur", "Flure", M, ROOM | INDOORS}, IN, INTO, OUT_OF},
    {{"garden", "Garten", "Gärten", M, ROOM}, IN, INTO, OUT_OF},
    {{"house", "Haus", "Häuser", N, ROOM | INDOORS | LOCKABLE}, IN, INTO, OUT_OF},
    {{"flat", "Wohnung", "Wohnungen", F, ROOM | INDOORS | LOCKABLE}, IN, INTO, OUT_OF},
    {{"classroom", "Klassenzimmer", "Klassenzimmer", N, ROOM | INDOORS | LOCKABLE}, IN, INTO, OUT_OF},
    {{"balcony", "Balkon", "Balkone", M, ROOM}, ON, ONTO, FROM},
    {{"terrace", "Terrasse", "Terrassen", F, ROOM}, ON, ONTO, FROM},

    /* in town */
    {{"park", "Park", "Parks", M, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"office", "Büro", "Büros", N, PLACE | LOCKABLE}, IN, IN_TO, OUT_OF},
    {{"school", "Schule", "Schulen", F, PLACE}, IN, IN_TO, OUT_OF},
    {{"hotel", "Hotel", "Hotels", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"cinema", "Kino", "Kinos", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"theatre", "Theater", "Theater", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"museum", "Museum", "Museen", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"restaurant", "Restaurant", "Restaurants", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"café", "Café", "Cafés", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"library", "Bibliothek", "Bibliotheken", F, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"hospital", "Krankenhaus", "Krankenhäuser", N, PLACE}, IN, IN_TO, OUT_OF},
    {{"church", "Kirche", "Kirchen", F, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"zoo", "Zoo", "Zoos", M, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"supermarket", "Supermarkt", "Supermärkte", M, PLACE}, IN, IN_TO, OUT_OF},
    {{"bookshop", "Buchhandlung", "Buchhandlungen", F, PLACE}, IN, IN_TO, OUT_OF},
    {{"factory", "Fabrik", "Fabriken", F, PLACE}, IN, IN_TO, OUT_OF},
    {{"stadium", "Stadion", "Stadien", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"castle", "Schloss", "Schlösser", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"swimming pool", "Schwimmbad", "Schwimmbäder", N, PLACE}, IN, IN_TO, OUT_OF},
    {{"bakery", "Bäckerei", "Bäckereien", F, PLACE}, IN, TO_ZU, OUT_OF},
    {{"pharmacy", "Apotheke", "Apotheken", F, PLACE}, IN, TO_ZU, OUT_OF},
    {{"bank", "Bank", "Banken", F, PLACE}, IN, TO_ZU, OUT_OF},
    {{"city", "Stadt", "Städte", F, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"village", "Dorf", "Dörfer", N, PLACE | SIGHT}, IN, IN_TO, OUT_OF},
    {{"station", "Bahnhof", "Bahnhöfe", M, PLACE}, AT_AN, TO_ZU, FROM},
    {{"airport", "Flughafen", "Flughäfen", M, PLACE}, AT_AN, TO_ZU, FROM},
    {{"bus stop", "Bushaltestelle", "Bushaltestellen", F, PLACE}, AT_AN, TO_ZU, FROM},
    {{"university", "Universität", "Universitäten", F, PLACE | SIGHT}, AT_AN, TO_ZU, FROM},
    {{"market", "Markt", "Märkte", M, PLACE | SIGHT}, AT_AUF, ON_TO, FROM},
    {{"playground", "Spielplatz", "Spielplätze", M, PLACE}, ON, ON_TO, FROM},
    {{"car park", "Parkplatz", "Parkplätze", M, PLACE}, AT_AUF, ON_TO, FROM},
    {{"bridge", "Brücke", "Brücken", F, PLACE | SIGHT}, ON, ONTO, FROM},

    /* outside */
    {{"forest", "Wald", "Wälder", M, PLACE | SIGHT}, IN, INTO, OUT_OF},
    {{"farm", "Bauernhof", "Bauernhöfe", M, PLACE | SIGHT}, ON, ON_TO, FROM},
    {{"island", "Insel", "Inseln", F, PLACE | SIGHT}, ON, ON_TO, FROM},
    {{"mountain", "Berg", "Berge", M, PLACE | SIGHT}, ON, ONTO, FROM},
    {{"beach", "Strand", "Strände", M, PLACE | SIGHT}, AT_AN, AN_TO, FROM},
    {{"lake", "See", "Seen", M, PLACE | SIGHT}, AT_AN, AN_TO, FROM},
    {{"river", "Fluss", "Flüsse", M, PLACE | SIGHT}, AT_AN, AN_TO, FROM},
};

const size_t s2s_place_count = sizeof s2s_places / sizeof *s2s_places;

const s2s_named_place s2s_named_places[] = {
    {"at home", "home", "zu Hause", "nach Hause"},
    {"at work", "to work", "bei der Arbeit", "zur Arbeit"},
    {"in Berlin", "to Berlin", "in Berlin", "nach Berlin", true},
    {"in Hamburg", "to Hamburg", "in Hamburg", "nach Hamburg", true},
    {"in Munich", "to Munich", "in München", "nach München", true},
    {"in Cologne", "to Cologne", "in Köln", "nach Köln", true},
    {"in Dresden", "to Dresden", "in Dresden", "nach Dresden", true},
    {"in Vienna", "to Vienna", "in Wien", "nach Wien", true},
    {"in Paris", "to Paris", "in Paris", "nach Paris", true},
    {"in London", "to London", "in London", "nach London", true},
    {"in Rome", "to Rome", "in Rom", "nach Rom", true},
    {"in Germany", "to Germany", "in Deutschland", "nach Deutschland", true},
    {"in Austria", "to Austria", "in Österreich", "nach Österreich", true},
    {"in France", "to France", "in Frankreich", "nach Frankreich", true},
    {"in Italy", "to Italy", "in Italien", "nach Italien", true},
    {"in Spain", "to Spain", "in Spanien", "nach Spanien", true},
    {"in Poland", "to Poland", "in Polen", "nach Polen", true},
    {"in Switzerland", "to Switzerland", "in der Schweiz", "in die Schweiz", true},
    {"in Turkey", "to Turkey", "in der Türkei", "in die Türkei", true},
};

const size_t s2s_named_place_count = sizeof s2s_named_places / sizeof *s2s_named_places;

const s2s_preposition s2s_prepositions[PREPOSITION_COUNT] = {
    [IN] = {"in", "in", DATIVE, true},
    [INTO] = {"into", "in", ACCUSATIVE},
    [IN_TO] = {"to", "in", ACCUSATIVE},
    [ON] = {"on", "auf", DATIVE, true},
    [ONTO] = {"onto", "auf", ACCUSATIVE},
    [ON_TO] = {"to", "auf", ACCUSATIVE},
    [AT_AUF] = {"at", "auf", DATIVE},
    [AT_AN] = {"at", "an", DATIVE},
    [AN_TO] = {"to", "an", ACCUSATIVE},
    [TO_ZU] = {"to", "zu", DATIVE},
    [UNDER] = {"under", "unter", DATIVE, true},
    [BEHIND] = {"behind", "hinter", DATIVE, true},
    [IN_FRONT_OF] = {"in front of", "vor", DATIVE, true},
    [NEXT_TO] = {"next to", "neben", DATIVE, true},
    [OUT_OF] = {"from", "aus", DATIVE},
    [FROM] = {"from", "von", DATIVE},
    [WITH] = {"with", "mit", DATIVE},
    [WITHOUT] = {"without", "ohne", ACCUSATIVE},
    [DURING] = {"during", "während", GENITIVE},
    [FOR_AUF] = {"for", "auf", ACCUSATIVE},
    [OF_AN] = {"of", "an", ACCUSATIVE},
    [ABOUT_UEBER] = {"about", "über", ACCUSATIVE},
    [AT_UEBER] = {"at", "über", ACCUSATIVE},
    [OF_VON] = {"of", "von", DATIVE},
    [TO_AUF] = {"to", "auf", ACCUSATIVE},
    [ABOUT_NACH] = {"about", "nach", DATIVE},
};
