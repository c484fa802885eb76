/* Entries of the lexicon by their German word, for the tests. */
#ifndef S2S_TESTS_DEMO_LOOKUP_H
#define S2S_TESTS_DEMO_LOOKUP_H

#include <string.h>

#include "demo/lexicon.h"

static inline const s2s_noun *noun(const char *german) {
    for (size_t i = 0; i < s2s_noun_count; i++)
        if (strcmp(s2s_nouns[i].german, german) == 0) return &s2s_nouns[i];
    for (size_t i = 0; i < s2s_place_count; i++)
        if (strcmp(s2s_places[i].noun.german, german) == 0) return &s2s_places[i].noun;
    return NULL;
}

static inline const s2s_adjective *adjective(const char *german) {
    for (size_t i = 0; i < s2s_adjective_count; i++)
        if (strcmp(s2s_adjectives[i].german, german) == 0) return &s2s_adjectives[i];
    return NULL;
}

static inline const s2s_verb *verb(const char *infinitive) {
    for (size_t i = 0; i < s2s_verb_count; i++)
        if (strcmp(s2s_verbs[i].german.infinitive, infinitive) == 0) return &s2s_verbs[i];
    return NULL;
}

#endif
