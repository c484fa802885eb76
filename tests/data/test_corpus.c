/* The three forms of corpora, and all that can be wrong with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "data/corpus.h"
#include "sentences.h"

/* Two files to fill. */
typedef struct fixture {
    char *folder, *a, *b;
} fixture;

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->folder = make_folder();
    f->a = in_folder(f->folder, "a");
    f->b = in_folder(f->folder, "b");
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    free(f->a);
    free(f->b);
    remove_folder(f->folder);
    free(f);
    return 0;
}

/* All pairs as "source|target" lines; NULL target: "-". */
static s2s_status read_all(const s2s_corpus *corpus, s2s_buf *out, s2s_err *err) {
    s2s_corpus_reader *reader;
    S2S_TRY(s2s_corpus_open(&reader, corpus, err));
    s2s_status status;
    s2s_pair pair;
    bool more;
    while ((status = s2s_corpus_next(reader, &pair, &more, err)) == S2S_OK && more) {
        s2s_buf_append(out, pair.source, pair.source_length, err);
        s2s_buf_append(out, "|", 1, err);
        if (pair.target)
            s2s_buf_append(out, pair.target, pair.target_length, err);
        else
            s2s_buf_append(out, "-", 1, err);
        s2s_buf_append(out, "\n", 1, err);
    }
    s2s_corpus_close(reader);
    return status;
}

static void expect(const s2s_corpus *corpus, const char *wanted) {
    s2s_buf out = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_buf_append(&out, "", 0, &err), S2S_OK);
    if (read_all(corpus, &out, &err) != S2S_OK) fail_msg("%s", err.message);
    assert_string_equal(out.data, wanted);
    s2s_buf_release(&out);
}

static void expect_error(const s2s_corpus *corpus, s2s_status status, const char *part) {
    s2s_buf out = {0};
    s2s_err err = {0};
    assert_int_equal(read_all(corpus, &out, &err), status);
    if (!strstr(err.message, part)) fail_msg("\"%s\" is not in \"%s\"", part, err.message);
    s2s_buf_release(&out);
}

/* --- line-aligned --- */

static void test_lines(void **state) {
    fixture *f = *state;
    s2s_corpus c = {.source = f->a, .target = f->b};
    write_text(f->a, "one\r\ntwo\n\nfour");
    write_text(f->b, "\xEF\xBB\xBF"
                     "eins\n zwei\t\ndrei\n\n");
    expect(&c, "one|eins\ntwo| zwei\t\n|drei\nfour|\n");
    c.target = NULL;
    expect(&c, "one|-\ntwo|-\n|-\nfour|-\n");
    write_text(f->a, "");
    expect(&c, "");
}

static void test_gzip(void **state) {
    fixture *f = *state;
    gzFile gz = gzopen(f->a, "wb");
    assert_true(gzputs(gz, "one\ntwo\n") > 0);
    gzclose(gz);
    write_text(f->b, "eins\nzwei\n");
    s2s_corpus c = {.source = f->a, .target = f->b};
    expect(&c, "one|eins\ntwo|zwei\n");
    s2s_map map;
    s2s_err err = {0};
    assert_int_equal(s2s_map_open(&map, f->a, &err), S2S_OK);
    assert_int_equal(s2s_write_file(f->b, map.data, map.size - 9, &err), S2S_OK);
    s2s_map_close(&map);
    c.source = f->b;
    expect_error(&c, S2S_INPUT, f->b);
}

static void test_unaligned(void **state) {
    fixture *f = *state;
    s2s_corpus c = {.source = f->a, .target = f->b};
    write_text(f->a, "1\n2\n3\n4\n5\n");
    write_text(f->b, "1\n2\n3\n");
    expect_error(&c, S2S_INPUT, "has 3 lines but");
    expect_error(&c, S2S_INPUT, "has 5: line 4 is missing");
    c = (s2s_corpus){.source = f->b, .target = f->a};
    expect_error(&c, S2S_INPUT, "has 5: line 4 is missing");
    write_text(f->b, "");
    expect_error(&c, S2S_INPUT, "has 0 lines but");
}

static void test_bad_lines(void **state) {
    fixture *f = *state;
    s2s_corpus c = {.source = f->a};
    char where[256];
    write_text(f->a, "fine\nM\xFC"
                     "ller\n");
    snprintf(where, sizeof where, "%s:2: byte 2 (0xFC) is not UTF-8", f->a);
    expect_error(&c, S2S_INPUT, where);
    s2s_err err = {0};
    assert_int_equal(s2s_write_file(f->a, "ab\0c\n", 5, &err), S2S_OK);
    snprintf(where, sizeof where, "%s:1: byte 3 is NUL", f->a);
    expect_error(&c, S2S_INPUT, where);
    c.source = "/no/such/file";
    expect_error(&c, S2S_IO, "/no/such/file");
    c.source = f->folder;
    expect_error(&c, S2S_IO, f->folder);
    c = (s2s_corpus){.target = f->a};
    expect_error(&c, S2S_USAGE, "a corpus needs source");
}

/* --- columns --- */

static void test_columns(void **state) {
    fixture *f = *state;
    s2s_corpus c = {.tsv = f->a, .source_column = 3, .target_column = 1};
    write_text(f->a, "a\tb\tc\n\t\t\nx\ty\tz\tmore\r\n");
    expect(&c, "c|a\n|\nz|x\n");
    c.target_column = 0;
    expect(&c, "c|-\n|-\nz|-\n");
    c.target_column = 4;
    expect_error(&c, S2S_INPUT, ":1: target_column is 4, but the line has 3 columns");
    write_text(f->a, "a\tb\tc\n\nx\n");
    c.target_column = 1;
    expect_error(&c, S2S_INPUT, ":2: source_column is 3, but the line has 1 column ");
}

/* --- JSON lines --- */

#define ONE_FIELD(name)                                                                            \
    { (const char *const[]){name}, 1 }

static void test_json(void **state) {
    fixture *f = *state;
    s2s_corpus c = {.json = f->a, .source_field = "long", .target_field = ONE_FIELD("short")};
    write_text(f->a, "{\"short\": \"a\", \"long\": \"b\\u00e4\\n\", \"n\": [1, {}]}\n  \n\n"
                     "{\"long\":\"\",\"short\":\"c\"}");
    expect(&c, "b\xC3\xA4\n|a\n|c\n");
    c.target_field.n = 0;
    expect(&c, "b\xC3\xA4\n|-\n|-\n");
}

/* A field for each reference: the first is the target, the others come with it. */
static void test_several_targets(void **state) {
    fixture *f = *state;
    s2s_corpus c = {.json = f->a,
                    .source_field = "dialogue",
                    .target_field = {(const char *const[]){"one", "two", "three"}, 3}};
    write_text(f->a, "{\"dialogue\": \"d\", \"one\": \"1\", \"two\": \"22\", \"three\": \"\"}\n"
                     "{\"dialogue\": \"e\", \"one\": \"3\", \"two\": \"4\"}\n");
    s2s_corpus_reader *reader;
    s2s_err err = {0};
    s2s_pair pair;
    bool more;
    assert_int_equal(s2s_corpus_open(&reader, &c, &err), S2S_OK);
    assert_int_equal(s2s_corpus_next(reader, &pair, &more, &err), S2S_OK);
    assert_string_equal(pair.target, "1");
    assert_int_equal(pair.more_n, 2);
    assert_string_equal(pair.more[0].text, "22");
    assert_int_equal(pair.more[0].length, 2);
    assert_int_equal(pair.more[1].length, 0);
    assert_int_equal(s2s_corpus_next(reader, &pair, &more, &err), S2S_INPUT);
    assert_non_null(
        strstr(err.message, ":2: there is no field \"three\"; the fields are: \"dialogue\""));
    s2s_corpus_close(reader);
}

static void expect_json_error(const fixture *f, const char *line, const char *part) {
    s2s_corpus c = {.json = f->a, .source_field = "s", .target_field = ONE_FIELD("t")};
    s2s_buf text = {0};
    s2s_err err = {0};
    s2s_buf_printf(&text, &err, "{\"s\": \"\", \"t\": \"\"}\n%s\n", line);
    write_text(f->a, text.data);
    s2s_buf_release(&text);
    char where[300];
    snprintf(where, sizeof where, "%s:2", f->a);
    expect_error(&c, S2S_INPUT, where);
    expect_error(&c, S2S_INPUT, part);
}

static void test_bad_json(void **state) {
    fixture *f = *state;
    expect_json_error(f, "{\"s\": \"x\", \"summary\": 1}",
                      "there is no field \"t\"; the fields are: \"s\", \"summary\"");
    expect_json_error(f, "{}", "the fields are: none");
    expect_json_error(f, "{\"s\": \"x\", \"t\": 3}", "field \"t\" must be text, not a number");
    expect_json_error(f, "{\"s\": null, \"t\": \"\"}", "field \"s\" must be text, not null");
    expect_json_error(f, "{\"s\": [\"x\"], \"t\": \"\"}", "must be text, not a list");
    expect_json_error(f, "[1]", "one JSON object, not a list");
    expect_json_error(f, "{\"s\": \"x\", \"t\": \"y\"", "not JSON");
    expect_json_error(f, "{\"s\": \"x\", \"t\": \"y\"} tail", "not JSON");
    expect_json_error(f, "{\"s\": \"x\", \"s\": \"z\", \"t\": \"y\"}", "not JSON");
    expect_json_error(f, "{\"s\": \"a\\u0000b\", \"t\": \"y\"}", "not JSON");
    expect_json_error(f, "{\"s\": \"\xFF\", \"t\": \"y\"}", "is not UTF-8");
    expect_json_error(f, "plain text", "not JSON");
    s2s_buf deep = {0};
    s2s_err err = {0};
    for (int i = 0; i < 100000; i++) s2s_buf_append(&deep, "[", 1, &err);
    expect_json_error(f, deep.data, "not JSON");
    s2s_buf_release(&deep);
}

/* --- whatever the bytes, a reader ends with pairs or an error --- */

/* Without the fsync of s2s_write_file: there are thousands of files. */
static void write_quickly(const char *path, const s2s_buf *bytes) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes->data, 1, bytes->size, file), bytes->size);
    assert_int_equal(fclose(file), 0);
}

static void test_random_bytes(void **state) {
    fixture *f = *state;
    static const char *const bits[] = {"{\"s\":", "\"a\"", ",\"t\":",  "}",     "\n",
                                       "\t",      "\r",    "{",        "\\u00", "\xC3\xA4",
                                       "\"",      "word",  "\x1f\x8b", "[",     "\xFF"};
    int good = 0;
    srand(11);
    for (int round = 0; round < 3000; round++) {
        s2s_buf bytes[2] = {{0}, {0}};
        s2s_err err = {0};
        for (int i = 0; i < 2; i++) {
            s2s_buf_append(&bytes[i], "", 0, &err);
            for (int n = rand() % 30; n > 0; n--) {
                const char *bit = bits[rand() % 15];
                char one = (char)(rand() % 256);
                if (rand() % 16)
                    s2s_buf_append(&bytes[i], bit, strlen(bit), &err);
                else
                    s2s_buf_append(&bytes[i], &one, 1, &err);
            }
            write_quickly(i ? f->b : f->a, &bytes[i]);
            s2s_buf_release(&bytes[i]);
        }
        s2s_corpus forms[] = {{.source = f->a, .target = f->b},
                              {.tsv = f->a, .source_column = 1, .target_column = 2},
                              {.json = f->a, .source_field = "s", .target_field = ONE_FIELD("t")}};
        s2s_buf out = {0};
        s2s_status status = read_all(&forms[round % 3], &out, &err);
        assert_true(status == S2S_OK || status == S2S_INPUT);
        if (status == S2S_OK)
            assert_int_equal(s2s_utf8_check(out.data, out.size), -1);
        else
            assert_true(strlen(err.message) > 0);
        good += status == S2S_OK;
        s2s_buf_release(&out);
    }
    assert_true(good > 10); /* else only errors were tested */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_gzip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unaligned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_several_targets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random_bytes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
