/* A small model in a folder, and short ways to save and load it: for tests of what a folder holds. */
#ifndef TESTS_MODEL_FOLDERS_H
#define TESTS_MODEL_FOLDERS_H

#include "model/folder.h"

/* A recipe of two encoder layers and one decoder layer, with a shared vocabulary. */
extern const char small_recipe[];

/* Fails the test with the message. */
void must(s2s_status status, const s2s_err *err);
/* Fails the test when the message lacks the part. */
void refused(const s2s_err *err, const char *part);

/* A vocabulary of `size` pieces in the file `name` of the folder `root`, learned from 2000 sentences, of
 * which `first` is the first. The path, to be freed. */
char *learn(const char *root, const char *name, int64_t size, size_t first);
s2s_recipe *parse(const char *text);
/* A model with random values, in the biases, too. */
s2s_model *make_model(const s2s_recipe *recipe, int source, int target);
/* The model of small_recipe in the folder `name` of `root`; the vocabulary has 300 pieces. The path, to be
 * freed. */
char *save_whole(const char *root, const char *name, const char *vocabulary);

/* Fails the test unless loading is refused, for training, with a message that holds the part and the folder.
 * `set`: over the recipe; NULL: nothing. */
void load_refused(const char *folder, const char *set, const char *part);

#endif
