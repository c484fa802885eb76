/* Loading and writing under memory that runs out: every allocation of ours fails once. Linked with
 * --wrap for malloc's family; what libyaml and libc allocate is not ours and succeeds. */
#include "support.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

static long until_failure = -1; /* negative: never */

static bool fails(void) {
    return until_failure >= 0 && until_failure-- == 0;
}

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size) {
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size) {
    return fails() ? NULL : __real_realloc(old, size);
}

/* Loads and writes a recipe while the nth allocation fails. */
static s2s_status work(long nth, s2s_err *err) {
    s2s_recipe *recipe = NULL;
    s2s_buf yaml = {0};
    const char *sets[] = {"train.max_epochs=2", "data.test.flickr2016.source=x"};
    until_failure = nth;
    s2s_status status =
        s2s_recipe_load(&recipe, S2S_ROOT "/recipes/multi30k-en-fr.yaml", sets, 2, err);
    assert_true((status == S2S_OK) == (recipe != NULL));
    if (status == S2S_OK) status = s2s_recipe_write(recipe, &yaml, err);
    until_failure = -1;
    s2s_buf_release(&yaml);
    s2s_recipe_free(recipe);
    return status;
}

static void every_allocation(void **state) {
    (void)state;
    long nth = 0;
    for (;; nth++) {
        s2s_err err = {0};
        s2s_status status = work(nth, &err);
        if (status == S2S_OK) break;
        assert_int_equal(status, S2S_MEMORY);
        assert_int_equal(err.status, S2S_MEMORY);
        assert_non_null(strstr(err.message, "out of memory"));
    }
    assert_true(nth > 10);
}

/* A message that is being put together when memory ends is still a failure. */
static void within_a_message(void **state) {
    (void)state;
    const char *text = "objective: {colour: red}\n";
    long nth = 0;
    for (s2s_status status = S2S_MEMORY; status == S2S_MEMORY; nth++) {
        s2s_recipe *recipe = NULL;
        s2s_err err = {0};
        until_failure = nth;
        status = s2s_recipe_parse(&recipe, text, strlen(text), "/r.yaml", NULL, 0, &err);
        until_failure = -1;
        assert_null(recipe);
        assert_true(status == S2S_MEMORY || status == S2S_USAGE);
        assert_true(*err.message);
    }
    assert_true(nth > 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation),
        cmocka_unit_test(within_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
