/* See draft.h. */
#include "demo/draft.h"

#include <string.h>

/* The stream of random numbers depends on seed and number alone, so that a sentence is the same
 * whatever was made before it. */
void s2s_draft_start(s2s_draft *draft, uint64_t seed, uint64_t number) {
    memset(draft, 0, sizeof *draft);
    draft->rng = s2s_rng_init(seed, number);
}

/* The index of the next of `most` pieces. */
static int next_piece(s2s_draft *draft, int *count, int most) {
    if (*count < most) return (*count)++;
    draft->crowded = true;
    return most - 1;
}

s2s_phrase *s2s_new_phrase(s2s_draft *draft) {
    s2s_phrase *piece = &draft->phrases[next_piece(draft, &draft->phrase_count, DRAFT_PHRASES)];
    *piece = (s2s_phrase){0};
    return piece;
}

s2s_clause *s2s_new_clause(s2s_draft *draft) {
    s2s_clause *piece = &draft->clauses[next_piece(draft, &draft->clause_count, DRAFT_CLAUSES)];
    *piece = (s2s_clause){0};
    return piece;
}

s2s_location *s2s_new_location(s2s_draft *draft) {
    int index = next_piece(draft, &draft->location_count, DRAFT_LOCATIONS);
    s2s_location *piece = &draft->locations[index];
    *piece = (s2s_location){0};
    return piece;
}

bool s2s_chance(s2s_draft *draft, int percent) {
    return s2s_rng_below(&draft->rng, 100) < (uint64_t)percent;
}

size_t s2s_pick(s2s_draft *draft, size_t count) {
    return (size_t)s2s_rng_below(&draft->rng, count);
}
