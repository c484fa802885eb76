/* See porter.h.
 *
 * m, the measure of a stem, is how often consonants follow vowels in it: [C](VC)^m[V]. The steps
 * have the names of the paper. */
#include "metric/porter.h"

#include <stdbool.h>
#include <string.h>

/* The word so far: points[0] to points[n - 1]. */
typedef struct letters {
    uint32_t *points;
    size_t n;
} letters;

/* --- letters --- */

/* Is the letter a consonant, when the one before it was or was not? A y is one at the start and
 * after a vowel. The first letter comes as if after a vowel. */
static bool is_consonant_after(uint32_t point, bool consonant_before) {
    switch (point) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
        return false;
    case 'y':
        return !consonant_before;
    default:
        return true;
    }
}

static bool is_consonant(const letters *word, size_t at) {
    bool consonant = false;
    for (size_t i = 0; i <= at; i++) consonant = is_consonant_after(word->points[i], consonant);
    return consonant;
}

/* m of the first n letters. */
static size_t measure(const letters *word, size_t n) {
    size_t m = 0;
    bool consonant = false;
    for (size_t i = 0; i < n; i++) {
        bool before = consonant;
        consonant = is_consonant_after(word->points[i], before);
        m += i > 0 && !before && consonant;
    }
    return m;
}

/* *v*: there is a vowel among the first n letters. */
static bool has_vowel(const letters *word, size_t n) {
    bool consonant = false;
    for (size_t i = 0; i < n; i++) {
        consonant = is_consonant_after(word->points[i], consonant);
        if (!consonant) return true;
    }
    return false;
}

/* *d: the word ends with a double consonant. */
static bool ends_double(const letters *word) {
    size_t n = word->n;
    return n >= 2 && word->points[n - 1] == word->points[n - 2] && is_consonant(word, n - 1);
}

/* *o: the first n letters end with consonant, vowel, consonant, and the last is none of w, x and y; or
 * they are just a vowel and a consonant. */
static bool ends_short(const letters *word, size_t n) {
    if (n == 2) return !is_consonant(word, 0) && is_consonant(word, 1);
    if (n < 3) return false;
    uint32_t last = word->points[n - 1];
    return is_consonant(word, n - 3) && !is_consonant(word, n - 2) && is_consonant(word, n - 1) &&
           last != 'w' && last != 'x' && last != 'y';
}

/* --- endings --- */

static bool ends(const letters *word, const char *suffix) {
    size_t length = strlen(suffix);
    if (word->n < length) return false;
    for (size_t i = 0; i < length; i++)
        if (word->points[word->n - length + i] != (unsigned char)suffix[i]) return false;
    return true;
}

static void append(letters *word, const char *ending) {
    for (; *ending; ending++) word->points[word->n++] = (unsigned char)*ending;
}

typedef struct rule {
    const char *suffix, *replacement;
} rule;

/* Takes the first rule whose suffix the word has, if the stem before the suffix has a measure of at
 * least `least`. */
static void apply(letters *word, const rule *rules, size_t n, size_t least) {
    for (size_t i = 0; i < n; i++) {
        if (!ends(word, rules[i].suffix)) continue;
        size_t stem = word->n - strlen(rules[i].suffix);
        if (measure(word, stem) < least) return;
        word->n = stem;
        append(word, rules[i].replacement);
        return;
    }
}
#define APPLY(word, rules, least) apply(word, rules, sizeof(rules) / sizeof *(rules), least)

/* --- steps --- */

/* Plurals. */
static void step_1a(letters *word) {
    static const rule rules[] = {{"sses", "ss"}, {"ies", "i"}, {"ss", "ss"}, {"s", ""}};
    if (word->n == 4 && ends(word, "ies"))
        word->n--; /* NLTK: dies, die */
    else
        APPLY(word, rules, 0);
}

/* What becomes of a word that has lost -ed or -ing. */
static void mend_stem(letters *word) {
    if (ends(word, "at") || ends(word, "bl") || ends(word, "iz")) {
        append(word, "e");
    } else if (ends_double(word)) {
        uint32_t last = word->points[word->n - 1];
        if (last != 'l' && last != 's' && last != 'z') word->n--;
    } else if (measure(word, word->n) == 1 && ends_short(word, word->n)) {
        append(word, "e");
    }
}

/* Past and progressive. */
static void step_1b(letters *word) {
    if (ends(word, "ied")) {
        word->n -= word->n == 4 ? 1 : 2; /* NLTK: died, die; spied, spi */
    } else if (ends(word, "eed")) {
        if (measure(word, word->n - 3) > 0) word->n--;
    } else {
        size_t cut = ends(word, "ed") ? 2 : ends(word, "ing") ? 3 : 0;
        if (!cut || !has_vowel(word, word->n - cut)) return;
        word->n -= cut;
        mend_stem(word);
    }
}

/* NLTK: y becomes i after a consonant that is not the first letter. */
static void step_1c(letters *word) {
    size_t stem = word->n - 1;
    if (ends(word, "y") && stem > 1 && is_consonant(word, stem - 1)) word->points[stem] = 'i';
}

static void step_2(letters *word) {
    static const rule rules[] = {
        {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"},   {"anci", "ance"},
        {"izer", "ize"},    {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"},
        {"eli", "e"},       {"ousli", "ous"},   {"ization", "ize"}, {"ation", "ate"},
        {"ator", "ate"},    {"alism", "al"},    {"iveness", "ive"}, {"fulness", "ful"},
        {"ousness", "ous"}, {"aliti", "al"},    {"iviti", "ive"},   {"biliti", "ble"},
        {"fulli", "ful"},
    };
    /* NLTK: first alli to al, which may bring another suffix to light. */
    if (ends(word, "alli") && measure(word, word->n - 4) > 0) word->n -= 2;
    if (ends(word, "logi")) { /* NLTK: the l counts with the stem, so that geologi becomes geolog */
        if (measure(word, word->n - 3) > 0) word->n--;
        return;
    }
    APPLY(word, rules, 1);
}

static void step_3(letters *word) {
    static const rule rules[] = {{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"},
                                 {"ical", "ic"},  {"ful", ""},   {"ness", ""}};
    APPLY(word, rules, 1);
}

static void step_4(letters *word) {
    static const rule rules[] = {
        {"al", ""},   {"ance", ""}, {"ence", ""},  {"er", ""},   {"ic", ""},  {"able", ""},
        {"ible", ""}, {"ant", ""},  {"ement", ""}, {"ment", ""}, {"ent", ""}, {"ou", ""},
        {"ism", ""},  {"ate", ""},  {"iti", ""},   {"ous", ""},  {"ive", ""}, {"ize", ""}};
    if (!ends(word, "ion"))
        APPLY(word, rules, 2);
    else if (measure(word, word->n - 3) > 1 && (ends(word, "sion") || ends(word, "tion")))
        word->n -= 3;
}

static void step_5(letters *word) {
    if (ends(word, "e")) {
        size_t stem = word->n - 1, m = measure(word, stem);
        if (m > 1 || (m == 1 && !ends_short(word, stem))) word->n = stem;
    }
    if (ends(word, "ll") && measure(word, word->n - 1) > 1) word->n--;
}

/* --- words that the steps would spoil --- */

static bool stem_irregular(letters *word) {
    static const rule words[] = {
        {"sky", "sky"},        {"skies", "sky"},        {"dying", "die"},
        {"lying", "lie"},      {"tying", "tie"},        {"news", "news"},
        {"innings", "inning"}, {"inning", "inning"},    {"outings", "outing"},
        {"outing", "outing"},  {"cannings", "canning"}, {"canning", "canning"},
        {"howe", "howe"},      {"proceed", "proceed"},  {"exceed", "exceed"},
        {"succeed", "succeed"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (word->n != strlen(words[i].suffix) || !ends(word, words[i].suffix)) continue;
        word->n = 0;
        append(word, words[i].replacement);
        return true;
    }
    return false;
}

size_t s2s_porter_stem(uint32_t *points, size_t length) {
    letters word = {points, length};
    if (stem_irregular(&word) || length <= 2) return word.n;
    step_1a(&word);
    step_1b(&word);
    step_1c(&word);
    step_2(&word);
    step_3(&word);
    step_4(&word);
    step_5(&word);
    return word.n;
}
