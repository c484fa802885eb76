/* The known name nearest to a misspelt one, by edits: a letter left out, put in, changed, or two
 * swapped (the optimal string alignment distance; Damerau 1964). */
#include <stdio.h>
#include <string.h>

#include "recipe/schema.h"

enum { LONGEST = 64 }; /* longer names are never near a key, all of which are shorter */

static int least(int a, int b) {
    return a < b ? a : b;
}

static int edit_distance(const char *a, const char *b) {
    int rows[3][LONGEST + 1]; /* rows i - 2, i - 1 and i of the table, going around */
    int n = (int)strlen(a), m = (int)strlen(b);
    for (int j = 0; j <= m; j++) rows[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= m; j++) {
            int changed = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(changed, 1 + least(above[j], row[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

/* Whether `known` is near enough to `name` to be meant, and nearer than *best, which is lowered. */
static bool nearer(const char *name, const char *known, int *best) {
    size_t length = strlen(name), longer = strlen(known);
    if (length == 0 || length > LONGEST || longer > LONGEST) return false;
    int distance = edit_distance(name, known);
    int allowed = (int)(length > longer ? length : longer) / 3;
    if (distance > (allowed ? allowed : 1) || distance >= *best) return false;
    *best = distance;
    return true;
}

const char *s2s_nearest_name(const char *const *names, const char *name) {
    const char *nearest = NULL;
    int best = LONGEST;
    for (; *names; names++)
        if (nearer(name, *names, &best)) nearest = *names;
    return nearest;
}

/* Goes through all keys below `section`; a path that fits better than *best, or as well and is shorter than
 * `nearest`, is written there: search.beam_size is rather meant than train.validation.search.beam_size. */
static void search_all(const s2s_section *section, const char *prefix, const char *name, int *best,
                       char nearest[128]) {
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        char path[128];
        int distance = *best + 1;
        snprintf(path, sizeof path, "%s%s%s", prefix, *prefix ? "." : "", key->name);
        if (nearer(name, key->name, &distance) &&
            (distance < *best || !*nearest || strlen(path) < strlen(nearest))) {
            memcpy(nearest, path, sizeof path);
            *best = distance;
        }
        if (key->section) search_all(key->section, path, name, best, nearest);
    }
}

bool s2s_schema_nearest(const s2s_section *root, const s2s_section *section, const char *prefix,
                        const char *name, char nearest[128]) {
    const s2s_key *near = NULL;
    int best = LONGEST;
    for (int i = 0; i < section->n; i++)
        if (nearer(name, section->keys[i].name, &best)) near = &section->keys[i];
    if (near) {
        snprintf(nearest, 128, "%s%s%s", prefix, *prefix ? "." : "", near->name);
        return true;
    }
    best = 1; /* a key of another section must all but have this name */
    *nearest = '\0';
    search_all(root, "", name, &best, nearest);
    return *nearest;
}
