/* See scratch.h. */
#define _GNU_SOURCE
#include "scratch.h"

#include <dirent.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static char folder[256];

int scratch_set_up(void **state) {
    (void)state;
    const char *place = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/s2s-test-XXXXXX", place ? place : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *found, int kind, struct FTW *place) {
    (void)found, (void)kind, (void)place;
    return remove(path);
}

int scratch_tear_down(void **state) {
    (void)state;
    return nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch(const char *name) {
    static char paths[8][512];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *scratch_put(const char *name, const void *data, size_t size) {
    const char *path = scratch(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *scratch_put_text(const char *name, const char *text) {
    return scratch_put(name, text, strlen(text));
}

char *scratch_get(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *data = NULL;
    size_t used = 0;
    for (size_t n = 1; n; used += n) {
        data = realloc(data, used + 65536 + 1);
        assert_non_null(data);
        n = fread(data + used, 1, 65536, file);
    }
    fclose(file);
    data[used] = '\0';
    if (size) *size = used;
    return data;
}

void scratch_expect(const char *path, const char *text) {
    size_t size;
    char *found = scratch_get(path, &size);
    assert_string_equal(found, text);
    assert_int_equal(size, strlen(text));
    free(found);
}

int scratch_count(void) {
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    int count = -2; /* "." and ".." */
    while (readdir(entries)) count++;
    closedir(entries);
    return count;
}
