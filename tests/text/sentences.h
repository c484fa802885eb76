/* For tests: a made language to learn vocabularies from, and folders that go away. */
#ifndef S2S_TEST_SENTENCES_H
#define S2S_TEST_SENTENCES_H

#include "text/vocabulary.h"

/* Sentence `index`: the same words for the same index, frequent words more often. Writes at most
 * `size` bytes with the NUL and returns the length. */
size_t make_sentence(uint64_t index, char *sentence, size_t size);

/* Lines for s2s_vocabulary_train: `n` made sentences, or an array of strings. */
typedef struct line_source {
    const char *const *lines; /* NULL: made sentences */
    size_t n, at;
    char sentence[512];
} line_source;
s2s_status next_source_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err);

/* A new empty folder under the system's temporary one; its files go with it. */
char *make_folder(void);
void remove_folder(char *folder);
char *in_folder(const char *folder, const char *name); /* the caller frees */
void write_text(const char *path, const char *text);

/* What tests change as they need: unigram, nfkc, collapse. */
s2s_text_recipe plain_text_recipe(int64_t size);
/* Learned from 800 made sentences and loaded; fails the test when that fails. */
s2s_vocabulary *make_vocabulary(const s2s_text_recipe *recipe);
/* Set-up and tear-down of a group of tests: *state is a vocabulary of 300 pieces. */
int set_up_vocabulary(void **state);
int tear_down_vocabulary(void **state);

#endif
