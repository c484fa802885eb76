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

/* "KEY=LENGTH:VALUE ..." with a pair for each item, so that no two lists look alike. */
static s2s_status put_setting(s2s_buf *text, const s2s_key *key, const s2s_search_recipe *search,
                              s2s_err *err) {
    S2S_TRY(s2s_buf_printf(text, err, "%s=", key->name));
    for (int i = 0; i < s2s_value_count(key, search); i++) {
        s2s_buf item = {0};
        s2s_status status = s2s_value_print(key, search, i, &item, err);
        if (status == S2S_OK) status = s2s_buf_printf(text, err, "%zu:%s ", item.size, item.data);
        s2s_buf_release(&item);
        S2S_TRY(status);
    }
    return s2s_buf_append(text, "\n", 1, err);
}

/* Appends a setting that is not the default. */
static s2s_status put_change(s2s_buf *text, const s2s_key *key, const s2s_search_recipe *search,
                             const s2s_search_recipe *initial, s2s_err *err) {
    s2s_buf usual = {0};
    size_t before = text->size;
    s2s_status status = put_setting(&usual, key, initial, err);
    if (status == S2S_OK) status = put_setting(text, key, search, err);
    if (status == S2S_OK && strcmp(text->data + before, usual.data) == 0)
        text->data[text->size = before] = '\0';
    s2s_buf_release(&usual);
    return status;
}

static s2s_status put_settings(s2s_buf *text, const s2s_search_recipe *search,
                               const s2s_search_recipe *initial, s2s_err *err) {
    for (int i = 0; i < s2s_search_schema.n; i++) {
        const s2s_key *key = &s2s_search_schema.keys[i];
        const char *path = NULL;
        if (key->type == S2S_KEY_PATH)
            memcpy(&path, (const char *)search + key->offset, sizeof path);
        S2S_TRY(path ? put_file(text, key->name, path, err)
                     : put_change(text, key, search, initial, err));
    }
    return S2S_OK;
}

s2s_status s2s_store_search(s2s_buf *text, const s2s_search_recipe *search, s2s_err *err) {
    s2s_search_recipe initial = {0};
    s2s_arena arena = {0};
    s2s_status status = s2s_buf_reserve(text, text->size + 1, err); /* text->data is there */
    if (status == S2S_OK) text->data[text->size] = '\0';
    if (status == S2S_OK)
        status = s2s_section_set_initial(&s2s_search_schema, &initial, &arena, err);
    if (status == S2S_OK) status = put_settings(text, search, &initial, err);
    s2s_arena_release(&arena);
    return status;
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
