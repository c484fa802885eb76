/* Output to files: gzip of any size, and nothing at all after a failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/file.h"
#include "cli/output.h"

static char folder[] = "/tmp/s2s-output-XXXXXX";
static char path[64];

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/result.gz", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when a temporary file is left */
}

/* Text that does not repeat, so that compression cannot hide a mistake. */
static char *make_text(size_t size) {
    char *text = malloc(size + 1);
    uint32_t state = 1;
    for (size_t i = 0; i < size; i++) {
        state = state * 1664525u + 1013904223u;
        text[i] = (char)(state >> 24);
    }
    return text;
}

static void check_gzip(const char *text, size_t size) {
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    char *back = malloc(size + 1);
    assert_int_equal(gzread(file, back, (unsigned)size + 1), (int)size);
    assert_memory_equal(back, text, size);
    assert_int_equal(gzclose(file), Z_OK);
    free(back);
}

static void test_gzip(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 1000003};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *text = make_text(sizes[i]);
        s2s_output *output;
        s2s_err err;
        assert_int_equal(s2s_output_open(&output, path, &err), S2S_OK);
        size_t half = sizes[i] / 2;
        assert_int_equal(s2s_output_write(output, text, half, &err), S2S_OK);
        assert_int_equal(s2s_output_ready(output, &err), S2S_OK);
        assert_int_equal(s2s_output_write(output, text + half, sizes[i] - half, &err), S2S_OK);
        assert_int_equal(s2s_output_finish(output, S2S_OK, &err), S2S_OK);
        check_gzip(text, sizes[i]);
        free(text);
    }
}

static void test_failure_keeps_the_file(void **state) {
    (void)state;
    s2s_err err;
    assert_int_equal(s2s_write_file(path, "old", 3, &err), S2S_OK);
    s2s_output *output;
    assert_int_equal(s2s_output_open(&output, path, &err), S2S_OK);
    assert_int_equal(s2s_output_printf(output, &err, "%s", "new"), S2S_OK);
    assert_int_equal(s2s_output_finish(output, S2S_INPUT, &err), S2S_INPUT);
    s2s_map map;
    assert_int_equal(s2s_map_open(&map, path, &err), S2S_OK);
    assert_int_equal(map.size, 3);
    assert_memory_equal(map.data, "old", 3);
    s2s_map_close(&map);
}

static void test_unbuilt_json_is_no_memory(void **state) {
    (void)state;
    s2s_output *output;
    s2s_err err;
    assert_int_equal(s2s_output_open(&output, path, &err), S2S_OK);
    assert_int_equal(s2s_output_json(output, NULL, 0, &err), S2S_MEMORY);
    assert_int_equal(s2s_output_finish(output, S2S_MEMORY, &err), S2S_MEMORY);
    assert_int_equal(s2s_output_finish(NULL, S2S_OK, &err), S2S_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_failure_keeps_the_file),
        cmocka_unit_test(test_unbuilt_json_is_no_memory),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
