/* See prepare.h. */
#define _GNU_SOURCE
#include "train/prepare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "data/corpus.h"
#include "model/folder.h"
#include "model/warm_start.h"
#include "train/checkpoint.h"

/* --- the run folder --- */

enum { LINE_SIZE = 256, DEPTH = 8, SECTION_MOST = 24 };

/* The line of a resolved recipe that holds byte `at`, with its sections: "encoder.layers: 2". A list's dash counts
 * as indentation. */
static void describe_line(const char *yaml, size_t at, char text[LINE_SIZE]) {
    const char *sections[DEPTH] = {"", "", "", "", "", "", "", ""}, *line = yaml, *end;
    size_t depth;
    for (;; line = end + 1) {
        size_t indent = strspn(line, " -");
        end = line + strcspn(line, "\n");
        depth = indent / 2 < DEPTH ? indent / 2 : DEPTH - 1;
        sections[depth] = line + indent;
        if (!*end || end >= yaml + at) break;
    }
    int used = 0;
    for (size_t i = 0; i < depth; i++) {
        size_t length = strcspn(sections[i], ":\n");
        used += sprintf(text + used, "%.*s.", length < SECTION_MOST ? (int)length : SECTION_MOST,
                        sections[i]);
    }
    snprintf(text + used, (size_t)(LINE_SIZE - used), "%.*s", (int)strcspn(sections[depth], "\n"),
             sections[depth]);
}

static s2s_status refuse_other(const char *output, const char *old, const char *new, s2s_err *err) {
    char was[LINE_SIZE], is[LINE_SIZE];
    size_t same = 0;
    while (old[same] && old[same] == new[same]) same++;
    describe_line(old, same, was);
    describe_line(new, same, is);
    return s2s_fail(
        err, S2S_USAGE,
        "%s holds a run of another recipe: there \"%s\", here \"%s\". Use --accept to go on with "
        "the new recipe, --restart to begin anew, or another output folder",
        output, was, is);
}

/* A run keeps the vocabulary that its weights were made for, so a recipe with another one would not be true. */
static s2s_status check_vocabulary(const char *output, const char *old, const char *new,
                                   s2s_err *err) {
    static const char head[] = "\n  vocabulary:\n", deeper[] = "    ";
    const char *a = strstr(old, head), *b = strstr(new, head);
    if (!a || !b) return S2S_OK;
    size_t same = 0, end = sizeof head - 1;
    while (a[end - 1] == '\n' && strncmp(a + end, deeper, sizeof deeper - 1) == 0) {
        end += strcspn(a + end, "\n");
        end += a[end] == '\n';
    }
    while (same < end && a[same] == b[same]) same++;
    if (same == end) return S2S_OK;
    char was[LINE_SIZE], is[LINE_SIZE];
    describe_line(old, (size_t)(a - old) + same, was);
    describe_line(new, (size_t)(b - new) + same, is);
    return s2s_fail(
        err, S2S_USAGE,
        "%s holds a run with another vocabulary: there \"%s\", here \"%s\". A run cannot go "
        "on with a new one: set it back, use --restart to begin anew, or another output "
        "folder",
        output, was, is);
}

static s2s_status remove_run(const char *output, s2s_err *err) {
    static const char *const files[] = {S2S_SHARED_VOCABULARY_FILE,
                                        S2S_SOURCE_VOCABULARY_FILE,
                                        S2S_TARGET_VOCABULARY_FILE,
                                        S2S_WEIGHTS_FILE,
                                        S2S_LOG_FILE,
                                        S2S_SHORTLIST_FILE};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path;
        if (asprintf(&path, "%s/%s", output, files[i]) < 0)
            return s2s_fail_memory(err, strlen(output));
        unlink(path);
        free(path);
    }
    return s2s_checkpoints_remove(output, err);
}

/* Whether there is something that nobody would like to lose: checkpoints or a model. */
static s2s_status holds_run(const char *output, bool *holds, s2s_err *err) {
    s2s_arena arena = {0};
    s2s_checkpoints list;
    const char *weights = s2s_path_join(&arena, output, S2S_WEIGHTS_FILE, err);
    s2s_status status = weights ? s2s_checkpoints_list(&list, output, err) : S2S_MEMORY;
    if (status == S2S_OK) {
        *holds = list.n > 0 || s2s_file_exists(weights);
        s2s_checkpoints_release(&list);
    }
    s2s_arena_release(&arena);
    return status;
}

/* The file's text as it is. */
static s2s_status read_text(const char *path, char **text, s2s_err *err) {
    s2s_map map;
    S2S_TRY(s2s_map_open(&map, path, err));
    size_t size = map.size;
    *text = strndup(map.data ? (const char *)map.data : "", size);
    s2s_map_close(&map);
    return *text ? S2S_OK : s2s_fail_memory(err, size);
}

/* The text to compare a new recipe's with: with all paths absolute, so that a run goes on when it was moved together
 * with its data. Of what does not load (any more), the file as it is. */
static s2s_status read_resolved(const char *path, char **text, s2s_err *err) {
    s2s_recipe *recipe;
    s2s_err unread = {0};
    if (s2s_recipe_load(&recipe, path, NULL, 0, &unread) != S2S_OK)
        return read_text(path, text, err);
    s2s_buf yaml = {0};
    s2s_status status = s2s_recipe_write(recipe, &yaml, err);
    s2s_recipe_free(recipe);
    *text = yaml.data; /* ends with a NUL, as all buffers' text does */
    if (status != S2S_OK) s2s_buf_release(&yaml);
    return status;
}

static s2s_status refuse_own(const char *path, s2s_err *err) {
    return s2s_fail(err, S2S_USAGE,
                    "%s: the run would write its resolved recipe over this one; choose another "
                    "output folder, or "
                    "give the recipe another name",
                    path);
}

/* Compares the recipe that the folder was made with. Where nothing was trained yet, what is there of another
 * recipe goes: a vocabulary of the wrong size would be taken in silence. */
static s2s_status check_recipe(s2s_run_folder *folder, const char *output, const char *path,
                               const char *yaml, const s2s_train_options *options, s2s_err *err) {
    bool begun;
    char *old;
    S2S_TRY(holds_run(output, &begun, err));
    bool own = !begun && options->recipe && s2s_same_file(path, options->recipe);
    if (options->restart && !own) return remove_run(output, err);
    if (!s2s_file_exists(path)) return S2S_OK;
    folder->recipe_due = begun && options->accept;
    S2S_TRY(read_resolved(path, &old, err));
    s2s_status status = S2S_OK;
    if (folder->recipe_due)
        status = check_vocabulary(output, old, yaml, err);
    else if (strcmp(old, yaml))
        status = own     ? refuse_own(path, err)
                 : begun ? refuse_other(output, old, yaml, err)
                         : remove_run(output, err);
    free(old);
    return status;
}

/* Checks what is there by the options, unless they are NULL; then writes the recipe if now is the time. */
static s2s_status put_recipe(s2s_run_folder *folder, const s2s_recipe *recipe,
                             const s2s_train_options *options, s2s_err *err) {
    s2s_arena arena = {0};
    s2s_buf resolved = {0}, yaml = {0};
    char *path = s2s_path_join(&arena, recipe->output, S2S_RECIPE_FILE, err);
    s2s_status status = path ? s2s_recipe_write(recipe, &resolved, err) : S2S_MEMORY;
    if (status == S2S_OK && options)
        status = check_recipe(folder, recipe->output, path, resolved.data, options, err);
    if (status == S2S_OK && !folder->recipe_due)
        status = s2s_recipe_write_in(recipe, recipe->output, &yaml, err);
    if (status == S2S_OK && !folder->recipe_due)
        status = s2s_write_file(path, yaml.data, yaml.size, err);
    s2s_buf_release(&resolved);
    s2s_buf_release(&yaml);
    s2s_arena_release(&arena);
    return status;
}

s2s_status s2s_prepare_folder(s2s_run_folder *folder, const s2s_recipe *recipe,
                              const s2s_train_options *options, s2s_err *err) {
    *folder = (s2s_run_folder){.lock = -1};
    S2S_TRY(s2s_make_folders(recipe->output, err));
    S2S_TRY(s2s_folder_lock(&folder->lock, recipe->output, err));
    return put_recipe(folder, recipe, options, err);
}

s2s_status s2s_prepare_recipe(s2s_run_folder *folder, const s2s_recipe *recipe, s2s_err *err) {
    if (!folder->recipe_due) return S2S_OK;
    folder->recipe_due = false;
    return put_recipe(folder, recipe, NULL, err);
}

void s2s_run_folder_release(s2s_run_folder *folder) {
    s2s_folder_unlock(folder->lock);
    folder->lock = -1;
}

/* --- corpora --- */

static s2s_status check_files(const s2s_corpus *corpus, s2s_err *err) {
    const char *const paths[] = {corpus->source, corpus->target, corpus->tsv, corpus->json,
                                 corpus->text};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (paths[i] && access(paths[i], R_OK) != 0) return s2s_fail_errno(err, "open", paths[i]);
    return S2S_OK;
}

static s2s_status check_lines(const s2s_corpus *corpus, s2s_err *err) {
    s2s_corpus_reader *reader;
    s2s_pair pair;
    S2S_TRY(s2s_corpus_open(&reader, corpus, err));
    s2s_status status = S2S_OK;
    for (bool more = true; more && status == S2S_OK;)
        status = s2s_corpus_next(reader, &pair, &more, err);
    s2s_corpus_close(reader);
    return status;
}

s2s_status s2s_prepare_corpora(const s2s_recipe *recipe, s2s_err *err) {
    const s2s_data_recipe *data = &recipe->data;
    if (!data->train.n)
        return s2s_fail(err, S2S_USAGE,
                        "data.train: is missing; it names the examples to learn from");
    for (int i = 0; i < data->train.n; i++)
        if (check_files(&data->train.items[i], err) != S2S_OK)
            return s2s_fail_within(err, "data.train");
    for (int i = 0; i < data->valid.n; i++)
        if (check_files(&data->valid.items[i], err) != S2S_OK)
            return s2s_fail_within(err, "data.valid");
    for (int i = 0; i < data->test.n; i++)
        if (check_lines(&data->test.items[i], err) != S2S_OK)
            return s2s_fail_within(err, "data.test.%s", data->test.items[i].name);
    return S2S_OK;
}

/* --- vocabularies --- */

enum { SIDE_SOURCE = 1, SIDE_TARGET = 2 };

/* The lines that a vocabulary is learnt from: one or both sides of all training corpora. */
typedef struct learning {
    const s2s_corpora *corpora;
    int corpus, sides;
    s2s_corpus_reader *reader;
    s2s_pair pair;
    int given; /* sides of the present pair that were given out */
} learning;

static s2s_status next_pair(learning *l, bool *more, s2s_err *err) {
    for (*more = false; l->corpus < l->corpora->n; l->corpus++) {
        if (!l->reader) S2S_TRY(s2s_corpus_open(&l->reader, l->corpora->items + l->corpus, err));
        S2S_TRY(s2s_corpus_next(l->reader, &l->pair, more, err));
        if (*more) return S2S_OK;
        s2s_corpus_close(l->reader);
        l->reader = NULL;
    }
    return S2S_OK;
}

static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    learning *l = self;
    if (s2s_interrupted())
        return s2s_fail(err, S2S_INTERRUPTED, "interrupted while a vocabulary was learnt");
    *more = true;
    int left = l->sides & ~l->given;
    if (!left) {
        S2S_TRY(next_pair(l, more, err));
        if (!*more) return S2S_OK;
        l->given = 0;
        left = l->sides;
    }
    bool source = left & SIDE_SOURCE;
    l->given |= source ? SIDE_SOURCE : SIDE_TARGET;
    *line = source ? l->pair.source : l->pair.target;
    *length = source ? l->pair.source_length : l->pair.target_length;
    return S2S_OK;
}

static s2s_status learn(const s2s_recipe *recipe, int sides, const char *path, s2s_log *log,
                        s2s_err *err) {
    s2s_log_say(log, "learning a vocabulary of %lld pieces: %s",
                (long long)recipe->text.vocabulary.size, path);
    learning l = {.corpora = &recipe->data.train, .sides = sides, .given = sides};
    s2s_status status = s2s_vocabulary_train(&recipe->text, next_line, &l, path, err);
    s2s_corpus_close(l.reader);
    return status;
}

/* One vocabulary file: there already, given by the recipe, or learnt; then loaded. */
static s2s_status prepare_one(s2s_vocabulary **vocabulary, const s2s_recipe *recipe,
                              const char *name, const char *given, int sides, s2s_log *log,
                              s2s_err *err) {
    s2s_arena arena = {0};
    char *path = s2s_path_join(&arena, recipe->output, name, err);
    s2s_status status = path ? S2S_OK : S2S_MEMORY;
    if (status == S2S_OK && !s2s_file_exists(path))
        status = given ? s2s_copy_file(given, path, err) : learn(recipe, sides, path, log, err);
    if (status == S2S_OK) status = s2s_vocabulary_load(vocabulary, path, &recipe->text, err);
    s2s_arena_release(&arena);
    return status;
}

/* The shared vocabulary: the recipe's, the one of a model that this one begins as, or to be learnt. */
static s2s_status prepare_shared(s2s_vocabulary **vocabulary, const s2s_recipe *recipe, int sides,
                                 s2s_log *log, s2s_err *err) {
    s2s_arena arena = {0};
    const char *given = recipe->text.vocabulary.model, *from = s2s_warm_start_folder(recipe);
    const char *found = from ? s2s_path_join(&arena, from, S2S_SHARED_VOCABULARY_FILE, err) : NULL;
    s2s_status status = from && !found ? S2S_MEMORY : S2S_OK;
    if (status == S2S_OK)
        status = prepare_one(vocabulary, recipe, S2S_SHARED_VOCABULARY_FILE, given ? given : found,
                             sides, log, err);
    s2s_arena_release(&arena);
    return status;
}

s2s_status s2s_prepare_vocabularies(s2s_vocabularies *v, const s2s_recipe *recipe, s2s_log *log,
                                    s2s_err *err) {
    const s2s_vocabulary_recipe *r = &recipe->text.vocabulary;
    *v = (s2s_vocabularies){0};
    int all = SIDE_SOURCE;
    if (s2s_objective_shape_of(recipe->objective.type)->targets) all |= SIDE_TARGET;
    if (r->shared) {
        S2S_TRY(prepare_shared(&v->source, recipe, all, log, err));
        v->target = v->source;
        return S2S_OK;
    }
    S2S_TRY(prepare_one(&v->source, recipe, S2S_SOURCE_VOCABULARY_FILE, r->model, SIDE_SOURCE, log,
                        err));
    s2s_status status = prepare_one(&v->target, recipe, S2S_TARGET_VOCABULARY_FILE, r->target_model,
                                    SIDE_TARGET, log, err);
    if (status != S2S_OK) s2s_vocabularies_release(v);
    return status;
}

void s2s_vocabularies_release(s2s_vocabularies *v) {
    if (v->target != v->source) s2s_vocabulary_free(v->target);
    s2s_vocabulary_free(v->source);
    *v = (s2s_vocabularies){0};
}
