/* See cell.h. */
#include "suite/cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/usage.h"
#include "data/corpus.h"
#include "model/folder.h"
#include "search/translator.h"
#include "suite/facts.h"
#include "suite/record.h"

static const double PATIENCE = 2; /* seconds: of a cell that is done in a moment nothing is shown */

typedef struct cell {
    const s2s_cell_job *job;
    s2s_arena arena;
    const char *output, *part, *result; /* paths */
    s2s_loaded_model model;
    s2s_corpus_reader *source;
    FILE *file;
    s2s_cell_facts facts;
    uint64_t total, given; /* lines of the source; those that the translator has asked for */
    double begun, before;  /* clock when searching began; seconds that earlier tries spent */
} cell;

/* --- lines in and out --- */

/* Lines that are done are given as empty ones, which are not searched: a sampling search goes by the place of a
 * line in the input, which has to stay the same. */
static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    cell *c = self;
    s2s_pair pair;
    S2S_TRY(s2s_corpus_next(c->source, &pair, more, err));
    *line = pair.source;
    *length = c->given++ < c->facts.taken_over ? 0 : pair.source_length;
    return S2S_OK;
}

/* Each line is on its way to the disk before the next, so that nothing that was done is lost. */
static s2s_status line_done(void *self, uint64_t index, const s2s_translation *best, int n,
                            s2s_err *err) {
    (void)n;
    cell *c = self;
    if (index < c->facts.taken_over) return S2S_OK;
    s2s_record record = {.text = best->text,
                         .length = best->length,
                         .tokens = best->hypothesis->length,
                         .ended = best->hypothesis->ending == S2S_ENDED,
                         .seconds = c->before + s2s_clock() - c->begun};
    S2S_TRY(s2s_record_write(&record, c->file, c->part, err));
    s2s_facts_add(&c->facts, &record);
    if (s2s_clock() - c->begun > PATIENCE)
        s2s_log_progress(c->job->log, (double)c->facts.lines, (double)c->total,
                         "%" PRIu64 " lines translated", c->facts.lines);
    return S2S_OK;
}

/* --- going on where an earlier try ended --- */

static s2s_status take_record(void *self, const s2s_record *record, s2s_err *err) {
    (void)err;
    cell *c = self;
    s2s_facts_add(&c->facts, record);
    return S2S_OK;
}

/* Counts what is there and cuts off a line that was not written to its end. */
static s2s_status take_over(cell *c, s2s_err *err) {
    /* Killed between its last two steps: the output is whole, but what was measured is gone. */
    if (!s2s_file_exists(c->part)) (void)rename(c->output, c->part);
    if (!s2s_file_exists(c->part)) return S2S_OK;
    int64_t size;
    S2S_TRY(s2s_records_read(c->part, true, take_record, c, &size, err));
    if (truncate(c->part, (off_t)size) != 0) return s2s_fail_errno(err, "shorten", c->part);
    c->facts.taken_over = c->facts.lines;
    c->before = c->facts.seconds;
    return S2S_OK;
}

static s2s_status count_lines(const s2s_corpus *corpus, uint64_t *n, s2s_err *err) {
    s2s_corpus_reader *reader;
    S2S_TRY(s2s_corpus_open(&reader, corpus, err));
    s2s_status status = S2S_OK;
    for (bool more = true; status == S2S_OK && more; *n += more) {
        s2s_pair pair;
        status = s2s_corpus_next(reader, &pair, &more, err);
        if (status != S2S_OK) break;
    }
    s2s_corpus_close(reader);
    return status;
}

/* --- the work --- */

static s2s_status load(cell *c, s2s_err *err) {
    const s2s_cell_job *job = c->job;
    double begun = s2s_clock();
    S2S_TRY(s2s_model_load(&c->model, job->model, job->sets, job->sets_n, S2S_PARAMS_DECODE, err));
    c->facts.load_seconds = s2s_clock() - begun;
    return S2S_OK;
}

static s2s_status translate(cell *c, s2s_err *err) {
    const s2s_loaded_model *m = &c->model;
    s2s_translator *translator;
    S2S_TRY(s2s_translator_create(&translator, m->model, m->source, m->target, err));
    c->begun = s2s_clock();
    s2s_translator_io io = {.self = c, .next = next_line, .done = line_done};
    s2s_status status = s2s_translator_run(translator, &m->recipe->search, io, err);
    s2s_log_progress_end(c->job->log);
    c->facts.truncated = s2s_translator_truncated(translator);
    s2s_translator_free(translator);
    return status;
}

static s2s_status translate_rest(cell *c, s2s_err *err) {
    s2s_corpus corpus = {.json = c->job->source, .source_field = "source"};
    S2S_TRY(count_lines(&corpus, &c->total, err));
    if (c->facts.lines == c->total) return S2S_OK;
    S2S_TRY(load(c, err));
    S2S_TRY(s2s_corpus_open(&c->source, &corpus, err));
    c->file = fopen(c->part, "ab");
    if (!c->file) return s2s_fail_errno(err, "write", c->part);
    S2S_TRY(translate(c, err));
    if (fsync(fileno(c->file)) != 0) return s2s_fail_errno(err, "write", c->part);
    c->facts.peak_memory = s2s_peak_memory();
    return S2S_OK;
}

static s2s_status finish(cell *c, s2s_err *err) {
    if (rename(c->part, c->output) != 0) return s2s_fail_errno(err, "rename", c->part);
    return s2s_facts_write(&c->facts, c->result, err);
}

static s2s_status open_cell(cell *c, s2s_err *err) {
    const char *folder = c->job->folder;
    c->output = s2s_path_join(&c->arena, folder, S2S_CELL_OUTPUT, err);
    c->part = s2s_path_join(&c->arena, folder, S2S_CELL_PART, err);
    c->result = s2s_path_join(&c->arena, folder, S2S_CELL_RESULT, err);
    if (!c->output || !c->part || !c->result) return S2S_MEMORY;
    return s2s_make_folders(folder, err);
}

s2s_status s2s_cell_run(const s2s_cell_job *job, s2s_err *err) {
    cell c = {.job = job};
    int lock = -1; /* a process whose starter was killed may still be at its last line */
    s2s_status status = open_cell(&c, err);
    if (status == S2S_OK) status = s2s_folder_lock(&lock, job->folder, err);
    if (status == S2S_OK) status = take_over(&c, err);
    if (status == S2S_OK) status = translate_rest(&c, err);
    if (status == S2S_OK) status = finish(&c, err);
    if (c.file) fclose(c.file);
    s2s_corpus_close(c.source);
    s2s_loaded_model_release(&c.model);
    s2s_folder_unlock(lock);
    s2s_arena_release(&c.arena);
    return status;
}
