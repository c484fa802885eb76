/* Checkpoints: to the same bits and back, which are kept, what a stop at any place leaves, disks
 * that fail. */
#define _GNU_SOURCE /* seteuid */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/file.h"
#include "kernel/bfloat16.h"
#include "scratch.h"
#include "state.h"
#include "tensor/safetensors.h"
#include "train/average.h"

/* --- short ways --- */

static void save_at(test_state *s, const char *output, int64_t step, const double *score) {
    s2s_err err = {0};
    s->progress.step = step;
    if (s2s_checkpoint_save(&s->all, output, score, &err)) fail_msg("%s", err.message);
}

static bool resume(test_state *s, const char *output) {
    s2s_err err = {0};
    bool found = false;
    if (s2s_checkpoint_resume(&s->all, output, &found, &err)) fail_msg("%s", err.message);
    return found;
}

static s2s_checkpoints list_of(const char *output) {
    s2s_checkpoints list;
    s2s_err err = {0};
    assert_int_equal(s2s_checkpoints_list(&list, output, &err), S2S_OK);
    return list;
}

static const char *path_in(const char *output, const char *name) {
    static char path[1024];
    snprintf(path, sizeof path, "%s/checkpoints/%s", output, name);
    return path;
}

static bool exists(const char *output, const char *name) {
    return s2s_file_exists(path_in(output, name));
}

/* The steps that are there, as in "10 20 30". */
static void expect_steps(const char *output, const char *expected) {
    s2s_checkpoints list = list_of(output);
    char text[256] = "";
    for (size_t i = 0; i < list.n; i++)
        sprintf(text + strlen(text), i ? " %d" : "%d", (int)list.items[i].step);
    assert_string_equal(text, expected);
    s2s_checkpoints_release(&list);
}

static void prune(const char *output, int64_t last, int64_t best, bool higher_is_better) {
    s2s_err err = {0};
    assert_int_equal(s2s_checkpoints_prune(output, last, best, higher_is_better, &err), S2S_OK);
}

/* --- there and back --- */

/* From `saved` to `read`, both just made; releases them. */
static void round_trip(const char *output, test_state *saved, test_state *read) {
    state_fill(saved, 4);
    state_fill(read, 9);
    save_at(saved, output, 77, NULL);
    assert_true(resume(read, output));
    state_expect_equal(saved, read);
    state_release(saved);
    state_release(read);
}

static void round_trip_of(const char *name, s2s_optimizer_type type, bool ema) {
    const char *output = scratch(name);
    test_state saved, read;
    state_make(&saved, output, type, ema);
    state_make(&read, output, type, ema);
    round_trip(output, &saved, &read);
}

static void comes_back_in_the_same_bits(void **state) {
    (void)state;
    round_trip_of("adam", S2S_ADAM, false);
    round_trip_of("adam-ema", S2S_ADAM, true);
    round_trip_of("sgd", S2S_SGD, false);
    round_trip_of("sgd-ema", S2S_SGD, true);
}

static void bfloat16_comes_back_in_the_same_bits(void **state) {
    (void)state;
    for (int ema = 0; ema < 2; ema++) {
        const char *output = scratch(ema ? "bfloat16-ema" : "bfloat16");
        test_state saved, read;
        state_make_bfloat16(&saved, output, ema);
        state_make_bfloat16(&read, output, ema);
        round_trip(output, &saved, &read);
    }
}

/* As they are: two bytes a number, of the type that the format has for it. */
static void bfloat16_is_stored_as_such(void **state) {
    (void)state;
    const char *output = scratch("stored");
    test_state saved;
    s2s_err err = {0};
    s2s_safetensors *file;
    state_make_bfloat16(&saved, output, true);
    state_fill(&saved, 4);
    save_at(&saved, output, 3, NULL);
    const char *path = path_in(output, "step-00000003/trainer.safetensors");
    assert_int_equal(s2s_safetensors_open(&file, path, &err), S2S_OK);
    const void *moments[] = {saved.optimizer.m, saved.optimizer.v};
    for (int i = 0; i < 2; i++) {
        const s2s_stored_tensor *stored = s2s_safetensors_find(file, i ? "v" : "m");
        assert_int_equal(stored->dtype, S2S_DTYPE_BF16);
        assert_int_equal(stored->size, 2 * saved.model->params.size);
        assert_memory_equal(stored->data, moments[i], stored->size);
    }
    s2s_safetensors_close(file);
    state_release(&saved);
}

/* A run may go on with other `moments` (--accept): floats are rounded to the nearest, halves widened. */
static void moments_are_converted(void **state) {
    (void)state;
    const char *output = scratch("converted");
    test_state floats, halves, again;
    state_make(&floats, output, S2S_ADAM, false);
    state_make_bfloat16(&halves, output, false);
    state_make(&again, output, S2S_ADAM, false);
    state_fill(&floats, 4);
    save_at(&floats, output, 1, NULL);
    assert_true(resume(&halves, output));
    assert_int_equal(halves.optimizer.steps, floats.optimizer.steps);
    save_at(&halves, output, 2, NULL);
    assert_true(resume(&again, output));
    const s2s_real *was[] = {floats.optimizer.m, floats.optimizer.v};
    const s2s_real *is[] = {again.optimizer.m, again.optimizer.v};
    const s2s_bfloat16 *half[] = {halves.optimizer.m, halves.optimizer.v};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < floats.model->params.size; i++) {
            assert_true(half[k][i] == s2s_bfloat16_nearest((float)was[k][i]));
            assert_true(is[k][i] == s2s_bfloat16_widen(half[k][i]));
        }
    state_release(&floats);
    state_release(&halves);
    state_release(&again);
}

static void model_holds_the_averages(void **state) {
    (void)state;
    const char *output = scratch("averages");
    test_state saved;
    state_make(&saved, output, S2S_ADAM, true);
    state_fill(&saved, 4);
    save_at(&saved, output, 5, NULL);
    s2s_model *model;
    s2s_err err = {0};
    assert_int_equal(s2s_model_create(&model, saved.recipe, 11, 11, S2S_PARAMS_KEEP, &err), S2S_OK);
    const char *path = path_in(output, "step-00000005/model.safetensors");
    assert_int_equal(s2s_average_weights(model, &path, 1, &err), S2S_OK);
    assert_memory_equal(model->params.value, saved.ema, model->params.size * sizeof(s2s_real));
    assert_true(exists(output, "step-00000005/recipe.yaml"));
    assert_true(exists(output, "step-00000005/vocab.model"));
    s2s_model_free(model);
    state_release(&saved);
}

/* A run may go on with EMA switched on or off, or with another optimizer (--accept). */
static void goes_on_with_another_setup(void **state) {
    (void)state;
    const char *output = scratch("other");
    test_state saved, with, without;
    state_make(&saved, output, S2S_ADAM, true);
    state_make(&without, output, S2S_ADAM, false);
    state_fill(&saved, 4);
    save_at(&saved, output, 5, NULL);
    size_t bytes = saved.model->params.size * sizeof(s2s_real);
    assert_true(resume(&without, output));
    assert_memory_equal(without.model->params.value, saved.model->params.value, bytes);
    assert_memory_equal(without.optimizer.m, saved.optimizer.m, bytes);

    state_make(&with, output, S2S_SGD, true);
    without.progress.step = 6;
    save_at(&without, output, 6, NULL);
    assert_true(resume(&with, output));
    assert_memory_equal(with.model->params.value, saved.model->params.value, bytes);
    assert_memory_equal(with.ema, saved.model->params.value, bytes);

    save_at(&with, output, 7, NULL); /* of SGD: without moments */
    assert_true(resume(&saved, output));
    assert_int_equal(saved.optimizer.steps, 0);
    state_release(&saved);
    state_release(&with);
    state_release(&without);
}

static void nothing_is_found_in_an_empty_folder(void **state) {
    (void)state;
    test_state s;
    state_make(&s, scratch("empty"), S2S_ADAM, false);
    assert_false(resume(&s, scratch("empty")));
    state_release(&s);
}

/* --- lists and what is kept --- */

static void lists_steps_and_scores(void **state) {
    (void)state;
    const char *output = scratch("list");
    const double scores[] = {0.1, -1.0 / 3, 1e-300};
    test_state s;
    state_make(&s, output, S2S_SGD, false);
    save_at(&s, output, 100000000, &scores[2]);
    save_at(&s, output, 9, &scores[0]);
    save_at(&s, output, 20, NULL);
    save_at(&s, output, 100, &scores[1]);
    assert_int_equal(mkdir(path_in(output, "step-7.unfinished"), 0777), 0);
    assert_int_equal(mkdir(path_in(output, "other"), 0777), 0);
    expect_steps(output, "9 20 100 100000000");
    s2s_checkpoints list = list_of(output);
    assert_true(list.items[0].scored && !list.items[1].scored && list.items[2].scored);
    assert_true(list.items[0].score == scores[0]);
    assert_true(list.items[2].score == scores[1]);
    assert_true(list.items[3].score == scores[2]);
    s2s_checkpoints_release(&list);
    state_release(&s);
}

/* Steps 10 to 60 with these scores, and an unscored one of step 25. */
static void save_six(test_state *s, const char *output) {
    const double scores[] = {3, 5, 1, 5, 2, 4};
    for (int i = 0; i < 6; i++) save_at(s, output, 10 * (i + 1), &scores[i]);
    save_at(s, output, 25, NULL);
}

static void keeps_the_last_and_the_best(void **state) {
    (void)state;
    const struct {
        int64_t last, best;
        bool higher;
        const char *kept;
    } rules[] = {
        {1, 0, true, "60"},        {2, 1, true, "20 50 60"},          {1, 2, true, "20 40 60"},
        {1, 2, false, "30 50 60"}, {9, 0, true, "10 20 30 40 50 60"}, {0, 0, true, "60"}};
    test_state s;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char name[16];
        sprintf(name, "keep-%d", (int)i);
        const char *output = scratch(name);
        state_make(&s, output, S2S_ADAM, false);
        save_six(&s, output);
        prune(output, rules[i].last, rules[i].best, rules[i].higher);
        expect_steps(output, rules[i].kept);
        state_release(&s);
    }
}

static void only_the_newest_has_a_trainer_state(void **state) {
    (void)state;
    const char *output = scratch("newest");
    test_state s;
    state_make(&s, output, S2S_ADAM, false);
    save_six(&s, output);
    save_at(&s, output, 70, NULL); /* the newest counts, scored or not */
    prune(output, 2, 0, true);
    expect_steps(output, "50 60 70");
    assert_false(exists(output, "step-00000050/trainer.safetensors"));
    assert_false(exists(output, "step-00000060/trainer.safetensors"));
    assert_true(exists(output, "step-00000060/model.safetensors"));
    assert_true(exists(output, "step-00000070/trainer.safetensors"));
    state_release(&s);
}

static void all_can_be_removed(void **state) {
    (void)state;
    const char *output = scratch("remove");
    s2s_err err = {0};
    test_state s;
    state_make(&s, output, S2S_ADAM, false);
    save_six(&s, output);
    assert_int_equal(mkdir(path_in(output, "unfinished"), 0777), 0);
    assert_int_equal(s2s_checkpoints_remove(output, &err), S2S_OK);
    expect_steps(output, "");
    assert_false(exists(output, "unfinished"));
    state_release(&s);
}

/* --- stopped at any place --- */

/* A process was killed while it wrote: half a folder, with a writer's temporary file. */
static void leave_half(const char *output, const char *name) {
    char path[1200];
    assert_int_equal(mkdir(path_in(output, name), 0777), 0);
    snprintf(path, sizeof path, "%s/.s2s-1-0.tmp", path_in(output, name));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    snprintf(path, sizeof path, "%s/score.txt", path_in(output, name));
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("99\n", file);
    fclose(file);
}

static void half_a_checkpoint_is_ignored_and_replaced(void **state) {
    (void)state;
    const char *output = scratch("half");
    test_state saved, read;
    state_make(&saved, output, S2S_ADAM, false);
    state_make(&read, output, S2S_ADAM, false);
    state_fill(&saved, 4);
    save_at(&saved, output, 10, NULL);
    leave_half(output, "unfinished");
    expect_steps(output, "10");
    assert_true(resume(&read, output));
    assert_int_equal(read.progress.step, 10);
    save_at(&saved, output, 20, NULL);
    assert_false(exists(output, "unfinished"));
    assert_false(exists(output, "step-00000020/.s2s-1-0.tmp"));
    assert_false(exists(output, "step-00000020/score.txt"));
    state_release(&saved);
    state_release(&read);
}

/* What was left of one that was being removed goes with the next pruning, temporary files included.
 */
static void what_was_half_removed_goes(void **state) {
    (void)state;
    const char *output = scratch("removed");
    test_state s;
    state_make(&s, output, S2S_ADAM, false);
    save_at(&s, output, 50, NULL);
    leave_half(output, "step-00000010");
    prune(output, 0, 0, true);
    expect_steps(output, "50");
    assert_false(exists(output, "step-00000010"));
    state_release(&s);
}

/* An interrupt amid a validation saved the step without its score; it comes later. */
static void the_same_step_gets_its_score_later(void **state) {
    (void)state;
    const char *output = scratch("score");
    const double score = 12.5;
    test_state saved, read;
    state_make(&saved, output, S2S_ADAM, true);
    state_make(&read, output, S2S_ADAM, true);
    state_fill(&saved, 5);
    save_at(&saved, output, 10, NULL);
    saved.progress.validation_due = 0;
    saved.progress.bad = 3;
    save_at(&saved, output, 10, &score);
    expect_steps(output, "10");
    s2s_checkpoints list = list_of(output);
    assert_true(list.items[0].scored && list.items[0].score == score);
    s2s_checkpoints_release(&list);
    assert_true(resume(&read, output));
    state_expect_equal(&saved, &read);
    state_release(&saved);
    state_release(&read);
}

/* --- disks and files that fail --- */

/* Runs out of room after `bytes` of any file, as a full disk does. */
static struct rlimit limit_files(rlim_t bytes) {
    struct rlimit old, limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    return old;
}

static void a_full_disk_leaves_the_old_one(void **state) {
    (void)state;
    const char *output = scratch("full");
    test_state saved, read;
    s2s_err err = {0};
    state_make(&saved, output, S2S_ADAM, false);
    state_make(&read, output, S2S_ADAM, false);
    state_fill(&saved, 4);
    save_at(&saved, output, 10, NULL);
    for (rlim_t room = 0; room < 8192; room = room * 2 + 16) {
        state_fill(&saved, 6);
        struct rlimit old = limit_files(room);
        s2s_status status = s2s_checkpoint_save(&saved.all, output, NULL, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        assert_int_equal(status, S2S_IO);
        assert_non_null(strstr(err.message, "checkpoints"));
        assert_false(exists(output, "unfinished"));
        expect_steps(output, "10");
    }
    state_fill(&saved, 4);
    saved.progress.step = 10;
    assert_true(resume(&read, output));
    state_expect_equal(&saved, &read);
    state_release(&saved);
    state_release(&read);
}

static void a_place_that_is_no_folder(void **state) {
    (void)state;
    const char *output = scratch("no-folder");
    test_state s;
    s2s_err err = {0};
    state_make(&s, output, S2S_ADAM, false);
    scratch_put_text("no-folder/checkpoints", "a file\n");
    assert_int_equal(s2s_checkpoint_save(&s.all, output, NULL, &err), S2S_IO);
    assert_non_null(strstr(err.message, "no-folder/checkpoints"));
    scratch_expect(scratch("no-folder/checkpoints"), "a file\n");
    state_release(&s);
}

/* The superuser may write anywhere, so that it takes another user's part for the call. */
static void an_unwritable_folder(void **state) {
    (void)state;
    enum { NOBODY = 65534 };
    const char *output = scratch("read-only");
    bool root = geteuid() == 0;
    test_state s;
    s2s_err err = {0};
    state_make(&s, output, S2S_ADAM, false);
    save_at(&s, output, 10, NULL);
    assert_int_equal(chmod(scratch(""), 0755), 0);
    assert_int_equal(chmod(path_in(output, ""), 0555), 0);
    s.progress.step = 20;
    if (root) assert_int_equal(seteuid(NOBODY), 0);
    s2s_status status = s2s_checkpoint_save(&s.all, output, NULL, &err);
    if (root) assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(path_in(output, ""), 0777), 0);
    assert_int_equal(status, S2S_IO);
    assert_non_null(strstr(err.message, "read-only/checkpoints"));
    assert_true(resume(&s, output));
    assert_int_equal(s.progress.step, 10);
    state_release(&s);
}

static s2s_status resume_status(test_state *s, const char *output, s2s_err *err) {
    bool found;
    return s2s_checkpoint_resume(&s->all, output, &found, err);
}

static void damaged_ones_are_told(void **state) {
    (void)state;
    const char *output = scratch("damaged");
    test_state s;
    s2s_err err = {0};
    state_make(&s, output, S2S_ADAM, false);
    save_at(&s, output, 10, NULL);
    char path[1024];
    snprintf(path, sizeof path, "%s", path_in(output, "step-00000010/trainer.safetensors"));
    size_t size;
    char *data = scratch_get(path, &size);
    assert_int_equal(truncate(path, (off_t)size - 1), 0);
    assert_int_equal(resume_status(&s, output, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(resume_status(&s, output, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "--restart"));
    free(data);
    state_release(&s);
}

/* --- averages --- */

static void mean_of_three(void **state) {
    (void)state;
    const char *output = scratch("mean");
    test_state s;
    s2s_err err = {0};
    state_make(&s, output, S2S_SGD, false);
    s2s_params *params = &s.model->params;
    double *sum = calloc(params->size, sizeof *sum);
    char paths[3][1024];
    const char *list[3] = {paths[0], paths[1], paths[2]};
    for (int i = 0; i < 3; i++) {
        state_fill(&s, (uint64_t)i);
        save_at(&s, output, i + 1, NULL);
        for (size_t k = 0; k < params->size; k++) sum[k] += (double)params->value[k];
        snprintf(paths[i], sizeof paths[i], "%s/checkpoints/step-%08d/model.safetensors", output,
                 i + 1);
    }
    assert_int_equal(s2s_average_weights(s.model, list, 3, &err), S2S_OK);
    for (size_t k = 0; k < params->size; k++)
        assert_true(params->value[k] == (s2s_real)(sum[k] / 3));
    assert_int_equal(unlink(paths[1]), 0);
    assert_int_equal(s2s_average_weights(s.model, list, 3, &err), S2S_IO);
    assert_non_null(strstr(err.message, paths[1]));
    free(sum);
    state_release(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_in_the_same_bits),
        cmocka_unit_test(bfloat16_comes_back_in_the_same_bits),
        cmocka_unit_test(bfloat16_is_stored_as_such),
        cmocka_unit_test(moments_are_converted),
        cmocka_unit_test(model_holds_the_averages),
        cmocka_unit_test(goes_on_with_another_setup),
        cmocka_unit_test(nothing_is_found_in_an_empty_folder),
        cmocka_unit_test(lists_steps_and_scores),
        cmocka_unit_test(keeps_the_last_and_the_best),
        cmocka_unit_test(only_the_newest_has_a_trainer_state),
        cmocka_unit_test(all_can_be_removed),
        cmocka_unit_test(half_a_checkpoint_is_ignored_and_replaced),
        cmocka_unit_test(what_was_half_removed_goes),
        cmocka_unit_test(the_same_step_gets_its_score_later),
        cmocka_unit_test(a_full_disk_leaves_the_old_one),
        cmocka_unit_test(a_place_that_is_no_folder),
        cmocka_unit_test(an_unwritable_folder),
        cmocka_unit_test(damaged_ones_are_told),
        cmocka_unit_test(mean_of_three),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
