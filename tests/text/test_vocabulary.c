/* Learning, loading and using a vocabulary. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "sentences.h"

static s2s_ids encode(const s2s_vocabulary *v, const char *text) {
    s2s_ids ids = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_encode(v, text, strlen(text), &ids, &err), S2S_OK);
    return ids;
}

static void check_decoded(const s2s_vocabulary *v, const s2s_ids *ids, const char *wanted) {
    s2s_buf text = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_buf_append(&text, "", 0, &err), S2S_OK);
    assert_int_equal(s2s_vocabulary_decode(v, ids->data, ids->size, &text, &err), S2S_OK);
    assert_string_equal(text.data, wanted);
    s2s_buf_release(&text);
}

static void check_round_trip(const s2s_vocabulary *v, const char *text, const char *wanted) {
    s2s_ids ids = encode(v, text);
    check_decoded(v, &ids, wanted);
    s2s_ids_release(&ids);
}

static s2s_status learn(const s2s_text_recipe *recipe, line_source lines, const char *path,
                        s2s_err *err) {
    return s2s_vocabulary_train(recipe, next_source_line, &lines, path, err);
}

static void test_special_tokens(void **state) {
    s2s_vocabulary *v = *state;
    assert_int_equal(s2s_vocabulary_size(v), 300);
    assert_int_equal(s2s_vocabulary_unk(v), 0);
    assert_int_equal(s2s_vocabulary_bos(v), 1);
    assert_int_equal(s2s_vocabulary_eos(v), 2);
    assert_string_equal(s2s_vocabulary_piece(v, 2), "</s>");
    assert_int_equal(s2s_vocabulary_id(v, "</s>"), 2);
    assert_int_equal(s2s_vocabulary_id(v, "no such piece"), 0);
    for (int32_t id = 3; id < 300; id++)
        assert_int_equal(s2s_vocabulary_id(v, s2s_vocabulary_piece(v, id)), id);
}

static void test_round_trip(void **state) {
    s2s_vocabulary *v = *state;
    for (uint64_t i = 0; i < 200; i++) {
        char sentence[512];
        make_sentence(i, sentence, sizeof sentence);
        check_round_trip(v, sentence, sentence);
    }
    check_round_trip(v, "", "");
    check_round_trip(v, "   ", "");
    check_round_trip(v, "  da \t le ", "da le");
}

static void test_special_tokens_leave_no_text(void **state) {
    s2s_vocabulary *v = *state;
    s2s_ids ids = {0}, word = encode(v, "da le");
    s2s_err err = {0};
    s2s_ids_push(&ids, 1, &err);
    for (size_t i = 0; i < word.size; i++) s2s_ids_push(&ids, word.data[i], &err);
    s2s_ids_push(&ids, 0, &err);
    s2s_ids_push(&ids, 2, &err);
    check_decoded(v, &ids, "da le");
    s2s_ids_release(&ids);
    s2s_ids_release(&word);
}

static void test_unknown_characters(void **state) {
    s2s_vocabulary *v = *state;
    s2s_ids ids = encode(v, "da \xE6\xBC\xA2\xE5\xAD\x97 le"); /* neighbours share one unk */
    int unknown = 0;
    for (size_t i = 0; i < ids.size; i++) unknown += ids.data[i] == 0;
    assert_int_equal(unknown, 1);
    check_decoded(v, &ids, "da  le");
    s2s_ids_release(&ids);
    ids = encode(v, "da\xFF"); /* invalid UTF-8 is an unknown character, not an error */
    assert_int_equal(ids.data[ids.size - 1], 0);
    s2s_ids_release(&ids);
}

static void test_foreign_ids(void **state) {
    s2s_vocabulary *v = *state;
    s2s_buf text = {0};
    s2s_err err = {0};
    int32_t ids[] = {5, 300}, negative[] = {-1};
    assert_int_equal(s2s_vocabulary_decode(v, ids, 2, &text, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "token 300 is outside this vocabulary of 300 pieces"));
    assert_int_equal(s2s_vocabulary_decode(v, negative, 1, &text, &err), S2S_INPUT);
    s2s_buf_release(&text);
}

static void test_long_lines(void **state) {
    s2s_vocabulary *v = *state;
    s2s_buf line = {0};
    s2s_err err = {0};
    s2s_ids ids = {0};
    for (int i = 0; i < 100000; i++) s2s_buf_append(&line, "dale ", 5, &err);
    assert_int_equal(s2s_vocabulary_encode(v, line.data, line.size, &ids, &err), S2S_OK);
    assert_true(ids.size >= 100000);
    ids.size = 0;
    line.size = 0;
    for (int i = 0; i < 100000; i++) s2s_buf_append(&line, "dale", 4, &err); /* no blanks */
    assert_int_equal(s2s_vocabulary_encode(v, line.data, line.size, &ids, &err), S2S_OK);
    assert_true(ids.size >= 50000);
    s2s_ids_release(&ids);
    s2s_buf_release(&line);
}

/* A line that is encoded in parts has the pieces that it would have as a whole: those of its sentences. */
static void check_parts(s2s_vocabulary_type type) {
    s2s_text_recipe recipe = plain_text_recipe(300);
    recipe.vocabulary.type = type;
    s2s_vocabulary *v = make_vocabulary(&recipe);
    s2s_buf line = {0};
    s2s_err err = {0};
    s2s_ids wanted = {0}, ids = {0};
    for (uint64_t i = 0; line.size < 300000; i++) {
        char sentence[512];
        size_t length = make_sentence(i, sentence, sizeof sentence);
        assert_int_equal(s2s_vocabulary_encode(v, sentence, length, &wanted, &err), S2S_OK);
        s2s_buf_append(&line, sentence, length, &err);
        s2s_buf_append(&line, " ", 1, &err);
    }
    assert_int_equal(s2s_vocabulary_encode(v, line.data, line.size, &ids, &err), S2S_OK);
    assert_int_equal(ids.size, wanted.size);
    assert_memory_equal(ids.data, wanted.data, ids.size * sizeof *ids.data);
    s2s_ids_release(&ids);
    s2s_ids_release(&wanted);
    s2s_buf_release(&line);
    s2s_vocabulary_free(v);
}

static void test_long_lines_have_the_same_pieces(void **state) {
    (void)state;
    check_parts(S2S_UNIGRAM);
    check_parts(S2S_BPE);
}

/* --- threads --- */

enum { SENTENCES = 500 };
typedef struct worker {
    const s2s_vocabulary *vocabulary;
    s2s_ids ids;
    s2s_status status;
} worker;

static void *encode_all(void *self) {
    worker *w = self;
    s2s_err err = {0};
    for (uint64_t i = 0; i < SENTENCES && w->status == S2S_OK; i++) {
        char sentence[512];
        size_t length = make_sentence(i, sentence, sizeof sentence);
        w->status = s2s_vocabulary_encode(w->vocabulary, sentence, length, &w->ids, &err);
    }
    return NULL;
}

static void test_threads(void **state) {
    worker workers[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        workers[i] = (worker){.vocabulary = *state};
        assert_int_equal(pthread_create(&threads[i], NULL, encode_all, &workers[i]), 0);
    }
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(workers[i].status, S2S_OK);
        assert_int_equal(workers[i].ids.size, workers[0].ids.size);
        assert_memory_equal(workers[i].ids.data, workers[0].ids.data,
                            workers[0].ids.size * sizeof(int32_t));
    }
    for (int i = 0; i < 4; i++) s2s_ids_release(&workers[i].ids);
}

/* --- learning --- */

static void test_same_model_again(void **state) {
    (void)state;
    char *folder = make_folder();
    char *paths[] = {in_folder(folder, "a"), in_folder(folder, "b")};
    s2s_err err = {0};
    char digests[2][33];
    for (int bpe = 0; bpe < 2; bpe++) {
        s2s_text_recipe recipe = plain_text_recipe(200);
        recipe.vocabulary.type = bpe ? S2S_BPE : S2S_UNIGRAM;
        recipe.vocabulary.sample_lines = 500; /* the sample is drawn, but always the same */
        for (int i = 0; i < 2; i++) {
            assert_int_equal(learn(&recipe, (line_source){.n = 1500}, paths[i], &err), S2S_OK);
            assert_int_equal(s2s_file_digest(paths[i], digests[i], &err), S2S_OK);
        }
        assert_string_equal(digests[0], digests[1]);
    }
    free(paths[0]);
    free(paths[1]);
    remove_folder(folder);
}

/* The error names the largest size that works: it works, and one more does not. */
static void test_too_large(void **state) {
    (void)state;
    char *folder = make_folder();
    char *path = in_folder(folder, "vocab.model");
    for (int bpe = 0; bpe < 2; bpe++) {
        s2s_text_recipe recipe = plain_text_recipe(50000);
        recipe.vocabulary.type = bpe ? S2S_BPE : S2S_UNIGRAM;
        s2s_err err = {0};
        assert_int_equal(learn(&recipe, (line_source){.n = 300}, path, &err), S2S_INPUT);
        assert_false(s2s_file_exists(path));
        const char *limit = strstr(err.message, "the largest that works is ");
        assert_non_null(limit);
        int64_t largest = atoll(limit + strlen("the largest that works is "));
        recipe.vocabulary.size = largest + 1;
        assert_int_equal(learn(&recipe, (line_source){.n = 300}, path, &err), S2S_INPUT);
        recipe.vocabulary.size = largest;
        assert_int_equal(learn(&recipe, (line_source){.n = 300}, path, &err), S2S_OK);
        unlink(path);
    }
    free(path);
    remove_folder(folder);
}

static s2s_status broken_line(void *self, const char **line, size_t *length, bool *more,
                              s2s_err *err) {
    int *left = self;
    if ((*left)-- == 0) return s2s_fail(err, S2S_IO, "line 3 cannot be read");
    *line = "some words";
    *length = strlen(*line);
    *more = true;
    return S2S_OK;
}

static void test_bad_text(void **state) {
    (void)state;
    char *folder = make_folder();
    char *path = in_folder(folder, "vocab.model");
    s2s_err err = {0};
    s2s_text_recipe recipe = plain_text_recipe(100);
    assert_int_equal(learn(&recipe, (line_source){.n = 0}, path, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "all lines are empty"));
    static const char *const empty[] = {"", "  ", "\t"};
    line_source blanks = {.lines = empty, .n = 3};
    assert_int_equal(learn(&recipe, blanks, path, &err), S2S_INPUT);
    recipe.vocabulary.size = 5;
    assert_int_equal(learn(&recipe, (line_source){.n = 100}, path, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "5 pieces are too few"));
    for (int left = 0; left < 3; left += 2) { /* at once, and later */
        int counter = left;
        assert_int_equal(s2s_vocabulary_train(&recipe, broken_line, &counter, path, &err), S2S_IO);
        assert_string_equal(err.message, "line 3 cannot be read");
    }
    recipe.vocabulary.size = 100;
    assert_int_equal(learn(&recipe, (line_source){.n = 300}, "/no/such/folder/v", &err), S2S_IO);
    assert_false(s2s_file_exists(path));
    free(path);
    remove_folder(folder);
}

/* A line of a megabyte, a word of 100,000 letters, marks that the trainer uses itself. */
static void test_long_text(void **state) {
    (void)state;
    char *folder = make_folder();
    char *path = in_folder(folder, "vocab.model");
    s2s_buf words = {0}, letters = {0};
    s2s_err err = {0};
    for (int i = 0; i < 100000; i++) s2s_buf_append(&words, "lo re mi ", 9, &err);
    for (int i = 0; i < 100000; i++) s2s_buf_append(&letters, i % 3 ? "a" : "b", 1, &err);
    const char *lines[] = {words.data, letters.data, "\xE2\x96\x85 lo re", "ab ba abba"};
    for (int bpe = 0; bpe < 2; bpe++) {
        s2s_text_recipe recipe = plain_text_recipe(18);
        recipe.vocabulary.type = bpe ? S2S_BPE : S2S_UNIGRAM;
        s2s_status status = learn(&recipe, (line_source){.lines = lines, .n = 4}, path, &err);
        if (status != S2S_OK) fail_msg("%s", err.message);
    }
    s2s_buf_release(&words);
    s2s_buf_release(&letters);
    free(path);
    remove_folder(folder);
}

/* Lines of random bytes, whatever the normalisation: a model or an error. */
static void test_random_text(void **state) {
    (void)state;
    enum { LINES = 60, BYTES = 40 };
    char *folder = make_folder();
    char *path = in_folder(folder, "vocab.model");
    char text[LINES][BYTES + 1];
    const char *lines[LINES];
    s2s_err err = {0};
    srand(9);
    for (int round = 0; round < 24; round++) {
        for (int i = 0; i < LINES; i++) {
            for (int j = 0; j < BYTES; j++)
                text[i][j] = (char)(rand() % 4 ? "ab \t\r\n\xE2\x96\x81\x85"[rand() % 10]
                                               : 1 + rand() % 255);
            text[i][BYTES] = '\0';
            lines[i] = text[i];
        }
        s2s_text_recipe recipe = plain_text_recipe(100);
        recipe.vocabulary.type = round % 2 ? S2S_BPE : S2S_UNIGRAM;
        recipe.normalization = (s2s_normalization)(round % 3);
        recipe.whitespace = (s2s_whitespace)(round / 3 % 2);
        recipe.vocabulary.character_coverage = round / 6 % 2 ? 1.0 : 0.9;
        s2s_status status = learn(&recipe, (line_source){.lines = lines, .n = LINES}, path, &err);
        assert_true(status == S2S_OK || status == S2S_INPUT);
    }
    free(path);
    remove_folder(folder);
}

/* --- loading --- */

static void expect_no_model(const char *path) {
    s2s_text_recipe recipe = plain_text_recipe(100);
    s2s_vocabulary *v = NULL;
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_load(&v, path, &recipe, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, path));
    assert_null(v);
}

static void test_damaged_models(void **state) {
    (void)state;
    char *folder = make_folder();
    char *path = in_folder(folder, "vocab.model"), *cut = in_folder(folder, "cut.model");
    s2s_text_recipe recipe = plain_text_recipe(100);
    s2s_err err = {0};
    s2s_vocabulary *v = NULL;
    assert_int_equal(s2s_vocabulary_load(&v, path, &recipe, &err), S2S_IO); /* missing */
    write_text(path, "");
    expect_no_model(path);
    write_text(path, "this is a text file\nand no model\n");
    expect_no_model(path);
    assert_int_equal(learn(&recipe, (line_source){.n = 300}, path, &err), S2S_OK);
    s2s_map whole;
    assert_int_equal(s2s_map_open(&whole, path, &err), S2S_OK);
    for (size_t size = 1; size < whole.size; size += 97) { /* an error, or a model, never a crash */
        assert_int_equal(s2s_write_file(cut, whole.data, size, &err), S2S_OK);
        if (s2s_vocabulary_load(&v, cut, &recipe, &err) == S2S_OK) s2s_vocabulary_free(v);
    }
    s2s_map_close(&whole);
    free(path);
    free(cut);
    remove_folder(folder);
}

/* --- kinds of vocabularies --- */

static void test_nbest(void **state) {
    s2s_vocabulary *v = *state;
    s2s_ids ids = {0}, starts = {0}, best = encode(v, "dalemi");
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_nbest(v, "dalemi", 6, 5, &ids, &starts, &err), S2S_OK);
    assert_int_equal(starts.size, 6);
    assert_int_equal(starts.data[1], best.size);
    assert_memory_equal(ids.data, best.data, best.size * sizeof(int32_t));
    for (size_t i = 0; i + 1 < starts.size; i++) {
        s2s_ids one = {.data = ids.data + starts.data[i],
                       .size = (size_t)(starts.data[i + 1] - starts.data[i])};
        check_decoded(v, &one, "dalemi");
    }
    s2s_ids_release(&ids);
    s2s_ids_release(&starts);
    s2s_ids_release(&best);
}

static void test_nbest_of_bpe(void **state) {
    (void)state;
    s2s_text_recipe recipe = plain_text_recipe(200);
    recipe.vocabulary.type = S2S_BPE;
    s2s_vocabulary *v = make_vocabulary(&recipe);
    s2s_ids ids = {0}, starts = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_nbest(v, "da", 2, 5, &ids, &starts, &err), S2S_USAGE);
    check_round_trip(v, "dale da", "dale da");
    s2s_vocabulary_free(v);
}

static void test_byte_fallback(void **state) {
    (void)state;
    s2s_text_recipe recipe = plain_text_recipe(500);
    recipe.vocabulary.byte_fallback = true;
    s2s_vocabulary *v = make_vocabulary(&recipe);
    check_round_trip(v, "da \xE6\xBC\xA2\xE5\xAD\x97 le \xF0\x9F\x94\xA5",
                     "da \xE6\xBC\xA2\xE5\xAD\x97 le \xF0\x9F\x94\xA5");
    s2s_vocabulary_free(v);
}

/* Source code: runs of blanks and tabs come back, at the start and the end too. */
static void test_white_space_is_kept(void **state) {
    (void)state;
    static const char *const code[] = {
        "if ( x ) {", "    return  x ;",  "        y = \"a  b\" ;",
        "\tif ( y )", "\t\treturn y ;  ", "}",
    };
    char *folder = make_folder();
    char *path = in_folder(folder, "vocab.model");
    s2s_err err = {0};
    for (int bpe = 0; bpe < 2; bpe++) {
        s2s_text_recipe recipe = plain_text_recipe(26);
        recipe.vocabulary.type = bpe ? S2S_BPE : S2S_UNIGRAM;
        recipe.whitespace = S2S_WHITESPACE_KEEP;
        s2s_vocabulary *v = NULL;
        if (learn(&recipe, (line_source){.lines = code, .n = 6}, path, &err) != S2S_OK ||
            s2s_vocabulary_load(&v, path, &recipe, &err) != S2S_OK)
            fail_msg("%s", err.message);
        for (int i = 0; i < 6; i++) check_round_trip(v, code[i], code[i]);
        check_round_trip(v, "   ", "   ");
        check_round_trip(v, " \t x\t ", " \t x\t ");
        s2s_vocabulary_free(v);
    }
    free(path);
    remove_folder(folder);
}

static void test_digest(void **state) {
    (void)state;
    s2s_text_recipe recipe = plain_text_recipe(100);
    s2s_vocabulary *a = make_vocabulary(&recipe), *b = make_vocabulary(&recipe);
    recipe.lowercase = true; /* the made sentences are in lower case: the model is the same */
    s2s_vocabulary *c = make_vocabulary(&recipe);
    char digests[3][33];
    s2s_vocabulary_digest(a, digests[0]);
    s2s_vocabulary_digest(b, digests[1]);
    s2s_vocabulary_digest(c, digests[2]);
    assert_string_equal(digests[0], digests[1]);
    assert_string_not_equal(digests[0], digests[2]);
    s2s_vocabulary_free(a);
    s2s_vocabulary_free(b);
    s2s_vocabulary_free(c);
}

/* The library talks on standard error unless it is told not to. */
static void test_silence(void **state) {
    char *folder = make_folder();
    char *path = in_folder(folder, "stderr");
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    assert_non_null(freopen(path, "w", stderr));
    test_too_large(state);
    test_damaged_models(state);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    s2s_map said;
    s2s_err err = {0};
    assert_int_equal(s2s_map_open(&said, path, &err), S2S_OK);
    if (said.size) fail_msg("%.*s", (int)said.size, (const char *)said.data);
    s2s_map_close(&said);
    free(path);
    remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_special_tokens),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_special_tokens_leave_no_text),
        cmocka_unit_test(test_unknown_characters),
        cmocka_unit_test(test_foreign_ids),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_long_lines_have_the_same_pieces),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_same_model_again),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_bad_text),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_random_text),
        cmocka_unit_test(test_damaged_models),
        cmocka_unit_test(test_nbest),
        cmocka_unit_test(test_nbest_of_bpe),
        cmocka_unit_test(test_byte_fallback),
        cmocka_unit_test(test_white_space_is_kept),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_silence),
    };
    return cmocka_run_group_tests(tests, set_up_vocabulary, tear_down_vocabulary);
}
