/* See translations.h. */
#include "translations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "scratch.h"
#include "search/translator.h"

/* --- lines --- */

text_lines lines_split(const char *text, size_t size) {
    text_lines lines = {.memory = malloc(size + 1)};
    assert_non_null(lines.memory);
    memcpy(lines.memory, text, size);
    lines.memory[size] = '\0';
    for (size_t i = 0; i < size; i++) lines.n += text[i] == '\n';
    lines.line = calloc((size_t)lines.n + 1, sizeof *lines.line);
    lines.length = calloc((size_t)lines.n + 1, sizeof *lines.length);
    char *at = lines.memory;
    for (int i = 0; i < lines.n; i++) {
        char *end = memchr(at, '\n', size - (size_t)(at - lines.memory));
        lines.line[i] = at;
        lines.length[i] = (size_t)(end - at);
        *end = '\0';
        at = end + 1;
    }
    assert_ptr_equal(at, lines.memory + size);
    return lines;
}

text_lines lines_read(const char *path) {
    size_t size;
    char *text = scratch_get(path, &size);
    text_lines lines = lines_split(text, size);
    free(text);
    return lines;
}

void lines_release(text_lines *lines) {
    free(lines->memory);
    free(lines->line);
    free(lines->length);
}

int lines_equal(const text_lines *a, const text_lines *b) {
    int equal = 0;
    assert_int_equal(a->n, b->n);
    for (int i = 0; i < a->n; i++)
        equal += a->length[i] == b->length[i] && !memcmp(a->line[i], b->line[i], a->length[i]);
    return equal;
}

/* --- translating --- */

typedef struct job {
    const text_lines *source;
    int given, taken;
    bool scores;
    s2s_buf text;
} job;

static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    (void)err;
    job *j = self;
    *more = j->given < j->source->n;
    if (!*more) return S2S_OK;
    *line = j->source->line[j->given];
    *length = j->source->length[j->given++];
    return S2S_OK;
}

static s2s_status take_line(void *self, uint64_t index, const s2s_translation *best, int n,
                            s2s_err *err) {
    job *j = self;
    assert_int_equal(index, j->taken++);
    assert_true(n >= 1);
    for (int i = 0; i < (j->scores ? n : 1); i++) {
        if (j->scores)
            S2S_TRY(s2s_buf_printf(&j->text, err, "%s%a %a ", i ? "|" : "", best[i].hypothesis->log_probability,
                                   best[i].hypothesis->score));
        S2S_TRY(s2s_buf_append(&j->text, best[i].text, best[i].length, err));
    }
    return s2s_buf_append(&j->text, "\n", 1, err);
}

text_lines translate_lines(const s2s_loaded_model *model, const s2s_search_recipe *search,
                           const text_lines *source, bool scores, uint64_t *truncated) {
    s2s_translator *translator;
    s2s_err err = {0};
    job j = {.source = source, .scores = scores};
    s2s_translator_io io = {.self = &j, .next = next_line, .done = take_line};
    if (s2s_translator_create(&translator, model->model, model->source, model->target, &err) ||
        s2s_translator_run(translator, search, io, &err))
        fail_msg("%s", err.message);
    if (truncated) *truncated = s2s_translator_truncated(translator);
    s2s_translator_free(translator);
    text_lines lines = lines_split(j.text.data ? j.text.data : "", j.text.size);
    assert_int_equal(lines.n, source->n);
    s2s_buf_release(&j.text);
    return lines;
}

s2s_loaded_model load_packed(const char *output) {
    s2s_loaded_model model;
    s2s_err err = {0};
    if (s2s_model_load(&model, scratch(output), NULL, 0, S2S_PARAMS_KEEP, &err) ||
        s2s_params_pack(&model.model->params, S2S_WEIGHT_FLOAT32, &err))
        fail_msg("%s: %s", output, err.message);
    return model;
}
