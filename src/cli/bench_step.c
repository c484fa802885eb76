/* Where the time of a training step goes. See bench.h. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/rng.h"
#include "cli/bench.h"
#include "objective/objective.h"
#include "train/optimizer.h"

enum { WARM_UP = 2, FEWEST = 3 };

typedef struct bench {
    const s2s_recipe *recipe;
    s2s_model *model;
    s2s_plan *plan;
    s2s_run *run;
    s2s_optimizer optimizer;
    s2s_batch batch;
    s2s_op_time update; /* norm of the gradient, clipping, optimizer */
} bench;

/* --- a batch of random tokens --- */

static s2s_status make_arrays(s2s_batch *batch, size_t tokens, s2s_err *err) {
    for (int i = 0; i < S2S_STREAMS; i++) {
        batch->stream[i].ids = calloc(tokens, sizeof(int32_t));
        batch->stream[i].starts = calloc(tokens + 1, sizeof(int32_t));
    }
    batch->labels = calloc(tokens, sizeof(int32_t));
    batch->predicted = calloc(tokens, sizeof(int32_t));
    for (int i = 0; i < S2S_STREAMS; i++)
        if (!batch->stream[i].ids || !batch->stream[i].starts || !batch->labels ||
            !batch->predicted)
            return s2s_fail_memory(err, 6 * tokens * sizeof(int32_t));
    return S2S_OK;
}

static void free_arrays(s2s_batch *batch) {
    for (int i = 0; i < S2S_STREAMS; i++) {
        free(batch->stream[i].ids);
        free(batch->stream[i].starts);
    }
    free(batch->labels);
    free(batch->predicted);
}

/* All rows of a decoder; of an encoder that stands alone those that it hides, evenly spread. A side that the model does
 * not have loses its tokens. */
static void choose_predicted(s2s_batch *batch, const s2s_recipe *recipe) {
    const s2s_objective_shape *shape = s2s_objective_shape_of(recipe->objective.type);
    s2s_stream *source = &batch->stream[S2S_SOURCE], *target = &batch->stream[S2S_TARGET];
    if (!shape->encoder) s2s_stream_clear(source, source->sequences);
    if (!shape->decoder) s2s_stream_clear(target, target->sequences);
    if (shape->decoder) {
        batch->labels_n = target->tokens;
        free(batch->predicted);
        batch->predicted = NULL;
        return;
    }
    int tokens = source->tokens;
    batch->labels_n = (int)ceil(recipe->objective.mask_share * tokens);
    for (int i = 0; i < batch->labels_n; i++)
        batch->predicted[i] = (int32_t)((int64_t)i * tokens / batch->labels_n);
}

static void push_sentence(s2s_stream *stream, int length, int64_t vocabulary, s2s_rng *rng) {
    for (int i = 0; i < length; i++)
        stream->ids[stream->tokens++] = (int32_t)s2s_rng_below(rng, (uint64_t)vocabulary);
    stream->starts[++stream->sequences] = stream->tokens;
}

/* Sentences of half as many tokens more must fit into a batch, and have positions. */
static int longest_mean(const s2s_recipe *recipe, int mean) {
    const s2s_stack_recipe *stacks[] = {&recipe->encoder, &recipe->decoder};
    int64_t most = recipe->train.batch_tokens / 2;
    for (int i = 0; i < 2; i++) {
        int64_t positions = stacks[i]->max_positions * 2 / 3;
        if (stacks[i]->positions == S2S_LEARNED && positions < most) most = positions;
    }
    if (most < 1) most = 1;
    return mean > most ? (int)most : mean;
}

static void fill_batch(s2s_batch *batch, const s2s_recipe *recipe, int mean) {
    int64_t room = recipe->train.batch_tokens, vocabulary = recipe->text.vocabulary.size;
    s2s_stream *source = &batch->stream[S2S_SOURCE], *target = &batch->stream[S2S_TARGET];
    s2s_rng rng = s2s_rng_init((uint64_t)recipe->seed, 0);
    mean = longest_mean(recipe, mean);
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
    choose_predicted(batch, recipe);
    for (int i = 0; i < batch->labels_n; i++)
        batch->labels[i] = (int32_t)s2s_rng_below(&rng, (uint64_t)vocabulary);
}

/* --- steps --- */

static s2s_status set_up(bench *b, int length, s2s_err *err) {
    const s2s_recipe *r = b->recipe;
    int vocabulary = (int)r->text.vocabulary.size;
    S2S_TRY(make_arrays(&b->batch, (size_t)r->train.batch_tokens, err));
    fill_batch(&b->batch, r, length);
    S2S_TRY(s2s_model_create(&b->model, r, vocabulary, vocabulary, S2S_PARAMS_TRAIN, err));
    s2s_params_initialize(&b->model->params, (uint64_t)r->seed);
    S2S_TRY(s2s_optimizer_init(&b->optimizer, &r->train.optimizer, &b->model->params,
                               (uint64_t)r->seed, err));
    S2S_TRY(s2s_plan_create(&b->plan, &b->model->params, err));
    s2s_objective_emit(b->plan, b->model);
    S2S_TRY(s2s_objective_run(&b->run, b->plan, b->model, err));
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
    b->update.begun = s2s_clock();
    double scale = 1.0 / b->batch.labels_n, norm = s2s_gradient_norm(&b->model->params, scale);
    s2s_optimizer_step(&b->optimizer, 1e-6, scale, norm);
    b->update.seconds += s2s_clock() - b->update.begun;
}

/* Reads the gradient for its norm; then reads and writes values, gradients and, if it has them, two moments. */
static double update_bytes(const bench *b) {
    double block = (double)b->model->params.size * (double)sizeof(s2s_real);
    double moments = 2 * (double)s2s_optimizer_moment_bytes(&b->optimizer);
    return block * 5 + moments * 2;
}

static s2s_status begin_times(bench *b, s2s_err *err) {
    b->update = (s2s_op_time){0};
    return s2s_run_profile(b->run, err);
}

static s2s_status measure(s2s_step_times *times, bench *b, const s2s_bench_options *o,
                          s2s_err *err) {
    for (int i = 0; i < WARM_UP; i++) step(b);
    S2S_TRY(begin_times(b, err));
    double begin = s2s_clock(), taken = 0;
    while (times->steps < FEWEST || taken < o->seconds) {
        step(b);
        double now = s2s_clock() - begin;
        if (!times->steps || now - taken < times->fastest) times->fastest = now - taken;
        taken = now;
        times->steps++;
    }
    times->seconds = taken / (double)times->steps;
    s2s_bench_add_run(times, b->run, o->machine);
    s2s_op_time_row update = {.name = "optimizer",
                              .pass = "",
                              .seconds = b->update.seconds / (double)times->steps,
                              .bytes = update_bytes(b)};
    s2s_bench_add(times, update, o->machine->real.all, o->machine);
    s2s_bench_sort(times);
    return S2S_OK;
}

static s2s_status trace_step(bench *b, s2s_trace *trace, s2s_err *err) {
    S2S_TRY(begin_times(b, err));
    double begun = s2s_clock();
    step(b);
    double taken = s2s_clock() - begun;
    s2s_trace_process(trace, "training step", begun);
    s2s_trace_event(trace, "training step", "step", begun, taken,
                    json_pack("{si, si, si}", "sentences", b->batch.stream[S2S_SOURCE].sequences,
                              "source_tokens", b->batch.stream[S2S_SOURCE].tokens, "target_tokens",
                              b->batch.stream[S2S_TARGET].tokens));
    s2s_trace_run(trace, b->run);
    s2s_trace_event(trace, "optimizer", "update", b->update.begun, b->update.seconds,
                    json_object());
    return S2S_OK;
}

static s2s_status measure_all(s2s_training_time *time, bench *b, const s2s_bench_options *o,
                              s2s_err *err) {
    S2S_TRY(measure(&time->times, b, o, err));
    if (o->trace) S2S_TRY(trace_step(b, o->trace, err));
    time->sentences = b->batch.stream[S2S_SOURCE].sequences;
    time->source_tokens = b->batch.stream[S2S_SOURCE].tokens;
    time->target_tokens = b->batch.stream[S2S_TARGET].tokens;
    time->parameters = (int64_t)s2s_params_count(&b->model->params);
    time->bytes = (int64_t)b->run->bytes;
    time->moment_bytes = 2 * (int64_t)s2s_optimizer_moment_bytes(&b->optimizer);
    time->peak = b->plan->precision == S2S_BFLOAT16 ? o->machine->bf16.all : o->machine->real.all;
    return s2s_bench_products(&time->products, b->run, o->seconds / 2, err);
}

s2s_status s2s_bench_training(s2s_training_time *time, const s2s_recipe *recipe,
                              const s2s_bench_options *options, s2s_err *err) {
    bench b = {.recipe = recipe};
    *time = (s2s_training_time){0};
    s2s_status status = set_up(&b, options->length, err);
    if (status == S2S_OK) status = measure_all(time, &b, options, err);
    tear_down(&b);
    return status;
}
