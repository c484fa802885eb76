/* Training as a whole, in this process: it learns, every way of choosing the final model and the
 * rate runs through, and accumulated batches are one large batch. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/file.h"
#include "base/thread.h"
#include "events.h"
#include "scratch.h"
#include "task.h"
#include "translations.h"

static bool exists(const char *output, const char *name) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", output, name);
    return s2s_file_exists(scratch(path));
}

/* Lines of the test set that a model translates without a mistake. */
static int right_lines(const char *output) {
    s2s_loaded_model model = load_packed(output);
    text_lines source = lines_read(scratch("test.source"));
    text_lines expected = lines_read(scratch("test.target"));
    text_lines translated = translate_lines(&model, &model.recipe->search, &source, false, NULL);
    int right = lines_equal(&translated, &expected);
    lines_release(&source);
    lines_release(&expected);
    lines_release(&translated);
    s2s_loaded_model_release(&model);
    return right;
}

/* --- it learns --- */

static void pre_norm_learns(void **state) {
    (void)state;
    task_learn("pre", (task_settings){{"encoder.norm=pre"}});
    assert_true(right_lines("pre") > 95);
    assert_true(read_events("pre", "test", "bleu").of[0] > 95);
}

static void bfloat16_learns(void **state) {
    (void)state;
    task_learn("half", (task_settings){{"train.precision=bfloat16", "train.recompute=layers",
                                        "train.optimizer.moments=bfloat16"}});
    assert_true(right_lines("half") > 95);
}

static void post_norm_learns(void **state) {
    (void)state;
    task_learn("post", (task_settings){{"encoder.norm=post"}});
    assert_true(right_lines("post") > 95);
}

/* With a long memory of squares, so that most changes are below what bfloat16 tells apart. */
static void bfloat16_moments_learn_as_well(void **state) {
    (void)state;
    task_learn("float32", (task_settings){{"train.optimizer.adam_betas=[0.9, 0.999]"}});
    task_learn("bfloat16", (task_settings){{"train.optimizer.adam_betas=[0.9, 0.999]",
                                            "train.optimizer.moments=bfloat16"}});
    values plain = read_events("float32", "validation", "loss");
    values half = read_events("bfloat16", "validation", "loss");
    assert_int_equal(plain.n, 5);
    assert_int_equal(half.n, 5);
    assert_true(half.of[4] < 1.25 * plain.of[4] + 0.01);
    assert_true(right_lines("bfloat16") > 95);
}

/* --- ways to the final model --- */

static void averages_of_the_weights(void **state) {
    (void)state;
    task_learn("ema", (task_settings){{"train.ema_decay=0.99", "train.max_steps=500",
                                       "train.schedule.type=constant",
                                       "train.validation.metrics=[bleu]"}});
    values bleu = read_events("ema", "validation", "bleu");
    assert_int_equal(bleu.n, 3); /* of steps 200, 400 and the last */
    assert_true(bleu.of[2] > 60);
    assert_true(right_lines("ema") > 60);
}

static void mean_of_the_last_checkpoints(void **state) {
    (void)state;
    task_learn("mean", (task_settings){{"train.average_last=3", "train.validation.every=100"}});
    assert_true(exists("mean", "checkpoints/step-00000800/model.safetensors"));
    assert_true(exists("mean", "checkpoints/step-00000900/model.safetensors"));
    assert_true(exists("mean", "checkpoints/step-00001000/model.safetensors"));
    assert_false(exists("mean", "checkpoints/step-00000700"));
    assert_true(right_lines("mean") > 95);
    size_t size;
    char *mean = scratch_get(scratch("mean/model.safetensors"), &size);
    char *last = scratch_get(scratch("mean/checkpoints/step-00001000/model.safetensors"), NULL);
    assert_memory_not_equal(mean, last, size);
    free(mean);
    free(last);
}

/* Without progress from the start: the rate is too low to change a line. */
static void early_stopping_by_bleu(void **state) {
    (void)state;
    task_learn("early",
               (task_settings){{"train.optimizer.learning_rate=1e-9", "train.max_steps=0",
                                "train.schedule.type=constant", "train.early_stopping.metric=bleu",
                                "train.early_stopping.patience=3", "train.validation.every=10"}});
    values step = read_events("early", "validation", "step");
    assert_int_equal(step.n, 4);
    assert_true(step.of[3] == 40);
    assert_true(exists("early", "checkpoints/step-00000010")); /* the best */
    assert_true(exists("early", "checkpoints/step-00000040")); /* the last */
    assert_false(exists("early", "checkpoints/step-00000030"));
    size_t size;
    char *best = scratch_get(scratch("early/checkpoints/step-00000010/model.safetensors"), &size);
    char *published = scratch_get(scratch("early/model.safetensors"), NULL);
    assert_memory_equal(best, published, size);
    free(best);
    free(published);
}

/* Error rates fall while a model learns: the best is the lowest. */
static void best_by_an_error_rate(void **state) {
    (void)state;
    task_learn("rate", (task_settings){{"train.max_steps=600", "train.early_stopping.metric=wer",
                                        "train.validation.every=100",
                                        "train.validation.metrics=[rougeL, exact_match, ter]"}});
    values step = read_events("rate", "validation", "step");
    values wer = read_events("rate", "validation", "wer");
    values ter = read_events("rate", "validation", "ter");
    assert_int_equal(wer.n, 6);
    assert_int_equal(ter.n, 6);
    int best = 0;
    for (int i = 1; i < wer.n; i++)
        if (wer.of[i] < wer.of[best]) best = i;
    assert_true(best > 0 && wer.of[best] < 0.5 * wer.of[0]);
    char name[64];
    snprintf(name, sizeof name, "rate/checkpoints/step-%08d/model.safetensors", (int)step.of[best]);
    size_t size;
    char *lowest = scratch_get(scratch(name), &size);
    char *published = scratch_get(scratch("rate/model.safetensors"), NULL);
    assert_memory_equal(lowest, published, size);
    free(lowest);
    free(published);
}

/* The rate is far too high for progress, so that it must fall. */
static void plateau(void **state) {
    (void)state;
    task_learn(
        "plateau",
        (task_settings){{"train.schedule.type=plateau", "train.schedule.warmup_steps=0",
                         "train.schedule.plateau_patience=1", "train.schedule.plateau_factor=0.25",
                         "train.optimizer.learning_rate=0.5", "train.validation.every=25",
                         "train.max_steps=400", "train.log_every=25"}});
    values loss = read_events("plateau", "validation", "loss");
    values rate = read_events("plateau", "train", "learning_rate");
    assert_int_equal(loss.n, 16);
    assert_int_equal(rate.n, 16);
    double best = loss.of[0], expected = 0.5;
    for (int i = 1; i < loss.n; i++) {
        if (i > 1 && loss.of[i - 1] >= best) expected *= 0.25;
        if (i > 1 && loss.of[i - 1] < best) best = loss.of[i - 1];
        assert_float_equal(rate.of[i], expected, 1e-12);
    }
    assert_true(expected < 0.5);
}

static void without_validation_the_last_model_is_taken(void **state) {
    (void)state;
    task_learn("blind",
               (task_settings){{"data.valid=null", "data.test=null", "train.max_steps=30",
                                "train.schedule.warmup_steps=5", "train.validation.every=10"}});
    assert_true(exists("blind", "checkpoints/step-00000030"));
    assert_false(exists("blind", "checkpoints/step-00000010"));
    size_t size;
    char *last = scratch_get(scratch("blind/checkpoints/step-00000030/model.safetensors"), &size);
    char *published = scratch_get(scratch("blind/model.safetensors"), NULL);
    assert_memory_equal(last, published, size);
    free(last);
    free(published);
}

/* --- sums of batches --- */

/* 64 pairs of seven words, each of them a piece: 512 tokens with the end symbols, so that an epoch
 * is one batch of 512 tokens or two of 256. */
static void write_one_batch(void) {
    FILE *file = fopen(scratch("even.tsv"), "w");
    assert_non_null(file);
    for (int i = 0; i < 64; i++) {
        static const char *const word[] = {"one", "two", "three", "four"};
        for (int k = 0; k < 7; k++)
            fprintf(file, "%s%c", word[(i >> k % 6) % 4], k < 6 ? ' ' : '\t');
        for (int k = 7; k-- > 0;) fprintf(file, "%s%c", word[(i >> k % 6) % 4], k ? ' ' : '\n');
    }
    fclose(file);
}

static void accumulated_batches_are_one(void **state) {
    (void)state;
    write_one_batch();
    char corpus[600], half[32] = "train.batch_tokens=256", two[] = "train.accumulate=2";
    snprintf(corpus, sizeof corpus, "data.train.tsv=%s", scratch("even.tsv"));
    const char *whole[] = {corpus,
                           "text.vocabulary.size=17",
                           "train.max_steps=40",
                           "train.schedule.warmup_steps=20",
                           "train.log_every=1",
                           "data.valid=null",
                           "data.test=null"};
    task_settings settings = {{NULL}};
    memcpy(settings.items, whole, sizeof whole);
    task_learn("whole", settings);
    settings.items[7] = half;
    settings.items[8] = two;
    task_learn("halves", settings);
    values a = read_events("whole", "train", "loss"), b = read_events("halves", "train", "loss");
    values epoch = read_events("halves", "train", "epoch");
    assert_int_equal(a.n, 40);
    assert_int_equal(b.n, 40);
    assert_true(epoch.of[38] == 39); /* an epoch is a step in both */
    assert_true(a.of[39] < a.of[0] / 2);
    for (int i = 0; i < 40; i++) assert_float_equal(a.of[i], b.of[i], 1e-5);
}

/* --- it goes wrong --- */

static void a_huge_rate_is_told(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_status status =
        task_train("huge",
                   (task_settings){{"train.optimizer.learning_rate=1000", "encoder.norm=post",
                                    "train.optimizer.type=sgd", "train.optimizer.clip_norm=0",
                                    "train.schedule.type=constant", "train.schedule.warmup_steps=0",
                                    "train.validation.every=1", "train.max_steps=100"}},
                   &err);
    assert_int_equal(status, S2S_NUMERIC);
    assert_non_null(strstr(err.message, "no longer a number"));
    assert_non_null(strstr(err.message, "learning rate 1000"));
    assert_non_null(strstr(err.message, "step "));
    assert_non_null(strstr(err.message, "train.optimizer.learning_rate"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pre_norm_learns),
        cmocka_unit_test(bfloat16_learns),
        cmocka_unit_test(post_norm_learns),
        cmocka_unit_test(bfloat16_moments_learn_as_well),
        cmocka_unit_test(averages_of_the_weights),
        cmocka_unit_test(mean_of_the_last_checkpoints),
        cmocka_unit_test(early_stopping_by_bleu),
        cmocka_unit_test(best_by_an_error_rate),
        cmocka_unit_test(plateau),
        cmocka_unit_test(without_validation_the_last_model_is_taken),
        cmocka_unit_test(accumulated_batches_are_one),
        cmocka_unit_test(a_huge_rate_is_told),
    };
    s2s_threads_set(1); /* threads that wait for each other are slow on a busy machine */
    return cmocka_run_group_tests(tests, task_set_up, scratch_tear_down);
}
