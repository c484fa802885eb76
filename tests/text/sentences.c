/* See sentences.h. */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include "sentences.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"

/* --- sentences --- */

enum { WORDS = 5000 };

/* A word of one to four syllables that follows from its number. */
static size_t make_word(uint64_t number, char *word) {
    static const char *const onset[] = {"b", "d", "f", "g", "k", "l",
                                        "m", "n", "r", "s", "t", "sch"};
    static const char *const nucleus[] = {"a", "e", "i", "o", "u", "ä", "ö", "ei"};
    s2s_rng rng = s2s_rng_init(number, 7);
    int syllables = 1 + (int)s2s_rng_below(&rng, 4);
    size_t length = 0;
    for (int i = 0; i < syllables; i++)
        length += (size_t)sprintf(word + length, "%s%s", onset[s2s_rng_below(&rng, 12)],
                                  nucleus[s2s_rng_below(&rng, 8)]);
    return length;
}

size_t make_sentence(uint64_t index, char *sentence, size_t size) {
    s2s_rng rng = s2s_rng_init(index, 3);
    int words = 3 + (int)s2s_rng_below(&rng, 15);
    size_t length = 0;
    for (int i = 0; i < words; i++) {
        char word[64];
        /* the smaller of two draws: frequent words, rare words */
        uint64_t a = s2s_rng_below(&rng, WORDS), b = s2s_rng_below(&rng, WORDS);
        size_t n = make_word(a < b ? a : b, word);
        if (length + n + 3 > size) break;
        if (i) sentence[length++] = ' ';
        memcpy(sentence + length, word, n);
        length += n;
    }
    sentence[length++] = '.';
    sentence[length] = '\0';
    return length;
}

s2s_status next_source_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    (void)err;
    line_source *s = self;
    *more = s->at < s->n;
    if (!*more) return S2S_OK;
    if (s->lines) {
        *line = s->lines[s->at];
        *length = strlen(*line);
    } else {
        *length = make_sentence(s->at, s->sentence, sizeof s->sentence);
        *line = s->sentence;
    }
    s->at++;
    return S2S_OK;
}

/* --- folders --- */

char *make_folder(void) {
    const char *parent = getenv("TMPDIR");
    char *folder = in_folder(parent ? parent : "/tmp", "s2s-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *ftw) {
    (void)info, (void)flag, (void)ftw;
    return remove(path);
}

void remove_folder(char *folder) {
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
}

char *in_folder(const char *folder, const char *name) {
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    assert_non_null(path);
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

void write_text(const char *path, const char *text) {
    s2s_err err = {0};
    assert_int_equal(s2s_write_file(path, text, strlen(text), &err), S2S_OK);
}

/* --- vocabularies --- */

s2s_text_recipe plain_text_recipe(int64_t size) {
    return (s2s_text_recipe){.vocabulary = {.type = S2S_UNIGRAM,
                                            .size = size,
                                            .shared = true,
                                            .character_coverage = 1.0,
                                            .sample_lines = 0},
                             .normalization = S2S_NFKC,
                             .whitespace = S2S_WHITESPACE_COLLAPSE,
                             .sampling_nbest = -1};
}

s2s_vocabulary *make_vocabulary(const s2s_text_recipe *recipe) {
    char *folder = make_folder();
    char *path = in_folder(folder, "vocab.model");
    s2s_err err = {0};
    line_source lines = {.n = 800};
    s2s_vocabulary *vocabulary = NULL;
    if (s2s_vocabulary_train(recipe, next_source_line, &lines, path, &err) != S2S_OK ||
        s2s_vocabulary_load(&vocabulary, path, recipe, &err) != S2S_OK)
        fail_msg("%s", err.message);
    free(path);
    remove_folder(folder);
    return vocabulary;
}

int set_up_vocabulary(void **state) {
    s2s_text_recipe recipe = plain_text_recipe(300);
    *state = make_vocabulary(&recipe);
    return 0;
}

int tear_down_vocabulary(void **state) {
    s2s_vocabulary_free(*state);
    return 0;
}
