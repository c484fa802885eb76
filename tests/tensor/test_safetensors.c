/* Safetensors: what we write and read again, files of the format's own library, and every kind of
 * damage. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "scratch.h"
#include "tensor/safetensors.h"

#define FIXTURE(name) S2S_FIXTURES "/tensor/" name ".safetensors"

static s2s_safetensors *open_whole(const char *path) {
    s2s_err err = {0};
    s2s_safetensors *file;
    if (s2s_safetensors_open(&file, path, &err)) fail_msg("%s", err.message);
    return file;
}

static void expect_refused(const char *path, const char *part) {
    s2s_err err = {0};
    s2s_safetensors *file = (void *)&err;
    assert_int_not_equal(s2s_safetensors_open(&file, path, &err), S2S_OK);
    assert_null(file);
    if (!strstr(err.message, part)) fail_msg("\"%s\" lacks \"%s\"", err.message, part);
    if (!strstr(err.message, path)) fail_msg("\"%s\" does not name the file", err.message);
}

/* A file with this header, which may hold anything, and so many bytes of elements. */
static const char *put_file(const char *header, size_t elements) {
    uint64_t length = strlen(header);
    size_t size = sizeof length + length + elements;
    unsigned char *bytes = calloc(1, size);
    assert_non_null(bytes);
    memcpy(bytes, &length, sizeof length);
    memcpy(bytes + sizeof length, header, length);
    const char *path = scratch_put("made.safetensors", bytes, size);
    free(bytes);
    return path;
}

/* --- round trip --- */

static void what_was_written_is_read(void **state) {
    (void)state;
    s2s_err err = {0};
    enum {
        ROWS = 50,
        WIDTH = 333
    }; /* more than one piece of the writer, and not a multiple of it */
    static s2s_real matrix[ROWS * WIDTH], found[ROWS * WIDTH];
    s2s_real vector[] = {1, -2, (s2s_real)0.1f}, got[3];
    int64_t steps[] = {INT64_MIN, 42}, got_steps[2];
    unsigned char blob[] = {0, 1, 255}, got_blob[3];
    s2s_rng rng = s2s_rng_init(7, 1);
    for (int i = 0; i < ROWS * WIDTH; i++) matrix[i] = (float)s2s_rng_normal(&rng);
    s2s_safetensors_entry entries[] = {{"blob", S2S_DTYPE_U8, 1, 3, blob},
                                       {"vector", S2S_DTYPE_F32, 1, 3, vector},
                                       {"steps", S2S_DTYPE_I64, 1, 2, steps},
                                       {"matrix", S2S_DTYPE_F32, ROWS, WIDTH, matrix},
                                       {"none", S2S_DTYPE_F32, 0, WIDTH, vector}};
    s2s_safetensors_note notes[] = {{"format", "s2s"}, {"quote \" and \n", "\xC3\xA4"}};
    const char *path = scratch("round.safetensors");
    assert_int_equal(s2s_safetensors_write(path, entries, 5, notes, 2, &err), S2S_OK);
    s2s_safetensors *file = open_whole(path);
    assert_int_equal(s2s_safetensors_count(file), 5);
    assert_int_equal(s2s_safetensors_read(file, "matrix", ROWS, WIDTH, found, &err), S2S_OK);
    assert_memory_equal(found, matrix, sizeof matrix);
    assert_int_equal(s2s_safetensors_read(file, "vector", 1, 3, got, &err), S2S_OK);
    assert_memory_equal(got, vector, sizeof vector);
    assert_int_equal(s2s_safetensors_read(file, "none", 0, WIDTH, got, &err), S2S_OK);
    assert_int_equal(s2s_safetensors_read_raw(file, "steps", S2S_DTYPE_I64, 2, got_steps, &err),
                     S2S_OK);
    assert_memory_equal(got_steps, steps, sizeof steps);
    assert_int_equal(s2s_safetensors_read_raw(file, "blob", S2S_DTYPE_U8, 3, got_blob, &err),
                     S2S_OK);
    assert_memory_equal(got_blob, blob, sizeof blob);
    assert_int_equal(s2s_safetensors_find(file, "vector")->dimensions, 1);
    assert_string_equal(s2s_safetensors_note_find(file, "format"), "s2s");
    assert_string_equal(s2s_safetensors_note_find(file, "quote \" and \n"), "\xC3\xA4");
    assert_null(s2s_safetensors_note_find(file, "other"));
    for (size_t i = 0; i < s2s_safetensors_count(file); i++) /* as other readers map it */
        assert_int_equal((uintptr_t)s2s_safetensors_at(file, i)->data %
                             s2s_dtype_size(s2s_safetensors_at(file, i)->dtype),
                         0);
    s2s_safetensors_close(file);
}

static void nothing_at_all_is_a_file(void **state) {
    (void)state;
    const char *path = scratch("nothing.safetensors");
    assert_int_equal(s2s_safetensors_write(path, NULL, 0, NULL, 0, NULL), S2S_OK);
    s2s_safetensors *file = open_whole(path);
    assert_int_equal(s2s_safetensors_count(file), 0);
    assert_null(s2s_safetensors_find(file, "x"));
    s2s_safetensors_close(file);
}

static void writing_refuses(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_real one = 1;
    s2s_safetensors_entry twice[] = {{"x", S2S_DTYPE_F32, 1, 1, &one},
                                     {"x", S2S_DTYPE_F32, 1, 1, &one}};
    s2s_safetensors_entry odd = {"\xFF", S2S_DTYPE_F32, 1, 1, &one};
    s2s_safetensors_note note = {"key", "\xC3"};
    const char *path = scratch("refused.safetensors");
    assert_int_equal(s2s_safetensors_write(path, twice, 2, NULL, 0, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "two tensors are called \"x\""));
    assert_int_equal(s2s_safetensors_write(path, &odd, 1, NULL, 0, &err), S2S_INPUT);
    assert_int_equal(s2s_safetensors_write(path, twice, 1, &note, 1, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "\"key\""));
    assert_int_equal(s2s_safetensors_write(scratch("no/such/folder"), twice, 1, NULL, 0, &err),
                     S2S_IO);
    assert_int_equal(s2s_safetensors_write("/dev/full", twice, 1, NULL, 0, &err), S2S_IO);
    FILE *absent = fopen(path, "rb");
    assert_null(absent);
}

/* --- files of the format's own library --- */

static void reads_the_library(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_real out[10];
    s2s_safetensors *file = open_whole(FIXTURE("library"));
    assert_int_equal(s2s_safetensors_count(file), 11);
    assert_string_equal(s2s_safetensors_note_find(file, "gr\xC3\xB6\xC3\x9F"
                                                        "e"),
                        "stra\xC3\x9F"
                        "e");
    assert_int_equal(s2s_safetensors_read(file, "matrix", 2, 3, out, &err), S2S_OK);
    for (int i = 0; i < 6; i++) assert_true(out[i] == (s2s_real)i / 4 - (s2s_real)0.5);
    assert_int_equal(s2s_safetensors_read(file, "row", 1, 2, out, &err), S2S_OK);
    assert_true(out[0] == 7 && out[1] == 8);
    assert_int_equal(s2s_safetensors_read(file, "empty", 0, 4, out, &err), S2S_OK);
    assert_int_equal(s2s_safetensors_read(file, "double", 1, 3, out, &err), S2S_OK);
    assert_true(out[0] == (s2s_real)(1.0 / 3) && out[1] == (s2s_real)-1e-40 &&
                out[2] == (s2s_real)1e10);
    int64_t steps[2];
    assert_int_equal(s2s_safetensors_read_raw(file, "step", S2S_DTYPE_I64, 2, steps, &err), S2S_OK);
    assert_true(steps[0] == -1 && steps[1] == INT64_C(1) << 62);
    s2s_safetensors_close(file);
    file = open_whole(FIXTURE("nothing"));
    assert_int_equal(s2s_safetensors_count(file), 0);
    s2s_safetensors_close(file);
}

static void reads_sixteen_bits(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_real out[10];
    s2s_safetensors *file = open_whole(FIXTURE("library"));
    assert_int_equal(s2s_safetensors_read(file, "half", 1, 10, out, &err), S2S_OK);
    assert_true(out[0] == 0 && !signbit(out[0]) && out[1] == 0 && signbit(out[1]));
    assert_true(out[2] == (s2s_real)1.5 && out[3] == (s2s_real)-2.25 && out[4] == 65504);
    assert_true(out[5] == (s2s_real)ldexp(1, -24)); /* 6e-8 rounded to the smallest half */
    assert_true(out[6] ==
                (s2s_real)ldexp(1023, -24)); /* 6.1e-5: the largest below the normal ones */
    assert_true(isinf(out[7]) && out[7] > 0 && isinf(out[8]) && out[8] < 0 && isnan(out[9]));
    s2s_safetensors_close(file);
    file = open_whole(FIXTURE("bfloat16"));
    assert_int_equal(s2s_safetensors_read(file, "brain", 1, 4, out, &err), S2S_OK);
    assert_true(out[0] == 1 && out[1] == (s2s_real)-2.5 && out[3] == (s2s_real)0.0078125);
    assert_true(fabs((double)out[2] / 3e38 - 1) < 1 / 128.0);
    s2s_safetensors_close(file);
}

static void reading_refuses(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_real out[16];
    s2s_safetensors *file = open_whole(FIXTURE("library"));
    assert_int_equal(s2s_safetensors_read(file, "matrix", 3, 2, out, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "tensor \"matrix\" has shape [2, 3] (expected [3, 2])"));
    assert_int_equal(s2s_safetensors_read(file, "vector", 3, 1, out, &err), S2S_INPUT);
    assert_int_equal(s2s_safetensors_read(file, "cube", 2, 4, out, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "[2, 2, 2]"));
    assert_int_equal(s2s_safetensors_read(file, "scalar", 1, 1, out, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "shape [] (expected [1])"));
    assert_int_equal(s2s_safetensors_read(file, "matrices", 2, 3, out, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "\"matrices\" is missing"));
    assert_int_equal(s2s_safetensors_read(file, "flag", 1, 2, out, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "is of type BOOL (expected F32"));
    assert_int_equal(s2s_safetensors_read_raw(file, "vector", S2S_DTYPE_I64, 3, out, &err),
                     S2S_INPUT);
    assert_int_equal(s2s_safetensors_read_raw(file, "bytes", S2S_DTYPE_U8, 4, out, &err),
                     S2S_INPUT);
    assert_non_null(strstr(err.message, "3 elements (expected 4)"));
    s2s_safetensors_close(file);
}

/* --- damage --- */

static void every_truncation_is_refused(void **state) {
    (void)state;
    size_t size;
    char *bytes = scratch_get(FIXTURE("small"), &size);
    for (size_t length = 0; length < size; length++)
        expect_refused(scratch_put("cut.safetensors", bytes, length), "safetensors");
    free(bytes);
}

/* Whatever a damaged header lets pass must still lie within the file: touch every byte of it. */
static void use_all(const s2s_safetensors *file) {
    static volatile unsigned sum;
    for (size_t i = 0; i < s2s_safetensors_count(file); i++) {
        const s2s_stored_tensor *tensor = s2s_safetensors_at(file, i);
        char shape[S2S_SHAPE_TEXT];
        s2s_stored_shape_text(tensor, shape);
        assert_ptr_equal(s2s_safetensors_find(file, tensor->name), tensor);
        assert_int_equal(tensor->count * s2s_dtype_size(tensor->dtype), tensor->size);
        for (size_t k = 0; k < tensor->size; k++) sum += tensor->data[k];
    }
}

static int open_damaged(const char *bytes, size_t size) {
    s2s_err err = {0};
    s2s_safetensors *file;
    s2s_status status =
        s2s_safetensors_open(&file, scratch_put("flip.safetensors", bytes, size), &err);
    if (status == S2S_OK)
        use_all(file);
    else
        assert_true(strlen(err.message) > 0);
    s2s_safetensors_close(file);
    return status != S2S_OK;
}

static void flipped_bits_never_crash(void **state) {
    (void)state;
    size_t size;
    char *bytes = scratch_get(FIXTURE("small"), &size);
    uint64_t header;
    memcpy(&header, bytes, sizeof header);
    int refused = 0;
    for (size_t bit = 0; bit < 8 * (header + sizeof header); bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        refused += open_damaged(bytes, size);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_true(refused > (int)header); /* a changed letter of a name or an inner space is fine */
    free(bytes);
}

static void random_bytes_never_crash(void **state) {
    (void)state;
    size_t size;
    char *bytes = scratch_get(FIXTURE("small"), &size), *copy = malloc(size);
    assert_non_null(copy);
    static const char likely[] = "{}[]\":,0123456789-+.eE \\utfn\0\xFF";
    s2s_rng rng = s2s_rng_init(11, 3);
    for (int i = 0; i < 1000; i++) {
        memcpy(copy, bytes, size);
        for (int n = 1 + (int)(s2s_rng_uniform(&rng) * 4); n > 0; n--)
            copy[(size_t)(s2s_rng_uniform(&rng) * (double)size)] =
                likely[(size_t)(s2s_rng_uniform(&rng) * (sizeof likely - 1))];
        (void)open_damaged(copy, size);
    }
    free(copy);
    free(bytes);
}

static void a_header_beyond_the_file_is_refused(void **state) {
    (void)state;
    uint64_t lengths[] = {UINT64_MAX, UINT64_MAX - 7, (uint64_t)1 << 40, 100000001, 9};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char bytes[16] = {0};
        memcpy(bytes, lengths + i, 8);
        memcpy(bytes + 8, "{}      ", 8);
        expect_refused(scratch_put("huge.safetensors", bytes, sizeof bytes), "no safetensors file");
    }
    expect_refused(scratch_put_text("text.safetensors", "PK\3\4 some other kind of file"),
                   "no safetensors file");
}

#define X(dtype, shape, offsets)                                                                   \
    "{\"x\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}}"

static void wrong_headers_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *header, *part;
        size_t elements;
    } wrong[] = {
        {X("\"F31\"", "[2]", "[0,8]"), "unknown type \"F31\"", 8},
        {X("7", "[2]", "[0,8]"), "\"dtype\" is missing", 8},
        {X("\"F32\"", "[3]", "[0,8]"), "shape [3] takes 12 bytes", 8},
        {X("\"F32\"", "2", "[0,8]"), "\"shape\" is not a list", 8},
        {X("\"F32\"", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), "at most 8", 8},
        {X("\"F32\"", "[-2]", "[0,8]"), "not a size", 8},
        {X("\"F32\"", "[2.0]", "[0,8]"), "not a size", 8},
        {X("\"F32\"", "[4294967296,4294967296]", "[0,8]"), "larger than memory", 8},
        {X("\"F32\"", "[9223372036854775807,3]", "[0,8]"), "larger than memory", 8},
        {X("\"F32\"", "[99999999999999999999]", "[0,8]"), "damaged header", 8},
        {X("\"F32\"", "[2]", "[8,0]"), "not a begin and an end", 8},
        {X("\"F32\"", "[2]", "[0]"), "not a begin and an end", 8},
        {X("\"F32\"", "[2]", "[-8,0]"), "not a begin and an end", 8},
        {X("\"F32\"", "[2]", "[0,8]"), "is truncated", 7},
        {X("\"F32\"", "[2]", "[0,8]"), "last 1 bytes belong to no tensor", 9},
        {X("\"F32\"", "[2]", "[4,12]"), "lie before its elements", 12},
        {"{\"x\":3}", "not a JSON object", 0},
        {"{\"x\":{}}", "\"dtype\" is missing", 0},
        {"{\"__metadata__\":[]}", "__metadata__ is not a JSON object", 0},
        {"{\"__metadata__\":{\"k\":1}}", "\"k\" is not a text", 0},
        {"{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
         "\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
         "duplicate", 2},
        {"{\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
         "\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
         "overlap", 3},
        {"{\"x\":", "damaged header", 4},
        {"{}x", "damaged header", 0},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        expect_refused(put_file(wrong[i].header, wrong[i].elements), wrong[i].part);
    s2s_safetensors_close(
        open_whole(put_file(X("\"F32\"", "[2]", "[0,8]"), 8))); /* the right one */
}

static void other_files_are_refused(void **state) {
    (void)state;
    expect_refused(scratch("absent.safetensors"), "cannot open");
    expect_refused("/dev/null", "regular file");
    expect_refused("/tmp", "folder");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(nothing_at_all_is_a_file),
        cmocka_unit_test(writing_refuses),
        cmocka_unit_test(reads_the_library),
        cmocka_unit_test(reads_sixteen_bits),
        cmocka_unit_test(reading_refuses),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(flipped_bits_never_crash),
        cmocka_unit_test(random_bytes_never_crash),
        cmocka_unit_test(a_header_beyond_the_file_is_refused),
        cmocka_unit_test(wrong_headers_are_refused),
        cmocka_unit_test(other_files_are_refused),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
