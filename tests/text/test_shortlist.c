/* Shortlists: written and read back, what a sentence may use, and files that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"
#include "sentences.h"
#include "text/shortlist.h"

enum { SIZE = 300, MOST = 12 /* targets of a source token */ };

static s2s_vocabulary *vocabulary;
static char *folder, *path;

static int set_up(void **state) {
    (void)state;
    s2s_text_recipe recipe = plain_text_recipe(SIZE);
    vocabulary = make_vocabulary(&recipe);
    folder = make_folder();
    path = in_folder(folder, "shortlist");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    s2s_vocabulary_free(vocabulary);
    free(path);
    remove_folder(folder);
    return 0;
}

/* --- a shortlist in memory --- */

typedef struct made {
    s2s_shortlist list;
    int32_t always[20], targets[SIZE * MOST];
    uint32_t starts[SIZE + 1];
} made;

/* Up to `most` ascending numbers, drawn at random. */
static int draw(s2s_rng *rng, int most, int32_t *ids) {
    int n = 0, step = SIZE / most;
    for (int32_t id = -1; n < most;) {
        id += 1 + (int32_t)s2s_rng_below(rng, 2 * (uint64_t)step);
        if (id >= SIZE) break;
        ids[n++] = id;
    }
    return n;
}

static made *make(uint64_t seed) {
    made *m = calloc(1, sizeof *m);
    s2s_rng rng = s2s_rng_init(seed, 5);
    m->list = (s2s_shortlist){.source_size = SIZE,
                              .target_size = SIZE,
                              .always = m->always,
                              .starts = m->starts,
                              .targets = m->targets};
    m->list.always_n = draw(&rng, 20, m->always);
    for (int s = 0; s < SIZE; s++) {
        int n = s % 7 == 3 ? 0 : draw(&rng, 1 + s % MOST, m->targets + m->starts[s]);
        m->starts[s + 1] = m->starts[s] + (uint32_t)n;
    }
    return m;
}

static void write_list(const made *m) {
    s2s_err err = {0};
    assert_int_equal(s2s_shortlist_write(&m->list, path, vocabulary, vocabulary, &err), S2S_OK);
}

static void expect_refused(const s2s_vocabulary *source, const s2s_vocabulary *target,
                           const char *part) {
    s2s_shortlist list;
    s2s_err err = {0};
    assert_int_equal(s2s_shortlist_open(&list, path, source, target, &err), S2S_INPUT);
    assert_null(list.map.data);
    assert_non_null(strstr(err.message, path));
    if (!strstr(err.message, part)) fail_msg("\"%s\" does not say \"%s\"", err.message, part);
}

/* --- good ones --- */

static void test_read_back(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) { /* targets of odd and even number */
        made *m = make(seed);
        write_list(m);
        s2s_shortlist list;
        s2s_err err = {0};
        if (s2s_shortlist_open(&list, path, vocabulary, vocabulary, &err))
            fail_msg("%s", err.message);
        assert_int_equal(list.source_size, SIZE);
        assert_int_equal(list.target_size, SIZE);
        assert_int_equal(list.always_n, m->list.always_n);
        assert_memory_equal(list.always, m->always, (size_t)list.always_n * sizeof(int32_t));
        assert_memory_equal(list.starts, m->starts, sizeof m->starts);
        assert_memory_equal(list.targets, m->targets, m->starts[SIZE] * sizeof(int32_t));
        s2s_shortlist_close(&list);
        free(m);
    }
}

static void mark(bool *allowed, const int32_t *ids, size_t n) {
    for (size_t i = 0; i < n; i++) allowed[ids[i]] = true;
}

static void check_sentence(const made *m, const int32_t *source, int n, uint64_t *marks) {
    bool allowed[SIZE] = {false};
    s2s_ids tokens = {0};
    s2s_err err = {0};
    s2s_ids_push(&tokens, -7, &err); /* stays */
    assert_int_equal(s2s_shortlist_tokens(&m->list, source, n, marks, &tokens, &err), S2S_OK);
    mark(allowed, m->always, (size_t)m->list.always_n);
    for (int i = 0; i < n; i++)
        mark(allowed, m->targets + m->starts[source[i]],
             m->starts[source[i] + 1] - m->starts[source[i]]);
    size_t at = 1;
    for (int32_t t = 0; t < SIZE; t++)
        if (allowed[t]) assert_int_equal(tokens.data[at++], t);
    assert_int_equal(tokens.data[0], -7);
    assert_int_equal(tokens.size, at);
    for (size_t i = 0; i < s2s_shortlist_marks(&m->list); i++) assert_int_equal(marks[i], 0);
    s2s_ids_release(&tokens);
}

static void test_tokens_of_a_sentence(void **state) {
    (void)state;
    made *m = make(9);
    uint64_t *marks = calloc(s2s_shortlist_marks(&m->list), sizeof *marks);
    s2s_rng rng = s2s_rng_init(1, 1);
    for (int round = 0; round < 50; round++) {
        int32_t source[40];
        int n = round % 40;
        for (int i = 0; i < n; i++) source[i] = (int32_t)s2s_rng_below(&rng, SIZE);
        check_sentence(m, source, n, marks);
    }
    free(marks);
    free(m);
}

/* --- files that are refused --- */

static unsigned char *read_file(size_t *size) {
    s2s_map map;
    s2s_err err = {0};
    assert_int_equal(s2s_map_open(&map, path, &err), S2S_OK);
    unsigned char *copy = malloc(map.size);
    memcpy(copy, map.data, map.size);
    *size = map.size;
    s2s_map_close(&map);
    return copy;
}

/* Without waiting for the disk: there are many. */
static void put_file(const unsigned char *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void test_truncated(void **state) {
    (void)state;
    made *m = make(1);
    write_list(m);
    size_t size;
    unsigned char *bytes = read_file(&size);
    for (size_t cut = 0; cut < size; cut += cut < 200 ? 1 : 997) {
        put_file(bytes, cut);
        expect_refused(vocabulary, vocabulary, cut < 96 ? "is no shortlist" : "cut short");
    }
    unsigned char *longer = calloc(size + 8, 1);
    memcpy(longer, bytes, size);
    put_file(longer, size + 8);
    expect_refused(vocabulary, vocabulary, "bytes too many");
    free(longer);
    free(bytes);
    free(m);
}

static void test_damaged(void **state) {
    (void)state;
    made *m = make(2);
    write_list(m);
    size_t size;
    unsigned char *bytes = read_file(&size);
    for (size_t at = 0; at < size; at += at < 120 ? 1 : 331) {
        bytes[at] ^= 1;
        put_file(bytes, size);
        expect_refused(vocabulary, vocabulary, at < 8 ? "is no shortlist" : "");
        bytes[at] ^= 1;
    }
    bytes[8] = 2;
    put_file(bytes, size);
    expect_refused(vocabulary, vocabulary, "version 2");
    free(bytes);
    free(m);
}

/* As many pieces, but text is normalised in another way; and other pieces. */
static void test_other_vocabularies(void **state) {
    (void)state;
    made *m = make(3);
    write_list(m);
    s2s_text_recipe recipe = plain_text_recipe(SIZE);
    recipe.lowercase = true;
    s2s_vocabulary *lower = make_vocabulary(&recipe);
    recipe = plain_text_recipe(SIZE - 20);
    s2s_vocabulary *smaller = make_vocabulary(&recipe);
    expect_refused(lower, vocabulary, "another source vocabulary");
    expect_refused(vocabulary, lower, "another target vocabulary");
    expect_refused(vocabulary, smaller, "the model's has 280");
    s2s_vocabulary_free(lower);
    s2s_vocabulary_free(smaller);
    free(m);
}

/* Whole, with a right checksum, and wrong. */
static void test_nonsense(void **state) {
    (void)state;
    made *m = make(4);
    int32_t kept = m->always[3];
    const int32_t wrong[] = {-1, SIZE, m->always[2]};
    for (int i = 0; i < 3; i++) {
        m->always[3] = wrong[i];
        write_list(m);
        expect_refused(vocabulary, vocabulary, "no tokens");
    }
    m->always[3] = kept;
    m->targets[m->starts[SIZE] - 1] = SIZE;
    write_list(m);
    expect_refused(vocabulary, vocabulary, "no tokens");
    m->targets[m->starts[SIZE] - 1] = SIZE - 1;
    m->starts[5] = m->starts[SIZE] + 1000;
    write_list(m);
    expect_refused(vocabulary, vocabulary, "no tokens");
    free(m);
}

static void test_missing(void **state) {
    (void)state;
    s2s_shortlist list;
    s2s_err err = {0};
    assert_int_equal(s2s_shortlist_open(&list, "/nowhere/at/all", vocabulary, vocabulary, &err),
                     S2S_IO);
    assert_non_null(strstr(err.message, "/nowhere/at/all"));
    s2s_shortlist_close(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_tokens_of_a_sentence),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_other_vocabularies),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_missing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
