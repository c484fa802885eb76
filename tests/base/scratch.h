/* A folder of its own for each test program, and short ways to fill it and look at it. A call that
 * fails fails the test. */
#ifndef TEST_SCRATCH_H
#define TEST_SCRATCH_H

#include <stddef.h>

/* Group set-up and tear-down of cmocka: makes the folder, removes it with all it holds. */
int scratch_set_up(void **state);
int scratch_tear_down(void **state);

/* The path of `name` in the folder; valid until eight more were asked for. */
const char *scratch(const char *name);
const char *scratch_put(const char *name, const void *data, size_t size); /* writes a file */
const char *scratch_put_text(const char *name, const char *text);
char *scratch_get(const char *path, size_t *size); /* reads one; NUL after it; free it */
void scratch_expect(const char *path, const char *text);
int scratch_count(void); /* entries of the folder */

#endif
