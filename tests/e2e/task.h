/* A task that a tiny model learns within a second: number words, and the same words backwards. */
#ifndef S2S_TEST_TASK_H
#define S2S_TEST_TASK_H

#include "train/trainer.h"

enum { TASK_LINES = 100 }; /* of the validation and the test set */

/* Group set-up of cmocka: a scratch folder with recipe.yaml, train.tsv, valid.tsv, test.source,
 * test.target. */
int task_set_up(void **state);

/* The model folder and its settings, as arguments of `s2s train` and for task_train; NULL ends the
 * settings. */
enum { TASK_SETTINGS = 32 };
typedef struct task_settings {
    const char *items[TASK_SETTINGS]; /* "key.path=value" */
} task_settings;

/* Trains in this process into the folder `output` of the scratch folder. */
s2s_status task_train(const char *output, task_settings settings, s2s_err *err);
/* The same; fails the test when it fails. */
void task_learn(const char *output, task_settings settings);

#endif
