/* The training loop; see trainer.h. Everything that happens follows from the recipe and the progress, so that
 * a run that was stopped anywhere and went on ends in the same bits. */
#include "train/trainer.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "kernel/kernels.h"
#include "model/folder.h"
#include "model/warm_start.h"
#include "search/translator.h"
#include "tensor/run.h"
#include "train/checkpoint.h"
#include "train/finish.h"
#include "train/prepare.h"
#include "train/tell.h"

typedef struct trainer {
    s2s_recipe *recipe;
    s2s_log *log;
    s2s_run_folder folder;
    s2s_vocabularies vocabularies;
    s2s_dataset *train, *valid; /* valid NULL: the recipe has none */
    s2s_model *model;
    s2s_objective objective;
    s2s_optimizer optimizer;
    s2s_plan *plan;
    s2s_run *run;
    s2s_loader *loader;
    s2s_real *ema; /* NULL: off */
    s2s_progress progress;
    s2s_teller teller;
    int64_t saved_step;     /* 0: none */
    bool told_of_truncated; /* lines of validation, which are the same each time */
} trainer;

/* --- setting up --- */

/* Where the objective has no targets the other side is not read. */
static s2s_status open_dataset(s2s_dataset **dataset, const trainer *t, const s2s_corpora *corpora,
                               const char *cache, s2s_err *err) {
    bool targets = s2s_objective_shape_of(t->recipe->objective.type)->targets;
    return s2s_dataset_open(dataset, corpora, &t->recipe->data, t->vocabularies.source,
                            targets ? t->vocabularies.target : NULL, cache, t->log, err);
}

static s2s_status open_data(trainer *t, s2s_err *err) {
    const s2s_data_recipe *data = &t->recipe->data;
    s2s_arena arena = {0};
    const char *cache =
        data->cache ? data->cache : s2s_path_join(&arena, t->recipe->output, S2S_CACHE_FOLDER, err);
    s2s_status status = cache ? S2S_OK : S2S_MEMORY;
    if (status == S2S_OK) status = open_dataset(&t->train, t, &data->train, cache, err);
    if (status == S2S_OK && data->valid.n)
        status = open_dataset(&t->valid, t, &data->valid, cache, err);
    s2s_arena_release(&arena);
    return status;
}

/* A folder that the recipe names may hold caches of other runs. */
static s2s_status sweep_cache(const trainer *t, s2s_err *err) {
    if (t->recipe->data.cache) return S2S_OK;
    s2s_arena arena = {0};
    const char *cache = s2s_path_join(&arena, t->recipe->output, S2S_CACHE_FOLDER, err);
    const s2s_dataset *const used[] = {t->train, t->valid};
    if (cache) s2s_dataset_sweep(cache, used, 2, t->log);
    s2s_arena_release(&arena);
    return cache ? S2S_OK : S2S_MEMORY;
}

static s2s_status make_plan(trainer *t, s2s_err *err) {
    S2S_TRY(s2s_plan_create(&t->plan, &t->model->params, err));
    S2S_TRY(s2s_objective_init(&t->objective, t->recipe, t->vocabularies.source,
                               t->vocabularies.target, err));
    s2s_objective_emit(t->plan, t->model);
    return s2s_objective_run(&t->run, t->plan, t->model, err);
}

static s2s_status make_model(trainer *t, s2s_err *err) {
    S2S_TRY(s2s_model_create(&t->model, t->recipe, s2s_vocabulary_size(t->vocabularies.source),
                             s2s_vocabulary_size(t->vocabularies.target), S2S_PARAMS_TRAIN, err));
    s2s_params_initialize(&t->model->params, (uint64_t)t->recipe->seed);
    S2S_TRY(s2s_optimizer_init(&t->optimizer, &t->recipe->train.optimizer, &t->model->params,
                               (uint64_t)t->recipe->seed, err));
    if (t->recipe->train.ema_decay <= 0) return S2S_OK;
    size_t bytes = t->model->params.size * sizeof *t->ema;
    t->ema = s2s_block_alloc(bytes, err);
    if (!t->ema) return S2S_MEMORY;
    memcpy(t->ema, t->model->params.value, bytes);
    return S2S_OK;
}

static s2s_training_state state_of(trainer *t) {
    return (s2s_training_state){t->model, &t->optimizer, t->ema, &t->progress};
}

/* Values of another metric, from before the recipe was changed, say nothing about what is the best. */
static void forget_other_metric(s2s_progress *progress, s2s_metric_type metric) {
    if (progress->best_metric != (int64_t)metric) progress->has_best = progress->bad = 0;
    progress->best_metric = (int64_t)metric;
}

/* A run that goes on has no use for the model that it began as, which may be gone. */
static s2s_status begin_warm(trainer *t, s2s_err *err) {
    S2S_TRY(s2s_warm_start(t->model, t->log, err));
    if (t->ema) memcpy(t->ema, t->model->params.value, t->model->params.size * sizeof *t->ema);
    return S2S_OK;
}

static s2s_status begin_or_resume(trainer *t, s2s_err *err) {
    bool found;
    s2s_training_state state = state_of(t);
    t->progress.plateau.factor = 1;
    S2S_TRY(s2s_checkpoint_resume(&state, t->recipe->output, &found, err));
    if (!found) S2S_TRY(begin_warm(t, err));
    forget_other_metric(&t->progress, t->recipe->train.early_stopping.metric);
    t->saved_step = t->progress.step;
    if (found) s2s_log_say(t->log, "going on after step %" PRId64, t->progress.step);
    s2s_loader_options options = {.batch_tokens = t->recipe->train.batch_tokens,
                                  .seed = (uint64_t)t->recipe->seed,
                                  .shuffle = true,
                                  .ranks = 1};
    return s2s_loader_create(&t->loader, t->train, t->objective.collator, options,
                             t->progress.cursor, err);
}

static s2s_status set_up(trainer *t, const s2s_train_options *options, s2s_err *err) {
    S2S_TRY(s2s_recipe_load(&t->recipe, options->recipe, options->sets, options->sets_n, err));
    S2S_TRY(s2s_prepare_corpora(t->recipe, err));
    S2S_TRY(s2s_prepare_folder(&t->folder, t->recipe, options, err));
    s2s_arena arena = {0};
    char *events = s2s_path_join(&arena, t->recipe->output, S2S_LOG_FILE, err);
    s2s_status status = events ? s2s_log_open_events(t->log, events, err) : S2S_MEMORY;
    s2s_arena_release(&arena);
    if (status != S2S_OK) return status;
    S2S_TRY(s2s_prepare_vocabularies(&t->vocabularies, t->recipe, t->log, err));
    S2S_TRY(open_data(t, err));
    S2S_TRY(make_model(t, err));
    S2S_TRY(make_plan(t, err));
    S2S_TRY(begin_or_resume(t, err));
    t->teller = (s2s_teller){
        .log = t->log, .recipe = &t->recipe->train, .progress = &t->progress, .loader = t->loader};
    S2S_TRY(s2s_prepare_recipe(&t->folder, t->recipe, err));
    return sweep_cache(t, err);
}

/* What steps alone need. Finishing reads checkpoints and searches, which would come on top of it. */
static void release_steps(trainer *t) {
    s2s_run_free(t->run);
    s2s_plan_free(t->plan);
    if (t->ema) s2s_block_free(t->ema, t->model->params.size * sizeof *t->ema);
    s2s_optimizer_release(&t->optimizer);
    t->run = NULL;
    t->plan = NULL;
    t->ema = NULL;
}

static void tear_down(trainer *t) {
    s2s_loader_free(t->loader);
    release_steps(t);
    s2s_model_free(t->model);
    s2s_dataset_free(t->valid);
    s2s_dataset_free(t->train);
    s2s_vocabularies_release(&t->vocabularies);
    s2s_run_folder_release(&t->folder);
    s2s_recipe_free(t->recipe);
}

/* --- a step --- */

static s2s_status not_finite(const trainer *t, int64_t step, const char *what, s2s_err *err) {
    double rate = s2s_learning_rate(&t->recipe->train, &t->progress.plateau, step);
    char clip[64] = "set train.optimizer.clip_norm (it is off)", again[128] = "train again";
    if (t->recipe->train.optimizer.clip_norm > 0)
        snprintf(clip, sizeof clip, "lower train.optimizer.clip_norm (now %g)",
                 t->recipe->train.optimizer.clip_norm);
    if (t->saved_step)
        snprintf(again, sizeof again,
                 "begin anew with --restart, or go on from the last checkpoint, step %" PRId64
                 ", with --accept",
                 t->saved_step);
    return s2s_fail(
        err, S2S_NUMERIC,
        "step %" PRId64 ": the %s is no longer a number (learning rate %g). Lower "
        "train.optimizer.learning_rate, raise train.schedule.warmup_steps or %s; then %s",
        step, what, rate, clip, again);
}

/* Young averages shall not remember the random start for long: the decay begins low, as in Marian. */
static void update_ema(trainer *t) {
    if (!t->ema) return;
    double n = (double)t->progress.step + 1, most = (n + 1) / (n + 10),
           decay = t->recipe->train.ema_decay;
    s2s_real keep = (s2s_real)(decay < most ? decay : most), *ema = t->ema;
    const s2s_real *value = t->model->params.value;
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < t->model->params.size; i++) ema[i] += (1 - keep) * (value[i] - ema[i]);
}

/* Forward and backward over `accumulate` batches; *cursor is what comes after them. */
static s2s_status sum_gradients(trainer *t, s2s_step_result *step, s2s_cursor *cursor,
                                s2s_err *err) {
    for (int64_t i = 0; i < t->recipe->train.accumulate; i++) {
        const s2s_batch *batch;
        S2S_TRY(s2s_loader_next(t->loader, &batch, cursor, err));
        S2S_TRY(s2s_run_bind(t->run, batch, (uint64_t)t->recipe->seed, err));
        s2s_run_forward(t->run);
        s2s_run_backward(t->run);
        step->loss += t->run->loss;
        step->labels += batch->labels_n;
    }
    return S2S_OK;
}

static s2s_status train_step(trainer *t, s2s_step_result *step, s2s_err *err) {
    s2s_progress *p = &t->progress;
    s2s_cursor cursor = p->cursor;
    S2S_TRY(sum_gradients(t, step, &cursor, err));
    s2s_params_clear_frozen(&t->model->params);
    double mean =
        step->labels > 0 ? 1 / step->labels : 0; /* an objective may find nothing to ask for */
    step->rate = s2s_learning_rate(&t->recipe->train, &p->plateau, p->step + 1);
    step->norm = s2s_gradient_norm(&t->model->params, mean);
    if (!isfinite(step->loss)) return not_finite(t, p->step + 1, "loss", err);
    if (!isfinite(step->norm)) return not_finite(t, p->step + 1, "gradient", err);
    s2s_optimizer_step(&t->optimizer, step->rate, mean, step->norm);
    update_ema(t);
    p->step++;
    p->cursor = cursor;
    p->labels += (int64_t)step->labels;
    return S2S_OK;
}

/* --- validating and saving --- */

static s2s_status measure(trainer *t, s2s_validation_result *result, s2s_err *err) {
    const s2s_validation_recipe *v = &t->recipe->train.validation;
    S2S_TRY(s2s_validation_loss(result, t->model, &t->objective, t->valid,
                                t->recipe->train.batch_tokens, err));
    if (!v->metrics_n) return S2S_OK;
    uint64_t truncated;
    S2S_TRY(s2s_validation_scores(result->scores, &truncated, t->model, t->vocabularies,
                                  &t->recipe->data.valid, &v->search, v->metrics, v->metrics_n,
                                  t->log, err));
    if (!t->told_of_truncated) s2s_warn_of_truncated(t->log, truncated);
    t->told_of_truncated = true;
    return S2S_OK;
}

static double stopping_value(const trainer *t, const s2s_validation_result *result) {
    const s2s_validation_recipe *v = &t->recipe->train.validation;
    for (int i = 0; i < v->metrics_n; i++)
        if (v->metrics[i] == t->recipe->train.early_stopping.metric) return result->scores[i];
    return result->loss;
}

static bool higher_is_better(const trainer *t) {
    return !s2s_metric_lower_is_better(t->recipe->train.early_stopping.metric);
}

/* Takes note of a value; true when it is the best so far. */
static bool note_value(trainer *t, double value) {
    s2s_progress *p = &t->progress;
    bool better = !p->has_best || (higher_is_better(t) ? value > p->best : value < p->best);
    if (better) {
        p->best = value;
        p->best_step = p->step;
    }
    p->has_best = true;
    p->bad = better ? 0 : p->bad + 1;
    return better;
}

static s2s_status save(trainer *t, const double *score, s2s_err *err) {
    const s2s_train_recipe *r = &t->recipe->train;
    s2s_training_state state = state_of(t);
    S2S_TRY(s2s_checkpoint_save(&state, t->recipe->output, score, err));
    t->saved_step = t->progress.step;
    int64_t last = r->keep_last > r->average_last ? r->keep_last : r->average_last;
    int64_t best = t->valid ? r->keep_best : 0; /* without validation none is better than another */
    return s2s_checkpoints_prune(t->recipe->output, last, best, higher_is_better(t), err);
}

/* Nothing is noted before all is measured, so that a validation that was interrupted can be done again. */
static s2s_status validate(trainer *t, double *value, s2s_err *err) {
    s2s_validation_result result = {0};
    bool better = true;
    if (t->valid) {
        S2S_TRY(measure(t, &result, err));
        if (!isfinite(result.loss)) return not_finite(t, t->progress.step, "validation loss", err);
        s2s_plateau_update(&t->progress.plateau, &t->recipe->train.schedule, result.loss);
        *value = stopping_value(t, &result);
        better = note_value(t, *value);
        S2S_TRY(s2s_tell_validation(&t->teller, &result, err));
    }
    t->progress.validation_due = 0;
    /* The run folder's own model is the best so far: it can be used from the first validation on. */
    const char *output = t->recipe->output;
    return better ? s2s_model_save_beside(t->model, output, output, err) : S2S_OK;
}

static s2s_status validate_and_save(trainer *t, s2s_err *err) {
    double value = 0, begin = s2s_clock();
    s2s_training_state state = state_of(t);
    s2s_training_state_swap(&state);
    s2s_status status = validate(t, &value, err);
    s2s_training_state_swap(&state);
    if (status == S2S_OK) status = save(t, &value, err);
    s2s_tell_pause(&t->teller, s2s_clock() - begin);
    return status;
}

/* --- the loop --- */

/* What ends the run now; NULL: nothing. */
static const char *reason_to_end(const trainer *t) {
    const s2s_train_recipe *r = &t->recipe->train;
    const s2s_progress *p = &t->progress;
    if (r->early_stopping.patience > 0 && p->bad >= r->early_stopping.patience)
        return "early_stopping.patience";
    if (r->max_steps && p->step >= r->max_steps) return "max_steps";
    if (r->max_epochs && (int64_t)p->cursor.epoch >= r->max_epochs) return "max_epochs";
    return NULL;
}

static s2s_status stop_interrupted(trainer *t, s2s_err *err) {
    if (!t->progress.step)
        return s2s_fail(err, S2S_INTERRUPTED, "interrupted before the first step");
    if (t->saved_step != t->progress.step) S2S_TRY(save(t, NULL, err));
    return s2s_fail(err, S2S_INTERRUPTED,
                    "interrupted after step %" PRId64
                    "; all is saved in %s: the same command goes on from there",
                    t->progress.step, t->recipe->output);
}

static s2s_status after_step(trainer *t, uint64_t epoch_before, s2s_err *err) {
    const s2s_train_recipe *r = &t->recipe->train;
    bool new_epoch = t->progress.cursor.epoch != epoch_before;
    bool validate_now =
        r->validation.every ? t->progress.step % r->validation.every == 0 : new_epoch;
    t->progress.validation_due = validate_now || reason_to_end(t);
    bool save_now = r->save_every && t->progress.step % r->save_every == 0;
    return save_now && !t->progress.validation_due ? save(t, NULL, err) : S2S_OK;
}

static s2s_status next_step(trainer *t, s2s_err *err) {
    double begin = s2s_clock();
    uint64_t epoch = t->progress.cursor.epoch;
    s2s_step_result step = {0};
    S2S_TRY(train_step(t, &step, err));
    t->progress.seconds += s2s_clock() - begin;
    S2S_TRY(s2s_tell_step(&t->teller, &step, err));
    return after_step(t, epoch, err);
}

static s2s_status loop(trainer *t, s2s_err *err) {
    s2s_status status = S2S_OK;
    s2s_tell_begin(&t->teller, &t->optimizer, t->run->bytes);
    while (status == S2S_OK && !s2s_interrupted() &&
           (t->progress.validation_due || !reason_to_end(t)))
        status = t->progress.validation_due ? validate_and_save(t, err) : next_step(t, err);
    bool stopped = s2s_interrupted() && (status == S2S_OK || status == S2S_INTERRUPTED);
    return stopped ? stop_interrupted(t, err) : status;
}

s2s_status s2s_train(const s2s_train_options *options, s2s_log *log, s2s_err *err) {
    trainer t = {.log = log, .folder = {.lock = -1}};
    s2s_status status = set_up(&t, options, err);
    if (status == S2S_OK) status = loop(&t, err);
    s2s_log_progress_end(log);
    if (status == S2S_OK) {
        s2s_tell_end(&t.teller, reason_to_end(&t));
        release_steps(&t);
        status = s2s_finish(t.model, t.vocabularies, &t.objective, t.valid, log, err);
        if (status == S2S_INTERRUPTED)
            s2s_fail_within(err, "the model in %s is finished; its tests", t.recipe->output);
    }
    tear_down(&t);
    return status;
}
