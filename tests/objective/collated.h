/* For tests of objectives over encoder and decoder: made texts, and batches of them whose arrays have just the room that
 * a loader gives, with marks behind each that nobody may write over. A call that fails fails the test. */
#ifndef S2S_TEST_COLLATED_H
#define S2S_TEST_COLLATED_H

#include "objective/kind.h"

/* Ids of a made vocabulary; words are FIRST_WORD and above. */
enum { UNK, BOS, EOS, MASK, FIRST_SENTINEL = 10, FIRST_WORD = 1000000 };

/* An objective with those ids; `recipe` is borrowed. */
s2s_objective made_objective(const s2s_objective_recipe *recipe);

/* Texts end to end. Words of one text are FIRST_WORD and so on, each once, so that a word tells its place; a line ends
 * behind every `line` words (0: there is one line). */
typedef struct texts {
    s2s_example *examples;
    int32_t *ids;
    int n;
} texts;
texts texts_of_lengths(const int *lengths, int n, int line);
texts texts_alike(int length, int n, int line);
void texts_release(texts *texts);

typedef struct collated {
    s2s_batch batch;
    int32_t *memory;
    int capacity;
} collated;

/* Checks what every such batch is: a source with an end, and a target with its labels, for each text. */
collated collate_texts(const s2s_objective_kind *kind, const s2s_objective *objective,
                       const texts *texts, uint64_t key);
void collated_release(collated *collated);
bool collated_equal(const collated *a, const collated *b);

/* A sequence without begin and end. */
typedef struct row {
    const int32_t *ids;
    int n;
} row;
row source_of(const collated *collated, int sequence);
row target_of(const collated *collated, int sequence);

void expect_row(row row, const int32_t *ids, int n);
/* Within five standard deviations of what n draws with probability p give. */
void expect_share(double count, double n, double p);

#endif
