/* Datasets: what is in them, what the filters drop, and the token cache's life. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/thread.h"
#include "examples.h"

static s2s_status open_with_log(const examples *e, s2s_log *log, s2s_dataset **dataset,
                                s2s_err *err) {
    return s2s_dataset_open(dataset, &e->corpora, &e->recipe, e->vocabulary, e->vocabulary,
                            e->cache, log, err);
}

/* Opens, and whether the log said that the cache was found. */
static s2s_dataset *open_and_tell(const examples *e, bool *found) {
    char *path = in_folder(e->folder, "log");
    FILE *stream = fopen(path, "w");
    s2s_err err = {0};
    s2s_log *log = s2s_log_create(stream, &err);
    s2s_dataset *dataset = NULL;
    if (open_with_log(e, log, &dataset, &err) != S2S_OK) fail_msg("%s", err.message);
    s2s_log_free(log);
    fclose(stream);
    s2s_map said;
    assert_int_equal(s2s_map_open(&said, path, &err), S2S_OK);
    char *text = strndup((const char *)said.data, said.size);
    *found = strstr(text, "found in the cache") != NULL;
    assert_true(*found || strstr(text, "encoded"));
    free(text);
    free(path);
    s2s_map_close(&said);
    return dataset;
}

static void check_side(const s2s_vocabulary *v, const int32_t *ids, int n, uint64_t sentence) {
    char text[512];
    size_t length = make_sentence(sentence, text, sizeof text);
    s2s_ids wanted = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_encode(v, text, length, &wanted, &err), S2S_OK);
    assert_int_equal(n, wanted.size);
    assert_memory_equal(ids, wanted.data, wanted.size * sizeof *ids);
    s2s_ids_release(&wanted);
}

/* More examples than a block of the cache and a chunk of the encoder hold. */
static void test_content(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){9000, 3, 50}, 3, 0);
    s2s_dataset *d = examples_open(&e);
    assert_int_equal(s2s_dataset_size(d), 9053);
    assert_int_equal(s2s_dataset_corpora(d), 3);
    assert_memory_equal(s2s_dataset_starts(d), ((uint64_t[]){0, 9000, 9003, 9053}), 32);
    assert_false(s2s_dataset_samples(d));
    int longest = 0;
    for (uint64_t i = 0; i < 9053; i++) {
        uint64_t corpus = i < 9000 ? 0 : i < 9003 ? 1 : 2;
        uint64_t sentence = (i - s2s_dataset_starts(d)[corpus]) * 6 + corpus * 2;
        s2s_example one = s2s_dataset_get(d, i);
        check_side(e.vocabulary, one.source, one.source_length, sentence);
        check_side(e.vocabulary, one.target, one.target_length, sentence + 1);
        if (one.source_length > longest) longest = one.source_length;
        if (one.target_length > longest) longest = one.target_length;
    }
    assert_int_equal(s2s_dataset_longest(d), longest);
    s2s_dataset_free(d);
    examples_release(&e);
}

static void test_filters(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){1}, 1, 0);
    /* kept or too long, empty three times, one or two tokens, the one much longer than the other */
    write_text(e.paths[0], "da le mi.\n\nk\nk\n \nda le mi ra fo gu ta ne si ko da le mi ra.\n");
    write_text(e.paths[1], "da le mi.\nda\n\nda le mi.\nda\nda le mi.\n");
    e.recipe.max_length = 13;
    e.recipe.min_length = 3;
    e.recipe.max_ratio = 2;
    s2s_dataset *d = examples_open(&e);
    s2s_dropped dropped = s2s_dataset_dropped(d);
    assert_int_equal(dropped.empty, 3);
    assert_int_equal(dropped.too_short, 1);
    assert_int_equal(dropped.too_long, 1);
    assert_int_equal(dropped.ratio, 0);
    assert_int_equal(dropped.kept, 1);
    assert_int_equal(s2s_dataset_size(d), 1);
    s2s_dataset_free(d);
    e.recipe.max_length = 200;
    d = examples_open(&e);
    assert_int_equal(s2s_dataset_dropped(d).ratio, 1);
    assert_int_equal(s2s_dataset_dropped(d).too_long, 0);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* The end symbol counts: a side of n tokens passes max_length n + 1 and not n. */
static void test_longest_that_passes(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){1}, 1, 0);
    s2s_dataset *d = examples_open(&e), *none = NULL;
    int longest = s2s_dataset_longest(d);
    s2s_dataset_free(d);
    s2s_err err = {0};
    e.recipe.max_length = longest;
    assert_int_equal(open_with_log(&e, NULL, &none, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "none of 1 examples passes"));
    e.recipe.max_length = longest + 1;
    d = examples_open(&e);
    assert_int_equal(s2s_dataset_size(d), 1);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* A side that is too long is dropped or cut by its own key; the other keeps what it has. */
static void test_cut_or_dropped(void **state) {
    (void)state;
    enum { MOST = 5 };
    examples e;
    examples_make(&e, (uint64_t[]){1}, 1, 0);
    write_text(e.paths[0], "da le mi ra fo gu ta ne si ko da le mi ra.\nda le.\nda le.\n");
    write_text(e.paths[1], "da.\nmi.\nda le mi ra fo gu ta ne si ko da le mi ra.\n");
    e.recipe.max_length = 200;
    s2s_dataset *whole = examples_open(&e);
    assert_int_equal(s2s_dataset_dropped(whole).cut_sources, 0);
    e.recipe.max_length = MOST + 1;
    for (s2s_long_text keep = S2S_LONG_HEAD; keep <= S2S_LONG_HEAD_TAIL; keep++) {
        e.recipe.long_sources = keep;
        s2s_dataset *d = examples_open(&e);
        s2s_dropped dropped = s2s_dataset_dropped(d);
        assert_int_equal(dropped.kept, 2);
        assert_int_equal(dropped.too_long, 1); /* for its target */
        assert_int_equal(dropped.cut_sources, 1);
        assert_int_equal(dropped.cut_targets, 0);
        s2s_example all = s2s_dataset_get(whole, 0), cut = s2s_dataset_get(d, 0);
        int32_t wanted[64];
        memcpy(wanted, all.source, (size_t)all.source_length * sizeof *wanted);
        s2s_cut_ids(&(s2s_cut){keep, MOST, 0.5}, wanted, (size_t)all.source_length);
        assert_int_equal(cut.source_length, MOST);
        assert_memory_equal(cut.source, wanted, MOST * sizeof *wanted);
        assert_int_equal(cut.target_length, all.target_length);
        s2s_dataset_free(d);
    }
    e.recipe.long_targets = S2S_LONG_HEAD;
    s2s_dataset *d = examples_open(&e);
    assert_int_equal(s2s_dataset_size(d), 3);
    assert_int_equal(s2s_dataset_dropped(d).cut_sources, 1);
    assert_int_equal(s2s_dataset_dropped(d).cut_targets, 1);
    assert_int_equal(s2s_dataset_get(d, 2).target_length, MOST);
    s2s_dataset_free(d);
    s2s_dataset_free(whole);
    examples_release(&e);
}

/* --- the cache --- */

static void test_hit_and_miss(void **state) {
    (void)state;
    examples e;
    bool found;
    examples_make(&e, (uint64_t[]){100}, 1, 0);
    s2s_dataset_free(open_and_tell(&e, &found));
    assert_false(found);
    s2s_dataset_free(open_and_tell(&e, &found));
    assert_true(found);
    e.recipe.max_length = 199; /* other filters */
    s2s_dataset_free(open_and_tell(&e, &found));
    assert_false(found);
    e.items[0].weight = 3; /* weights change nothing in the cache */
    s2s_dataset_free(open_and_tell(&e, &found));
    assert_true(found);
    FILE *source = fopen(e.paths[0], "a"), *target = fopen(e.paths[1], "a");
    fputs("da\n", source);
    fputs("le\n", target);
    fclose(source);
    fclose(target);
    s2s_dataset *d = open_and_tell(&e, &found); /* other content */
    assert_false(found);
    assert_int_equal(s2s_dataset_size(d), 101);
    s2s_dataset_free(d);
    s2s_vocabulary_free(e.vocabulary);
    s2s_text_recipe text = plain_text_recipe(300);
    e.vocabulary = make_vocabulary(&text); /* another vocabulary */
    s2s_dataset_free(open_and_tell(&e, &found));
    assert_false(found);
    assert_int_equal(count_files(e.cache, ".tokens"), 4);
    assert_int_equal(count_files(e.cache, ".tmp"), 0);
    examples_release(&e);
}

/* A cache with any byte changed, or cut anywhere, is made again and is as before. */
static void test_damage(void **state) {
    (void)state;
    examples e;
    bool found;
    examples_make(&e, (uint64_t[]){40}, 1, 0);
    s2s_dataset_free(examples_open(&e));
    char *path = find_file(e.cache, ".tokens");
    s2s_map map;
    s2s_err err = {0};
    assert_int_equal(s2s_map_open(&map, path, &err), S2S_OK);
    char *whole = malloc(map.size), *copy = malloc(map.size);
    size_t size = map.size;
    memcpy(whole, map.data, size);
    s2s_map_close(&map);
    for (size_t at = 0; at < size; at += 61) {
        bool cut = at % 2;
        memcpy(copy, whole, size);
        copy[at] ^= 0x20;
        assert_int_equal(s2s_write_file(path, copy, cut ? at : size, &err), S2S_OK);
        s2s_dataset *d = open_and_tell(&e, &found);
        assert_false(found);
        assert_int_equal(s2s_dataset_size(d), 40);
        s2s_dataset_free(d);
        assert_int_equal(s2s_map_open(&map, path, &err), S2S_OK);
        assert_int_equal(map.size, size);
        assert_memory_equal(map.data, whole, size);
        s2s_map_close(&map);
    }
    free(whole);
    free(copy);
    free(path);
    examples_release(&e);
}

/* The bytes do not depend on the number of threads. */
static void test_threads(void **state) {
    (void)state;
    examples e;
    char digests[2][33];
    s2s_err err = {0};
    examples_make(&e, (uint64_t[]){500}, 1, 0);
    for (int i = 0; i < 2; i++) {
        s2s_threads_set(i ? 4 : 1);
        s2s_dataset_free(examples_open(&e));
        char *path = find_file(e.cache, ".tokens");
        assert_int_equal(s2s_file_digest(path, digests[i], &err), S2S_OK);
        unlink(path);
        free(path);
    }
    s2s_threads_set(0);
    assert_string_equal(digests[0], digests[1]);
    examples_release(&e);
}

/* --- mistakes --- */

static void expect_error(const examples *e, s2s_status status, const char *part) {
    s2s_dataset *d = NULL;
    s2s_err err = {0};
    assert_int_equal(open_with_log(e, NULL, &d, &err), status);
    assert_null(d);
    if (!strstr(err.message, part)) fail_msg("\"%s\" is not in \"%s\"", part, err.message);
    assert_int_equal(count_files(e->cache, ""), count_files(e->cache, ".")); /* nothing is left */
}

static void test_mistakes(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){20}, 1, 0);
    write_text(e.paths[1], "only one line\n");
    expect_error(&e, S2S_INPUT, "line 2 is missing");
    e.items[0].target = NULL;
    expect_error(&e, S2S_USAGE, "no target side");
    write_text(e.paths[0], "");
    expect_error(&e, S2S_INPUT, "there are no examples");
    e.items[0].source = "/no/such/file";
    expect_error(&e, S2S_IO, "/no/such/file");
    char *pipe = in_folder(e.folder, "pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    e.items[0].source = pipe;
    expect_error(&e, S2S_IO, "must be a regular file");
    free(pipe);
    e.items[0].source = e.paths[1];
    e.items[0].target = e.paths[1];
    free(e.cache);
    e.cache = in_folder("/proc", "cache");
    expect_error(&e, S2S_IO, "/proc");
    examples_release(&e);
}

/* Without a target vocabulary the source side is all there is. */
static void test_source_only(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){20}, 1, 0);
    s2s_dataset *d = NULL;
    s2s_err err = {0};
    assert_int_equal(
        s2s_dataset_open(&d, &e.corpora, &e.recipe, e.vocabulary, NULL, e.cache, NULL, &err),
        S2S_OK);
    assert_int_equal(s2s_dataset_size(d), 20);
    s2s_example one = s2s_dataset_get(d, 7);
    check_side(e.vocabulary, one.source, one.source_length, 42);
    assert_null(one.target);
    assert_int_equal(one.target_length, 0);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* --- sampling --- */

static void check_text(const s2s_vocabulary *v, const s2s_ids *ids, uint64_t sentence) {
    char text[512];
    make_sentence(sentence, text, sizeof text);
    s2s_buf decoded = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_decode(v, ids->data, ids->size, &decoded, &err), S2S_OK);
    assert_string_equal(decoded.data, text);
    s2s_buf_release(&decoded);
}

static void test_sampling(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){300}, 1, 0.2);
    s2s_dataset *d = examples_open(&e);
    assert_true(s2s_dataset_samples(d));
    s2s_ids source = {0}, target = {0};
    s2s_err err = {0};
    const int plenty[] = {1000, 1000}, little[] = {1, 1};
    int longer = 0;
    for (uint64_t i = 0; i < 300; i++) {
        source.size = target.size = 0;
        assert_int_equal(s2s_dataset_sample(d, i, 77, plenty, &source, &target, &err), S2S_OK);
        check_text(e.vocabulary, &source, 6 * i);
        check_text(e.vocabulary, &target, 6 * i + 1);
        s2s_example best = s2s_dataset_get(d, i);
        longer += source.size > (size_t)best.source_length;
        source.size = target.size = 0; /* no room: the best one */
        assert_int_equal(s2s_dataset_sample(d, i, 77, little, &source, &target, &err), S2S_OK);
        assert_int_equal(source.size, best.source_length);
        assert_memory_equal(source.data, best.source, source.size * sizeof(int32_t));
    }
    assert_true(longer > 100);
    s2s_ids_release(&source);
    s2s_ids_release(&target);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* What was cut stays as long as it was, and is drawn again nevertheless. */
static void test_sampling_of_cut_sides(void **state) {
    (void)state;
    enum { MOST = 8 };
    examples e;
    examples_make(&e, (uint64_t[]){200}, 1, 0.1);
    e.recipe.max_length = MOST + 1;
    e.recipe.long_sources = e.recipe.long_targets = S2S_LONG_HEAD_TAIL;
    s2s_dataset *d = examples_open(&e);
    const int plenty[] = {1000, 1000};
    assert_int_equal(s2s_dataset_size(d), 200);
    assert_true(s2s_dataset_dropped(d).cut_sources > 100);
    int other = 0;
    s2s_ids source = {0}, target = {0};
    s2s_err err = {0};
    for (uint64_t i = 0; i < 200; i++) {
        source.size = target.size = 0;
        assert_int_equal(s2s_dataset_sample(d, i, 77, plenty, &source, &target, &err), S2S_OK);
        s2s_example best = s2s_dataset_get(d, i);
        assert_in_range(source.size, 1, MOST);
        assert_in_range(target.size, 1, MOST);
        other += best.source_length == MOST && source.size == MOST &&
                 memcmp(best.source, source.data, MOST * sizeof(int32_t)) != 0;
    }
    assert_true(other > 50);
    s2s_ids_release(&source);
    s2s_ids_release(&target);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* Caches of other filters go; what only looks like one, and what is used, stays. */
static void test_sweep(void **state) {
    (void)state;
    static const char *const names[] = {"0123456789abcdef0123456789abcdef.tokens",
                                        "0123456789abcdef0123456789abcdef0.tokens", "notes.tokens"};
    examples e;
    examples_make(&e, (uint64_t[]){5}, 1, 0);
    for (int longest = 200; longest <= 202; longest++) {
        e.recipe.max_length = longest;
        s2s_dataset_free(examples_open(&e));
    }
    s2s_dataset *used = examples_open(&e);
    for (int i = 0; i < 3; i++) {
        char *path = in_folder(e.cache, names[i]);
        write_text(path, i ? "s2stoken" : "somebody's text");
        free(path);
    }
    assert_int_equal(count_files(e.cache, ".tokens"), 6);
    s2s_dataset_sweep(e.cache, (const s2s_dataset *const[]){NULL, used}, 2, NULL);
    assert_int_equal(count_files(e.cache, ".tokens"), 4);
    for (int i = 0; i < 3; i++) assert_int_equal(count_files(e.cache, names[i]), 1);
    bool found;
    s2s_dataset_free(used);
    s2s_dataset_free(open_and_tell(&e, &found));
    assert_true(found);
    s2s_dataset_sweep("/nowhere", NULL, 0, NULL);
    examples_release(&e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_longest_that_passes),
        cmocka_unit_test(test_cut_or_dropped),
        cmocka_unit_test(test_hit_and_miss),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_source_only),
        cmocka_unit_test(test_sampling),
        cmocka_unit_test(test_sampling_of_cut_sides),
        cmocka_unit_test(test_sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
