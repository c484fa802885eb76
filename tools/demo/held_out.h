/* Which sentences the training part must never see.
 *
 * Held out are combinations: pairs of a verb (or the adjective after be) and the noun that it is
 * about, chosen by a hash; and pairs of structures, such as a modal verb and a relative clause.
 * Each word and each structure stays in the training part; only their combination is new in the
 * test part. */
#ifndef S2S_DEMO_HELD_OUT_H
#define S2S_DEMO_HELD_OUT_H

#include "demo/meaning.h"

typedef enum s2s_part { TRAIN_PART, VALID_PART, TEST_PART, PART_COUNT } s2s_part;

enum { HELD_OUT_PAIRS = 16 }; /* of words in one sentence, at most */

/* What a sentence combines. */
typedef struct s2s_traits {
    uint64_t pairs[HELD_OUT_PAIRS]; /* hashes of verb and noun */
    int pair_count;
    unsigned structures; /* a bit for each */
} s2s_traits;

s2s_traits s2s_find_traits(const s2s_clause *clause);
/* The only part that the sentence may stand in; PART_COUNT when it holds combinations of two. */
s2s_part s2s_part_for(const s2s_traits *traits);
/* The part that this hash of a verb and a noun belongs to. */
s2s_part s2s_part_of_pair(uint64_t pair);
/* The part that this combination of structures belongs to. */
s2s_part s2s_part_of_structures(unsigned structures);

#endif
