/* See path.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "recipe/path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* The part of `path` before its last slash: "." when there is none. */
static char *parent(const char *path, s2s_arena *arena, s2s_err *err) {
    const char *slash = strrchr(path, '/');
    if (!slash) return s2s_arena_strndup(arena, ".", 1, err);
    return s2s_arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path), err);
}

/* A copy in the arena of what the C library allocated. */
static s2s_status take(char **copy, char *text, s2s_arena *arena, s2s_err *err) {
    *copy = s2s_arena_strndup(arena, text, strlen(text), err);
    free(text);
    return *copy ? S2S_OK : S2S_MEMORY;
}

static s2s_status working_folder(char **folder, s2s_arena *arena, s2s_err *err) {
    char *here = getcwd(NULL, 0); /* allocates, as on every system with glibc, musl or BSD's libc */
    if (!here) return s2s_fail_errno(err, "find", "the working folder");
    return take(folder, here, arena, err);
}

s2s_status s2s_path_real(char **real, const char *path, s2s_arena *arena, s2s_err *err) {
    char *found = realpath(path, NULL);
    *real = NULL;
    return found ? take(real, found, arena, err) : S2S_OK;
}

s2s_status s2s_path_folder(char **folder, const char *path, s2s_arena *arena, s2s_err *err) {
    char *above = parent(path, arena, err);
    if (!above) return S2S_MEMORY;
    S2S_TRY(s2s_path_real(folder, above, arena, err));
    if (!*folder) { /* not there, which is for whoever opens a file in it to say */
        char *here = NULL;
        S2S_TRY(working_folder(&here, arena, err));
        S2S_TRY(s2s_path_absolute(folder, here, above, arena, err));
    }
    /* A resolved recipe holds absolute paths and is UTF-8, as YAML is. */
    if (s2s_utf8_check(*folder, strlen(*folder)) >= 0)
        return s2s_fail(err, S2S_USAGE, "%s: the folder's name is not UTF-8; rename it", *folder);
    return S2S_OK;
}

s2s_status s2s_path_absolute(char **absolute, const char *folder, const char *path,
                             s2s_arena *arena, s2s_err *err) {
    if (path[0] == '~' && (path[1] == '/' || path[1] == '\0'))
        return s2s_fail(err, S2S_USAGE, "%.100s: ~ is not expanded here; write the full path",
                        path);
    size_t kept = strlen(folder);
    while (path[0] == '.' && (path[1] == '/' || path[1] == '\0' || path[1] == '.')) {
        size_t dots = path[1] == '.' ? 2 : 1;
        if (path[dots] != '/' && path[dots] != '\0') break; /* a name that begins with dots */
        if (dots == 2)
            while (kept > 1 && folder[--kept] != '/') {
            }
        path += dots;
        while (*path == '/') path++;
    }
    char *above = s2s_arena_strndup(arena, folder, kept ? kept : 1, err);
    if (!above) return S2S_MEMORY;
    *absolute = *path ? s2s_path_join(arena, above, path, err) : above;
    return *absolute ? S2S_OK : S2S_MEMORY;
}

/* How many bytes of both are the same whole names. */
static size_t common_names(const char *a, const char *b) {
    size_t common = 0;
    for (size_t i = 0;; i++) {
        bool ends_a = !a[i] || a[i] == '/', ends_b = !b[i] || b[i] == '/';
        if (ends_a && ends_b) common = i;
        if (a[i] != b[i] || !a[i]) return common;
    }
}

s2s_status s2s_path_relative(char **relative, const char *folder, const char *path,
                             s2s_arena *arena, s2s_err *err) {
    if (!folder[1]) folder = ""; /* the root */
    size_t common = common_names(folder, path);
    s2s_buf text = {0};
    s2s_status status = S2S_OK;
    for (const char *up = folder + common; *up && status == S2S_OK; up++)
        if (*up == '/') status = s2s_buf_append(&text, "../", 3, err);
    const char *rest = path + common + strspn(path + common, "/");
    if (status == S2S_OK && !text.size) status = s2s_buf_append(&text, "./", 2, err);
    if (status == S2S_OK) status = s2s_buf_append(&text, rest, strlen(rest), err);
    if (status == S2S_OK) {
        size_t length = text.size - !*rest; /* without the last slash */
        *relative = s2s_arena_strndup(arena, text.data, length, err);
        status = *relative ? S2S_OK : S2S_MEMORY;
    }
    s2s_buf_release(&text);
    return status;
}

char *s2s_path_beside(const char *path, const char *name, s2s_arena *arena, s2s_err *err) {
    if (!strchr(path, '/')) return s2s_arena_strndup(arena, name, strlen(name), err);
    char *above = parent(path, arena, err);
    return above ? s2s_path_join(arena, above, name, err) : NULL;
}

char *s2s_path_stem(const char *path, s2s_arena *arena, s2s_err *err) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = strlen(name);
    static const char *const endings[] = {".yaml", ".yml"};
    for (int i = 0; i < 2; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name + length - ending, endings[i]) == 0)
            return s2s_arena_strndup(arena, name, length - ending, err);
    }
    return s2s_arena_strndup(arena, name, length, err);
}
