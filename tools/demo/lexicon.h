/* The words: what an entry of each table says. The tables are in nouns.c, places.c, verbs.c and
 * words.c.
 *
 * An entry is one sense with one translation. Classes keep the sentences sensible: a verb names the
 * classes of its subject and its object, an adjective those of the nouns that it can go with. */
#ifndef S2S_DEMO_LEXICON_H
#define S2S_DEMO_LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum s2s_gender { MASCULINE, FEMININE, NEUTER } s2s_gender;

typedef enum s2s_case { NOMINATIVE, ACCUSATIVE, DATIVE, GENITIVE } s2s_case;

/* --- nouns --- */

/* Classes are bits; a mask of several means any of them. */
#define NOUN_CLASS(bit) (UINT64_C(1) << (bit))
#define PERSON NOUN_CLASS(0)
#define KIN NOUN_CLASS(1)        /* a person who is somebody's: my brother */
#define PROFESSION NOUN_CLASS(2) /* what a person can be: she is a doctor */
#define THIEF NOUN_CLASS(3)      /* who steals */
#define ANIMAL NOUN_CLASS(4)
#define PET NOUN_CLASS(5) /* an animal at home */
#define DOG NOUN_CLASS(6) /* what barks */
#define FOOD NOUN_CLASS(7)
#define DRINK NOUN_CLASS(8)
#define DISH NOUN_CLASS(9) /* food that is cooked or baked */
#define READABLE NOUN_CLASS(10)
#define WRITTEN NOUN_CLASS(11) /* readable, and written by anybody */
#define PAPER NOUN_CLASS(12)   /* readable, and held in the hand */
#define PRINT NOUN_CLASS(13)   /* paper from a shop */
#define TITLE NOUN_CLASS(14)   /* what one recommends */
#define CLOTHES NOUN_CLASS(15)
#define DRIVABLE NOUN_CLASS(16)
#define TRANSIT NOUN_CLASS(17) /* arrives and leaves by the clock */
#define DEVICE NOUN_CLASS(18)  /* has a switch */
#define FURNITURE NOUN_CLASS(19)
#define SURFACE NOUN_CLASS(20) /* furniture that things lie on */
#define OPENABLE NOUN_CLASS(21)
#define LOCKABLE NOUN_CLASS(22) /* has a lock */
#define THING NOUN_CLASS(23)    /* small enough to carry */
#define UPRIGHT NOUN_CLASS(24)  /* stands where it is put (stellen) */
#define FLAT NOUN_CLASS(25)     /* lies where it is put (legen) */
#define VESSEL NOUN_CLASS(26)   /* is full or empty */
#define INSTRUMENT NOUN_CLASS(27)
#define GAME NOUN_CLASS(28)
#define LANGUAGE NOUN_CLASS(29)
#define SHOW NOUN_CLASS(30) /* is watched */
#define EVENT NOUN_CLASS(31)
#define TOPIC NOUN_CLASS(32) /* is thought about, and easy or difficult */
#define TALE NOUN_CLASS(33)  /* is told */
#define PLANT NOUN_CLASS(34)
#define PLACE NOUN_CLASS(35)    /* in town and outside */
#define SIGHT NOUN_CLASS(36)    /* a place worth a visit */
#define ROOM NOUN_CLASS(37)     /* part of a house */
#define INDOORS NOUN_CLASS(38)  /* a room with a roof */
#define CITY NOUN_CLASS(39)     /* a place with a name */
#define BAKED NOUN_CLASS(41)    /* food from the oven */
#define LUGGAGE NOUN_CLASS(42)  /* is packed */
#define ONE_ONLY NOUN_CLASS(43) /* of these one has one */
#define NEED NOUN_CLASS(40)     /* what one has or has not: time, money */

typedef enum s2s_noun_kind { REGULAR_NOUN, WEAK_NOUN, PLURAL_NOUN } s2s_noun_kind;

typedef struct s2s_noun {
    const char *english;
    const char *german, *german_plural; /* no plural: a mass noun, without indefinite article */
    s2s_gender gender;
    uint64_t classes;
    s2s_noun_kind kind;   /* weak: all but the nominative singular is the plural's form */
    const char *feminine; /* of a profession: Lehrerin; NULL elsewhere */
} s2s_noun;

extern const s2s_noun s2s_nouns[];
extern const size_t s2s_noun_count;

/* --- prepositions --- */

/* Named by the English word, and the German one where the English word has several. */
typedef enum s2s_preposition_id {
    NO_PREPOSITION,
    /* where, and where to */
    IN,
    INTO,
    IN_TO,
    ON,
    ONTO,
    ON_TO,
    AT_AUF,
    AT_AN,
    AN_TO,
    TO_ZU,
    UNDER,
    BEHIND,
    IN_FRONT_OF,
    NEXT_TO,
    /* where from, with whom, when */
    OUT_OF,
    FROM,
    WITH,
    WITHOUT,
    DURING,
    /* chosen by the verb */
    FOR_AUF,
    OF_AN,
    ABOUT_UEBER,
    AT_UEBER,
    OF_VON,
    TO_AUF,
    ABOUT_NACH,
    PREPOSITION_COUNT
} s2s_preposition_id;

typedef struct s2s_preposition {
    const char *english, *german;
    s2s_case governs; /* at rest, where the preposition goes two ways */
    bool two_way;     /* accusative for motion: she puts it on the table, auf den Tisch */
} s2s_preposition;

extern const s2s_preposition s2s_prepositions[PREPOSITION_COUNT];

/* --- places --- */

typedef struct s2s_place {
    s2s_noun noun;
    s2s_preposition_id at, to, from;
} s2s_place;

extern const s2s_place s2s_places[];
extern const size_t s2s_place_count;

/* Places that have a name or are an expression of their own. */
typedef struct s2s_named_place {
    const char *english_at, *english_to;
    const char *german_at, *german_to;
    bool city; /* or a country: one travels there */
} s2s_named_place;

extern const s2s_named_place s2s_named_places[];
extern const size_t s2s_named_place_count;

/* --- verbs --- */

typedef struct s2s_english_forms {
    /* "turn|on": what is behind the bar follows the verb unchanged, or its object when that is a
     * pronoun (turns it on); "look+for": follows the verb in any case. */
    const char *base;
    const char *past, *participle; /* NULL: regular */
} s2s_english_forms;

typedef enum s2s_auxiliary { HABEN, SEIN } s2s_auxiliary;

typedef struct s2s_german_forms {
    const char *infinitive; /* "auf|stehen": separable */
    const char *changed;    /* the stem of du and er where it is another: sieh-; NULL elsewhere */
    const char *past;       /* of ich; NULL: weak */
    const char *participle; /* without the separable prefix; NULL: weak */
    s2s_auxiliary auxiliary;
} s2s_german_forms;

/* What completes the verb. */
typedef enum s2s_frame {
    INTRANSITIVE,
    TRANSITIVE,
    DATIVE_OBJECT,
    DITRANSITIVE,
    PREPOSITIONAL,
    LOCATED,  /* is somewhere */
    DIRECTED, /* goes somewhere */
    PLACED,   /* puts something somewhere */
    COPULA,   /* is so; is a ... */
    THAT_CLAUSE,
    WHETHER_CLAUSE,
    INFINITIVE_CLAUSE,
    FRAME_COUNT
} s2s_frame;

enum verb_flag {
    STATIVE = 1 << 0,       /* no progressive: she knows */
    LASTING = 1 << 1,       /* stative, and neither perfect nor future: she loves him */
    NO_MODAL = 1 << 2,      /* neither modal verb nor future: she loses the key */
    NO_IMPERATIVE = 1 << 3, /* nor this */
    REFLEXIVE = 1 << 4,     /* sich */
    LIKEABLE = 1 << 5,      /* she likes to swim: sie schwimmt gern */
    WITH_TO = 1 << 6,       /* the recipient comes last: explains the rule to him */
    ACQUIRES = 1 << 7,      /* something that is not one's own yet */
    FONDLY = 1 << 8,        /* is done to what one likes */
    AIM = 1 << 9,           /* one goes somewhere to do it */
    /* the adverbials that it takes */
    HASTE = 1 << 10,   /* quickly, slowly */
    CARE = 1 << 11,    /* carefully */
    HUSH = 1 << 12,    /* quietly */
    COMPANY = 1 << 13, /* alone, together, with my sister */
    AT_HOME = 1 << 14, /* in the kitchen */
    IN_TOWN = 1 << 15, /* in the park */
};

typedef struct s2s_verb {
    s2s_english_forms english;
    s2s_german_forms german;
    s2s_frame frame;
    uint64_t subject, object; /* masks of noun classes; of LOCATED and DIRECTED verbs the place's */
    unsigned flags;
    s2s_preposition_id preposition;
} s2s_verb;

extern const s2s_verb s2s_verbs[];
extern const size_t s2s_verb_count;
extern const s2s_verb s2s_be, s2s_have, s2s_like, s2s_need, s2s_cost, s2s_know_whether,
    s2s_weather[];
extern const size_t s2s_weather_count;

typedef struct s2s_modal {
    const char *english, *english_past; /* NULL: not used */
    bool english_auxiliary;             /* negated and inverted without do */
    const char *german;
    bool negatable;
} s2s_modal;

extern const s2s_modal s2s_modals[];
extern const size_t s2s_modal_count;

/* --- the rest --- */

enum adjective_flag {
    STATE = 1 << 0,     /* how somebody feels just now: a reason for what they do */
    GRADABLE = 1 << 1,  /* compares */
    PREDICATE = 1 << 2, /* only after be */
    PRAISE = 1 << 3,
    BLAME = 1 << 4,
};

/* Two adjectives on one scale do not go together: old, but new. */
typedef enum s2s_scale {
    NO_SCALE,
    MOOD,
    DILIGENCE,
    MANNERS,
    COURAGE,
    AGE,
    SIZE,
    BEAUTY,
    PRICE,
    WORTH,
    COLOUR,
    CLEANLINESS,
    WEIGHT,
    COMFORT,
    TEMPERATURE,
    TASTE,
    SPEED,
    NOISE,
    EFFORT,
} s2s_scale;

typedef struct s2s_adjective {
    const char *english;
    const char *german;
    uint64_t classes;
    unsigned flags;
    s2s_scale scale;
    const char *attributive; /* the stem before an ending: hoh-; NULL: the word itself */
    const char *comparative; /* NULL: regular */
    const char *superlative; /* the stem; NULL: regular */
} s2s_adjective;

extern const s2s_adjective s2s_adjectives[];
extern const size_t s2s_adjective_count;

typedef struct s2s_name {
    const char *english, *german;
    s2s_gender gender;
    const char *german_oblique; /* Herrn Weber; NULL: the same */
} s2s_name;

extern const s2s_name s2s_names[];
extern const size_t s2s_name_count;

enum time_use {
    NOW = 1 << 0,
    HABIT = 1 << 1,
    PAST_TIME = 1 << 2,
    DONE_TIME = 1 << 3,   /* goes with a perfect */
    FUTURE_TIME = 1 << 4, /* and with a modal verb */
    TAKES_CLOCK = 1 << 5, /* tomorrow at three o'clock */
    SEASON = 1 << 6,      /* too long for what is done in a minute */
};

typedef struct s2s_adverb {
    const char *english, *german;
    unsigned uses; /* of a time; of a manner the flag of the verbs that take it */
} s2s_adverb;

extern const s2s_adverb s2s_times[], s2s_frequencies[], s2s_manners[], s2s_intensifiers[],
    s2s_done[];
extern const size_t s2s_time_count, s2s_frequency_count, s2s_manner_count, s2s_intensifier_count,
    s2s_done_count;

#endif
