/* The longest first, and of equally long ones the first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/longest_first.h"

static void longest_first(void **state) {
    (void)state;
    s2s_waiting waiting[] = {{4, 2}, {1, 7}, {3, 2}, {0, 9}, {2, 2}};
    static const uint64_t order[] = {0, 1, 2, 3, 4};
    s2s_sort_longest_first(waiting, 5);
    for (int i = 0; i < 5; i++) assert_int_equal(waiting[i].index, order[i]);
    assert_int_equal(waiting[1].tokens, 7);
}

static void nothing(void **state) {
    (void)state;
    s2s_sort_longest_first(NULL, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(longest_first), cmocka_unit_test(nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
