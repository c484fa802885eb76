/* See store.h. */
#include "suite/store.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "model/folder.h"
#include "recipe/schema.h"
#include "recipe/value.h"

s2s_status s2s_store_open(s2s_store *store, const char *folder, s2s_err *err) {
    *store = (s2s_store){.folder = folder, .lock = -1};
    s2s_status status = s2s_make_folders(folder, err);
    if (status == S2S_OK) status = s2s_folder_lock(&store->lock, folder, err);
    return status == S2S_OK ? S2S_OK : s2s_fail_within(err, "results");
}

void s2s_store_close(s2s_store *store) {
    s2s_folder_unlock(store->lock);
    store->lock = -1;
}

/* --- keys --- */

static s2s_status put_file(s2s_buf *text, const char *name, const char *path, s2s_err *err) {
    char digest[33];
    S2S_TRY(s2s_file_digest(path, digest, err));
    return s2s_buf_printf(text, err, "%s %s\n", name, digest);
}

s2s_status s2s_store_model(s2s_buf *text, const char *folder, s2s_err *err) {
    static const char *const files[] = {S2S_WEIGHTS_FILE, S2S_RECIPE_FILE,
                                        S2S_SHARED_VOCABULARY_FILE, S2S_SOURCE_VOCABULARY_FILE,
                                        S2S_TARGET_VOCABULARY_FILE};
    s2s_arena arena = {0};
    s2s_status status = S2S_OK;
    for (size_t i = 0; i < sizeof files / sizeof *files && status == S2S_OK; i++) {
        const char *path = s2s_path_join(&arena, folder, files[i], err);
        if (!path)
            status = S2S_MEMORY;
        else if (s2s_file_exists(path))
            status = put_file(text, files[i], path, err);
    }
    s2s_arena_release(&arena);
    return status;
}

/* With its length before it: whatever is in one value, it is not taken for two. */
static s2s_status put_value(s2s_buf *text, const s2s_key *key, const s2s_search_recipe *search,
                            int index, s2s_err *err) {
    s2s_buf value = {0};
    s2s_status status = s2s_value_print(key, search, index, &value, err);
    if (status == S2S_OK) status = s2s_buf_printf(text, err, "%zu:", value.size);
    if (status == S2S_OK) status = s2s_buf_append(text, value.data, value.size, err);
    s2s_buf_release(&value);
    return status;
}

s2s_status s2s_store_search(s2s_buf *text, const s2s_search_recipe *search, s2s_err *err) {
    for (int i = 0; i < s2s_search_schema.n; i++) {
        const s2s_key *key = &s2s_search_schema.keys[i];
        const char *path = NULL;
        if (key->type == S2S_KEY_PATH)
            memcpy(&path, (const char *)search + key->offset, sizeof path);
        if (path) {
            S2S_TRY(put_file(text, key->name, path, err));
            continue;
        }
        S2S_TRY(s2s_buf_printf(text, err, "%s=", key->name));
        for (int v = 0; v < s2s_value_count(key, search); v++)
            S2S_TRY(put_value(text, key, search, v, err));
        S2S_TRY(s2s_buf_append(text, "\n", 1, err));
    }
    return S2S_OK;
}

s2s_status s2s_store_key_of(s2s_store_key *key, const char *model, const char *search,
                            const char *source, s2s_err *err) {
    s2s_buf text = {0};
    s2s_status status = s2s_buf_printf(&text, err, "s2s result %d\n%ssource %s\n%s",
                                       S2S_RESULT_FORMAT, model, source, search);
    if (status == S2S_OK) s2s_digest(text.data, text.size, key->text);
    s2s_buf_release(&text);
    return status;
}

/* --- places --- */

s2s_status s2s_store_source(const s2s_store *store, const char *digest, const s2s_buf *lines,
                            s2s_arena *arena, const char **path, s2s_err *err) {
    char name[64];
    snprintf(name, sizeof name, "%s.jsonl", digest);
    const char *folder = s2s_path_join(arena, store->folder, "sources", err);
    *path = folder ? s2s_path_join(arena, folder, name, err) : NULL;
    if (!*path) return S2S_MEMORY;
    if (s2s_file_exists(*path)) return S2S_OK;
    S2S_TRY(s2s_make_folders(folder, err));
    return s2s_write_file(*path, lines->data, lines->size, err);
}

const char *s2s_store_cell(const s2s_store *store, s2s_store_key key, s2s_arena *arena,
                           s2s_err *err) {
    return s2s_path_join(arena, store->folder, key.text, err);
}
