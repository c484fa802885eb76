/* See support.h. */
#define _XOPEN_SOURCE 700
#include "support.h"

#include <ftw.h>
#include <unistd.h>

static s2s_err last;

s2s_recipe *parse_good(const char *text, const char *set) {
    s2s_recipe *recipe = NULL;
    s2s_status status =
        s2s_recipe_parse(&recipe, text, strlen(text), "/r/r.yaml", &set, set != NULL, &last);
    if (status != S2S_OK) fail_msg("refused: %s\n%s", last.message, text);
    assert_non_null(recipe);
    return recipe;
}

const char *parse_bad(const char *text, const char *set) {
    s2s_recipe *recipe = NULL;
    last = (s2s_err){0};
    s2s_status status =
        s2s_recipe_parse(&recipe, text, strlen(text), "/r/r.yaml", &set, set != NULL, &last);
    if (status == S2S_OK) fail_msg("accepted: %s", text);
    assert_null(recipe);
    assert_int_equal(status, S2S_USAGE);
    assert_int_equal(last.status, status);
    return last.message;
}

char *written(const s2s_recipe *recipe) {
    s2s_buf yaml = {0};
    assert_int_equal(s2s_recipe_write(recipe, &yaml, &last), S2S_OK);
    return yaml.data;
}

/* --- files --- */

static char folder[64];

void scratch_make(void) {
    strcpy(folder, "/tmp/s2s_recipe_XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place) {
    (void)info, (void)type, (void)place;
    return remove(path);
}

void scratch_remove(void) {
    assert_int_equal(nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

const char *scratch_path(const char *name) {
    static char paths[8][256];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

void scratch_write(const char *name, const char *text) {
    FILE *file = fopen(scratch_path(name), "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}
