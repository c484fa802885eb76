/* A model folder as a whole; see folder.h. */
#include "model/folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "model/weights.h"

/* --- the vocabulary's side of the weights --- */

/* The weights remember the digests of the files they were saved with: a vocabulary of the same size
 * but other pieces would load, and give nonsense. */
static const char source_digest_key[] = "source_vocabulary",
                  target_digest_key[] = "target_vocabulary";

static s2s_status check_digest(const s2s_safetensors *weights, const char *key, const char *path,
                               s2s_err *err) {
    const char *expected = s2s_safetensors_note_find(weights, key);
    char found[33];
    if (!expected) return S2S_OK; /* weights of a checkpoint, or made by another tool */
    S2S_TRY(s2s_file_digest(path, found, err));
    if (!strcmp(found, expected)) return S2S_OK;
    return s2s_fail(
        err, S2S_INPUT,
        "%s: is not the vocabulary that the weights were saved with (its XXH3 digest is %s, "
        "expected %.40s); put the model's own vocabulary in its place",
        path, found, expected);
}

/* --- what is missing --- */

static int visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* "a, b, c" of at most eight names. */
static s2s_status list_folder(const char *folder, s2s_buf *list, s2s_err *err) {
    enum { SHOWN = 8 };
    struct dirent **entries;
    int n = scandir(folder, &entries, visible, alphasort);
    if (n < 0) return s2s_fail_errno(err, "read folder", folder);
    s2s_status status = n ? S2S_OK : s2s_buf_printf(list, err, "nothing");
    for (int i = 0; i < n; i++) {
        if (i < SHOWN && status == S2S_OK)
            status = s2s_buf_printf(list, err, "%s%.60s", i ? ", " : "", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (n > SHOWN && status == S2S_OK)
        status = s2s_buf_printf(list, err, " and %d more", n - SHOWN);
    return status;
}

static s2s_status refuse_missing(const char *folder, const char *name, s2s_err *err) {
    s2s_buf list = {0};
    s2s_status status = list_folder(folder, &list, err);
    if (status == S2S_OK)
        status =
            s2s_fail(err, S2S_IO, "%s: is not a whole model folder: %s is missing; it holds %s",
                     folder, name, list.data);
    s2s_buf_release(&list);
    return status;
}

static s2s_status check_folder(const char *folder, s2s_err *err) {
    struct stat found;
    if (stat(folder, &found) != 0) return s2s_fail_errno(err, "open model folder", folder);
    if (S_ISDIR(found.st_mode)) return S2S_OK;
    return s2s_fail(err, S2S_IO,
                    "%s: is a file, and a model is a folder with %s, %s and its vocabulary", folder,
                    S2S_WEIGHTS_FILE, S2S_RECIPE_FILE);
}

/* --- paths --- */

/* Of a folder's files. */
typedef struct paths {
    s2s_arena arena;
    const char *folder, *weights, *recipe, *source, *target;
} paths;

static s2s_status join(paths *p, const char **path, const char *name, s2s_err *err) {
    *path = s2s_path_join(&p->arena, p->folder, name, err);
    return *path ? S2S_OK : S2S_MEMORY;
}

static s2s_status join_fixed(paths *p, s2s_err *err) {
    S2S_TRY(join(p, &p->weights, S2S_WEIGHTS_FILE, err));
    return join(p, &p->recipe, S2S_RECIPE_FILE, err);
}

char *s2s_vocabulary_path(s2s_arena *arena, const char *folder, const s2s_recipe *recipe,
                          bool target, s2s_err *err) {
    const char *name = recipe->text.vocabulary.shared ? S2S_SHARED_VOCABULARY_FILE
                       : target                       ? S2S_TARGET_VOCABULARY_FILE
                                                      : S2S_SOURCE_VOCABULARY_FILE;
    return s2s_path_join(arena, folder, name, err);
}

static s2s_status join_vocabularies(paths *p, const s2s_recipe *recipe, s2s_err *err) {
    p->source = s2s_vocabulary_path(&p->arena, p->folder, recipe, false, err);
    p->target = s2s_vocabulary_path(&p->arena, p->folder, recipe, true, err);
    return p->source && p->target ? S2S_OK : S2S_MEMORY;
}

static s2s_status need(const paths *p, const char *path, s2s_err *err) {
    return s2s_file_exists(path) ? S2S_OK : refuse_missing(p->folder, strrchr(path, '/') + 1, err);
}

/* --- loading --- */

static s2s_status load_vocabularies(s2s_loaded_model *loaded, const paths *p, s2s_err *err) {
    const s2s_text_recipe *text = &loaded->recipe->text;
    S2S_TRY(need(p, p->source, err));
    S2S_TRY(need(p, p->target, err));
    S2S_TRY(s2s_vocabulary_load(&loaded->source, p->source, text, err));
    if (!text->vocabulary.shared) return s2s_vocabulary_load(&loaded->target, p->target, text, err);
    loaded->target = loaded->source;
    return S2S_OK;
}

static s2s_status load_weights(s2s_loaded_model *loaded, const paths *p, s2s_params_use use,
                               s2s_err *err) {
    S2S_TRY(s2s_safetensors_open(&loaded->weights, p->weights, err));
    S2S_TRY(s2s_model_create(&loaded->model, loaded->recipe, s2s_vocabulary_size(loaded->source),
                             s2s_vocabulary_size(loaded->target), use, err));
    S2S_TRY(s2s_weights_read(loaded->model, loaded->weights, use, err));
    S2S_TRY(check_digest(loaded->weights, source_digest_key, p->source, err));
    return check_digest(loaded->weights, target_digest_key, p->target, err);
}

static s2s_status load_folder(s2s_loaded_model *loaded, paths *p, const char *const *sets,
                              int n_sets, s2s_params_use use, s2s_err *err) {
    S2S_TRY(check_folder(p->folder, err));
    S2S_TRY(join_fixed(p, err));
    S2S_TRY(need(p, p->weights, err));
    S2S_TRY(need(p, p->recipe, err));
    S2S_TRY(s2s_recipe_load(&loaded->recipe, p->recipe, sets, n_sets, err));
    S2S_TRY(join_vocabularies(p, loaded->recipe, err));
    S2S_TRY(load_vocabularies(loaded, p, err));
    return load_weights(loaded, p, use, err);
}

s2s_status s2s_model_load(s2s_loaded_model *loaded, const char *folder, const char *const *sets,
                          int n_sets, s2s_params_use use, s2s_err *err) {
    *loaded = (s2s_loaded_model){0};
    paths p = {.folder = folder};
    s2s_status status = load_folder(loaded, &p, sets, n_sets, use, err);
    if (status != S2S_OK) s2s_loaded_model_release(loaded);
    s2s_arena_release(&p.arena);
    return status;
}

void s2s_loaded_model_release(s2s_loaded_model *loaded) {
    s2s_model_free(loaded->model);
    s2s_safetensors_close(loaded->weights);
    if (loaded->target != loaded->source) s2s_vocabulary_free(loaded->target);
    s2s_vocabulary_free(loaded->source);
    s2s_recipe_free(loaded->recipe);
    *loaded = (s2s_loaded_model){0};
}

/* --- saving --- */

/* The weights come last, so that a folder that has them is whole. */
enum { RECIPE, SOURCE, TARGET, WEIGHTS, FILES };

static s2s_status put_recipe(s2s_writer *writer, const s2s_recipe *recipe, const char *folder,
                             s2s_err *err) {
    s2s_buf yaml = {0};
    s2s_status status = s2s_recipe_write_in(recipe, folder, &yaml, err);
    if (status == S2S_OK) status = s2s_writer_write(writer, yaml.data, yaml.size, err);
    s2s_buf_release(&yaml);
    return status;
}

static s2s_status put_weights(s2s_writer *writer, const s2s_model *model, const char *source,
                              const char *target, s2s_err *err) {
    char source_digest[33], target_digest[33];
    bool shared = model->recipe->text.vocabulary.shared;
    S2S_TRY(s2s_file_digest(source, source_digest, err));
    S2S_TRY(s2s_file_digest(shared ? source : target, target_digest, err));
    s2s_safetensors_note notes[] = {{source_digest_key, source_digest},
                                    {target_digest_key, target_digest}};
    return s2s_weights_put(model, writer, notes, 2, err);
}

/* A folder may hold another model: nothing of it is replaced before all is on the disk. */
static s2s_status put_all(s2s_writer **writers, const char *folder, const s2s_model *model,
                          const char *source, const char *target, s2s_err *err) {
    S2S_TRY(put_recipe(writers[RECIPE], model->recipe, folder, err));
    S2S_TRY(s2s_writer_copy(writers[SOURCE], source, err));
    if (writers[TARGET]) S2S_TRY(s2s_writer_copy(writers[TARGET], target, err));
    S2S_TRY(put_weights(writers[WEIGHTS], model, source, target, err));
    for (int i = 0; i < FILES; i++)
        if (writers[i]) S2S_TRY(s2s_writer_sync(writers[i], err));
    return S2S_OK;
}

static s2s_status save_folder(const s2s_model *model, paths *p, const char *source,
                              const char *target, s2s_err *err) {
    S2S_TRY(s2s_make_folders(p->folder, err));
    S2S_TRY(join_fixed(p, err));
    S2S_TRY(join_vocabularies(p, model->recipe, err));
    bool shared = model->recipe->text.vocabulary.shared;
    const char *files[FILES] = {p->recipe, p->source, shared ? NULL : p->target, p->weights};
    s2s_writer *writers[FILES] = {NULL};
    s2s_status status = S2S_OK;
    for (int i = 0; i < FILES && status == S2S_OK; i++)
        if (files[i]) status = s2s_writer_open(&writers[i], files[i], err);
    if (status == S2S_OK) status = put_all(writers, p->folder, model, source, target, err);
    for (int i = 0; i < FILES; i++) {
        if (status == S2S_OK && writers[i])
            status = s2s_writer_commit(writers[i], err);
        else
            s2s_writer_abort(writers[i]);
    }
    return status;
}

s2s_status s2s_model_save(const s2s_model *model, const char *folder, const char *source_vocabulary,
                          const char *target_vocabulary, s2s_err *err) {
    paths p = {.folder = folder};
    s2s_status status = save_folder(model, &p, source_vocabulary, target_vocabulary, err);
    s2s_arena_release(&p.arena);
    return status;
}

s2s_status s2s_model_save_beside(const s2s_model *model, const char *folder, const char *beside,
                                 s2s_err *err) {
    paths other = {.folder = beside};
    s2s_status status = join_vocabularies(&other, model->recipe, err);
    if (status == S2S_OK) status = s2s_model_save(model, folder, other.source, other.target, err);
    s2s_arena_release(&other.arena);
    return status;
}
