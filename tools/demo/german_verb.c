/* German verbs: prefix, stem, endings.
 *
 * Weak forms follow from the infinitive; the lexicon names what a strong verb has instead: the stem
 * of du and er in the present, the past of ich and the participle. Seven verbs have a present of
 * their own. */
#include "demo/german.h"

#include <stdio.h>
#include <string.h>

enum { WORD = 64 };

typedef enum agreement_id {
    FIRST_SINGULAR,
    SECOND_SINGULAR,
    THIRD_SINGULAR,
    FIRST_PLURAL,
    THIRD_PLURAL,
    AGREEMENT_COUNT
} agreement_id;

const s2s_german_forms s2s_haben = {"haben", NULL, "hatte", "gehabt", HABEN};
const s2s_german_forms s2s_sein = {"sein", NULL, "war", "gewesen", SEIN};
const s2s_german_forms s2s_werden = {"werden", NULL, "wurde", "geworden", SEIN};

static const struct {
    const char *infinitive, *present[AGREEMENT_COUNT], *past;
} irregular_verbs[] = {
    {"sein", {"bin", "bist", "ist", "sind", "sind"}, "war"},
    {"haben", {"habe", "hast", "hat", "haben", "haben"}, "hatte"},
    {"werden", {"werde", "wirst", "wird", "werden", "werden"}, "wurde"},
    {"wissen", {"weiß", "weißt", "weiß", "wissen", "wissen"}, "wusste"},
    {"mögen", {"mag", "magst", "mag", "mögen", "mögen"}, "mochte"},
    {"möchten", {"möchte", "möchtest", "möchte", "möchten", "möchten"}, NULL},
    {"können", {"kann", "kannst", "kann", "können", "können"}, "konnte"},
    {"müssen", {"muss", "musst", "muss", "müssen", "müssen"}, "musste"},
    {"wollen", {"will", "willst", "will", "wollen", "wollen"}, "wollte"},
    {"dürfen", {"darf", "darfst", "darf", "dürfen", "dürfen"}, "durfte"},
    {"sollten", {"sollte", "solltest", "sollte", "sollten", "sollten"}, NULL},
};

static agreement_id agreement_of(s2s_who subject) {
    switch (subject) {
    case I:
        return FIRST_SINGULAR;
    case YOU:
        return SECOND_SINGULAR;
    case WE:
        return FIRST_PLURAL;
    case THEY:
        return THIRD_PLURAL;
    default:
        return THIRD_SINGULAR;
    }
}

/* "auf|stehen" is "auf" and "stehen". */
static const char *simple_infinitive(const s2s_german_forms *verb) {
    const char *bar = strchr(verb->infinitive, '|');
    return bar ? bar + 1 : verb->infinitive;
}

static void stem_of(const s2s_german_forms *verb, char stem[WORD]) {
    snprintf(stem, WORD, "%s", simple_infinitive(verb));
    size_t length = strlen(stem);
    stem[length - (s2s_ends_with(stem, "en") ? 2 : 1)] = '\0'; /* les-en, fütter-n */
}

/* A t after the stem would not be heard, or could not be said: arbeit-et, öffn-et, zeichn-et; but
 * lern-t, wohn-t. */
static bool needs_e(const char *stem) {
    size_t n = strlen(stem);
    if (s2s_ends_with(stem, "t") || s2s_ends_with(stem, "d")) return true;
    if (n < 3 || !(stem[n - 1] == 'n' || stem[n - 1] == 'm')) return false;
    char before = stem[n - 2];
    if (before == 'h') return stem[n - 3] == 'c';
    return strchr("bcdfgkpstvwz", before) != NULL;
}

static bool hisses(const char *stem) {
    return s2s_ends_with(stem, "s") || s2s_ends_with(stem, "ß") || s2s_ends_with(stem, "z") ||
           s2s_ends_with(stem, "x");
}

static const char *second_ending(const char *stem, bool changed) {
    if (hisses(stem)) return "t";
    return needs_e(stem) && !changed ? "est" : "st";
}

/* A changed stem in t takes none: er hält; one in d takes a t alone: er lädt. */
static const char *third_ending(const char *stem, bool changed) {
    if (changed) return s2s_ends_with(stem, "t") ? "" : "t";
    return needs_e(stem) ? "et" : "t";
}

static void present(const s2s_german_forms *verb, agreement_id agreement, char word[WORD]) {
    char stem[WORD];
    stem_of(verb, stem);
    bool changed = verb->changed != NULL;
    const char *du = changed ? verb->changed : stem;
    switch (agreement) {
    case FIRST_SINGULAR:
        snprintf(word, WORD, "%.60se", stem);
        break;
    case SECOND_SINGULAR:
        snprintf(word, WORD, "%.60s%s", du, second_ending(du, changed));
        break;
    case THIRD_SINGULAR:
        snprintf(word, WORD, "%.60s%s", du, third_ending(du, changed));
        break;
    default:
        snprintf(word, WORD, "%s", simple_infinitive(verb));
        break;
    }
}

/* Strong: ich fand, du fandest, wir fanden. Weak, and those that end in -te: ich lernte, wir
 * lernten. */
static void past(const char *first, agreement_id agreement, char word[WORD]) {
    bool weak = s2s_ends_with(first, "e");
    const char *ending = "";
    if (agreement == SECOND_SINGULAR)
        ending = !weak && (needs_e(first) || hisses(first)) ? "est" : "st";
    if (agreement == FIRST_PLURAL || agreement == THIRD_PLURAL) ending = weak ? "n" : "en";
    snprintf(word, WORD, "%.60s%s", first, ending);
}

static void weak_past(const s2s_german_forms *verb, char word[WORD]) {
    char stem[WORD];
    stem_of(verb, stem);
    snprintf(word, WORD, "%.56s%s", stem, needs_e(stem) ? "ete" : "te");
}

static void conjugate(const s2s_german_forms *verb, s2s_verb_form form, agreement_id agreement,
                      char word[WORD]) {
    const char *past_form = verb->past;
    for (size_t i = 0; i < sizeof irregular_verbs / sizeof *irregular_verbs; i++) {
        if (strcmp(irregular_verbs[i].infinitive, verb->infinitive) != 0) continue;
        if (form == PRESENT_FORM) {
            snprintf(word, WORD, "%s", irregular_verbs[i].present[agreement]);
            return;
        }
        past_form = irregular_verbs[i].past;
    }
    if (form == PRESENT_FORM) {
        present(verb, agreement, word);
        return;
    }
    char first[WORD];
    if (past_form)
        snprintf(first, WORD, "%s", past_form);
    else
        weak_past(verb, first);
    past(first, agreement, word);
}

void s2s_german_prefix(s2s_text *out, const s2s_german_forms *verb) {
    const char *bar = strchr(verb->infinitive, '|');
    char prefix[WORD];
    if (bar == NULL) return;
    snprintf(prefix, WORD, "%.*s", (int)(bar - verb->infinitive), verb->infinitive);
    s2s_text_word(out, prefix);
}

/* The prefix, when there is one, and `rest` as one word. */
static void joined(s2s_text *out, const s2s_german_forms *verb, const char *rest) {
    if (strchr(verb->infinitive, '|') == NULL) {
        s2s_text_word(out, rest);
        return;
    }
    s2s_german_prefix(out, verb);
    s2s_text_join(out, rest);
}

void s2s_german_finite(s2s_text *out, const s2s_german_forms *verb, s2s_verb_form form,
                       s2s_who subject, bool with_prefix) {
    char word[WORD];
    conjugate(verb, form, agreement_of(subject), word);
    if (with_prefix)
        joined(out, verb, word);
    else
        s2s_text_word(out, word);
}

/* Lies! (e becomes i), but: fahr! (a stays a). Warte! Öffne! Füttere! Geh! */
void s2s_german_imperative(s2s_text *out, const s2s_german_forms *verb) {
    char stem[WORD];
    stem_of(verb, stem);
    if (verb->changed && strchr(verb->changed, 'i')) {
        s2s_text_word(out, verb->changed);
        return;
    }
    s2s_text_word(out, stem);
    if (needs_e(stem) || s2s_ends_with(stem, "er") || s2s_ends_with(stem, "s"))
        s2s_text_join(out, "e");
}

static bool starts_with(const char *word, const char *head) {
    return strncmp(word, head, strlen(head)) == 0;
}

/* No ge- after a prefix that is never stressed, nor in foreign verbs in -ieren. */
static bool takes_ge(const char *infinitive) {
    static const char *const unstressed[] = {"be", "ver", "er", "ent", "emp", "zer", "ge"};
    for (size_t i = 0; i < sizeof unstressed / sizeof *unstressed; i++)
        if (starts_with(infinitive, unstressed[i])) return false;
    return !s2s_ends_with(infinitive, "ieren");
}

void s2s_german_participle(s2s_text *out, const s2s_german_forms *verb) {
    char word[WORD], stem[WORD];
    if (verb->participle) {
        joined(out, verb, verb->participle);
        return;
    }
    stem_of(verb, stem);
    snprintf(word, WORD, "%s%.56s%s", takes_ge(simple_infinitive(verb)) ? "ge" : "", stem,
             needs_e(stem) ? "et" : "t");
    joined(out, verb, word);
}

void s2s_german_infinitive(s2s_text *out, const s2s_german_forms *verb, bool with_zu) {
    char word[WORD];
    bool separable = strchr(verb->infinitive, '|') != NULL;
    if (with_zu && !separable) s2s_text_word(out, "zu");
    snprintf(word, WORD, "%s%.60s", with_zu && separable ? "zu" : "", simple_infinitive(verb));
    joined(out, verb, word);
}
