/* Running text: which lines make a sequence, and that no sequence crosses the end of a document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/thread.h"
#include "examples.h"

/* A corpus of one text in a folder of its own; sequences have at most `most` tokens. */
static void make_corpus(examples *e, const char *text, int most) {
    examples_make(e, (uint64_t[]){1}, 1, 0);
    write_text(e->paths[0], text);
    e->items[0] = (s2s_corpus){.text = e->paths[0], .weight = 1};
    e->recipe.max_length = most + 2; /* and a begin and an end */
}

static s2s_dataset *open_texts(const examples *e) {
    s2s_dataset *dataset = NULL;
    s2s_err err = {0};
    if (s2s_dataset_open(&dataset, &e->corpora, &e->recipe, e->vocabulary, NULL, e->cache, NULL,
                         &err) != S2S_OK)
        fail_msg("%s", err.message);
    return dataset;
}

/* --- what is expected, by the words of documents.h --- */

/* The text of a sequence: its lines with | between. */
static char *text_of(const examples *e, s2s_example sequence) {
    s2s_buf text = {0};
    s2s_err err = {0};
    int32_t eos = s2s_vocabulary_eos(e->vocabulary);
    assert_null(sequence.target);
    for (int i = 0, first = 0; i <= sequence.source_length; i++) {
        if (i < sequence.source_length && sequence.source[i] != eos) continue;
        assert_int_equal(s2s_vocabulary_decode(e->vocabulary, sequence.source + first,
                                               (size_t)(i - first), &text, &err),
                         S2S_OK);
        if (i < sequence.source_length) assert_int_equal(s2s_buf_append(&text, "|", 1, &err), 0);
        first = i + 1;
    }
    return text.data;
}

/* The sequences of a text, as text_of gives them; NULL ends the list. */
static void check_sequences(const char *text, int most, const char *const *expected) {
    examples e;
    make_corpus(&e, text, most);
    s2s_dataset *d = open_texts(&e);
    uint64_t n = 0;
    for (; expected[n]; n++) {
        assert_true(n < s2s_dataset_size(d));
        char *found = text_of(&e, s2s_dataset_get(d, n));
        assert_string_equal(found, expected[n]);
        free(found);
    }
    assert_int_equal(s2s_dataset_size(d), n);
    assert_int_equal(s2s_dataset_dropped(d).kept, n);
    s2s_dataset_free(d);
    examples_release(&e);
}

static int tokens_of(const s2s_vocabulary *v, const char *text) {
    s2s_ids ids = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_encode(v, text, strlen(text), &ids, &err), S2S_OK);
    int n = (int)ids.size;
    s2s_ids_release(&ids);
    return n;
}

/* --- tests --- */

static void lines_of_a_document_go_together(void **state) {
    (void)state;
    check_sequences("da le mi.\nra fo.\ngu ta ne.\n", 100,
                    (const char *[]){"da le mi.|ra fo.|gu ta ne.", NULL});
    check_sequences("da le mi.\n\nra fo.\ngu ta ne.\n\nsi ko\n", 100,
                    (const char *[]){"da le mi.", "ra fo.|gu ta ne.", "si ko", NULL});
}

static void empty_lines_end_a_document_once(void **state) {
    (void)state;
    check_sequences("\n\n \t\nda le.\n\n  \n\nra fo.\n\n\n", 100,
                    (const char *[]){"da le.", "ra fo.", NULL});
    check_sequences("da le.\r\nmi.\r\n\r\nra fo.\r\n", 100,
                    (const char *[]){"da le.|mi.", "ra fo.", NULL});
    check_sequences("da le.\n\nra fo.", 100, /* no end of the last line */
                    (const char *[]){"da le.", "ra fo.", NULL});
}

/* A line goes along where it and the end symbol before it fit, to the token. */
static void as_many_lines_as_fit(void **state) {
    (void)state;
    examples e;
    examples_make(&e, (uint64_t[]){1}, 1, 0);
    int first = tokens_of(e.vocabulary, "da le mi."), second = tokens_of(e.vocabulary, "ra fo.");
    examples_release(&e);
    int both = first + 1 + second;
    static const char text[] = "da le mi.\nra fo.\n";
    check_sequences(text, both, (const char *[]){"da le mi.|ra fo.", NULL});
    check_sequences(text, both - 1, (const char *[]){"da le mi.", "ra fo.", NULL});
}

/* A line that is longer than a sequence begins one of its own, is parted, and the next goes on behind its end. */
static void long_lines_are_parted(void **state) {
    (void)state;
    enum { MOST = 7 };
    static const char line[] = "da le mi ra fo gu ta ne si ko da le mi ra.";
    char text[200];
    examples e;
    snprintf(text, sizeof text, "da\n%s\nle\n", line);
    make_corpus(&e, text, MOST);
    s2s_dataset *d = open_texts(&e);
    s2s_ids ids = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_encode(e.vocabulary, line, strlen(line), &ids, &err), S2S_OK);
    int length = (int)ids.size, tail = (length - 1) % MOST + 1, at = 0;
    assert_true(length > 2 * MOST);
    char *begin = text_of(&e, s2s_dataset_get(d, 0));
    assert_string_equal(begin, "da");
    free(begin);
    uint64_t n = 1;
    for (; at + MOST < length; at += MOST, n++) {
        s2s_example part = s2s_dataset_get(d, n);
        assert_int_equal(part.source_length, MOST);
        assert_memory_equal(part.source, ids.data + at, MOST * sizeof *ids.data);
    }
    s2s_example last = s2s_dataset_get(d, n);
    assert_memory_equal(last.source, ids.data + at, (size_t)tail * sizeof *ids.data);
    int next = tokens_of(e.vocabulary, "le");
    bool fits = tail + 1 + next <= MOST;
    assert_int_equal(last.source_length, fits ? tail + 1 + next : tail);
    assert_int_equal(s2s_dataset_size(d), n + 1 + !fits);
    s2s_ids_release(&ids);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* Documents of more lines than a chunk of the encoder holds: all tokens come, once and in order, with an end between
 * lines, and a sequence is closed only where the next line would not fit. */
static void many_lines(void **state) {
    (void)state;
    enum { LINES = 20000, MOST = 60 };
    examples e;
    make_corpus(&e, "", MOST);
    FILE *file = fopen(e.paths[0], "w");
    assert_non_null(file);
    char line[512];
    for (uint64_t i = 0; i < LINES; i++) {
        make_sentence(i % 700, line, sizeof line);
        fprintf(file, i % 97 == 96 ? "%s\n\n" : "%s\n", line);
    }
    assert_int_equal(fclose(file), 0);
    s2s_dataset *d = open_texts(&e);
    uint64_t n = 0;
    int at = 0; /* in sequence n */
    s2s_ids ids = {0};
    s2s_err err = {0};
    for (uint64_t i = 0; i < LINES; i++) {
        ids.size = 0;
        size_t length = make_sentence(i % 700, line, sizeof line);
        assert_int_equal(s2s_vocabulary_encode(e.vocabulary, line, length, &ids, &err), S2S_OK);
        assert_in_range(ids.size, 1, MOST);
        s2s_example sequence = s2s_dataset_get(d, n);
        bool goes_on = at && i % 97 && at + 1 + (int)ids.size <= MOST;
        if (at && !goes_on) {
            assert_int_equal(sequence.source_length, at);
            sequence = s2s_dataset_get(d, ++n);
            at = 0;
        }
        if (at) assert_int_equal(sequence.source[at++], s2s_vocabulary_eos(e.vocabulary));
        assert_true(at + (int)ids.size <= sequence.source_length);
        assert_memory_equal(sequence.source + at, ids.data, ids.size * sizeof *ids.data);
        at += (int)ids.size;
    }
    assert_int_equal(s2s_dataset_get(d, n).source_length, at);
    assert_int_equal(s2s_dataset_size(d), n + 1);
    assert_true(s2s_dataset_longest(d) <= MOST && s2s_dataset_longest(d) > MOST / 2);
    assert_int_equal(s2s_dataset_symbols(d), 2);
    s2s_ids_release(&ids);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* A text and its gzip give the same sequences. */
static void compressed(void **state) {
    (void)state;
    static const char text[] = "da le mi.\nra fo.\n\ngu ta ne.\n";
    examples e;
    make_corpus(&e, "", 100);
    char *path = in_folder(e.folder, "text.gz");
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzputs(file, text), sizeof text - 1);
    assert_int_equal(gzclose(file), Z_OK);
    e.items[0].text = path;
    s2s_dataset *d = open_texts(&e);
    assert_int_equal(s2s_dataset_size(d), 2);
    char *first = text_of(&e, s2s_dataset_get(d, 0)), *second = text_of(&e, s2s_dataset_get(d, 1));
    assert_string_equal(first, "da le mi.|ra fo.");
    assert_string_equal(second, "gu ta ne.");
    free(first);
    free(second);
    free(path);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* Several texts are corpora of their own: the last document of one does not go on in the next. */
static void several_texts(void **state) {
    (void)state;
    examples e;
    make_corpus(&e, "da le mi.\n", 100);
    write_text(e.paths[1], "ra fo.\n\ngu\n");
    e.items[1] = (s2s_corpus){.text = e.paths[1], .weight = 2};
    e.corpora.n = 2;
    s2s_dataset *d = open_texts(&e);
    assert_int_equal(s2s_dataset_corpora(d), 2);
    assert_memory_equal(s2s_dataset_starts(d), ((uint64_t[]){0, 1, 3}), 24);
    s2s_dataset_free(d);
    examples_release(&e);
}

/* The cache of a text is of its content, of the length of sequences, and of its being running text. */
static void the_cache(void **state) {
    (void)state;
    examples e;
    make_corpus(&e, "da le mi.\nra fo.\n\ngu ta ne.\n", 100);
    s2s_dataset_free(open_texts(&e));
    s2s_dataset_free(open_texts(&e));
    assert_int_equal(count_files(e.cache, ".tokens"), 1);
    e.recipe.max_length = 30;
    s2s_dataset_free(open_texts(&e));
    assert_int_equal(count_files(e.cache, ".tokens"), 2);
    e.items[0] =
        (s2s_corpus){.source = e.paths[0], .weight = 1}; /* the same file, a line an example */
    s2s_dataset *lines = open_texts(&e);
    assert_int_equal(s2s_dataset_size(lines), 3);
    s2s_dataset_free(lines);
    assert_int_equal(count_files(e.cache, ".tokens"), 3);
    e.items[0] = (s2s_corpus){.text = e.paths[0], .weight = 1};
    write_text(e.paths[0], "da le mi.\nra fo.\ngu ta ne.\n");
    s2s_dataset *other = open_texts(&e);
    assert_int_equal(s2s_dataset_size(other), 1);
    s2s_dataset_free(other);
    assert_int_equal(count_files(e.cache, ".tokens"), 4);
    examples_release(&e);
}

static void threads_do_not_matter(void **state) {
    (void)state;
    char digests[2][33];
    examples e;
    s2s_err err = {0};
    make_corpus(&e, "", 20);
    FILE *file = fopen(e.paths[0], "w");
    assert_non_null(file);
    for (uint64_t i = 0; i < 500; i++) {
        char line[512];
        make_sentence(i, line, sizeof line);
        fprintf(file, i % 9 ? "%s\n" : "\n", line);
    }
    assert_int_equal(fclose(file), 0);
    for (int i = 0; i < 2; i++) {
        s2s_threads_set(i ? 4 : 1);
        s2s_dataset_free(open_texts(&e));
        char *path = find_file(e.cache, ".tokens");
        assert_int_equal(s2s_file_digest(path, digests[i], &err), S2S_OK);
        remove(path);
        free(path);
    }
    s2s_threads_set(0);
    assert_string_equal(digests[0], digests[1]);
    examples_release(&e);
}

static void nothing_but_empty_lines(void **state) {
    (void)state;
    examples e;
    s2s_dataset *d = NULL;
    s2s_err err = {0};
    make_corpus(&e, "\n \n\n", 100);
    assert_int_equal(
        s2s_dataset_open(&d, &e.corpora, &e.recipe, e.vocabulary, NULL, e.cache, NULL, &err),
        S2S_INPUT);
    assert_non_null(strstr(err.message, "there are no examples"));
    assert_null(d);
    examples_release(&e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_a_document_go_together),
        cmocka_unit_test(empty_lines_end_a_document_once),
        cmocka_unit_test(as_many_lines_as_fit),
        cmocka_unit_test(long_lines_are_parted),
        cmocka_unit_test(many_lines),
        cmocka_unit_test(compressed),
        cmocka_unit_test(several_texts),
        cmocka_unit_test(the_cache),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(nothing_but_empty_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
