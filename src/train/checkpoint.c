/* See checkpoint.h. */
#define _GNU_SOURCE
#include "train/checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "model/folder.h"

static const char TRAINER_FILE[] = "trainer.safetensors", SCORE_FILE[] = "score.txt";
static const char UNFINISHED[] = "unfinished"; /* the folder that is being written */

/* "FOLDER/NAME", to be freed; NULL: no memory, err filled. */
static char *join(const char *folder, const char *name, s2s_err *err) {
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) >= 0) return path;
    s2s_fail_memory(err, strlen(folder) + strlen(name));
    return NULL;
}

/* --- listing --- */

static void read_score(s2s_checkpoint *checkpoint) {
    s2s_err ignored = {0};
    s2s_lines *lines = NULL;
    const char *line;
    size_t length;
    bool more = false;
    char *path = join(checkpoint->folder, SCORE_FILE, &ignored);
    if (path && s2s_file_exists(path) && !s2s_lines_open(&lines, path, &ignored) &&
        !s2s_lines_next(lines, &line, &length, &more, &ignored) && more) {
        char *end;
        checkpoint->score = strtod(line, &end);
        checkpoint->scored = end != line;
    }
    if (lines) s2s_lines_close(lines);
    free(path);
}

static s2s_status add_checkpoint(s2s_checkpoints *list, const char *folder, const char *name,
                                 int64_t step, s2s_err *err) {
    s2s_checkpoint found = {.step = step, .folder = join(folder, name, err)};
    if (!found.folder) return S2S_MEMORY;
    if (s2s_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items, err)) {
        free(found.folder);
        return S2S_MEMORY;
    }
    read_score(&found);
    list->items[list->n++] = found;
    return S2S_OK;
}

static int by_step(const void *a, const void *b) {
    int64_t x = ((const s2s_checkpoint *)a)->step, y = ((const s2s_checkpoint *)b)->step;
    return (x > y) - (x < y);
}

static s2s_status list_folder(s2s_checkpoints *list, const char *folder, s2s_err *err) {
    DIR *dir = opendir(folder);
    if (!dir) return errno == ENOENT ? S2S_OK : s2s_fail_errno(err, "read", folder);
    s2s_status status = S2S_OK;
    for (struct dirent *entry; status == S2S_OK && (entry = readdir(dir));) {
        int64_t step;
        int used = 0;
        if (sscanf(entry->d_name, "step-%" SCNd64 "%n", &step, &used) == 1 && !entry->d_name[used])
            status = add_checkpoint(list, folder, entry->d_name, step, err);
    }
    closedir(dir);
    if (list->n) qsort(list->items, list->n, sizeof *list->items, by_step);
    return status;
}

s2s_status s2s_checkpoints_list(s2s_checkpoints *list, const char *output, s2s_err *err) {
    *list = (s2s_checkpoints){0};
    char *folder = join(output, "checkpoints", err);
    if (!folder) return S2S_MEMORY;
    s2s_status status = list_folder(list, folder, err);
    free(folder);
    if (status != S2S_OK) s2s_checkpoints_release(list);
    return status;
}

void s2s_checkpoints_release(s2s_checkpoints *list) {
    for (size_t i = 0; i < list->n; i++) free(list->items[i].folder);
    free(list->items);
    *list = (s2s_checkpoints){0};
}

/* --- saving and resuming --- */

void s2s_training_state_swap(const s2s_training_state *state) {
    if (!state->ema) return;
    s2s_real *value = state->model->params.value, *ema = state->ema;
    for (size_t i = 0; i < state->model->params.size; i++) {
        s2s_real keep = value[i];
        value[i] = ema[i];
        ema[i] = keep;
    }
}

enum { SCORE_SIZE = 32 };

static s2s_status write_score(const char *folder, double score, s2s_err *err) {
    char text[SCORE_SIZE], *path = join(folder, SCORE_FILE, err);
    if (!path) return S2S_MEMORY;
    int size = snprintf(text, sizeof text, "%.17g\n", score);
    s2s_status status = s2s_write_file(path, text, (size_t)size, err);
    free(path);
    return status;
}

/* The trainer's state comes last: where a checkpoint of the same step is written over file by file, the old
 * state does the validation again, and the new one knows that its score is there. */
static s2s_status write_folder(const s2s_training_state *state, const char *folder,
                               const char *output, const double *score, s2s_err *err) {
    char *trainer = join(folder, TRAINER_FILE, err);
    if (!trainer) return S2S_MEMORY;
    s2s_status status = s2s_make_folders(folder, err);
    if (status == S2S_OK && score) status = write_score(folder, *score, err);
    if (status == S2S_OK) {
        s2s_training_state_swap(state);
        status = s2s_model_save_beside(state->model, folder, output, err);
        s2s_training_state_swap(state);
    }
    if (status == S2S_OK) status = s2s_trainer_file_write(state, trainer, err);
    free(trainer);
    return status;
}

/* Removes a checkpoint's files and its folder, temporary files of a process that was killed included. What
 * cannot be removed stays. */
static void remove_folder(const char *folder) {
    DIR *dir = opendir(folder);
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(folder);
}

/* Makes sure that names in a folder last through a power cut; only then may older ones go. */
static void sync_names(const char *folder) {
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    (void)fsync(fd); /* not every file system can; the names are there in any case */
    close(fd);
}

/* Writes the whole folder under another name first. */
static s2s_status save_new(const s2s_training_state *state, const char *output, const char *folder,
                           const double *score, s2s_err *err) {
    s2s_arena arena = {0};
    char *all = s2s_path_join(&arena, output, "checkpoints", err);
    char *unfinished = all ? s2s_path_join(&arena, all, UNFINISHED, err) : NULL;
    s2s_status status = unfinished ? S2S_OK : S2S_MEMORY;
    if (status == S2S_OK) {
        remove_folder(unfinished);
        status = write_folder(state, unfinished, output, score, err);
        if (status == S2S_OK && rename(unfinished, folder))
            status = s2s_fail_errno(err, "rename to", folder);
        if (status == S2S_OK)
            sync_names(all);
        else
            remove_folder(unfinished);
    }
    s2s_arena_release(&arena);
    return status;
}

s2s_status s2s_checkpoint_save(const s2s_training_state *state, const char *output,
                               const double *score, s2s_err *err) {
    char *folder;
    if (asprintf(&folder, "%s/checkpoints/step-%08" PRId64, output, state->progress->step) < 0)
        return s2s_fail_memory(err, strlen(output));
    s2s_status status = s2s_file_exists(folder) ? write_folder(state, folder, output, score, err)
                                                : save_new(state, output, folder, score, err);
    free(folder);
    return status;
}

static s2s_status resume_from(const s2s_training_state *state, const s2s_checkpoint *newest,
                              s2s_err *err) {
    char *weights = join(newest->folder, S2S_WEIGHTS_FILE, err);
    char *trainer = weights ? join(newest->folder, TRAINER_FILE, err) : NULL;
    s2s_status status = trainer ? S2S_OK : S2S_MEMORY;
    if (status == S2S_OK && !s2s_file_exists(trainer))
        status = s2s_fail(
            err, S2S_INPUT,
            "%s: is missing, so that training cannot go on from this checkpoint; put it back, or "
            "use --restart to begin anew",
            trainer);
    if (status == S2S_OK) status = s2s_model_load_weights(state->model, weights, err);
    if (status == S2S_OK) status = s2s_trainer_file_read(state, trainer, err);
    free(trainer);
    free(weights);
    return status;
}

s2s_status s2s_checkpoint_resume(const s2s_training_state *state, const char *output, bool *found,
                                 s2s_err *err) {
    s2s_checkpoints list;
    S2S_TRY(s2s_checkpoints_list(&list, output, err));
    *found = list.n > 0;
    s2s_status status = list.n ? resume_from(state, list.items + list.n - 1, err) : S2S_OK;
    s2s_checkpoints_release(&list);
    return status;
}

/* --- retention --- */

/* How many scored checkpoints are better than this one, or as good and older. */
static int64_t rank_of(const s2s_checkpoints *list, size_t index, bool higher_is_better) {
    int64_t rank = 0;
    double own = list->items[index].score;
    for (size_t i = 0; i < list->n; i++) {
        double other = list->items[i].score;
        if (!list->items[i].scored || i == index) continue;
        bool better = higher_is_better ? other > own : other < own;
        if (better || (other == own && i < index)) rank++;
    }
    return rank;
}

static int64_t scored_after(const s2s_checkpoints *list, size_t index) {
    int64_t n = 0;
    for (size_t i = index + 1; i < list->n; i++) n += list->items[i].scored;
    return n;
}

s2s_status s2s_checkpoints_prune(const char *output, int64_t keep_last, int64_t keep_best,
                                 bool higher_is_better, s2s_err *err) {
    s2s_checkpoints list;
    S2S_TRY(s2s_checkpoints_list(&list, output, err));
    for (size_t i = 0; i + 1 < list.n; i++) {
        const s2s_checkpoint *c = list.items + i;
        bool keep = c->scored && (scored_after(&list, i) < keep_last ||
                                  rank_of(&list, i, higher_is_better) < keep_best);
        char *trainer = keep ? join(c->folder, TRAINER_FILE, err) : NULL;
        if (trainer)
            unlink(trainer); /* only the newest is gone on from */
        else if (!keep)
            remove_folder(c->folder);
        free(trainer);
    }
    s2s_checkpoints_release(&list);
    return S2S_OK;
}

s2s_status s2s_checkpoints_remove(const char *output, s2s_err *err) {
    s2s_checkpoints list;
    S2S_TRY(s2s_checkpoints_list(&list, output, err));
    for (size_t i = 0; i < list.n; i++) remove_folder(list.items[i].folder);
    s2s_checkpoints_release(&list);
    char *unfinished;
    if (asprintf(&unfinished, "%s/checkpoints/%s", output, UNFINISHED) < 0)
        return s2s_fail_memory(err, strlen(output));
    remove_folder(unfinished);
    free(unfinished);
    return S2S_OK;
}
