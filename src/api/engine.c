/* The public C API (s2s/s2s.h) over the layers below: an engine is a loaded model and its
 * translator. */
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "model/folder.h"
#include "s2s/s2s.h"
#include "search/translator.h"

struct s2s_engine {
    s2s_loaded_model loaded;
    s2s_translator *translator;
};

static int count_settings(const char *const *settings) {
    int n = 0;
    while (settings && settings[n]) n++;
    return n;
}

static s2s_status open_engine(s2s_engine *engine, const char *folder, const char *const *settings,
                              s2s_err *err) {
    s2s_loaded_model *loaded = &engine->loaded;
    S2S_TRY(
        s2s_model_load(loaded, folder, settings, count_settings(settings), S2S_PARAMS_DECODE, err));
    return s2s_translator_create(&engine->translator, loaded->model, loaded->source, loaded->target,
                                 err);
}

s2s_status s2s_engine_open(s2s_engine **opened, const char *folder, const char *const *settings,
                           s2s_err *err) {
    *opened = NULL;
    s2s_engine *engine = calloc(1, sizeof *engine);
    if (!engine) return s2s_fail_memory(err, sizeof *engine);
    s2s_status status = open_engine(engine, folder, settings, err);
    if (status == S2S_OK)
        *opened = engine;
    else
        s2s_engine_close(engine);
    return status;
}

void s2s_engine_close(s2s_engine *engine) {
    if (!engine) return;
    s2s_translator_free(engine->translator);
    s2s_loaded_model_release(&engine->loaded);
    free(engine);
}

/* --- many lines --- */

static s2s_status best_done(void *self, uint64_t index, const s2s_translation *best, int n,
                            s2s_err *err) {
    const s2s_engine_io *io = self;
    (void)n;
    return io->done(io->self, index, best->text, best->length, best->score, err);
}

static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    const s2s_engine_io *io = self;
    return io->next(io->self, line, length, more, err);
}

s2s_status s2s_engine_run(s2s_engine *engine, s2s_engine_io io, s2s_err *err) {
    s2s_translator_io lines = {.self = &io, .next = next_line, .done = best_done};
    return s2s_translator_run(engine->translator, &engine->loaded.recipe->search, lines, err);
}

/* --- one line --- */

typedef struct one_line {
    const char *line; /* NULL once it was given */
    char *translation;
} one_line;

static s2s_status give_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    (void)err;
    one_line *one = self;
    *more = one->line != NULL;
    *line = one->line;
    *length = one->line ? strlen(one->line) : 0;
    one->line = NULL;
    return S2S_OK;
}

static s2s_status keep_translation(void *self, uint64_t index, const char *text, size_t length,
                                   double score, s2s_err *err) {
    (void)index;
    (void)score;
    one_line *one = self;
    one->translation = malloc(length + 1);
    if (!one->translation) return s2s_fail_memory(err, length + 1);
    memcpy(one->translation, text, length);
    one->translation[length] = '\0';
    return S2S_OK;
}

s2s_status s2s_engine_translate(s2s_engine *engine, const char *line, char **translation,
                                s2s_err *err) {
    one_line one = {line, NULL};
    s2s_engine_io io = {&one, give_line, keep_translation};
    s2s_status status = s2s_engine_run(engine, io, err);
    if (status != S2S_OK) {
        free(one.translation);
        one.translation = NULL;
    }
    *translation = one.translation;
    return status;
}

void s2s_text_free(char *text) {
    free(text);
}

void s2s_use_threads(int count) {
    s2s_threads_set(count);
}

const char *s2s_library_version(void) {
    return S2S_VERSION;
}
