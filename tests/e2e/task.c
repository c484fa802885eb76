/* See task.h. */
#include "task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"
#include "scratch.h"

/* --- the data --- */

enum { TRAIN_LINES = 2000, LONGEST = 6 };

static const char *const words[] = {"zero", "one", "two",   "three", "four",
                                    "five", "six", "seven", "eight", "nine"};

static void put_words(FILE *file, const int *numbers, int n, int step, char end) {
    for (int i = step > 0 ? 0 : n - 1, left = n; left--; i += step)
        fprintf(file, "%s%c", words[numbers[i]], left ? ' ' : end);
}

/* `source` and `target` may be one file: then they are its columns. */
static void write_pairs(const char *source, const char *target, int lines, uint64_t stream) {
    s2s_rng rng = s2s_rng_init(2024, stream);
    FILE *from = fopen(scratch(source), "w");
    FILE *to = strcmp(source, target) ? fopen(scratch(target), "w") : from;
    assert_true(from && to);
    for (int i = 0; i < lines; i++) {
        int numbers[LONGEST], n = 2 + (int)s2s_rng_below(&rng, LONGEST - 1);
        for (int k = 0; k < n; k++) numbers[k] = (int)s2s_rng_below(&rng, 10);
        put_words(from, numbers, n, 1, from == to ? '\t' : '\n');
        put_words(to, numbers, n, -1, '\n');
    }
    fclose(from);
    if (to != from) fclose(to);
}

static const char yaml[] =
    "data:\n"
    "  train: {tsv: train.tsv}\n"
    "  valid: {tsv: valid.tsv}\n"
    "  test: {numbers: {source: test.source, target: test.target}}\n"
    "  max_length: 64\n"
    "  cache: cache\n"
    "text: {vocabulary: {size: 39}}\n"
    "encoder: {layers: 1, width: 32, heads: 2, feed_forward: 64, dropout: 0}\n"
    "decoder: {}\n"
    "objective: {label_smoothing: 0}\n"
    "train:\n"
    "  batch_tokens: 512\n"
    "  max_steps: 1000\n"
    "  optimizer: {learning_rate: 1e-2}\n"
    "  schedule: {type: linear, warmup_steps: 100}\n"
    "  validation: {every: 200}\n"
    "  log_every: 50\n";

int task_set_up(void **state) {
    if (scratch_set_up(state)) return -1;
    write_pairs("train.tsv", "train.tsv", TRAIN_LINES, 1);
    write_pairs("valid.tsv", "valid.tsv", TASK_LINES, 2);
    write_pairs("test.source", "test.target", TASK_LINES, 3);
    scratch_put_text("recipe.yaml", yaml);
    return 0;
}

/* --- training --- */

s2s_status task_train(const char *output, task_settings settings, s2s_err *err) {
    char folder[600];
    snprintf(folder, sizeof folder, "output=%s", scratch(output));
    s2s_train_options options = {.recipe = scratch("recipe.yaml"), .sets = settings.items};
    while (settings.items[options.sets_n]) options.sets_n++;
    assert_true(options.sets_n < TASK_SETTINGS);
    settings.items[options.sets_n++] = folder;
    s2s_log *log = s2s_log_create(NULL, err);
    assert_non_null(log);
    s2s_status status = s2s_train(&options, log, err);
    s2s_log_free(log);
    return status;
}

void task_learn(const char *output, task_settings settings) {
    s2s_err err = {0};
    if (task_train(output, settings, &err)) fail_msg("%s: %s", output, err.message);
}
