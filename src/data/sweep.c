/* Removing token caches that nobody reads any more; see s2s_dataset_sweep. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/cache.h"

/* Whether a name is that of a cache: its digest and the ending. */
static bool named_as_cache(const char *name) {
    return strspn(name, "0123456789abcdef") == S2S_CACHE_DIGITS &&
           !strcmp(name + S2S_CACHE_DIGITS, S2S_CACHE_ENDING);
}

static bool is_used(const char *name, const s2s_dataset *const *used, int n) {
    for (int i = 0; i < n; i++)
        if (used[i] && !strncmp(name, s2s_dataset_digest(used[i]), S2S_CACHE_DIGITS)) return true;
    return false;
}

/* No link, no folder, and its first bytes are those of a cache. */
static bool is_cache(const char *path) {
    struct stat found;
    return lstat(path, &found) == 0 && S_ISREG(found.st_mode) && s2s_cache_is_one(path);
}

/* Adds 1 to *removed when the file was one to remove. */
static void sweep_one(const char *folder, const char *name, int *removed, s2s_log *log) {
    s2s_arena arena = {0};
    s2s_err err = {0};
    const char *path = s2s_path_join(&arena, folder, name, &err);
    if (path && is_cache(path)) {
        if (unlink(path) == 0)
            ++*removed;
        else
            s2s_fail_errno(&err, "remove", path);
    }
    if (err.status) s2s_log_warn(log, "%s; nobody reads it any more", err.message);
    s2s_arena_release(&arena);
}

void s2s_dataset_sweep(const char *cache_folder, const s2s_dataset *const *used, int n,
                       s2s_log *log) {
    int removed = 0;
    struct stat found; /* a link leads to caches that others read, too */
    if (lstat(cache_folder, &found) != 0 || !S_ISDIR(found.st_mode)) return;
    DIR *folder = opendir(cache_folder);
    if (!folder) return;
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (named_as_cache(entry->d_name) && !is_used(entry->d_name, used, n))
            sweep_one(cache_folder, entry->d_name, &removed, log);
    closedir(folder);
    if (removed)
        s2s_log_say(log, "%s: removed %d token cache%s of other data, vocabularies or filters",
                    cache_folder, removed, removed > 1 ? "s" : "");
}
