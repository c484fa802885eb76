/* Lexicons and the shortlists made of them: against a plain IBM model 1 on all pairs of tokens, on a language whose
 * dictionary is known, with any number of threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"
#include "base/thread.h"
#include "sentences.h"
#include "text/shortlist.h"
#include "train/learn_shortlist.h"
#include "train/lexicon.h"

/* Words are letters: 'a' is translated by 'A', 'b' by 'B', and so on, in any order. 'z' is only in the vocabulary, which
 * has all letters, each also as a word, a blank, and three special tokens. */
enum { LETTERS = 26, WORDS = 12, PAIRS = 400, LONGEST = 6, VOCABULARY = 4 * LETTERS + 4 };

static char *folder, *paths[2], *cache;
static s2s_vocabulary *vocabulary;
static s2s_dataset *dataset;

/* --- the language --- */

static void put_words(FILE *file, const int *words, int n, char first) {
    for (int i = 0; i < n; i++) fprintf(file, "%s%c", i ? " " : "", first + words[i]);
    fputc('\n', file);
}

static void write_pairs(void) {
    s2s_rng rng = s2s_rng_init(11, 1);
    FILE *from = fopen(paths[0], "w"), *to = fopen(paths[1], "w");
    assert_true(from && to);
    for (int i = 0; i < PAIRS; i++) {
        int words[LONGEST], n = 1 + (int)s2s_rng_below(&rng, LONGEST);
        for (int k = 0; k < n; k++) words[k] = (int)s2s_rng_below(&rng, WORDS);
        put_words(from, words, n, 'a');
        for (int k = n - 1; k > 0; k--) { /* shuffled */
            int other = (int)s2s_rng_below(&rng, (uint64_t)k + 1), word = words[k];
            words[k] = words[other];
            words[other] = word;
        }
        put_words(to, words, n, 'A');
    }
    assert_int_equal(fclose(from) | fclose(to), 0);
}

static s2s_vocabulary *learn_vocabulary(void) {
    enum { ROUNDS = 20 };
    static char text[LETTERS][8];
    const char *lines[LETTERS * ROUNDS];
    size_t n = 0;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < LETTERS; i++) {
            snprintf(text[i], sizeof text[i], "%c %c", 'a' + i, 'A' + i);
            lines[n++] = text[i];
        }
    s2s_text_recipe recipe = plain_text_recipe(VOCABULARY);
    recipe.vocabulary.type = S2S_BPE;
    line_source source = {.lines = lines, .n = n};
    char *path = in_folder(folder, "vocab.model");
    s2s_vocabulary *learnt = NULL;
    s2s_err err = {0};
    if (s2s_vocabulary_train(&recipe, next_source_line, &source, path, &err) ||
        s2s_vocabulary_load(&learnt, path, &recipe, &err))
        fail_msg("%s", err.message);
    free(path);
    return learnt;
}

static int set_up(void **state) {
    (void)state;
    s2s_threads_set(2);
    folder = make_folder();
    cache = in_folder(folder, "cache");
    paths[0] = in_folder(folder, "source");
    paths[1] = in_folder(folder, "target");
    write_pairs();
    vocabulary = learn_vocabulary();
    s2s_corpus corpus = {.source = paths[0], .target = paths[1], .weight = 1};
    s2s_corpora corpora = {&corpus, 1};
    s2s_data_recipe recipe = {.max_length = 200, .min_length = 1};
    s2s_err err = {0};
    if (s2s_dataset_open(&dataset, &corpora, &recipe, vocabulary, vocabulary, cache, NULL, &err))
        fail_msg("%s", err.message);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    s2s_dataset_free(dataset);
    s2s_vocabulary_free(vocabulary);
    for (int i = 0; i < 2; i++) free(paths[i]);
    free(cache);
    remove_folder(folder);
    return 0;
}

/* The token of a word, which must be one. */
static int32_t token_of(char word) {
    s2s_ids ids = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_encode(vocabulary, &word, 1, &ids, &err), S2S_OK);
    assert_int_equal(ids.size, 1);
    int32_t token = ids.data[0];
    s2s_ids_release(&ids);
    return token;
}

static s2s_lexicon create(const s2s_pair_set *pairs, int candidates) {
    s2s_lexicon lexicon;
    s2s_err err = {0};
    int size = s2s_vocabulary_size(vocabulary);
    if (s2s_lexicon_create(&lexicon, pairs, size, size, candidates, &err))
        fail_msg("%s", err.message);
    return lexicon;
}

static double fit(s2s_lexicon *lexicon, const s2s_pair_set *pairs) {
    s2s_err err = {0};
    double perplexity;
    assert_int_equal(s2s_lexicon_fit(lexicon, pairs, &perplexity, &err), S2S_OK);
    return perplexity;
}

static s2s_pair_set all_pairs(void) {
    return (s2s_pair_set){dataset, s2s_dataset_size(dataset), NULL};
}

/* --- the model --- */

/* One pass over all of p [sources + 1 x targets]; the last row is that of no source. */
static double plain_pass(double *p, int size) {
    double *counts = calloc((size_t)(size + 1) * (size_t)size, sizeof *counts);
    double log_sum = 0, tokens = 0;
    for (uint64_t i = 0; i < s2s_dataset_size(dataset); i++) {
        s2s_example e = s2s_dataset_get(dataset, i);
        for (int j = 0; j < e.target_length; j++) {
            double sum = p[size * size + e.target[j]];
            for (int k = 0; k < e.source_length; k++) sum += p[e.source[k] * size + e.target[j]];
            for (int k = 0; k < e.source_length; k++)
                counts[e.source[k] * size + e.target[j]] +=
                    p[e.source[k] * size + e.target[j]] / sum;
            counts[size * size + e.target[j]] += p[size * size + e.target[j]] / sum;
            log_sum += log(sum / (e.source_length + 1));
            tokens++;
        }
    }
    for (int s = 0; s <= size; s++) {
        double total = 0;
        for (int t = 0; t < size; t++) total += counts[s * size + t];
        for (int t = 0; t < size; t++) p[s * size + t] = total ? counts[s * size + t] / total : 0;
    }
    free(counts);
    return exp(-log_sum / tokens);
}

static void test_like_a_plain_one(void **state) {
    (void)state;
    int size = s2s_vocabulary_size(vocabulary);
    double *p = malloc((size_t)(size + 1) * (size_t)size * sizeof *p);
    for (int i = 0; i < (size + 1) * size; i++) p[i] = 1;
    s2s_pair_set pairs = all_pairs();
    s2s_lexicon lexicon = create(&pairs, size);
    double before = INFINITY;
    for (int pass = 0; pass < 5; pass++) {
        double wanted = plain_pass(p, size), found = fit(&lexicon, &pairs);
        assert_true(fabs(found - wanted) <= 1e-5 * wanted);
        assert_true(pass < 2 || found < before); /* the first pass has no probabilities yet */
        before = found;
        for (int s = 0; s <= size; s++)
            for (int t = 0; t < size; t++) {
                const s2s_lexicon_entry *entry = s2s_lexicon_find(&lexicon, s, t);
                double probability = entry ? (double)entry->probability : 0;
                if (fabs(probability - p[s * size + t]) > 1e-5)
                    fail_msg("pass %d, p(%d | %d): %g, expected %g", pass, t, s, probability,
                             p[s * size + t]);
            }
    }
    free(p);
    s2s_lexicon_release(&lexicon);
}

static void test_finds_the_dictionary(void **state) {
    (void)state;
    s2s_pair_set pairs = all_pairs();
    s2s_lexicon lexicon = create(&pairs, 3);
    for (int pass = 0; pass < 5; pass++) fit(&lexicon, &pairs);
    for (int i = 0; i < WORDS; i++) {
        size_t places;
        int n = 0;
        s2s_lexicon_entry *row = s2s_lexicon_row(&lexicon, token_of((char)('a' + i)), &places);
        for (size_t k = 0; k < places; k++) n += row[k].target >= 0;
        assert_int_equal(n, 3);
        const s2s_lexicon_entry *right =
            s2s_lexicon_find(&lexicon, token_of((char)('a' + i)), token_of((char)('A' + i)));
        assert_non_null(right);
        assert_true(right->probability > 0.9f);
    }
    assert_int_equal(lexicon.target_pairs[token_of('Z')], 0);
    s2s_lexicon_release(&lexicon);
}

static void test_some_of_the_pairs(void **state) {
    (void)state;
    s2s_pair_set some = {dataset, 40, NULL};
    s2s_example a = s2s_pair_set_get(&some, 39),
                b = s2s_dataset_get(dataset, 39 * s2s_dataset_size(dataset) / 40);
    assert_ptr_equal(a.source, b.source);
    s2s_lexicon lexicon = create(&some, 3);
    uint64_t counted = 0, expected = 0;
    for (int i = 0; i < WORDS; i++) counted += lexicon.target_pairs[token_of((char)('A' + i))];
    for (uint64_t i = 0; i < 40; i++) {
        s2s_example e = s2s_pair_set_get(&some, i);
        for (int j = 0; j < e.target_length; j++) {
            bool again = false;
            for (int k = 0; k < j; k++) again |= e.target[k] == e.target[j];
            expected += !again;
        }
    }
    assert_int_equal(counted, expected);
    s2s_lexicon_release(&lexicon);
}

/* --- shortlists --- */

static char *learn(const char *name, s2s_shortlist_options options) {
    char *path = in_folder(folder, name);
    s2s_err err = {0};
    if (s2s_shortlist_learn(dataset, vocabulary, vocabulary, &options, path, NULL, &err))
        fail_msg("%s", err.message);
    return path;
}

static bool allows(const s2s_shortlist *list, char word, int32_t token) {
    uint64_t *marks = calloc(s2s_shortlist_marks(list), sizeof *marks);
    s2s_ids tokens = {0};
    s2s_err err = {0};
    int32_t source = token_of(word);
    bool found = false;
    assert_int_equal(s2s_shortlist_tokens(list, &source, 1, marks, &tokens, &err), S2S_OK);
    for (size_t i = 0; i < tokens.size; i++) found |= tokens.data[i] == token;
    s2s_ids_release(&tokens);
    free(marks);
    return found;
}

static void test_shortlist(void **state) {
    (void)state;
    char *path = learn("one", (s2s_shortlist_options){.best = 1, .least = 0.5, .pairs = PAIRS});
    s2s_shortlist list;
    s2s_err err = {0};
    assert_int_equal(s2s_shortlist_open(&list, path, vocabulary, vocabulary, &err), S2S_OK);
    assert_int_equal(list.always_n, 2); /* eos, unk */
    for (int i = 0; i < WORDS; i++)
        for (int k = 0; k < WORDS; k++) {
            char word = (char)('a' + i);
            assert_int_equal(allows(&list, word, token_of((char)('A' + k))), i == k);
            assert_int_equal(allows(&list, word, token_of((char)('a' + k))), i == k); /* a copy */
            assert_true(allows(&list, word, s2s_vocabulary_eos(vocabulary)));
            assert_true(allows(&list, word, s2s_vocabulary_unk(vocabulary)));
        }
    assert_true(allows(&list, 'z', token_of('z'))); /* that no pair has */
    assert_false(allows(&list, 'z', token_of('Z')));
    s2s_shortlist_close(&list);
    free(path);
}

static void test_frequent_ones(void **state) {
    (void)state;
    int size = s2s_vocabulary_size(vocabulary);
    s2s_shortlist_options options = {.best = 1, .least = 2, .frequent = WORDS, .pairs = PAIRS};
    char *path = learn("frequent", options);
    s2s_shortlist list;
    s2s_err err = {0};
    assert_int_equal(s2s_shortlist_open(&list, path, vocabulary, vocabulary, &err), S2S_OK);
    assert_int_equal(list.always_n, WORDS + 2); /* all words that targets have */
    for (int i = 0; i < WORDS; i++) assert_true(allows(&list, 'z', token_of((char)('A' + i))));
    assert_int_equal(list.starts[token_of('a') + 1] - list.starts[token_of('a')], 1); /* a copy */
    s2s_shortlist_close(&list);
    free(path);
    options.frequent = size;
    path = learn("all", options);
    assert_int_equal(s2s_shortlist_open(&list, path, vocabulary, vocabulary, &err), S2S_OK);
    assert_int_equal(list.always_n, size);
    assert_int_equal(list.starts[size], 0);
    s2s_shortlist_close(&list);
    free(path);
}

static void test_threads_do_not_matter(void **state) {
    (void)state;
    char digests[4][33];
    for (int i = 0; i < 4; i++) {
        s2s_err err = {0};
        s2s_threads_set(i + 1);
        char *path =
            learn("again",
                  (s2s_shortlist_options){.best = 5, .least = 1e-4, .frequent = 3, .pairs = PAIRS});
        assert_int_equal(s2s_file_digest(path, digests[i], &err), S2S_OK);
        assert_string_equal(digests[i], digests[0]);
        free(path);
    }
    s2s_threads_set(2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like_a_plain_one),  cmocka_unit_test(test_finds_the_dictionary),
        cmocka_unit_test(test_some_of_the_pairs), cmocka_unit_test(test_shortlist),
        cmocka_unit_test(test_frequent_ones),     cmocka_unit_test(test_threads_do_not_matter),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
