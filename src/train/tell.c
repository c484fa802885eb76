/* See tell.h. */
#include "train/tell.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"

/* How much of the run is done, from 0 to 1, by the limit that comes first. */
static double share_done(const s2s_teller *t) {
    const s2s_progress *p = t->progress;
    double epochs =
        (double)p->cursor.epoch + (double)p->cursor.batch / (double)s2s_loader_batches(t->loader);
    double by_steps = t->recipe->max_steps ? (double)p->step / (double)t->recipe->max_steps : 0;
    double by_epochs = t->recipe->max_epochs ? epochs / (double)t->recipe->max_epochs : 0;
    return by_steps > by_epochs ? by_steps : by_epochs;
}

/* The epoch of the last batch, counted from 1. */
static uint64_t epoch_of_last(const s2s_teller *t) {
    const s2s_cursor *next = &t->progress->cursor;
    return next->batch || !next->epoch ? next->epoch + 1 : next->epoch;
}

/* --- the beginning --- */

/* Few lines, or few steps for a try, and the default warm-up give a model that has hardly learned, and no other
 * sign of why. */
static void warn_of_warmup(const s2s_teller *t) {
    const s2s_train_recipe *r = t->recipe;
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

void s2s_tell_begin(s2s_teller *teller, const s2s_optimizer *optimizer, size_t run_bytes) {
    const s2s_params *params = optimizer->params;
    size_t weights = 2 * params->size * sizeof(s2s_real); /* and their gradients */
    s2s_log_say(teller->log,
                "%zu parameters; %.0f MiB for weights and optimizer, %.0f MiB for a batch",
                s2s_params_count(params),
                (double)(weights + 2 * s2s_optimizer_moment_bytes(optimizer)) / 1048576.0,
                (double)run_bytes / 1048576.0);
    warn_of_warmup(teller);
    teller->begin = teller->window_begin = s2s_clock();
    teller->share_before = share_done(teller);
}

/* --- steps --- */

/* ", 1:05:09 left" by how this process has fared so far, validations included; nothing where no limit tells
 * when the run ends. */
static void time_left(const s2s_teller *t, double now, char text[80]) {
    double share = share_done(t), gained = share - t->share_before;
    *text = '\0';
    if (gained <= 0) return;
    long seconds = lround((now - t->begin) * (1 - share) / gained);
    snprintf(text, 80, ", %ld:%02ld:%02ld left", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

s2s_status s2s_tell_step(s2s_teller *t, const s2s_step_result *step, s2s_err *err) {
    t->window_loss += step->loss;
    t->window_labels += step->labels;
    double now = s2s_clock(), loss = t->window_loss / t->window_labels;
    double speed = t->window_labels / (now - t->window_begin);
    bool limited = t->recipe->max_steps || t->recipe->max_epochs;
    char left[80];
    time_left(t, now, left);
    s2s_log_progress(t->log, share_done(t), limited,
                     "epoch %" PRIu64 " step %" PRId64 " loss %.3f rate %.2e %.0f tok/s%s",
                     epoch_of_last(t), t->progress->step, loss, step->rate, speed, left);
    if (t->progress->step % t->recipe->log_every) return S2S_OK;
    s2s_field fields[] = {S2S_NUMBER("step", t->progress->step),
                          S2S_NUMBER("epoch", epoch_of_last(t)),
                          S2S_NUMBER("loss", loss),
                          S2S_NUMBER("learning_rate", step->rate),
                          S2S_NUMBER("gradient_norm", step->norm),
                          S2S_NUMBER("tokens_per_second", speed),
                          S2S_NUMBER("seconds", t->progress->seconds)};
    t->window_loss = t->window_labels = 0;
    t->window_begin = now;
    return s2s_log_event(t->log, "train", fields, sizeof fields / sizeof *fields, err);
}

void s2s_tell_pause(s2s_teller *teller, double seconds) {
    teller->window_begin += seconds;
}

/* --- validations and the end --- */

s2s_status s2s_tell_validation(const s2s_teller *teller, const s2s_validation_result *result,
                               s2s_err *err) {
    const s2s_validation_recipe *v = &teller->recipe->validation;
    s2s_field fields[S2S_METRIC_TYPES + 4] = {
        S2S_NUMBER("step", teller->progress->step), S2S_NUMBER("epoch", epoch_of_last(teller)),
        S2S_NUMBER("loss", result->loss), S2S_NUMBER("accuracy", result->accuracy)};
    char line[96 + 32 * S2S_METRIC_TYPES]; /* each metric has a short name and a number */
    int n = 4,
        used = snprintf(line, sizeof line, "validation: step %" PRId64 " loss %.4f accuracy %.4f",
                        teller->progress->step, result->loss, result->accuracy);
    for (int i = 0; i < v->metrics_n; i++) {
        const char *name = s2s_metric_names[v->metrics[i]];
        fields[n++] = S2S_NUMBER(name, result->scores[i]);
        used +=
            snprintf(line + used, sizeof line - (size_t)used, " %s %.2f", name, result->scores[i]);
    }
    s2s_log_say(teller->log, "%s", line);
    return s2s_log_event(teller->log, "validation", fields, n, err);
}

void s2s_tell_end(const s2s_teller *teller, const char *limit) {
    const s2s_progress *p = teller->progress;
    s2s_log_say(teller->log, "training ended after step %" PRId64 ", by train.%s", p->step, limit);
    if (p->has_best)
        s2s_log_say(teller->log, "best %s in validation: %.4f, after step %" PRId64,
                    s2s_metric_names[teller->recipe->early_stopping.metric], p->best, p->best_step);
}
