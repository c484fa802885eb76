/* The run folder before the first step: its recipe, what is refused and what may be changed,
 * vocabularies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/file.h"
#include "scratch.h"
#include "train/prepare.h"

static const s2s_train_options plain = {0}, accepting = {.accept = true}, anew = {.restart = true};

/* --- short ways --- */

static const char *recipe_file = "recipe.yaml";

static s2s_recipe *recipe_with(const char *set) {
    static const char yaml[] =
        "output: run\n"
        "data: {train: [{tsv: a.tsv}, {tsv: b.tsv}], test: {news: {tsv: c.tsv}}}\n"
        "text: {vocabulary: {size: 30}}\n"
        "encoder: {layers: 1, width: 8, heads: 2}\n"
        "decoder: {}\n"
        "train: {max_steps: 10, schedule: {warmup_steps: 1}}\n";
    s2s_recipe *recipe;
    s2s_err err = {0};
    if (s2s_recipe_parse(&recipe, yaml, sizeof yaml - 1, scratch(recipe_file), &set, set ? 1 : 0,
                         &err))
        fail_msg("%s", err.message);
    return recipe;
}

/* As a run does whose weights fit, or, with `begun_only`, one that failed before it knew. */
static s2s_status prepare_until(bool begun_only, const char *set, const s2s_train_options *options,
                                s2s_err *err) {
    s2s_recipe *recipe = recipe_with(set);
    s2s_run_folder folder;
    *err = (s2s_err){0};
    s2s_status status = s2s_prepare_folder(&folder, recipe, options, err);
    if (status == S2S_OK && !begun_only) status = s2s_prepare_recipe(&folder, recipe, err);
    s2s_run_folder_release(&folder);
    s2s_recipe_free(recipe);
    return status;
}

static s2s_status prepare(const char *set, const s2s_train_options *options, s2s_err *err) {
    return prepare_until(false, set, options, err);
}

/* A path in a setting is seen from the working folder, so that it must be absolute here. */
static const char *output_in(const char *name) {
    static char set[600];
    snprintf(set, sizeof set, "output=%s", scratch(name));
    return set;
}

/* As a run leaves it that has saved once. */
static void begin_run(void) {
    s2s_err err;
    assert_int_equal(prepare(NULL, &anew, &err), S2S_OK);
    assert_int_equal(s2s_make_folders(scratch("run/checkpoints/step-00000001"), &err), S2S_OK);
    scratch_put_text("run/vocab.model", "pieces");
    scratch_put_text("run/model.safetensors", "weights");
    scratch_put_text("run/log.jsonl", "events");
}

static bool exists(const char *name) {
    return s2s_file_exists(scratch(name));
}

static void expect_setting(const char *line) {
    char *yaml = scratch_get(scratch("run/recipe.yaml"), NULL);
    assert_non_null(strstr(yaml, line));
    free(yaml);
}

/* --- folders --- */

static void a_new_folder_gets_the_recipe(void **state) {
    (void)state;
    s2s_err err;
    assert_int_equal(prepare(NULL, &plain, &err), S2S_OK);
    expect_setting("width: 8\n");
}

static void the_same_recipe_goes_on(void **state) {
    (void)state;
    s2s_err err;
    begin_run();
    assert_int_equal(prepare(NULL, &plain, &err), S2S_OK);
    assert_true(exists("run/checkpoints/step-00000001"));
    assert_true(exists("run/vocab.model"));
    assert_true(exists("run/log.jsonl"));
}

static void another_recipe_is_refused(void **state) {
    (void)state;
    const struct {
        const char *set, *there, *here;
    } changes[] = {
        {"train.optimizer.learning_rate=0.25", "\"train.optimizer.learning_rate: 0.0005\"",
         "\"train.optimizer.learning_rate: 0.25\""},
        {"decoder.layers=12", "\"decoder.layers: 1\"", "\"decoder.layers: 12\""},
        {"seed=1234", "\"seed: 1\"", "\"seed: 1234\""},
        {"search.beam_size=55", "\"train.validation.search.beam_size: 5\"",
         "\"train.validation.search.beam_size: 55\""},
        {"data.test.news.tsv=/d.tsv", "data.test.news.tsv: ", "\"data.test.news.tsv: /d.tsv\""},
        {"train.validation.search.type=beam", "\"train.validation.search.type: greedy\"",
         "\"train.validation.search.type: beam\""},
    };
    begin_run();
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        s2s_err err;
        assert_int_equal(prepare(changes[i].set, &plain, &err), S2S_USAGE);
        if (!strstr(err.message, changes[i].there) || !strstr(err.message, changes[i].here))
            fail_msg("%s: %s", changes[i].set, err.message);
        assert_non_null(strstr(err.message, "--accept"));
        assert_non_null(strstr(err.message, "--restart"));
        assert_non_null(strstr(err.message, "/run "));
        expect_setting("width: 8\n"); /* still the old one */
    }
}

/* A run and its data in one tree: the recipe finds both again. */
static void a_moved_run_goes_on(void **state) {
    (void)state;
    s2s_err err;
    begin_run();
    expect_setting("output: \".\"\n");
    expect_setting("tsv: \"../a.tsv\"\n");
    assert_int_equal(s2s_make_folders(scratch("moved"), &err), S2S_OK);
    assert_int_equal(rename(scratch("run"), scratch("moved/run")), 0);
    recipe_file = "moved/recipe.yaml";
    assert_int_equal(prepare(NULL, &plain, &err), S2S_OK);
    assert_true(exists("moved/run/checkpoints/step-00000001"));
    assert_int_equal(prepare("seed=7", &plain, &err), S2S_USAGE);
    recipe_file = "recipe.yaml";
}

static void a_model_without_checkpoints_is_not_overwritten(void **state) {
    (void)state;
    s2s_err err;
    begin_run();
    assert_int_equal(rmdir(scratch("run/checkpoints/step-00000001")), 0);
    assert_int_equal(prepare("encoder.width=16", &plain, &err), S2S_USAGE);
    scratch_expect(scratch("run/model.safetensors"), "weights");
}

static void accept_goes_on_with_the_new_recipe(void **state) {
    (void)state;
    s2s_err err;
    begin_run();
    assert_int_equal(prepare("train.optimizer.learning_rate=0.25", &accepting, &err), S2S_OK);
    expect_setting("learning_rate: 0.25\n");
    assert_true(exists("run/checkpoints/step-00000001"));
    assert_int_equal(prepare("train.optimizer.learning_rate=0.25", &plain, &err), S2S_OK);
}

/* The weights that are there need the old one. */
static void a_recipe_that_does_not_fit_is_not_taken(void **state) {
    (void)state;
    s2s_err err;
    begin_run();
    assert_int_equal(prepare_until(true, "encoder.width=16", &accepting, &err), S2S_OK);
    expect_setting("width: 8\n");
    assert_int_equal(prepare(NULL, &plain, &err), S2S_OK);
}

/* --accept cannot change what the weights were made for. */
static void another_vocabulary_is_not_accepted(void **state) {
    (void)state;
    static const char *const changes[][3] = {
        {"text.vocabulary.size=31", "\"text.vocabulary.size: 30\"", "\"text.vocabulary.size: 31\""},
        {"text.vocabulary.type=bpe", "\"text.vocabulary.type: unigram\"",
         "\"text.vocabulary.type: bpe\""},
        {"text.vocabulary.model=/v.model", "\"text.vocabulary.model: null\"",
         "\"text.vocabulary.model: /v.model\""}};
    begin_run();
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        s2s_err err;
        assert_int_equal(prepare(changes[i][0], &accepting, &err), S2S_USAGE);
        if (!strstr(err.message, changes[i][1]) || !strstr(err.message, changes[i][2]))
            fail_msg("%s: %s", changes[i][0], err.message);
        expect_setting("size: 30\n");
    }
    s2s_err err;
    assert_int_equal(prepare("text.lowercase=true", &accepting, &err), S2S_OK);
}

static void the_users_own_recipe_is_not_overwritten(void **state) {
    (void)state;
    s2s_err err;
    assert_int_equal(s2s_make_folders(scratch("own"), &err), S2S_OK);
    scratch_put_text("own/recipe.yaml", "encoder: {}\n");
    scratch_put_text("own/vocab.model", "pieces");
    s2s_train_options options[] = {plain, anew, accepting};
    for (int i = 0; i < 3; i++) {
        options[i].recipe = scratch("own/../own/recipe.yaml");
        assert_int_equal(prepare(output_in("own"), &options[i], &err), S2S_USAGE);
        assert_non_null(strstr(err.message, "own/recipe.yaml: the run would write"));
        scratch_expect(scratch("own/recipe.yaml"), "encoder: {}\n");
        scratch_expect(scratch("own/vocab.model"), "pieces");
    }
}

/* A run can be gone on with by the recipe that it wrote itself. */
static void the_runs_own_recipe_goes_on(void **state) {
    (void)state;
    s2s_err err;
    begin_run();
    s2s_train_options options = {.recipe = scratch("run/recipe.yaml")};
    assert_int_equal(prepare(NULL, &options, &err), S2S_OK);
    options.restart = true;
    assert_int_equal(prepare("seed=7", &options, &err), S2S_OK);
    expect_setting("seed: 7\n");
}

static void one_run_at_a_time(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_recipe *recipe = recipe_with(NULL);
    s2s_run_folder first, second;
    assert_int_equal(s2s_prepare_folder(&first, recipe, &anew, &err), S2S_OK);
    assert_int_equal(s2s_prepare_folder(&second, recipe, &anew, &err), S2S_IO);
    assert_non_null(strstr(err.message, "/run: another process is at work"));
    s2s_run_folder_release(&second);
    s2s_run_folder_release(&first);
    assert_int_equal(s2s_prepare_folder(&second, recipe, &plain, &err), S2S_OK);
    s2s_run_folder_release(&second);
    s2s_recipe_free(recipe);
}

static void restart_begins_anew(void **state) {
    (void)state;
    static const char *const gone[] = {"run/checkpoints/step-00000001", "run/vocab.model",
                                       "run/model.safetensors", "run/log.jsonl"};
    s2s_err err;
    begin_run();
    assert_int_equal(prepare("seed=7", &anew, &err), S2S_OK);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) assert_false(exists(gone[i]));
    expect_setting("seed: 7\n");
}

/* A run that failed before its first checkpoint left a vocabulary of another recipe. */
static void nothing_stale_is_taken(void **state) {
    (void)state;
    s2s_err err;
    assert_int_equal(prepare(NULL, &anew, &err), S2S_OK);
    scratch_put_text("run/vocab.model", "pieces");
    assert_int_equal(prepare(NULL, &plain, &err), S2S_OK);
    assert_true(exists("run/vocab.model"));
    assert_int_equal(prepare("text.vocabulary.size=31", &plain, &err), S2S_OK);
    assert_false(exists("run/vocab.model"));
    expect_setting("size: 31\n");
}

static void an_output_that_is_a_file(void **state) {
    (void)state;
    s2s_err err;
    scratch_put_text("file", "text");
    assert_int_equal(prepare(output_in("file"), &plain, &err), S2S_IO);
    assert_non_null(strstr(err.message, scratch("file")));
    scratch_expect(scratch("file"), "text");
}

/* --- vocabularies --- */

/* Sources of letters, targets of digits, so that one can tell what a vocabulary has seen. */
static void write_corpora(void) {
    char text[4096] = "";
    for (int i = 0; i < 60; i++)
        sprintf(text + strlen(text), "%c%c bed%c\t%d %d\n", 'a' + i % 7, 'b' + i % 5, 'a' + i % 3,
                i, 7 * i);
    scratch_put_text("a.tsv", text);
    scratch_put_text("b.tsv", "dad\t5\n");
}

static s2s_status vocabularies_with(s2s_vocabularies *v, const char *set, s2s_err *err) {
    s2s_recipe *recipe = recipe_with(set);
    s2s_run_folder folder;
    s2s_status status = s2s_prepare_folder(&folder, recipe, &plain, err);
    if (status == S2S_OK) status = s2s_prepare_vocabularies(v, recipe, NULL, err);
    s2s_run_folder_release(&folder);
    s2s_recipe_free(recipe);
    return status;
}

static bool knows(const s2s_vocabulary *vocabulary, const char *text) {
    s2s_ids ids = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_vocabulary_encode(vocabulary, text, strlen(text), &ids, &err), S2S_OK);
    bool all = true;
    for (size_t i = 0; i < ids.size; i++) all &= ids.data[i] != s2s_vocabulary_unk(vocabulary);
    s2s_ids_release(&ids);
    return all;
}

static void a_shared_vocabulary_knows_both_sides(void **state) {
    (void)state;
    s2s_vocabularies v;
    s2s_err err = {0};
    write_corpora();
    if (vocabularies_with(&v, output_in("shared"), &err)) fail_msg("%s", err.message);
    assert_ptr_equal(v.source, v.target);
    assert_int_equal(s2s_vocabulary_size(v.source), 30);
    assert_true(knows(v.source, "bed 15"));
    s2s_vocabularies_release(&v);
    assert_null(v.source);
}

static void separate_vocabularies_know_one_each(void **state) {
    (void)state;
    s2s_vocabularies v;
    s2s_err err = {0};
    write_corpora();
    s2s_recipe *recipe = recipe_with(output_in("separate"));
    recipe->text.vocabulary.shared = false;
    recipe->text.vocabulary.size = 16;
    assert_int_equal(s2s_make_folders(recipe->output, &err), S2S_OK);
    if (s2s_prepare_vocabularies(&v, recipe, NULL, &err)) fail_msg("%s", err.message);
    assert_ptr_not_equal(v.source, v.target);
    assert_true(knows(v.source, "bed") && !knows(v.source, "15"));
    assert_true(knows(v.target, "15") && !knows(v.target, "bed"));
    s2s_vocabularies_release(&v);
    s2s_recipe_free(recipe);
}

static void a_given_vocabulary_is_copied(void **state) {
    (void)state;
    s2s_vocabularies v;
    s2s_err err = {0};
    write_corpora();
    assert_int_equal(vocabularies_with(&v, output_in("first"), &err), S2S_OK);
    s2s_vocabularies_release(&v);
    s2s_recipe *recipe = recipe_with(output_in("second"));
    recipe->text.vocabulary.model = scratch("first/vocab.model");
    assert_int_equal(s2s_make_folders(recipe->output, &err), S2S_OK);
    assert_int_equal(s2s_prepare_vocabularies(&v, recipe, NULL, &err), S2S_OK);
    s2s_vocabularies_release(&v);
    s2s_recipe_free(recipe);
    char *first = scratch_get(scratch("first/vocab.model"), NULL);
    char *second = scratch_get(scratch("second/vocab.model"), NULL);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void too_large_a_vocabulary_tells_the_largest(void **state) {
    (void)state;
    s2s_vocabularies v;
    s2s_err err = {0};
    write_corpora();
    assert_int_equal(vocabularies_with(&v, "text.vocabulary.size=9000", &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "largest that works"));
    assert_false(exists("run/vocab.model"));
}

static void a_missing_corpus_is_named(void **state) {
    (void)state;
    s2s_vocabularies v;
    s2s_err err = {0};
    write_corpora();
    assert_int_equal(unlink(scratch("b.tsv")), 0);
    assert_int_equal(vocabularies_with(&v, output_in("missing"), &err), S2S_IO);
    assert_non_null(strstr(err.message, scratch("b.tsv")));
    assert_false(exists("missing/vocab.model"));
}

static s2s_status check_corpora(const char *set, s2s_err *err) {
    s2s_recipe *recipe = recipe_with(set);
    *err = (s2s_err){0};
    s2s_status status = s2s_prepare_corpora(recipe, err);
    s2s_recipe_free(recipe);
    return status;
}

static void expect_refused_corpora(const char *set, s2s_status status, const char *message) {
    s2s_err err;
    assert_int_equal(check_corpora(set, &err), status);
    if (!strstr(err.message, message)) fail_msg("\"%s\" lacks \"%s\"", err.message, message);
}

static void mistakes_in_corpora_are_found_before_training(void **state) {
    (void)state;
    s2s_err err;
    char line[600];
    write_corpora();
    scratch_put_text("c.tsv", "one\t1\n");
    assert_int_equal(check_corpora(NULL, &err), S2S_OK);
    snprintf(line, sizeof line, "data.valid.tsv=%s", scratch("nowhere.tsv"));
    expect_refused_corpora(line, S2S_IO, "data.valid: cannot open ");
    scratch_put_text("c.tsv", "one\t1\ntwo\n");
    expect_refused_corpora(NULL, S2S_INPUT, "c.tsv:2: target_column is 2");
    assert_int_equal(unlink(scratch("c.tsv")), 0);
    expect_refused_corpora(NULL, S2S_IO, "data.test.news: cannot open ");
    assert_int_equal(unlink(scratch("b.tsv")), 0);
    expect_refused_corpora(NULL, S2S_IO, "data.train: cannot open ");
    expect_refused_corpora("data.train=null", S2S_USAGE, "data.train: is missing");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_folder_gets_the_recipe),
        cmocka_unit_test(the_same_recipe_goes_on),
        cmocka_unit_test(another_recipe_is_refused),
        cmocka_unit_test(a_moved_run_goes_on),
        cmocka_unit_test(a_model_without_checkpoints_is_not_overwritten),
        cmocka_unit_test(accept_goes_on_with_the_new_recipe),
        cmocka_unit_test(another_vocabulary_is_not_accepted),
        cmocka_unit_test(a_recipe_that_does_not_fit_is_not_taken),
        cmocka_unit_test(the_users_own_recipe_is_not_overwritten),
        cmocka_unit_test(the_runs_own_recipe_goes_on),
        cmocka_unit_test(one_run_at_a_time),
        cmocka_unit_test(restart_begins_anew),
        cmocka_unit_test(nothing_stale_is_taken),
        cmocka_unit_test(an_output_that_is_a_file),
        cmocka_unit_test(a_shared_vocabulary_knows_both_sides),
        cmocka_unit_test(separate_vocabularies_know_one_each),
        cmocka_unit_test(a_given_vocabulary_is_copied),
        cmocka_unit_test(too_large_a_vocabulary_tells_the_largest),
        cmocka_unit_test(a_missing_corpus_is_named),
        cmocka_unit_test(mistakes_in_corpora_are_found_before_training),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
