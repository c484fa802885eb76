/* See agenda.h. */
#include "suite/agenda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/folder.h"

/* --- keys --- */

/* The checksum text of a model under each search. */
typedef struct model_keys {
    s2s_buf model;
    s2s_buf *searches; /* [suite->searches.n] */
} model_keys;

static void release_keys(model_keys *keys, int searches) {
    s2s_buf_release(&keys->model);
    for (int i = 0; keys->searches && i < searches; i++) s2s_buf_release(&keys->searches[i]);
    free(keys->searches);
}

static s2s_status read_search(s2s_agenda *agenda, const s2s_suite_model *model,
                              const s2s_suite_search *search, s2s_buf *text, s2s_err *err) {
    const char *path = s2s_path_join(&agenda->arena, model->folder, S2S_RECIPE_FILE, err);
    if (!path) return S2S_MEMORY;
    s2s_recipe *recipe;
    S2S_TRY(s2s_recipe_load(&recipe, path, search->sets, search->sets_n, err));
    agenda->lowercase |= recipe->text.lowercase;
    s2s_status status = s2s_store_search(text, &recipe->search, err);
    s2s_recipe_free(recipe);
    return status;
}

static s2s_status read_model(s2s_agenda *agenda, int m, model_keys *keys, s2s_err *err) {
    const s2s_suite *suite = agenda->suite;
    const s2s_suite_model *model = s2s_suite_model_at(suite, m);
    keys->searches = calloc((size_t)suite->searches.n, sizeof *keys->searches);
    if (!keys->searches) return s2s_fail_memory(err, 4096);
    S2S_TRY(s2s_store_model(&keys->model, model->folder, err));
    for (int s = 0; s < suite->searches.n; s++) {
        const s2s_suite_search *search = s2s_suite_search_at(suite, s);
        s2s_status status = read_search(agenda, model, search, &keys->searches[s], err);
        if (status != S2S_OK)
            return s2s_fail_within(err, "%s: searches.%s, models.%s", search->place, search->name,
                                   model->name);
    }
    return S2S_OK;
}

/* --- cells --- */

/* Looks whether the cell has a result. */
static s2s_status look_for(s2s_agenda *agenda, s2s_agenda_cell *cell, s2s_err *err) {
    const char *result = s2s_path_join(&agenda->arena, cell->folder, S2S_CELL_RESULT, err);
    if (!result) return S2S_MEMORY;
    cell->done = s2s_file_exists(result);
    return S2S_OK;
}

static s2s_status add_cell(s2s_agenda *agenda, s2s_agenda_cell cell, const model_keys *keys,
                           s2s_err *err) {
    S2S_TRY(s2s_store_key_of(&cell.key, keys->model.data, keys->searches[cell.search].data,
                             agenda->sets[cell.test].digest, err));
    cell.folder = s2s_store_cell(&agenda->store, cell.key, &agenda->arena, err);
    if (!cell.folder) return S2S_MEMORY;
    S2S_TRY(look_for(agenda, &cell, err));
    bool again = false; /* the same content under another name */
    for (int i = 0; i < agenda->n; i++)
        again |= strcmp(agenda->cells[i].key.text, cell.key.text) == 0;
    agenda->missing += !cell.done && !again;
    agenda->cells[agenda->n++] = cell;
    return S2S_OK;
}

static s2s_status add_test(s2s_agenda *agenda, int t, const model_keys *keys, s2s_err *err) {
    const s2s_suite *suite = agenda->suite;
    const char *source;
    S2S_TRY(s2s_store_source(&agenda->store, agenda->sets[t].digest, &agenda->sets[t].lines,
                             &agenda->arena, &source, err));
    for (int m = 0; m < suite->models.n; m++)
        for (int s = 0; s < suite->searches.n; s++) {
            s2s_agenda_cell cell = {.model = m, .test = t, .search = s, .source = source};
            S2S_TRY(add_cell(agenda, cell, &keys[m], err));
        }
    return S2S_OK;
}

static s2s_status add_cells(s2s_agenda *agenda, s2s_err *err) {
    const s2s_suite *suite = agenda->suite;
    model_keys *keys = calloc((size_t)suite->models.n, sizeof *keys);
    if (!keys) return s2s_fail_memory(err, 4096);
    s2s_status status = S2S_OK;
    for (int m = 0; m < suite->models.n && status == S2S_OK; m++)
        status = read_model(agenda, m, &keys[m], err);
    for (int t = 0; t < suite->tests.n && status == S2S_OK; t++)
        status = add_test(agenda, t, keys, err);
    for (int m = 0; m < suite->models.n; m++) release_keys(&keys[m], suite->searches.n);
    free(keys);
    return status;
}

static s2s_status build(s2s_agenda *agenda, s2s_err *err) {
    const s2s_suite *suite = agenda->suite;
    size_t n = (size_t)suite->models.n * (size_t)suite->tests.n * (size_t)suite->searches.n;
    agenda->sets = calloc((size_t)suite->tests.n, sizeof *agenda->sets);
    agenda->cells = calloc(n, sizeof *agenda->cells);
    if (!agenda->sets || !agenda->cells) return s2s_fail_memory(err, n * sizeof *agenda->cells);
    for (int t = 0; t < suite->tests.n; t++)
        S2S_TRY(s2s_testset_read(&agenda->sets[t], s2s_suite_test_at(suite, t), err));
    S2S_TRY(s2s_store_open(&agenda->store, suite->results, err));
    S2S_TRY(add_cells(agenda, err));
    return s2s_measures_create(&agenda->measures, suite, agenda->sets, agenda->lowercase, err);
}

s2s_status s2s_agenda_create(s2s_agenda *agenda, const s2s_suite *suite, s2s_err *err) {
    *agenda =
        (s2s_agenda){.suite = suite, .store = {.lock = -1}, .lowercase = suite->scoring.lowercase};
    s2s_status status = build(agenda, err);
    if (status != S2S_OK) s2s_agenda_release(agenda);
    return status;
}

void s2s_agenda_release(s2s_agenda *agenda) {
    if (!agenda->suite) return;
    s2s_store_close(&agenda->store);
    s2s_measures_release(&agenda->measures);
    for (int t = 0; agenda->sets && t < agenda->suite->tests.n; t++)
        s2s_testset_release(&agenda->sets[t]);
    free(agenda->sets);
    free(agenda->cells);
    s2s_arena_release(&agenda->arena);
    *agenda = (s2s_agenda){.store = {.lock = -1}};
}

/* --- running --- */

s2s_cell_name s2s_agenda_name(const s2s_agenda *agenda, const s2s_agenda_cell *cell) {
    s2s_cell_name name;
    snprintf(name.text, sizeof name.text, "%s, %s, %s",
             s2s_suite_model_at(agenda->suite, cell->model)->name,
             s2s_suite_test_at(agenda->suite, cell->test)->name,
             s2s_suite_search_at(agenda->suite, cell->search)->name);
    return name;
}

static s2s_status run_cell(s2s_agenda *agenda, s2s_agenda_cell *cell, s2s_agenda_runner *runner,
                           void *self, s2s_log *log, s2s_err *err) {
    const s2s_suite_search *search = s2s_suite_search_at(agenda->suite, cell->search);
    s2s_cell_job job = {.model = s2s_suite_model_at(agenda->suite, cell->model)->folder,
                        .source = cell->source,
                        .folder = cell->folder,
                        .sets = search->sets,
                        .sets_n = search->sets_n,
                        .log = log};
    s2s_err own = {0};
    s2s_status status = runner(self, &job, &own);
    cell->done = status == S2S_OK;
    if (cell->done) return S2S_OK;
    if (status == S2S_INTERRUPTED)
        return s2s_fail(err, status, "interrupted; the same command goes on where it stopped");
    cell->failure = s2s_arena_strndup(&agenda->arena, own.message, strlen(own.message), err);
    if (!cell->failure) return S2S_MEMORY;
    s2s_log_warn(log, "%s: %s", s2s_agenda_name(agenda, cell).text, cell->failure);
    return S2S_OK;
}

s2s_status s2s_agenda_run(s2s_agenda *agenda, s2s_agenda_runner *runner, void *self, s2s_log *log,
                          s2s_err *err) {
    s2s_log_say(log, "%d cells, %d to run; results in %s", agenda->n, agenda->missing,
                agenda->suite->results);
    int number = 0;
    for (int i = 0; i < agenda->n; i++) {
        s2s_agenda_cell *cell = &agenda->cells[i];
        if (!cell->done) S2S_TRY(look_for(agenda, cell, err)); /* one of the same content was run */
        if (cell->done) continue;
        s2s_log_say(log, "%d of %d: %s", ++number, agenda->missing,
                    s2s_agenda_name(agenda, cell).text);
        S2S_TRY(run_cell(agenda, cell, runner, self, log, err));
    }
    return S2S_OK;
}

s2s_status s2s_agenda_check(const s2s_agenda *agenda, s2s_err *err) {
    const s2s_agenda_cell *first = NULL;
    int failed = 0;
    for (int i = 0; i < agenda->n; i++)
        if (agenda->cells[i].failure && !failed++) first = &agenda->cells[i];
    if (!failed) return S2S_OK;
    return s2s_fail(err, S2S_IO, "%d of %d cells failed; %s: %s", failed, agenda->n,
                    s2s_agenda_name(agenda, first).text, first->failure);
}
