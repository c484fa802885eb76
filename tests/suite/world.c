/* See world.h. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "scratch.h"

static s2s_err err;

const char world_yaml[] = "models: {one: one, two: two}\n"
                          "tests:\n"
                          "  news: {source: news.en, references: [news.de, news2.de]}\n"
                          "searches:\n"
                          "  greedy: {type: greedy}\n"
                          "  beam: {beam_size: 4}\n"
                          "baseline: {model: one}\n"
                          "significance: {samples: 50}\n";

void world_put(const char *name, const char *text) {
    assert_int_equal(s2s_write_file(scratch(name), text, strlen(text), &err), S2S_OK);
}

void world_make(void) {
    static const char recipe[] = "encoder: {}\ndecoder: {}\n";
    assert_int_equal(s2s_make_folders(scratch("one"), &err), S2S_OK);
    assert_int_equal(s2s_make_folders(scratch("two"), &err), S2S_OK);
    world_put("one/model.safetensors", "weights of one");
    world_put("two/model.safetensors", "weights of two");
    world_put("one/recipe.yaml", recipe);
    world_put("two/recipe.yaml", recipe);
    world_put("news.en", "a b c d e\nf g h i j\nk l m n o\np q r s t\nu v w x y\n");
    world_put("news.de", "a b c d e\nf g h i j\nk l m n o\np q r s t\nu v w x y\n");
    world_put("news2.de", "A B\nF G\nK L\nP Q\nU V\n");
}

s2s_suite *world_suite(const char *text) {
    world_put("suite.yaml", text);
    s2s_suite *suite;
    if (s2s_suite_load(&suite, scratch("suite.yaml"), &err) != S2S_OK)
        fail_msg("refused: %s\n%s", err.message, text);
    return suite;
}

const char *world_refused(const char *text) {
    world_put("suite.yaml", text);
    s2s_suite *suite;
    err = (s2s_err){0};
    s2s_status status = s2s_suite_load(&suite, scratch("suite.yaml"), &err);
    if (status == S2S_OK) fail_msg("accepted: %s", text);
    assert_int_equal(status, S2S_USAGE);
    assert_null(suite);
    return err.message;
}

/* --- the stand-in --- */

/* Model `two` gets the first word of every line wrong. */
static s2s_status translate(const s2s_cell_job *job, FILE *file, s2s_cell_facts *facts) {
    static const char *const lines[] = {"a b c d e", "f g h i j", "k l m n o", "p q r s t",
                                        "u v w x y"};
    bool is_two = strstr(job->model, "/two") != NULL;
    for (int i = 0; i < 5; i++) {
        char text[32];
        snprintf(text, sizeof text, "%s", lines[i]);
        if (is_two) text[0] = '<';
        s2s_record record = {.text = text,
                             .length = strlen(text),
                             .tokens = 5,
                             .ended = true,
                             .seconds = 0.5 * (i + 1)};
        S2S_TRY(s2s_record_write(&record, file, "output", &err));
        s2s_facts_add(facts, &record);
    }
    return S2S_OK;
}

s2s_status world_run(void *self, const s2s_cell_job *job, s2s_err *error) {
    world_runner *w = self;
    w->calls++;
    if (w->calls == w->fails_at) return s2s_fail(error, S2S_NUMERIC, "as was asked for");
    if (w->calls == w->interrupts_at) return s2s_fail(error, S2S_INTERRUPTED, "interrupted");
    s2s_arena arena = {0};
    s2s_cell_facts facts = {0};
    S2S_TRY(s2s_make_folders(job->folder, error));
    FILE *file = fopen(s2s_path_join(&arena, job->folder, S2S_CELL_OUTPUT, error), "wb");
    assert_non_null(file);
    s2s_status status = translate(job, file, &facts);
    assert_int_equal(fclose(file), 0);
    const char *result = s2s_path_join(&arena, job->folder, S2S_CELL_RESULT, error);
    if (status == S2S_OK) status = s2s_facts_write(&facts, result, error);
    s2s_arena_release(&arena);
    return status;
}

void world_board_make(world_board *w, const char *yaml) {
    w->suite = world_suite(yaml);
    assert_int_equal(s2s_agenda_create(&w->agenda, w->suite, &err), S2S_OK);
    world_runner runner = {0};
    assert_int_equal(s2s_agenda_run(&w->agenda, world_run, &runner, NULL, &err), S2S_OK);
    if (s2s_board_create(&w->board, &w->agenda, &err) != S2S_OK) fail_msg("%s", err.message);
}

void world_board_release(world_board *w) {
    s2s_board_release(&w->board);
    s2s_agenda_release(&w->agenda);
    s2s_suite_free(w->suite);
}
