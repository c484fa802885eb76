/* German noun phrases: endings by form (masculine, feminine, neuter, plural) and case. */
#include "demo/german.h"

#include <stdio.h>
#include <string.h>

s2s_form s2s_form_of(s2s_gender gender, bool plural) {
    return plural ? FORM_PLURAL : (s2s_form)gender;
}

/* --- determiners --- */

static const char *const definite_article[4][FORM_COUNT] = {
    [NOMINATIVE] = {"der", "die", "das", "die"},
    [ACCUSATIVE] = {"den", "die", "das", "die"},
    [DATIVE] = {"dem", "der", "dem", "den"},
    [GENITIVE] = {"des", "der", "des", "der"},
};

/* dieser, jeder, welcher */
static const char *const der_word_ending[4][FORM_COUNT] = {
    [NOMINATIVE] = {"er", "e", "es", "e"},
    [ACCUSATIVE] = {"en", "e", "es", "e"},
    [DATIVE] = {"em", "er", "em", "en"},
    [GENITIVE] = {"es", "er", "es", "er"},
};

/* ein, kein, mein */
static const char *const ein_word_ending[4][FORM_COUNT] = {
    [NOMINATIVE] = {"", "e", "", "e"},
    [ACCUSATIVE] = {"en", "e", "", "e"},
    [DATIVE] = {"em", "er", "em", "en"},
    [GENITIVE] = {"es", "er", "es", "er"},
};

static const char *const possessive_stem[WHO_COUNT] = {
    [I] = "mein",  [YOU] = "dein", [HE] = "sein",  [SHE] = "ihr",
    [IT] = "sein", [WE] = "unser", [THEY] = "ihr",
};

static void word_with_ending(s2s_text *out, const char *stem, const char *ending) {
    s2s_text_word(out, stem);
    s2s_text_join(out, ending);
}

void s2s_german_determiner(s2s_text *out, s2s_determiner determiner, s2s_who owner, s2s_form form,
                           s2s_case gcase) {
    const char *ein = ein_word_ending[gcase][form], *der = der_word_ending[gcase][form];
    switch (determiner) {
    case THE:
        s2s_text_word(out, definite_article[gcase][form]);
        break;
    case A:
        if (form != FORM_PLURAL) word_with_ending(out, "ein", ein);
        break;
    case NO:
        word_with_ending(out, "kein", ein);
        break;
    case POSSESSIVE:
        word_with_ending(out, possessive_stem[owner], ein);
        break;
    case THIS:
        word_with_ending(out, "dies", der);
        break;
    case EVERY:
        word_with_ending(out, "jed", der);
        break;
    case WHICH:
        word_with_ending(out, "welch", der);
        break;
    case HOW_MANY:
        s2s_text_word(out, "wie viele");
        break;
    case BARE:
    case NUMBER: /* the caller knows how many */
    case PRACTISED:
        break;
    }
}

const char *s2s_german_contraction(const char *preposition, s2s_form form, s2s_case gcase) {
    static const struct {
        const char *preposition, *article, *contraction;
    } contractions[] = {
        {"in", "dem", "im"},  {"in", "das", "ins"}, {"an", "dem", "am"},   {"an", "das", "ans"},
        {"zu", "dem", "zum"}, {"zu", "der", "zur"}, {"von", "dem", "vom"}, {"bei", "dem", "beim"},
    };
    const char *article = definite_article[gcase][form];
    for (size_t i = 0; i < sizeof contractions / sizeof *contractions; i++)
        if (strcmp(contractions[i].preposition, preposition) == 0 &&
            strcmp(contractions[i].article, article) == 0)
            return contractions[i].contraction;
    return NULL;
}

/* --- adjectives --- */

/* After der-words. */
static const char *const weak_ending[4][FORM_COUNT] = {
    [NOMINATIVE] = {"e", "e", "e", "en"},
    [ACCUSATIVE] = {"en", "e", "e", "en"},
    [DATIVE] = {"en", "en", "en", "en"},
    [GENITIVE] = {"en", "en", "en", "en"},
};

/* After ein-words: strong where ein has no ending, weak elsewhere. */
static const char *const mixed_ending[4][FORM_COUNT] = {
    [NOMINATIVE] = {"er", "e", "es", "en"},
    [ACCUSATIVE] = {"en", "e", "es", "en"},
    [DATIVE] = {"en", "en", "en", "en"},
    [GENITIVE] = {"en", "en", "en", "en"},
};

/* Without article, and after numbers. */
static const char *const strong_ending[4][FORM_COUNT] = {
    [NOMINATIVE] = {"er", "e", "es", "e"},
    [ACCUSATIVE] = {"en", "e", "es", "e"},
    [DATIVE] = {"em", "er", "em", "en"},
    [GENITIVE] = {"en", "er", "en", "er"},
};

static const char *adjective_ending(s2s_determiner determiner, s2s_form form, s2s_case gcase) {
    switch (determiner) {
    case THE:
    case THIS:
    case EVERY:
    case WHICH:
        return weak_ending[gcase][form];
    case NO:
    case POSSESSIVE:
        return mixed_ending[gcase][form];
    case A:
        return form == FORM_PLURAL ? strong_ending[gcase][form] : mixed_ending[gcase][form];
    default:
        return strong_ending[gcase][form];
    }
}

/* The stem to which endings go; an e at its end is dropped: müde, ein müder Mann. */
static const char *comparable_stem(const s2s_adjective *adjective, char buffer[64]) {
    const char *stem = adjective->attributive ? adjective->attributive : adjective->german;
    snprintf(buffer, 64, "%s", stem);
    if (s2s_ends_with(buffer, "e")) buffer[strlen(buffer) - 1] = '\0';
    return buffer;
}

static void comparative_stem(const s2s_adjective *adjective, char stem[64]) {
    char base[64];
    if (adjective->comparative)
        snprintf(stem, 64, "%s", adjective->comparative);
    else
        snprintf(stem, 64, "%.60ser", comparable_stem(adjective, base));
}

/* The umlaut of the comparative stays: klüger, klügst; after t, d, s, ß and z an e comes between.
 */
static void superlative_stem(const s2s_adjective *adjective, char stem[64]) {
    if (adjective->superlative) {
        snprintf(stem, 64, "%s", adjective->superlative);
        return;
    }
    comparative_stem(adjective, stem);
    stem[strlen(stem) - strlen("er")] = '\0';
    static const char *const hissing[] = {"t", "d", "s", "ß", "z", "sch", "eu"};
    bool needs_e = false;
    for (size_t i = 0; i < sizeof hissing / sizeof *hissing; i++)
        needs_e = needs_e || s2s_ends_with(stem, hissing[i]);
    if (s2s_ends_with(stem, "end")) needs_e = false; /* spannendst */
    strcat(stem, needs_e ? "est" : "st");
}

static void degree_stem(const s2s_adjective *adjective, s2s_degree degree, char stem[64]) {
    if (degree == POSITIVE)
        comparable_stem(adjective, stem);
    else if (degree == COMPARATIVE)
        comparative_stem(adjective, stem);
    else
        superlative_stem(adjective, stem);
}

void s2s_german_adjective(s2s_text *out, const s2s_adjective *adjective, s2s_degree degree,
                          s2s_determiner determiner, s2s_form form, s2s_case gcase) {
    char stem[64];
    degree_stem(adjective, degree, stem);
    word_with_ending(out, stem, adjective_ending(determiner, form, gcase));
}

void s2s_german_predicate(s2s_text *out, const s2s_adjective *adjective, s2s_degree degree) {
    char stem[64];
    if (degree == POSITIVE) {
        s2s_text_word(out, adjective->german);
        return;
    }
    degree_stem(adjective, degree, stem);
    if (degree == SUPERLATIVE) s2s_text_word(out, "am");
    word_with_ending(out, stem, degree == SUPERLATIVE ? "en" : "");
}

/* --- nouns --- */

/* Groups of vowels, which are the syllables but for a few words that the genitive does not ask
 * about. */
static int syllables(const char *word) {
    int count = 0;
    bool in_vowels = false;
    for (const char *c = word; *c; c++) {
        bool umlaut = (unsigned char)*c == 0xC3 && (unsigned char)c[1] != 0x9F;
        bool vowel = strchr("aeiouyAEIOUY", *c) != NULL || umlaut;
        if (vowel && !in_vowels) count++;
        in_vowels = vowel;
        if ((unsigned char)*c == 0xC3) c++;
    }
    return count;
}

/* des Hauses, des Hundes, des Vaters; loan words with their plural in -s: des Chefs. */
static const char *genitive_ending(const s2s_noun *noun) {
    const char *word = noun->german;
    const char *plural = noun->german_plural ? noun->german_plural : "";
    if (s2s_ends_with(plural, "sse") && !s2s_ends_with(word, "ss")) return "ses"; /* des Busses */
    if (s2s_ends_with(word, "s") || s2s_ends_with(word, "ß") || s2s_ends_with(word, "x") ||
        s2s_ends_with(word, "z"))
        return "es";
    bool loan = s2s_ends_with(plural, "s");
    bool vowel_end = strchr("aeiouy", word[strlen(word) - 1]) != NULL;
    return syllables(word) == 1 && !loan && !vowel_end ? "es" : "s";
}

void s2s_german_noun(s2s_text *out, const s2s_noun *noun, bool plural, s2s_case gcase) {
    if (plural || noun->kind == PLURAL_NOUN) {
        const char *word = noun->german_plural;
        s2s_text_word(out, word);
        if (gcase == DATIVE && !s2s_ends_with(word, "n") && !s2s_ends_with(word, "s"))
            s2s_text_join(out, "n");
        return;
    }
    if (noun->kind == WEAK_NOUN && gcase != NOMINATIVE) {
        s2s_text_word(out, noun->german_plural);
        return;
    }
    s2s_text_word(out, noun->german);
    if (gcase == GENITIVE && noun->gender != FEMININE) s2s_text_join(out, genitive_ending(noun));
}

/* --- pronouns --- */

const char *s2s_german_pronoun(s2s_who who, s2s_case gcase) {
    static const char *const pronouns[WHO_COUNT][3] = {
        [I] = {"ich", "mich", "mir"},     [YOU] = {"du", "dich", "dir"},
        [HE] = {"er", "ihn", "ihm"},      [SHE] = {"sie", "sie", "ihr"},
        [IT] = {"es", "es", "ihm"},       [WE] = {"wir", "uns", "uns"},
        [THEY] = {"sie", "sie", "ihnen"},
    };
    return pronouns[who][gcase];
}

const char *s2s_german_reflexive(s2s_who who) {
    return who == I || who == YOU || who == WE ? s2s_german_pronoun(who, ACCUSATIVE) : "sich";
}

const char *s2s_german_relative(s2s_form form, s2s_case gcase) {
    if (gcase == DATIVE && form == FORM_PLURAL) return "denen";
    return definite_article[gcase][form];
}

/* --- numbers --- */

void s2s_german_number(s2s_text *out, int number) {
    static const char *const small[20] = {
        "null",     "ein",      "zwei",     "drei",     "vier",     "fünf",    "sechs",
        "sieben",   "acht",     "neun",     "zehn",     "elf",      "zwölf",   "dreizehn",
        "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"};
    static const char *const tens[10] = {"",        "",        "zwanzig", "dreißig", "vierzig",
                                         "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"};
    if (number < 20) {
        s2s_text_word(out, small[number]);
        return;
    }
    if (number % 10 == 0) {
        s2s_text_word(out, tens[number / 10]);
        return;
    }
    s2s_text_word(out, small[number % 10]);
    s2s_text_join(out, "und");
    s2s_text_join(out, tens[number / 10]);
}
