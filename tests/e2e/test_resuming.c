/* Stops at random moments, by force and by request, and other numbers of threads: all end in the
 * same bits. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"
#include "program.h"
#include "scratch.h"
#include "task.h"
#include "train/checkpoint.h"

/* Of the moments; printed, so that a failure can be had again. */
static uint64_t seed;

/* What all runs here have in common: many checkpoints and validations, and random numbers of every
 * kind. */
#define COMMON                                                                                     \
    "encoder.dropout=0.1", "train.max_steps=150", "train.schedule.warmup_steps=20",                \
        "train.validation.every=25", "train.save_every=13", "train.validation.metrics=[bleu]"

typedef struct run {
    const char *name;
    task_settings settings;
} run;

static const run adam = {"adam", {{COMMON}}};
static const run ema = {"ema",
                        {{COMMON, "train.ema_decay=0.9", "train.accumulate=2",
                          "train.schedule.type=plateau", "train.schedule.plateau_patience=1",
                          "text.sampling_alpha=0.5", "train.optimizer.moments=bfloat16"}}};
static const run mean = {
    "mean",
    {{COMMON, "train.average_last=3", "train.early_stopping.metric=bleu", "train.keep_best=2",
      "train.optimizer.type=adamw", "train.optimizer.weight_decay=0.01"}}};

/* --- starting it --- */

typedef struct command {
    const char *arguments[TASK_SETTINGS * 2];
    char recipe[600], output[600], threads[32];
} command;

/* s2s train for a run, into the folder `output`. */
static void make_command(command *c, const run *r, const char *output, int threads) {
    int n = 0;
    snprintf(c->recipe, sizeof c->recipe, "%s", scratch("recipe.yaml"));
    snprintf(c->output, sizeof c->output, "--output=%s", scratch(output));
    snprintf(c->threads, sizeof c->threads, "--threads=%d", threads);
    const char *first[] = {"s2s", "train", c->recipe, c->output, c->threads};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) c->arguments[n++] = first[i];
    for (int i = 0; r->settings.items[i]; i++) {
        c->arguments[n++] = "--set";
        c->arguments[n++] = r->settings.items[i];
    }
    c->arguments[n] = NULL;
}

static bool succeeded(int status) {
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void fail_with_errors(const char *output, int status) {
    char *errors = scratch_get(scratch("errors"), NULL);
    fail_msg("%s: status %d: %s", output, status, errors);
}

/* Undisturbed. Returns the seconds that it took. */
static double train(const run *r, const char *output, int threads) {
    command c;
    make_command(&c, r, output, threads);
    double start = program_now();
    int status = program_wait(program_start(c.arguments, "errors"));
    if (!succeeded(status)) fail_with_errors(output, status);
    return program_now() - start;
}

/* --- the same bits --- */

static void expect_same_file(const char *a, const char *b, const char *name) {
    char path[2][256];
    size_t sizes[2];
    snprintf(path[0], sizeof path[0], "%s/%s", a, name);
    snprintf(path[1], sizeof path[1], "%s/%s", b, name);
    char *first = scratch_get(scratch(path[0]), &sizes[0]);
    char *second = scratch_get(scratch(path[1]), &sizes[1]);
    assert_int_equal(sizes[0], sizes[1]);
    if (memcmp(first, second, sizes[0])) fail_msg("%s and %s differ in %s", a, b, name);
    free(first);
    free(second);
}

static void expect_same_model(const char *a, const char *b) {
    expect_same_file(a, b, "model.safetensors");
    expect_same_file(a, b, "vocab.model");
    expect_same_file(a, b, "checkpoints/step-00000150/model.safetensors");
    expect_same_file(a, b, "checkpoints/step-00000150/score.txt");
}

/* --- stops --- */

static int64_t newest_step(const char *output) {
    s2s_checkpoints list;
    s2s_err err = {0};
    assert_int_equal(s2s_checkpoints_list(&list, scratch(output), &err), S2S_OK);
    int64_t step = list.n ? list.items[list.n - 1].step : 0;
    s2s_checkpoints_release(&list);
    return step;
}

/* A random moment: when so many steps are saved, and up to a third more of the time that this took, so
 * that machines of any speed are hit at the same places, and loaded ones, too. The first stops hit what
 * comes before training: they come within a third of the `calm` seconds of the undisturbed run. */
static int stop_at(pid_t program, const char *output, int signal, int64_t step, double calm,
                   s2s_rng *rng) {
    int status;
    double start = program_now();
    while (newest_step(output) < step) {
        if (waitpid(program, &status, WNOHANG) == program) return status;
        program_rest();
    }
    double span = step ? program_now() - start : calm;
    return program_signal(program, signal, 0.3 * span * s2s_rng_uniform(rng));
}

/* Starts the run again and again, and stops it by a signal each time; then lets it end. */
static void train_with_stops(const run *r, const char *output, int signal, double calm) {
    enum { STOPS = 8, EARLY = 2, STEPS = 150 };
    s2s_rng rng = s2s_rng_init(seed, (uint64_t)signal);
    command c;
    make_command(&c, r, output, 1);
    int hits = 0;
    for (int i = 0; i < STOPS; i++) {
        int64_t step = i < EARLY ? 0 : (i - EARLY) * (STEPS - 15) / (STOPS - EARLY);
        int status =
            stop_at(program_start(c.arguments, "errors"), output, signal, step, calm, &rng);
        bool by_force = WIFSIGNALED(status) && WTERMSIG(status) == signal;
        bool by_request = WIFEXITED(status) && WEXITSTATUS(status) == 1 && signal == SIGINT;
        if (!succeeded(status) && !by_force && !by_request) fail_with_errors(output, status);
        hits += !succeeded(status);
    }
    train(r, output, 1);
    print_message("%s: stopped %d times\n", output, hits);
    assert_true(hits > STOPS / 2);
}

static void kill_and_compare(const run *r) {
    char killed[64];
    snprintf(killed, sizeof killed, "%s-killed", r->name);
    double calm = train(r, r->name, 1);
    train_with_stops(r, killed, SIGKILL, calm);
    expect_same_model(r->name, killed);
}

static void killed_with_adam(void **state) {
    (void)state;
    kill_and_compare(&adam);
}

static void killed_with_averages_and_plateau(void **state) {
    (void)state;
    kill_and_compare(&ema);
}

static void killed_with_the_mean_of_checkpoints(void **state) {
    (void)state;
    kill_and_compare(&mean);
}

/* Validation is what most of the time goes to here, so that stops hit it as well. */
static void interrupts_lose_nothing(void **state) {
    (void)state;
    run patient = {"patient",
                   {{COMMON, "train.ema_decay=0.9", "train.validation.search.type=beam",
                     "train.validation.every=10", "train.save_every=50"}}};
    double calm = train(&patient, "calm", 1);
    train_with_stops(&patient, "interrupted", SIGINT, calm);
    expect_same_model("calm", "interrupted");
}

/* The step that was reached is on the disk, and the message says so. */
static void an_interrupt_saves_first(void **state) {
    (void)state;
    run endless = {"endless",
                   {{"train.max_steps=1000000", "train.save_every=1000000",
                     "train.validation.every=1000000"}}};
    command c;
    make_command(&c, &endless, "endless", 1);
    pid_t program = program_start(c.arguments, "endless.errors");
    char *errors = strdup("");
    while (!strstr(errors, " step ")) { /* it has begun to train */
        program_rest();
        free(errors);
        errors = scratch_get(scratch("endless.errors"), NULL);
    }
    free(errors);
    int status = program_signal(program, SIGINT, 0.2);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    errors = scratch_get(scratch("endless.errors"), NULL);
    const char *told = strstr(errors, "interrupted after step ");
    assert_non_null(told);
    char path[128];
    int step = atoi(told + strlen("interrupted after step "));
    assert_true(step > 0);
    snprintf(path, sizeof path, "endless/checkpoints/step-%08d/trainer.safetensors", step);
    free(scratch_get(scratch(path), NULL)); /* it is there */
    free(errors);
}

static void threads_do_not_matter(void **state) {
    (void)state;
    train(&ema, "one", 1);
    train(&ema, "two", 2);
    train(&ema, "four", 4);
    expect_same_model("one", "two");
    expect_same_model("one", "four");
}

int main(void) {
    const char *given = getenv("S2S_TEST_SEED");
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("S2S_TEST_SEED=%llu\n", (unsigned long long)seed);
    setenv("OMP_WAIT_POLICY", "passive", 1); /* threads share busy cores here */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_with_adam),
        cmocka_unit_test(killed_with_averages_and_plateau),
        cmocka_unit_test(killed_with_the_mean_of_checkpoints),
        cmocka_unit_test(interrupts_lose_nothing),
        cmocka_unit_test(an_interrupt_saves_first),
        cmocka_unit_test(threads_do_not_matter),
    };
    return cmocka_run_group_tests(tests, task_set_up, scratch_tear_down);
}
