/* Where the time of a training step goes. See bench.h. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "cli/bench.h"
#include "model/model.h"
#include "tensor/run.h"
#include "train/objective.h"
#include "train/optimizer.h"

enum { WARM_UP = 2, FEWEST = 3 };

typedef struct bench {
    const s2s_recipe *recipe;
    s2s_model *model;
    s2s_plan *plan;
    s2s_run *run;
    s2s_optimizer optimizer;
    s2s_batch batch;
    double optimizer_seconds;
} bench;

/* --- a batch of random tokens --- */

static s2s_status make_arrays(s2s_batch *batch, size_t tokens, s2s_err *err) {
    for (int i = 0; i < S2S_STREAMS; i++) {
        batch->stream[i].ids = calloc(tokens, sizeof(int32_t));
        batch->stream[i].starts = calloc(tokens + 1, sizeof(int32_t));
    }
    batch->labels = calloc(tokens, sizeof(int32_t));
    for (int i = 0; i < S2S_STREAMS; i++)
        if (!batch->stream[i].ids || !batch->stream[i].starts || !batch->labels)
            return s2s_fail_memory(err, 5 * tokens * sizeof(int32_t));
    return S2S_OK;
}

static void free_arrays(s2s_batch *batch) {
    for (int i = 0; i < S2S_STREAMS; i++) {
        free(batch->stream[i].ids);
        free(batch->stream[i].starts);
    }
    free(batch->labels);
}

static void push_sentence(s2s_stream *stream, int length, int64_t vocabulary, s2s_rng *rng) {
    for (int i = 0; i < length; i++)
        stream->ids[stream->tokens++] = (int32_t)s2s_rng_below(rng, (uint64_t)vocabulary);
    stream->starts[++stream->sequences] = stream->tokens;
}

static void fill_batch(s2s_batch *batch, const s2s_recipe *recipe, int mean) {
    int64_t room = recipe->train.batch_tokens, vocabulary = recipe->text.vocabulary.size;
    s2s_stream *source = &batch->stream[S2S_SOURCE], *target = &batch->stream[S2S_TARGET];
    s2s_rng rng = s2s_rng_init((uint64_t)recipe->seed, 0);
    if (mean > room / 2) mean = room > 1 ? (int)(room / 2) : 1;
    for (;;) {
        int lengths[S2S_STREAMS];
        for (int i = 0; i < S2S_STREAMS; i++)
            lengths[i] = 1 + mean / 2 + (int)s2s_rng_below(&rng, (uint64_t)mean);
        bool fits = source->tokens + lengths[S2S_SOURCE] <= room &&
                    target->tokens + lengths[S2S_TARGET] <= room;
        if (!fits) break;
        push_sentence(source, lengths[S2S_SOURCE], vocabulary, &rng);
        push_sentence(target, lengths[S2S_TARGET], vocabulary, &rng);
    }
    batch->labels_n = target->tokens;
    for (int i = 0; i < target->tokens; i++)
        batch->labels[i] = (int32_t)s2s_rng_below(&rng, (uint64_t)vocabulary);
}

/* --- steps --- */

static s2s_status set_up(bench *b, int length, s2s_err *err) {
    const s2s_recipe *r = b->recipe;
    int vocabulary = (int)r->text.vocabulary.size, most[S2S_ROWS_KINDS];
    for (int i = 0; i < S2S_ROWS_KINDS; i++) most[i] = (int)r->train.batch_tokens;
    S2S_TRY(make_arrays(&b->batch, (size_t)r->train.batch_tokens, err));
    fill_batch(&b->batch, r, length);
    S2S_TRY(s2s_model_create(&b->model, r, vocabulary, vocabulary, S2S_PARAMS_TRAIN, err));
    s2s_params_initialize(&b->model->params, (uint64_t)r->seed);
    S2S_TRY(s2s_optimizer_init(&b->optimizer, &r->train.optimizer, &b->model->params,
                               (uint64_t)r->seed, err));
    S2S_TRY(s2s_plan_create(&b->plan, &b->model->params, err));
    s2s_objective_emit(b->plan, b->model);
    S2S_TRY(s2s_run_create(&b->run, b->plan, &b->model->params, true, most, err));
    return s2s_run_bind(b->run, &b->batch, (uint64_t)r->seed, err);
}

static void tear_down(bench *b) {
    s2s_run_free(b->run);
    s2s_plan_free(b->plan);
    s2s_optimizer_release(&b->optimizer);
    s2s_model_free(b->model);
    free_arrays(&b->batch);
}

static void step(bench *b) {
    s2s_run_forward(b->run);
    s2s_run_backward(b->run);
    double begin = s2s_clock(), scale = 1.0 / b->batch.labels_n;
    double norm = s2s_gradient_norm(&b->model->params, scale);
    s2s_optimizer_step(&b->optimizer, 1e-6, scale, norm);
    b->optimizer_seconds += s2s_clock() - begin;
}

/* --- sums by class --- */

static s2s_class_time *class_of(s2s_step_time *time, const char *name) {
    for (int i = 0; i < time->classes_n; i++)
        if (strcmp(time->classes[i].name, name) == 0) return &time->classes[i];
    if (time->classes_n == S2S_MOST_CLASSES) return &time->classes[S2S_MOST_CLASSES - 1];
    time->classes[time->classes_n] = (s2s_class_time){.name = name};
    return &time->classes[time->classes_n++];
}

static int by_time(const void *a, const void *b) {
    const s2s_class_time *x = a, *y = b;
    double left = x->forward + x->backward, right = y->forward + y->backward;
    return (left < right) - (left > right);
}

/* A product's backward pass is two products of its size: the gradients of both factors. */
static void sum_classes(s2s_step_time *time, const bench *b) {
    double steps = (double)time->steps;
    for (size_t i = 0; i < b->plan->n; i++) {
        const s2s_op *op = &b->plan->ops[i];
        s2s_class_time *class = class_of(time, op->class->name);
        double flops = op->class->work ? 3 * 2 * op->class->work(op, b->run) : 0;
        class->ops++;
        class->forward += b->run->seconds[i] / steps;
        class->backward += b->run->seconds[b->plan->n + i] / steps;
        class->flops += flops;
        time->flops += flops;
    }
    qsort(time->classes, (size_t)time->classes_n, sizeof *time->classes, by_time);
}

static s2s_status measure(s2s_step_time *time, bench *b, double seconds, s2s_err *err) {
    for (int i = 0; i < WARM_UP; i++) step(b);
    S2S_TRY(s2s_run_profile(b->run, err));
    b->optimizer_seconds = 0;
    double begin = s2s_clock(), taken = 0;
    while (time->steps < FEWEST || taken < seconds) {
        step(b);
        double now = s2s_clock() - begin;
        if (!time->steps || now - taken < time->fastest) time->fastest = now - taken;
        taken = now;
        time->steps++;
    }
    time->seconds = taken / (double)time->steps;
    time->optimizer = b->optimizer_seconds / (double)time->steps;
    sum_classes(time, b);
    return S2S_OK;
}

s2s_status s2s_bench_step(s2s_step_time *time, const s2s_recipe *recipe, int length, double seconds,
                          s2s_err *err) {
    bench b = {.recipe = recipe};
    *time = (s2s_step_time){0};
    s2s_status status = set_up(&b, length, err);
    if (status == S2S_OK) status = measure(time, &b, seconds, err);
    if (status == S2S_OK) {
        time->sentences = b.batch.stream[S2S_SOURCE].sequences;
        time->source_tokens = b.batch.stream[S2S_SOURCE].tokens;
        time->target_tokens = b.batch.stream[S2S_TARGET].tokens;
        time->parameters = (int64_t)s2s_params_count(&b.model->params);
        time->bytes = (int64_t)b.run->bytes;
        time->moment_bytes = 2 * (int64_t)s2s_optimizer_moment_bytes(&b.optimizer);
    }
    tear_down(&b);
    return status;
}
