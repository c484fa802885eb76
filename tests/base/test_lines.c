/* Lines of every kind of file: ends, gzip whole, cut and damaged, pipes, and the check for UTF-8.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/rng.h"
#include "scratch.h"

/* Reads all lines; each is put into `text` with "|" behind it. */
static s2s_status read_all(const char *path, s2s_buf *text, uint64_t *count, s2s_err *err) {
    s2s_lines *lines;
    S2S_TRY(s2s_lines_open(&lines, path, err));
    s2s_status status;
    bool more = true;
    for (;;) {
        const char *line;
        size_t length;
        status = s2s_lines_next(lines, &line, &length, &more, err);
        if (status != S2S_OK || !more) break;
        assert_int_equal(line[length], 0);
        assert_int_equal(s2s_buf_append(text, line, length, err), S2S_OK);
        assert_int_equal(s2s_buf_append(text, "|", 1, err), S2S_OK);
    }
    *count = s2s_lines_number(lines);
    s2s_lines_close(lines);
    return status;
}

static void expect_file(const char *path, const char *expected, size_t size) {
    s2s_buf text = {0};
    s2s_err err = {0};
    uint64_t count, bars = 0;
    assert_int_equal(s2s_buf_append(&text, "", 0, &err), S2S_OK);
    if (read_all(path, &text, &count, &err) != S2S_OK) fail_msg("%s", err.message);
    assert_int_equal(text.size, size);
    assert_memory_equal(text.data, expected, size);
    for (size_t i = 0; i < size; i++) bars += expected[i] == '|';
    assert_int_equal(count, bars);
    s2s_buf_release(&text);
}

/* gzip of `data` in the caller's buffer; returns its size. */
static size_t gzip(const void *data, size_t size, unsigned char *to, size_t room) {
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (unsigned char *)data;
    stream.avail_in = (uInt)size;
    stream.next_out = to;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

/* The same lines must come from the plain file, from gzip, and from one gzip member for each half.
 */
static void expect(const void *data, size_t size, const char *expected, size_t expected_size) {
    size_t room = size + size / 100 + 200, half = size / 2;
    unsigned char *packed = malloc(room);
    assert_non_null(packed);
    expect_file(scratch_put("plain", data, size), expected, expected_size);
    size_t used = gzip(data, size, packed, room);
    expect_file(scratch_put("one.gz", packed, used), expected, expected_size);
    used = gzip(data, half, packed, room);
    used += gzip((const char *)data + half, size - half, packed + used, room - used);
    expect_file(scratch_put("two.gz", packed, used), expected, expected_size);
    free(packed);
}

#define EXPECT(data, expected) expect(data, sizeof(data) - 1, expected, sizeof(expected) - 1)

static void line_ends(void **state) {
    (void)state;
    EXPECT("", "");
    EXPECT("a", "a|");
    EXPECT("a\n", "a|");
    EXPECT("\n", "|");
    EXPECT("\n\n", "||");
    EXPECT("a\n\nb", "a||b|");
    EXPECT("a\r\nb\r\n", "a|b|");
    EXPECT("\r\n\r\n", "||");
    EXPECT("a\rb\r\r\n", "a\rb\r|");
    EXPECT("a\nb\r", "a|b\r|"); /* a lone CR ends no line */
}

static void byte_order_marks(void **state) {
    (void)state;
    EXPECT("\xef\xbb\xbf", "");
    EXPECT("\xef\xbb\xbf\n", "|");
    EXPECT("\xef\xbb\xbf"
           "a\nb\n",
           "a|b|");
    EXPECT("a\n\xef\xbb\xbf"
           "b\n",
           "a|\xef\xbb\xbf"
           "b|"); /* only at the start */
    EXPECT("\xef\xbb", "\xef\xbb|");
    EXPECT("\xef\xbb\xbf\xef\xbb\xbf\n", "\xef\xbb\xbf|");
}

static void any_bytes(void **state) {
    (void)state;
    EXPECT("a\0b\n\0\n", "a\0b|\0|");
    EXPECT("\xff\xfe\x80\n", "\xff\xfe\x80|");
    EXPECT("\x1f\n", "\x1f|"); /* half of gzip's magic number */
}

/* Lines of all lengths around the size of the reader's window, with ends of both kinds. */
static void lines_across_the_window(void **state) {
    (void)state;
    enum { LETTERS = 300000 };
    static char letters[LETTERS];
    s2s_rng rng = s2s_rng_init(1, 0);
    for (int i = 0; i < LETTERS; i++) letters[i] = (char)('a' + s2s_rng_below(&rng, 26));
    for (int round = 0; round < 12; round++) {
        s2s_buf data = {0}, expected = {0};
        while (data.size < 600000) {
            size_t length = s2s_rng_below(&rng, round % 2 ? 300 : 200000);
            size_t start = s2s_rng_below(&rng, LETTERS - length);
            assert_int_equal(s2s_buf_append(&data, letters + start, length, NULL), S2S_OK);
            assert_int_equal(s2s_buf_append(&expected, letters + start, length, NULL), S2S_OK);
            bool cr = s2s_rng_below(&rng, 2);
            assert_int_equal(s2s_buf_append(&data, cr ? "\r\n" : "\n", cr ? 2 : 1, NULL), S2S_OK);
            assert_int_equal(s2s_buf_append(&expected, "|", 1, NULL), S2S_OK);
        }
        expect(data.data, data.size, expected.data, expected.size);
        s2s_buf_release(&data);
        s2s_buf_release(&expected);
    }
}

static void ends_at_the_window(void **state) {
    (void)state;
    enum { WINDOW = 1 << 17 };
    static char data[WINDOW + 2], expected[WINDOW + 3];
    for (int size = WINDOW - 2; size <= WINDOW + 2; size++) {
        memset(data, 'x', sizeof data);
        memset(expected, 'x', sizeof expected);
        expected[size] = '|';
        expect(data, (size_t)size, expected, (size_t)size + 1);
        memcpy(data + size - 2, "\r\n", 2);
        expected[size - 2] = '|';
        expect(data, (size_t)size, expected, (size_t)size - 1);
    }
}

/* --- gzip --- */

static const char sentences[] =
    "the first line\nthe second line\r\n\nthe fourth, which is the last\n";
static const char sentences_read[] =
    "the first line|the second line||the fourth, which is the last|";

static void many_members_and_padding(void **state) {
    (void)state;
    unsigned char packed[4096] = {0};
    size_t used = gzip("", 0, packed, sizeof packed);
    for (size_t i = 0; i < sizeof sentences - 1; i++)
        used += gzip(sentences + i, 1, packed + used, sizeof packed - used);
    used += gzip("", 0, packed + used, sizeof packed - used);
    expect_file(scratch_put("many.gz", packed, used), sentences_read, sizeof sentences_read - 1);
    assert_true(used + 100 < sizeof packed);
    expect_file(scratch_put("pad.gz", packed, used + 100), sentences_read,
                sizeof sentences_read - 1);
}

static void expect_damage(const char *path) {
    s2s_buf text = {0};
    s2s_err err = {0};
    uint64_t count;
    assert_int_equal(read_all(path, &text, &count, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, "damaged gzip"));
    s2s_buf_release(&text);
}

static void truncated_anywhere_is_an_error(void **state) {
    (void)state;
    unsigned char packed[512];
    size_t first = gzip(sentences, sizeof sentences - 1, packed, sizeof packed);
    size_t used =
        first + gzip(sentences, sizeof sentences - 1, packed + first, sizeof packed - first);
    for (size_t size = 2; size < used; size++)
        if (size != first) expect_damage(scratch_put("cut.gz", packed, size));
}

static void text_behind_a_member_is_an_error(void **state) {
    (void)state;
    unsigned char packed[512];
    size_t used = gzip(sentences, sizeof sentences - 1, packed, sizeof packed);
    memcpy(packed + used, "more text\n", 10);
    expect_damage(scratch_put("tail.gz", packed, used + 10));
}

/* Whichever byte changes: an error, or the very same text (the header has bytes that say nothing).
 */
static void damage_never_changes_text_in_silence(void **state) {
    (void)state;
    unsigned char packed[512];
    size_t used = gzip(sentences, sizeof sentences - 1, packed, sizeof packed);
    int errors = 0;
    for (size_t at = 2; at < used; at++)
        for (int bit = 0; bit < 8; bit++) {
            packed[at] ^= (unsigned char)(1 << bit);
            s2s_buf text = {0};
            uint64_t count;
            s2s_status status = read_all(scratch_put("bad.gz", packed, used), &text, &count, NULL);
            errors += status != S2S_OK;
            if (status == S2S_OK)
                assert_string_equal(
                    text.data, "the first line|the second line||the fourth, which is the last|");
            s2s_buf_release(&text);
            packed[at] ^= (unsigned char)(1 << bit);
        }
    assert_true(errors > (int)(used - 12) * 8 / 2);
}

static void lines_before_the_damage_are_given(void **state) {
    (void)state;
    enum { SIZE = 1 << 20 };
    char *data = malloc(SIZE);
    unsigned char *packed = malloc(SIZE);
    assert_non_null(data);
    assert_non_null(packed);
    for (size_t i = 0; i < SIZE; i++) data[i] = i % 64 == 63 ? '\n' : (char)('a' + i % 7);
    size_t used = gzip(data, SIZE, packed, SIZE);
    s2s_buf text = {0};
    s2s_err err = {0};
    uint64_t count;
    assert_int_equal(read_all(scratch_put("late.gz", packed, used - 4), &text, &count, &err),
                     S2S_INPUT);
    assert_int_equal(count, SIZE / 64);
    assert_non_null(strstr(err.message, "after line 16384"));
    s2s_buf_release(&text);
    free(packed);
    free(data);
}

/* --- what else can be opened --- */

/* A child writes `data` to standard input in pieces of `piece` bytes. */
static void expect_from_stdin(const void *data, size_t size, size_t piece, const char *expected) {
    int ends[2], kept = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        for (size_t at = 0; at < size; at += piece) {
            size_t n = size - at < piece ? size - at : piece;
            if (write(ends[1], (const char *)data + at, n) != (ssize_t)n) _exit(1);
            usleep(200);
        }
        _exit(0);
    }
    close(ends[1]);
    assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
    close(ends[0]);
    expect_file("-", expected, strlen(expected));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* it is not ours to close */
    dup2(kept, STDIN_FILENO);
    close(kept);
}

static void standard_input(void **state) {
    (void)state;
    unsigned char packed[512];
    size_t used = gzip(sentences, sizeof sentences - 1, packed, sizeof packed);
    expect_from_stdin(sentences, sizeof sentences - 1, 1, sentences_read);
    expect_from_stdin(sentences, sizeof sentences - 1, 20, sentences_read);
    expect_from_stdin(packed, used, 1, sentences_read);
    expect_from_stdin(packed, used, 100, sentences_read);
    expect_from_stdin("", 0, 1, "");
    expect_from_stdin("a", 1, 1, "a|");
}

/* The writer waits for an answer before it writes more. */
static void a_line_is_given_as_soon_as_it_is_there(void **state) {
    (void)state;
    const char *path = scratch("fifo"), *line;
    size_t length;
    bool more = false;
    s2s_err err = {0};
    s2s_lines *lines;
    assert_int_equal(mkfifo(path, 0600), 0);
    int pipe = open(path, O_RDWR);
    assert_true(pipe >= 0);
    assert_int_equal(s2s_lines_open(&lines, path, &err), S2S_OK);
    alarm(20); /* ends the test where it would wait forever */
    static const char *const written[] = {"\n", "a\n", "\n"};
    for (int i = 0; i < 3; i++) {
        size_t size = strlen(written[i]);
        assert_int_equal(write(pipe, written[i], size), size);
        assert_int_equal(s2s_lines_next(lines, &line, &length, &more, &err), S2S_OK);
        assert_true(more);
        assert_int_equal(length, size - 1);
    }
    alarm(0);
    s2s_lines_close(lines);
    close(pipe);
}

static void knows_its_path_and_number(void **state) {
    (void)state;
    s2s_lines *lines;
    const char *path = scratch_put_text("three", "a\nb\nc"), *line;
    size_t length;
    bool more;
    assert_int_equal(s2s_lines_open(&lines, path, NULL), S2S_OK);
    assert_string_equal(s2s_lines_path(lines), path);
    assert_int_equal(s2s_lines_number(lines), 0);
    for (uint64_t i = 1; i <= 3; i++) {
        assert_int_equal(s2s_lines_next(lines, &line, &length, &more, NULL), S2S_OK);
        assert_true(more);
        assert_int_equal(s2s_lines_number(lines), i);
    }
    for (int i = 0; i < 3; i++) { /* the end stays the end */
        assert_int_equal(s2s_lines_next(lines, &line, &length, &more, NULL), S2S_OK);
        assert_false(more);
        assert_int_equal(s2s_lines_number(lines), 3);
    }
    s2s_lines_close(lines);
    assert_int_equal(s2s_lines_open(&lines, "-", NULL), S2S_OK);
    assert_string_equal(s2s_lines_path(lines), "standard input");
    s2s_lines_close(lines);
    s2s_lines_close(NULL);
}

static void what_cannot_be_read_is_an_error(void **state) {
    (void)state;
    s2s_lines *lines;
    s2s_err err = {0};
    s2s_buf text = {0};
    uint64_t count;
    assert_int_equal(s2s_lines_open(&lines, scratch("missing"), &err), S2S_IO);
    assert_null(lines);
    assert_non_null(strstr(err.message, "missing: No such file"));
    assert_int_equal(read_all(scratch("."), &text, &count, &err), S2S_IO);
    assert_non_null(strstr(err.message, "Is a directory"));
    s2s_buf_release(&text);
}

/* A file with a hole of 300 MB: NUL bytes and no line end, as a binary file may have. */
static void an_endless_line_is_an_error(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_buf text = {0};
    uint64_t count;
    const char *path = scratch_put_text("endless", "one\ntwo\n");
    assert_int_equal(truncate(path, 300000000), 0);
    assert_int_equal(read_all(path, &text, &count, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "endless:3: "));
    assert_string_equal(text.data, "one|two|");
    s2s_buf_release(&text);
}

/* --- UTF-8 --- */

/* A second implementation, by decoding: the sequence at `at` and its length. */
static size_t decode(const unsigned char *at, size_t left) {
    static const uint32_t least[5] = {0, 1, 0x80, 0x800,
                                      0x10000}; /* of each length; NUL is refused */
    size_t length = at[0] < 0x80       ? 1
                    : at[0] >> 5 == 6  ? 2
                    : at[0] >> 4 == 14 ? 3
                    : at[0] >> 3 == 30 ? 4
                                       : 0;
    if (!length || length > left) return 0;
    uint32_t code = length == 1 ? at[0] : at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (at[i] >> 6 != 2) return 0;
        code = code << 6 | (at[i] & 0x3f);
    }
    bool surrogate = code >= 0xd800 && code < 0xe000;
    return code < least[length] || code > 0x10ffff || surrogate ? 0 : length;
}

static ptrdiff_t check_by_decoding(const unsigned char *text, size_t length) {
    size_t at = 0;
    while (at < length) {
        size_t step = decode(text + at, length - at);
        if (!step) return (ptrdiff_t)at;
        at += step;
    }
    return -1;
}

static void utf8_cases(void **state) {
    (void)state;
    static const struct {
        const char *text;
        ptrdiff_t bad;
    } cases[] = {
        {"", -1},
        {"plain ASCII of some length", -1},
        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", -1},
        {"\xef\xbf\xbf\xf4\x8f\xbf\xbf", -1}, /* U+FFFF, U+10FFFF */
        {"a\x80", 1},                         /* a continuation alone */
        {"ab\xc3", 2},                        /* cut off */
        {"\xe2\x82", 0},
        {"\xc3(", 0},
        {"\xc0\xaf", 0}, /* overlong in two, three and four bytes */
        {"\xc1\xbf", 0},
        {"\xe0\x9f\xbf", 0},
        {"\xf0\x8f\xbf\xbf", 0},
        {"\xed\x9f\xbf", -1},
        {"\xed\xa0\x80", 0}, /* the first and the last surrogate */
        {"\xed\xbf\xbf", 0},
        {"\xf4\x90\x80\x80", 0}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", 0},
        {"\xfe", 0},
        {"12345678\xff", 8},
        {"1234567\xff", 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(s2s_utf8_check(cases[i].text, strlen(cases[i].text)), cases[i].bad);
}

static void utf8_finds_nul_anywhere(void **state) {
    (void)state;
    char text[40];
    for (size_t at = 0; at < sizeof text; at++) {
        memset(text, 'a', sizeof text);
        text[at] = '\0';
        assert_int_equal(s2s_utf8_check(text, sizeof text), at);
        text[at] = '\x01';
        assert_int_equal(s2s_utf8_check(text, sizeof text), -1);
    }
}

static void utf8_agrees_with_decoding(void **state) {
    (void)state;
    static const unsigned char bytes[] = {0x00, 0x01, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                                          0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
                                          0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff};
    enum { N = sizeof bytes };
    int valid = 0;
    for (unsigned i = 0; i < N * N * N * N; i++) {
        unsigned char text[] = {bytes[i % N], bytes[i / N % N], bytes[i / N / N % N],
                                bytes[i / N / N / N]};
        ptrdiff_t expected = check_by_decoding(text, sizeof text);
        if (s2s_utf8_check((char *)text, sizeof text) != expected)
            fail_msg("%02x %02x %02x %02x", text[0], text[1], text[2], text[3]);
        valid += expected < 0;
    }
    assert_true(valid > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_ends),
        cmocka_unit_test(byte_order_marks),
        cmocka_unit_test(any_bytes),
        cmocka_unit_test(lines_across_the_window),
        cmocka_unit_test(ends_at_the_window),
        cmocka_unit_test(many_members_and_padding),
        cmocka_unit_test(truncated_anywhere_is_an_error),
        cmocka_unit_test(text_behind_a_member_is_an_error),
        cmocka_unit_test(damage_never_changes_text_in_silence),
        cmocka_unit_test(lines_before_the_damage_are_given),
        cmocka_unit_test(standard_input),
        cmocka_unit_test(a_line_is_given_as_soon_as_it_is_there),
        cmocka_unit_test(knows_its_path_and_number),
        cmocka_unit_test(what_cannot_be_read_is_an_error),
        cmocka_unit_test(an_endless_line_is_an_error),
        cmocka_unit_test(utf8_cases),
        cmocka_unit_test(utf8_finds_nul_anywhere),
        cmocka_unit_test(utf8_agrees_with_decoding),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
