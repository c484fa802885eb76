/* Messages of failures: filled, prefixed, cut, and passed over when nobody wants them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void fills_status_and_message(void **state) {
    (void)state;
    s2s_err err = {0};
    assert_int_equal(s2s_fail(&err, S2S_USAGE, "%s:%d", "a.yaml", 7), S2S_USAGE);
    assert_int_equal(err.status, S2S_USAGE);
    assert_string_equal(err.message, "a.yaml:7");
}

static void works_without_an_err(void **state) {
    (void)state;
    assert_int_equal(s2s_fail(NULL, S2S_IO, "x"), S2S_IO);
    assert_int_equal(s2s_fail_memory(NULL, 1), S2S_MEMORY);
    errno = ENOENT;
    assert_int_equal(s2s_fail_errno(NULL, "open", "x"), S2S_IO);
    assert_int_not_equal(s2s_fail_within(NULL, "x"), S2S_OK);
}

static void prefixes(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_fail(&err, S2S_NUMERIC, "inner");
    assert_int_equal(s2s_fail_within(&err, "corpus %d", 2), S2S_NUMERIC);
    assert_string_equal(err.message, "corpus 2: inner");
}

static void cuts_what_is_too_long(void **state) {
    (void)state;
    s2s_err err = {0};
    char text[3000];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    s2s_fail(&err, S2S_INPUT, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_int_equal(s2s_fail_within(&err, "b"), S2S_INPUT);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_memory_equal(err.message, "b: aaa", 6);
    s2s_fail_within(&err, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

static void names_the_reason_of_errno(void **state) {
    (void)state;
    s2s_err err = {0};
    errno = ENOSPC;
    assert_int_equal(s2s_fail_errno(&err, "write", "out.txt"), S2S_IO);
    assert_string_equal(err.message, "cannot write out.txt: No space left on device");
}

static void names_the_size_that_was_missing(void **state) {
    (void)state;
    s2s_err err = {0};
    assert_int_equal(s2s_fail_memory(&err, 3u << 20), S2S_MEMORY);
    assert_non_null(strstr(err.message, "3.0 MiB"));
    s2s_fail_memory(&err, 1024);
    assert_non_null(strstr(err.message, "0.0010 MiB"));
}

static s2s_status forwards(s2s_status status, int *reached) {
    S2S_TRY(status);
    *reached = 1;
    return S2S_OK;
}

static void try_returns_early(void **state) {
    (void)state;
    int reached = 0;
    assert_int_equal(forwards(S2S_IO, &reached), S2S_IO);
    assert_int_equal(reached, 0);
    assert_int_equal(forwards(S2S_OK, &reached), S2S_OK);
    assert_int_equal(reached, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_status_and_message),
        cmocka_unit_test(works_without_an_err),
        cmocka_unit_test(prefixes),
        cmocka_unit_test(cuts_what_is_too_long),
        cmocka_unit_test(names_the_reason_of_errno),
        cmocka_unit_test(names_the_size_that_was_missing),
        cmocka_unit_test(try_returns_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
