/* Encoder and decoder that learn from running text alone: each objective, trained until it can tell what must come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"
#include "base/thread.h"
#include "events.h"
#include "scratch.h"
#include "task.h"
#include "translations.h"

/* --- a text that can be foretold: every line goes on through the alphabet --- */

enum { LETTERS = 10, LINE = 8, LINES = 3 };

static void write_letters(const char *name, int documents, uint64_t stream) {
    s2s_rng rng = s2s_rng_init(7, stream);
    FILE *file = fopen(scratch(name), "w");
    assert_non_null(file);
    for (int i = 0; i < LINES * documents; i++) {
        int first = (int)s2s_rng_below(&rng, LETTERS);
        for (int k = 0; k < LINE; k++)
            fprintf(file, "%c%c", 'a' + (first + k) % LETTERS, k + 1 < LINE ? ' ' : '\n');
        if (i % LINES == LINES - 1) fputc('\n', file); /* the document's end */
    }
    fclose(file);
}

static const char yaml[] =
    "data:\n"
    "  train: {text: train.txt}\n"
    "  valid: {text: valid.txt}\n"
    "  test: {again: {text: valid.txt}}\n"
    "  max_length: 40\n"
    "  cache: cache\n"
    "text: {vocabulary: {size: 24}}\n"
    "encoder: {layers: 1, width: 32, heads: 2, feed_forward: 64, dropout: 0}\n"
    "decoder: {}\n"
    "train:\n"
    "  precision: float32\n"
    "  batch_tokens: 512\n"
    "  max_steps: 600\n"
    "  optimizer: {learning_rate: 1e-2}\n"
    "  schedule: {type: linear, warmup_steps: 50}\n"
    "  validation: {every: 150}\n";

static int set_up(void **state) {
    if (scratch_set_up(state)) return -1;
    write_letters("train.txt", 700, 1);
    write_letters("valid.txt", 40, 2);
    scratch_put_text("recipe.yaml", yaml);
    return 0;
}

/* --- it learns --- */

/* Of validation and of a test set of the same text: what is drawn for held-out text is the same each time. */
static void learn(const char *type, double accuracy) {
    char setting[64];
    snprintf(setting, sizeof setting, "objective.type=%s", type);
    task_learn(type, (task_settings){{setting}});
    values losses = read_events(type, "validation", "loss");
    values found = read_events(type, "validation", "accuracy");
    values test = read_events(type, "test", "accuracy");
    assert_int_equal(losses.n, 4);
    assert_true(losses.of[3] < losses.of[0]);
    assert_int_equal(test.n, 1);
    if (test.of[0] != found.of[3] || test.of[0] < accuracy)
        fail_msg("%s: accuracy %g, of the test set %g", type, found.of[3], test.of[0]);
}

/* Half of a target are sentinels and its end; of ten letters one would be right by chance. */
static void span_corruption_learns(void **state) {
    (void)state;
    learn("span_corruption", 0.68);
}

static void denoising_learns(void **state) {
    (void)state;
    learn("denoising", 0.85);
}

static void prefix_lm_learns(void **state) {
    (void)state;
    learn("prefix_lm", 0.8);
}

/* Of the letters of a tail, which follow "a b c d" in a circle of ten: those that come behind the one before. */
static void count_followers(const text_lines *tails, int line, int *right, int *all) {
    char before = (char)('a' + (line + 3) % 10);
    for (size_t i = 0; i < tails->length[line]; i++) {
        char letter = tails->line[line][i];
        if (letter == ' ') continue;
        *right += letter == 'a' + (before - 'a' + 1) % 10;
        ++*all;
        before = letter;
    }
}

/* It is a model that writes a text for another one: the letters that come next. */
static void what_it_learned_can_be_searched(void **state) {
    (void)state;
    char text[10 * 8];
    for (int i = 0; i < 10; i++)
        for (int k = 0; k < 8; k++)
            text[8 * i + k] = (char)(k == 7 ? '\n' : k % 2 ? ' ' : 'a' + (i + k / 2) % 10);
    s2s_loaded_model model = load_packed("prefix_lm");
    text_lines heads = lines_split(text, sizeof text);
    text_lines tails = translate_lines(&model, &model.recipe->search, &heads, false, NULL);
    int right = 0, all = 0;
    assert_int_equal(tails.n, 10);
    for (int i = 0; i < 10; i++) count_followers(&tails, i, &right, &all);
    if (all < 20 || right < 0.7 * all) fail_msg("%d of %d letters follow", right, all);
    lines_release(&heads);
    lines_release(&tails);
    s2s_loaded_model_release(&model);
}

/* --- threads --- */

/* A batch has no more room than the longest text needs. */
static void threads_change_nothing(void **state) {
    (void)state;
    static const char *const outputs[] = {"one", "three"};
    char *weights[2];
    size_t sizes[2];
    for (int i = 0; i < 2; i++) {
        char name[64];
        s2s_threads_set(1 + 2 * i);
        task_learn(outputs[i],
                   (task_settings){{"objective.type=denoising", "train.max_steps=20",
                                    "objective.rotation=0.5", "objective.deletion=0.1",
                                    "train.batch_tokens=40", "train.schedule.warmup_steps=5"}});
        snprintf(name, sizeof name, "%s/model.safetensors", outputs[i]);
        weights[i] = scratch_get(scratch(name), &sizes[i]);
    }
    s2s_threads_set(0);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(weights[0], weights[1], sizes[0]);
    free(weights[0]);
    free(weights[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(span_corruption_learns), cmocka_unit_test(denoising_learns),
        cmocka_unit_test(prefix_lm_learns),       cmocka_unit_test(what_it_learned_can_be_searched),
        cmocka_unit_test(threads_change_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_tear_down);
}
