/* See meaning.h. */
#include "demo/meaning.h"

s2s_who s2s_phrase_who(const s2s_phrase *phrase) {
    switch (phrase->kind) {
    case PRONOUN_PHRASE:
        return phrase->who;
    case NAME_PHRASE:
        return phrase->name->gender == FEMININE ? SHE : HE;
    case QUESTION_PHRASE:
        return HE;
    default:
        break;
    }
    if (phrase->plural || phrase->noun->kind == PLURAL_NOUN) return THEY;
    if (phrase->feminine) return SHE;
    static const s2s_who by_gender[] = {[MASCULINE] = HE, [FEMININE] = SHE, [NEUTER] = IT};
    return by_gender[phrase->noun->gender];
}

s2s_form s2s_phrase_form(const s2s_phrase *phrase) {
    if (phrase->kind == NAME_PHRASE) return s2s_form_of(phrase->name->gender, false);
    if (phrase->kind == PRONOUN_PHRASE || phrase->noun == NULL) return FORM_M;
    bool plural = phrase->plural || phrase->noun->kind == PLURAL_NOUN;
    return s2s_form_of(phrase->feminine ? FEMININE : phrase->noun->gender, plural);
}

bool s2s_phrase_is_definite(const s2s_phrase *phrase) {
    if (phrase->kind != NOUN_PHRASE) return true;
    if (phrase->possessor) return true;
    switch (phrase->determiner) {
    case THE:
    case THIS:
    case POSSESSIVE:
    case EVERY:
        return true;
    default:
        return false;
    }
}
