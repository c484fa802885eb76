/* Columns between tabs: empty ones count, and there is one more than there are tabs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/columns.h"

static s2s_column line_of(const char *text) {
    return (s2s_column){text, strlen(text)};
}

static void expect_column(s2s_column column, const char *text) {
    assert_int_equal(column.length, strlen(text));
    assert_memory_equal(column.text, text, column.length);
}

static void all_in_turn(void **state) {
    (void)state;
    static const char *const expected[] = {"", "a b", "", "c", ""};
    s2s_column rest = line_of("\ta b\t\tc\t"), column;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(s2s_column_take(&rest, &column));
        expect_column(column, expected[i]);
    }
    assert_false(s2s_column_take(&rest, &column));
    assert_false(s2s_column_take(&rest, &column));
}

static void an_empty_line_is_a_column(void **state) {
    (void)state;
    s2s_column rest = line_of(""), column;
    assert_true(s2s_column_take(&rest, &column));
    expect_column(column, "");
    assert_false(s2s_column_take(&rest, &column));
}

static void by_number(void **state) {
    (void)state;
    s2s_column column, line = {"a\tb\tc\td", 5}; /* ends before the last tab */
    assert_int_equal(s2s_column_find(line, 1, &column), 1);
    expect_column(column, "a");
    assert_int_equal(s2s_column_find(line, 3, &column), 3);
    expect_column(column, "c");
    assert_int_equal(s2s_column_find(line, 4, &column), 3);
    assert_int_equal(s2s_column_find(line_of(""), 2, &column), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_in_turn),
        cmocka_unit_test(an_empty_line_is_a_column),
        cmocka_unit_test(by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
