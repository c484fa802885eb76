/* See finish.h. */
#include "train/finish.h"

#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "model/folder.h"
#include "search/translator.h"
#include "train/average.h"
#include "train/checkpoint.h"
#include "train/prepare.h"

/* The weight files of the last n scored checkpoints. */
static s2s_status last_weights(const s2s_checkpoints *list, int64_t n, s2s_arena *arena,
                               const char **paths, int *found, s2s_err *err) {
    *found = 0;
    for (size_t i = list->n; i-- > 0 && *found < n;) {
        if (!list->items[i].scored) continue;
        paths[*found] = s2s_path_join(arena, list->items[i].folder, S2S_WEIGHTS_FILE, err);
        if (!paths[(*found)++]) return S2S_MEMORY;
    }
    return S2S_OK;
}

static s2s_status average_last(s2s_model *model, int64_t n, int *used, s2s_err *err) {
    s2s_checkpoints list;
    s2s_arena arena = {0};
    const char *output = model->recipe->output;
    S2S_TRY(s2s_checkpoints_list(&list, output, err));
    const char **paths = malloc((list.n + 1) * sizeof *paths);
    s2s_status status =
        paths ? last_weights(&list, n, &arena, paths, used, err) : s2s_fail_memory(err, list.n);
    if (status == S2S_OK && *used > 0) status = s2s_average_weights(model, paths, *used, err);
    if (status == S2S_OK && *used > 0) status = s2s_model_save_beside(model, output, output, err);
    free(paths);
    s2s_arena_release(&arena);
    s2s_checkpoints_release(&list);
    return status;
}

/* The best model was put into the run folder when it was found. */
static s2s_status take_best(s2s_model *model, s2s_err *err) {
    s2s_arena arena = {0};
    char *path = s2s_path_join(&arena, model->recipe->output, S2S_WEIGHTS_FILE, err);
    s2s_status status = path ? s2s_model_load_weights(model, path, err) : S2S_MEMORY;
    s2s_arena_release(&arena);
    return status;
}

/* BLEU and chrF always, and what the recipe has validation measure besides. */
static int test_metrics(const s2s_validation_recipe *validation,
                        s2s_metric_type metrics[S2S_METRIC_TYPES]) {
    int n = 0;
    metrics[n++] = S2S_METRIC_BLEU;
    metrics[n++] = S2S_METRIC_CHRF;
    for (int i = 0; i < validation->metrics_n; i++) {
        s2s_metric_type wanted = validation->metrics[i];
        if (wanted != S2S_METRIC_BLEU && wanted != S2S_METRIC_CHRF) metrics[n++] = wanted;
    }
    return n;
}

/* "test news: BLEU 30.12, chrF2 55.01, exact_match 3.00 (13a, case-sensitive)" */
static s2s_status tell_test(const s2s_recipe *recipe, const char *set,
                            const s2s_metric_type *metrics, const double *scores, int n,
                            s2s_log *log, s2s_err *err) {
    s2s_field fields[S2S_METRIC_TYPES + 1] = {S2S_TEXT("set", set)};
    s2s_buf line = {0};
    s2s_status status = s2s_buf_printf(&line, err, "BLEU %.2f, chrF2 %.2f", scores[0], scores[1]);
    for (int i = 0; i < n; i++) {
        const char *name = s2s_metric_names[metrics[i]];
        fields[i + 1] = S2S_NUMBER(name, scores[i]);
        if (i > 1 && status == S2S_OK)
            status = s2s_buf_printf(&line, err, ", %s %.2f", name, scores[i]);
    }
    if (status == S2S_OK)
        s2s_log_say(log, "test %s: %s (13a, %s)", set, line.data,
                    recipe->text.lowercase ? "lowercased" : "case-sensitive");
    s2s_buf_release(&line);
    return status == S2S_OK ? s2s_log_event(log, "test", fields, n + 1, err) : status;
}

static s2s_status score_test(s2s_model *model, s2s_vocabularies vocabularies, s2s_corpus *test,
                             s2s_log *log, s2s_err *err) {
    const s2s_recipe *recipe = model->recipe;
    s2s_metric_type metrics[S2S_METRIC_TYPES];
    int n = test_metrics(&recipe->train.validation, metrics);
    double scores[S2S_METRIC_TYPES];
    s2s_corpora one = {test, 1};
    uint64_t truncated;
    S2S_TRY(s2s_validation_scores(scores, &truncated, model, vocabularies, &one, &recipe->search,
                                  metrics, n, log, err));
    s2s_warn_of_truncated(log, truncated);
    return tell_test(recipe, test->name, metrics, scores, n, log, err);
}

/* A test set of an objective without targets: how well its text is foretold. The perplexity is that of the loss, label
 * smoothing included where the recipe sets it. "test news: loss 3.21, perplexity 24.9, accuracy 0.412" */
static s2s_status score_text(s2s_model *model, s2s_vocabularies vocabularies,
                             const s2s_objective *objective, s2s_corpus *test, s2s_log *log,
                             s2s_err *err) {
    s2s_arena arena = {0};
    s2s_dataset *dataset = NULL;
    s2s_validation_result result;
    const s2s_recipe *recipe = model->recipe;
    const s2s_corpora one = {test, 1};
    const char *cache = recipe->data.cache;
    if (!cache) cache = s2s_path_join(&arena, recipe->output, S2S_CACHE_FOLDER, err);
    s2s_status status = cache ? s2s_dataset_open(&dataset, &one, &recipe->data, vocabularies.source,
                                                 NULL, cache, log, err)
                              : S2S_MEMORY;
    if (status == S2S_OK)
        status = s2s_validation_loss(&result, model, objective, dataset, recipe->train.batch_tokens,
                                     err);
    s2s_dataset_free(dataset);
    s2s_arena_release(&arena);
    if (status != S2S_OK) return status;
    double perplexity = exp(result.loss);
    s2s_log_say(log, "test %s: loss %.4f, perplexity %.2f, accuracy %.4f", test->name, result.loss,
                perplexity, result.accuracy);
    s2s_field fields[] = {S2S_TEXT("set", test->name), S2S_NUMBER("loss", result.loss),
                          S2S_NUMBER("perplexity", perplexity),
                          S2S_NUMBER("accuracy", result.accuracy)};
    return s2s_log_event(log, "test", fields, sizeof fields / sizeof *fields, err);
}

s2s_status s2s_finish(s2s_model *model, s2s_vocabularies vocabularies,
                      const s2s_objective *objective, const s2s_dataset *valid, s2s_log *log,
                      s2s_err *err) {
    const s2s_train_recipe *train = &model->recipe->train;
    int used = 0;
    if (train->average_last > 1)
        S2S_TRY(average_last(model, train->average_last, &used, err));
    else
        S2S_TRY(take_best(model, err));
    if (valid && used > 1) {
        s2s_validation_result result;
        S2S_TRY(s2s_validation_loss(&result, model, objective, valid, train->batch_tokens, err));
        s2s_log_say(log, "mean of the last %d checkpoints: validation loss %.4f", used,
                    result.loss);
    }
    const s2s_corpora *tests = &model->recipe->data.test;
    for (int i = 0; i < tests->n; i++)
        S2S_TRY(model->shape->targets
                    ? score_test(model, vocabularies, tests->items + i, log, err)
                    : score_text(model, vocabularies, objective, tests->items + i, log, err));
    s2s_log_say(log, "the model is in %s", model->recipe->output);
    return S2S_OK;
}
