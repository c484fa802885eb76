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
#include "tensor/run.h"
#include "train/checkpoint.h"
#include "train/finish.h"
#include "train/prepare.h"

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
    int64_t saved_step;         /* 0: none */
    double begin, share_before; /* when the loop began, and how much of the run was done by then */
    /* of the steps since the last line of the log */
    double window_loss, window_labels, window_begin;
    double norm, rate; /* of the last step */
} trainer;

/* --- setting up --- */

static s2s_status open_data(trainer *t, s2s_err *err) {
    const s2s_data_recipe *data = &t->recipe->data;
    s2s_arena arena = {0};
    const char *cache =
        data->cache ? data->cache : s2s_path_join(&arena, t->recipe->output, "cache", err);
    s2s_status status = cache ? S2S_OK : S2S_MEMORY;
    if (status == S2S_OK)
        status = s2s_dataset_open(&t->train, &data->train, data, t->vocabularies.source,
                                  t->vocabularies.target, cache, t->log, err);
    if (status == S2S_OK && data->valid.n)
        status = s2s_dataset_open(&t->valid, &data->valid, data, t->vocabularies.source,
                                  t->vocabularies.target, cache, t->log, err);
    s2s_arena_release(&arena);
    return status;
}

static s2s_status make_plan(trainer *t, s2s_err *err) {
    int most[S2S_ROWS_KINDS];
    for (int i = 0; i < S2S_ROWS_KINDS; i++) most[i] = (int)t->recipe->train.batch_tokens;
    S2S_TRY(s2s_plan_create(&t->plan, &t->model->params, err));
    s2s_objective_init(&t->objective, t->recipe, t->vocabularies.source, t->vocabularies.target);
    t->objective.emit(t->plan, t->model);
    return s2s_run_create(&t->run, t->plan, &t->model->params, true, most, err);
}

static s2s_status make_model(trainer *t, s2s_err *err) {
    S2S_TRY(s2s_model_create(&t->model, t->recipe, s2s_vocabulary_size(t->vocabularies.source),
                             s2s_vocabulary_size(t->vocabularies.target), true, err));
    s2s_params_initialize(&t->model->params, (uint64_t)t->recipe->seed);
    S2S_TRY(s2s_optimizer_init(&t->optimizer, &t->recipe->train.optimizer, &t->model->params, err));
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

static s2s_status begin_or_resume(trainer *t, s2s_err *err) {
    bool found;
    s2s_training_state state = state_of(t);
    t->progress.plateau.factor = 1;
    S2S_TRY(s2s_checkpoint_resume(&state, t->recipe->output, &found, err));
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
    return s2s_prepare_recipe(&t->folder, t->recipe, err);
}

static void tear_down(trainer *t) {
    s2s_loader_free(t->loader);
    s2s_run_free(t->run);
    s2s_plan_free(t->plan);
    if (t->ema) s2s_block_free(t->ema, t->model->params.size * sizeof *t->ema);
    s2s_optimizer_release(&t->optimizer);
    s2s_model_free(t->model);
    s2s_dataset_free(t->valid);
    s2s_dataset_free(t->train);
    s2s_vocabularies_release(&t->vocabularies);
    s2s_run_folder_release(&t->folder);
    s2s_recipe_free(t->recipe);
}

/* --- a step --- */

static s2s_status not_finite(const trainer *t, int64_t step, const char *what, s2s_err *err) {
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
        step, what, t->rate, clip, again);
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

/* Forward and backward over `accumulate` batches, then the optimizer. */
static s2s_status train_step(trainer *t, s2s_err *err) {
    double loss = 0, labels = 0;
    s2s_cursor cursor = t->progress.cursor;
    for (int64_t i = 0; i < t->recipe->train.accumulate; i++) {
        const s2s_batch *batch;
        S2S_TRY(s2s_loader_next(t->loader, &batch, &cursor, err));
        s2s_run_bind(t->run, batch, (uint64_t)t->recipe->seed);
        s2s_run_forward(t->run);
        s2s_run_backward(t->run);
        loss += t->run->loss;
        labels += batch->labels_n;
    }
    t->rate = s2s_learning_rate(&t->recipe->train, &t->progress.plateau, t->progress.step + 1);
    t->norm = s2s_gradient_norm(&t->model->params, 1 / labels);
    if (!isfinite(loss)) return not_finite(t, t->progress.step + 1, "loss", err);
    if (!isfinite(t->norm)) return not_finite(t, t->progress.step + 1, "gradient", err);
    s2s_optimizer_step(&t->optimizer, t->rate, 1 / labels, t->norm);
    update_ema(t);
    t->progress.step++;
    t->progress.cursor = cursor;
    t->progress.labels += (int64_t)labels;
    t->window_loss += loss;
    t->window_labels += labels;
    return S2S_OK;
}

/* --- telling --- */

/* How much of the run is done, from 0 to 1, by the limit that comes first. */
static double share_done(const trainer *t) {
    const s2s_train_recipe *r = &t->recipe->train;
    const s2s_progress *p = &t->progress;
    double epochs =
        (double)p->cursor.epoch + (double)p->cursor.batch / (double)s2s_loader_batches(t->loader);
    double by_steps = r->max_steps ? (double)p->step / (double)r->max_steps : 0;
    double by_epochs = r->max_epochs ? epochs / (double)r->max_epochs : 0;
    return by_steps > by_epochs ? by_steps : by_epochs;
}

/* The epoch of the last batch, counted from 1. */
static uint64_t epoch_of_last(const trainer *t) {
    const s2s_cursor *next = &t->progress.cursor;
    return next->batch || !next->epoch ? next->epoch + 1 : next->epoch;
}

/* ", 1:05:09 left" by how this process has fared so far, validations included; nothing where no limit tells
 * when the run ends. */
static void time_left(const trainer *t, double now, char text[80]) {
    double share = share_done(t), gained = share - t->share_before;
    *text = '\0';
    if (gained <= 0) return;
    long seconds = lround((now - t->begin) * (1 - share) / gained);
    snprintf(text, 80, ", %ld:%02ld:%02ld left", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static s2s_status log_step(trainer *t, s2s_err *err) {
    double now = s2s_clock(), elapsed = now - t->window_begin;
    double loss = t->window_loss / t->window_labels, speed = t->window_labels / elapsed;
    bool limited = t->recipe->train.max_steps || t->recipe->train.max_epochs;
    char left[80];
    time_left(t, now, left);
    s2s_log_progress(t->log, share_done(t), limited,
                     "epoch %" PRIu64 " step %" PRId64 " loss %.3f rate %.2e %.0f tok/s%s",
                     epoch_of_last(t), t->progress.step, loss, t->rate, speed, left);
    if (t->progress.step % t->recipe->train.log_every) return S2S_OK;
    s2s_field fields[] = {S2S_NUMBER("step", t->progress.step),
                          S2S_NUMBER("epoch", epoch_of_last(t)),
                          S2S_NUMBER("loss", loss),
                          S2S_NUMBER("learning_rate", t->rate),
                          S2S_NUMBER("gradient_norm", t->norm),
                          S2S_NUMBER("tokens_per_second", speed),
                          S2S_NUMBER("seconds", t->progress.seconds)};
    t->window_loss = t->window_labels = 0;
    t->window_begin = now;
    return s2s_log_event(t->log, "train", fields, sizeof fields / sizeof *fields, err);
}

/* --- validating and saving --- */

static s2s_status measure(trainer *t, s2s_validation_result *result, s2s_err *err) {
    const s2s_validation_recipe *v = &t->recipe->train.validation;
    S2S_TRY(s2s_validation_loss(&result->loss, t->model, &t->objective, t->valid,
                                t->recipe->train.batch_tokens, err));
    if (!v->metrics_n) return S2S_OK;
    return s2s_validation_scores(result->scores, t->model, t->vocabularies, &t->recipe->data.valid,
                                 &v->search, v->metrics, v->metrics_n, t->log, err);
}

static double stopping_value(const trainer *t, const s2s_validation_result *result) {
    const s2s_validation_recipe *v = &t->recipe->train.validation;
    for (int i = 0; i < v->metrics_n; i++)
        if (v->metrics[i] == t->recipe->train.early_stopping.metric) return result->scores[i];
    return result->loss;
}

static bool higher_is_better(const trainer *t) {
    return t->recipe->train.early_stopping.metric != S2S_METRIC_LOSS;
}

static s2s_status tell_validation(trainer *t, const s2s_validation_result *result, s2s_err *err) {
    const s2s_validation_recipe *v = &t->recipe->train.validation;
    s2s_field fields[S2S_METRIC_TYPES + 3] = {S2S_NUMBER("step", t->progress.step),
                                              S2S_NUMBER("epoch", epoch_of_last(t)),
                                              S2S_NUMBER("loss", result->loss)};
    char line[256];
    int n = 3, used = snprintf(line, sizeof line, "validation: step %" PRId64 " loss %.4f",
                               t->progress.step, result->loss);
    for (int i = 0; i < v->metrics_n; i++) {
        const char *name = s2s_metric_names[v->metrics[i]];
        fields[n++] = S2S_NUMBER(name, result->scores[i]);
        used +=
            snprintf(line + used, sizeof line - (size_t)used, " %s %.2f", name, result->scores[i]);
    }
    s2s_log_say(t->log, "%s", line);
    return s2s_log_event(t->log, "validation", fields, n, err);
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
        S2S_TRY(tell_validation(t, &result, err));
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
    t->window_begin += s2s_clock() - begin; /* not part of the training speed */
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

static void tell_end(const trainer *t) {
    const s2s_progress *p = &t->progress;
    s2s_log_say(t->log, "training ended after step %" PRId64 ", by train.%s", p->step,
                reason_to_end(t));
    if (p->has_best)
        s2s_log_say(t->log, "best %s in validation: %.4f, after step %" PRId64,
                    s2s_metric_names[t->recipe->train.early_stopping.metric], p->best,
                    p->best_step);
}

/* Few lines, or few steps for a try, and the default warm-up give a model that has hardly learned, and no other
 * sign of why. */
static void warn_of_warmup(const trainer *t) {
    const s2s_train_recipe *r = &t->recipe->train;
    double batches = (double)s2s_loader_batches(t->loader), steps = (double)r->max_steps;
    double in_epochs = (double)r->max_epochs * batches / (double)r->accumulate;
    bool by_epochs = r->max_epochs && (!r->max_steps || in_epochs < steps);
    if (by_epochs) steps = in_epochs;
    if (!(r->max_steps || by_epochs) || steps >= (double)r->schedule.warmup_steps) return;
    const char *limit = by_epochs ? "max_epochs" : "max_steps";
    s2s_log_warn(
        t->log,
        "train.%s gives %s%.0f steps, fewer than train.schedule.warmup_steps, %" PRId64
        ": the learning rate will not reach its full value; lower warmup_steps or raise %s",
        limit, by_epochs ? "about " : "", steps, r->schedule.warmup_steps, limit);
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
    S2S_TRY(train_step(t, err));
    t->progress.seconds += s2s_clock() - begin;
    S2S_TRY(log_step(t, err));
    return after_step(t, epoch, err);
}

static s2s_status loop(trainer *t, s2s_err *err) {
    s2s_status status = S2S_OK;
    t->begin = t->window_begin = s2s_clock();
    t->share_before = share_done(t);
    while (status == S2S_OK && !s2s_interrupted() &&
           (t->progress.validation_due || !reason_to_end(t)))
        status = t->progress.validation_due ? validate_and_save(t, err) : next_step(t, err);
    bool stopped = s2s_interrupted() && (status == S2S_OK || status == S2S_INTERRUPTED);
    return stopped ? stop_interrupted(t, err) : status;
}

s2s_status s2s_train(const s2s_train_options *options, s2s_log *log, s2s_err *err) {
    trainer t = {.log = log, .folder = {.lock = -1}};
    s2s_status status = set_up(&t, options, err);
    if (status == S2S_OK) {
        s2s_log_say(log, "%zu parameters; %.0f MiB for weights and optimizer, %.0f MiB for a batch",
                    s2s_params_count(&t.model->params),
                    (double)t.model->params.size * sizeof(s2s_real) * 4 / 1048576.0,
                    (double)t.run->bytes / 1048576.0);
        warn_of_warmup(&t);
        status = loop(&t, err);
    }
    s2s_log_progress_end(log);
    if (status == S2S_OK) {
        tell_end(&t);
        status = s2s_finish(t.model, t.vocabularies, &t.objective, t.valid, log, err);
        if (status == S2S_INTERRUPTED)
            s2s_fail_within(err, "the model in %s is finished; its tests", t.recipe->output);
    }
    tear_down(&t);
    return status;
}
