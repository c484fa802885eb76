/* See english.h. */
#include "demo/english.h"

#include <stdio.h>
#include <string.h>

enum { WORD = 64 };

static bool is_vowel(char c) {
    return c != '\0' && strchr("aeiou", c) != NULL;
}

static int vowel_groups(const char *word) {
    int count = 0;
    for (const char *c = word; *c; c++)
        if (is_vowel(*c) && (c == word || !is_vowel(c[-1]))) count++;
    return count;
}

/* run, swim: a short word of one vowel and one consonant doubles it before -ing, -ed and -er. */
static bool doubles(const char *word) {
    size_t n = strlen(word);
    if (strcmp(word, "begin") == 0 || strcmp(word, "forget") == 0 || strcmp(word, "travel") == 0)
        return true;
    return n >= 3 && vowel_groups(word) == 1 && is_vowel(word[n - 2]) && !is_vowel(word[n - 3]) &&
           !is_vowel(word[n - 1]) && strchr("wxy", word[n - 1]) == NULL;
}

static bool consonant_y(const char *word) {
    size_t n = strlen(word);
    return n >= 2 && word[n - 1] == 'y' && !is_vowel(word[n - 2]);
}

/* `word` and an ending that begins with a vowel (ed, er, est). */
static void with_vowel_ending(const char *word, const char *ending, char out[WORD]) {
    size_t n = strlen(word);
    if (consonant_y(word))
        snprintf(out, WORD, "%.*si%s", (int)n - 1, word, ending);
    else if (s2s_ends_with(word, "e"))
        snprintf(out, WORD, "%s%s", word, ending + 1);
    else if (doubles(word))
        snprintf(out, WORD, "%s%c%s", word, word[n - 1], ending);
    else
        snprintf(out, WORD, "%s%s", word, ending);
}

static void with_s(const char *word, char out[WORD]) {
    size_t n = strlen(word);
    if (consonant_y(word))
        snprintf(out, WORD, "%.*sies", (int)n - 1, word);
    else if (s2s_ends_with(word, "s") || s2s_ends_with(word, "sh") || s2s_ends_with(word, "ch") ||
             s2s_ends_with(word, "x"))
        snprintf(out, WORD, "%ses", word);
    else
        snprintf(out, WORD, "%ss", word);
}

static void with_ing(const char *word, char out[WORD]) {
    int n = (int)strlen(word);
    if (s2s_ends_with(word, "ie")) /* lie, lying */
        snprintf(out, WORD, "%.*sying", n - 2, word);
    else if (s2s_ends_with(word, "e") && !s2s_ends_with(word, "ee"))
        snprintf(out, WORD, "%.*sing", n - 1, word);
    else if (doubles(word))
        snprintf(out, WORD, "%.32s%cing", word, word[n - 1]);
    else
        snprintf(out, WORD, "%.32sing", word);
}

/* --- verbs --- */

void s2s_english_verb(s2s_text *out, const s2s_english_forms *verb, s2s_english_form form) {
    char base[WORD], word[WORD];
    size_t length = strcspn(verb->base, "|+");
    bool has_particle = verb->base[length] != '\0';
    snprintf(base, WORD, "%.*s", (int)length, verb->base);
    const char *irregular = form == PAST_TENSE_FORM ? verb->past : verb->participle;
    switch (form) {
    case BASE_FORM:
        snprintf(word, WORD, "%s", base);
        break;
    case ING_FORM:
        with_ing(base, word);
        break;
    case THIRD_FORM:
        if (strcmp(base, "go") == 0)
            snprintf(word, WORD, "goes");
        else
            with_s(base, word);
        break;
    default:
        if (irregular)
            snprintf(word, WORD, "%s", irregular);
        else
            with_vowel_ending(base, "ed", word);
    }
    s2s_text_word(out, word);
    if (has_particle) s2s_text_word(out, verb->base + length + 1);
}

const char *s2s_english_particle(const s2s_english_forms *verb) {
    const char *bar = strchr(verb->base, '|');
    return bar ? bar + 1 : NULL;
}

static const char *finite_be(bool past, s2s_who subject) {
    bool plural = subject == YOU || subject == WE || subject == THEY;
    if (past) return plural ? "were" : "was";
    return plural ? "are" : subject == I ? "am" : "is";
}

void s2s_english_finite(s2s_text *out, const s2s_english_forms *verb, bool past, s2s_who subject) {
    bool third = subject == HE || subject == SHE || subject == IT;
    if (strcmp(verb->base, "be") == 0)
        s2s_text_word(out, finite_be(past, subject));
    else if (strcmp(verb->base, "have") == 0 && !past)
        s2s_text_word(out, third ? "has" : "have");
    else if (past)
        s2s_english_verb(out, verb, PAST_TENSE_FORM);
    else
        s2s_english_verb(out, verb, third ? THIRD_FORM : BASE_FORM);
}

/* --- nouns --- */

static const char *const irregular_plurals[][2] = {
    {"man", "men"},      {"woman", "women"},   {"child", "children"},  {"mouse", "mice"},
    {"goose", "geese"},  {"wolf", "wolves"},   {"thief", "thieves"},   {"shelf", "shelves"},
    {"knife", "knives"}, {"scarf", "scarves"}, {"potato", "potatoes"}, {"tomato", "tomatoes"},
};

void s2s_english_noun(s2s_text *out, const s2s_noun *noun, bool plural) {
    char word[WORD];
    if (!plural || noun->kind == PLURAL_NOUN) {
        s2s_text_word(out, noun->english);
        return;
    }
    for (size_t i = 0; i < sizeof irregular_plurals / sizeof *irregular_plurals; i++)
        if (strcmp(irregular_plurals[i][0], noun->english) == 0) {
            s2s_text_word(out, irregular_plurals[i][1]);
            return;
        }
    with_s(noun->english, word);
    s2s_text_word(out, word);
}

const char *s2s_english_article(const char *next) {
    static const char *const exceptions[] = {"uni", "use", "Eur", "one"};
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (strncmp(next, exceptions[i], strlen(exceptions[i])) == 0) return "a";
    if (strncmp(next, "hon", 3) == 0 && strncmp(next, "honey", 5) != 0) return "an";
    return strchr("aeiouAEIOU", *next) ? "an" : "a";
}

/* --- adjectives --- */

/* Short ones compare with -er; two syllables only when they end in y. */
static bool compares_by_ending(const char *word) {
    int groups = vowel_groups(word);
    if (s2s_ends_with(word, "e") && groups > 1) groups--; /* a silent e: strange */
    return groups <= 1 || strcmp(word, "clever") == 0 || strcmp(word, "quiet") == 0;
}

void s2s_english_adjective(s2s_text *out, const s2s_adjective *adjective, s2s_degree degree) {
    char word[WORD];
    bool superlative = degree == SUPERLATIVE;
    if (degree == POSITIVE) {
        s2s_text_word(out, adjective->english);
    } else if (strcmp(adjective->english, "good") == 0) {
        s2s_text_word(out, superlative ? "best" : "better");
    } else if (strcmp(adjective->english, "bad") == 0) {
        s2s_text_word(out, superlative ? "worst" : "worse");
    } else if (compares_by_ending(adjective->english)) {
        with_vowel_ending(adjective->english, superlative ? "est" : "er", word);
        s2s_text_word(out, word);
    } else {
        s2s_text_word(out, superlative ? "most" : "more");
        s2s_text_word(out, adjective->english);
    }
}

/* --- pronouns and numbers --- */

const char *s2s_english_pronoun(s2s_who who, bool subject) {
    static const char *const subjects[WHO_COUNT] = {"I", "you", "he", "she", "it", "we", "they"};
    static const char *const objects[WHO_COUNT] = {"me", "you", "him", "her", "it", "us", "them"};
    return subject ? subjects[who] : objects[who];
}

const char *s2s_english_possessive(s2s_who who) {
    static const char *const possessives[WHO_COUNT] = {"my",  "your", "his",  "her",
                                                       "its", "our",  "their"};
    return possessives[who];
}

void s2s_english_number(s2s_text *out, int number) {
    static const char *const small[20] = {
        "zero",     "one",     "two",     "three",     "four",     "five",    "six",
        "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
    static const char *const tens[10] = {"",      "",      "twenty",  "thirty", "forty",
                                         "fifty", "sixty", "seventy", "eighty", "ninety"};
    if (number < 20) {
        s2s_text_word(out, small[number]);
        return;
    }
    s2s_text_word(out, tens[number / 10]);
    if (number % 10 == 0) return;
    s2s_text_join(out, "-");
    s2s_text_join(out, small[number % 10]);
}
