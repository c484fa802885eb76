/* See tiny.h. */
#include "tiny.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "kernel/kernels.h"

/* --- source and probe --- */

static size_t elements(s2s_tensor t) {
    return (size_t)t.rows * (size_t)t.width;
}

static void source_forward(const s2s_op *op, s2s_run *run) {
    s2s_tensor y = s2s_value(run, op->out);
    memcpy(y.data, s2s_param_value(run->params, op->param[0]), elements(y) * sizeof *y.data);
}

static void source_backward(const s2s_op *op, s2s_run *run) {
    s2s_tensor dy = s2s_gradient(run, op->out);
    s2s_real *gradient = s2s_param_gradient(run->params, op->param[0]);
    for (size_t i = 0; i < elements(dy); i++) gradient[i] += dy.data[i];
}

static s2s_real probe_weight(const s2s_op *op, size_t element) {
    uint64_t bits = s2s_rng_mix((uint64_t)op->id + 1000, element);
    return (s2s_real)((double)(bits >> 40) / (1 << 23) - 1);
}

static void probe_forward(const s2s_op *op, s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]);
    double sum = 0;
    for (size_t i = 0; i < elements(x); i++) sum += (double)probe_weight(op, i) * (double)x.data[i];
    run->loss += sum;
}

static void probe_backward(const s2s_op *op, s2s_run *run) {
    s2s_tensor dx = s2s_gradient(run, op->in[0]);
    for (size_t i = 0; i < elements(dx); i++)
        dx.data[i] = (s2s_run_first(op, 0) ? 0 : dx.data[i]) + probe_weight(op, i);
}

static const s2s_op_class source = {
    .name = "source", .forward = source_forward, .backward = source_backward};
static const s2s_op_class probe = {
    .name = "probe", .forward = probe_forward, .backward = probe_backward};

/* --- the plan --- */

static s2s_stream make_stream(const int *lengths) {
    s2s_stream stream = {0};
    while (lengths[stream.sequences] >= 0) stream.sequences++;
    stream.starts = calloc((size_t)stream.sequences + 1, sizeof *stream.starts);
    assert_non_null(stream.starts);
    for (int b = 0; b < stream.sequences; b++) stream.starts[b + 1] = stream.starts[b] + lengths[b];
    stream.tokens = stream.starts[stream.sequences];
    stream.ids = calloc((size_t)stream.tokens + 1, sizeof *stream.ids);
    assert_non_null(stream.ids);
    return stream;
}

void tiny_begin(tiny *t, const int *source_lengths, const int *target_lengths) {
    s2s_err err;
    *t = (tiny){.vocabulary = TINY_VOCABULARY};
    t->batch.stream[S2S_SOURCE] = make_stream(source_lengths);
    t->batch.stream[S2S_TARGET] = make_stream(target_lengths ? target_lengths : source_lengths);
    t->batch.labels_n = t->batch.stream[S2S_TARGET].tokens;
    t->batch.labels = calloc((size_t)t->batch.labels_n + 1, sizeof *t->batch.labels);
    t->batch.index = 3;
    assert_non_null(t->batch.labels);
    assert_int_equal(s2s_plan_create(&t->plan, &t->params, &err), S2S_OK);
}

s2s_param tiny_param(tiny *t, int rows, int width) {
    return s2s_params_add(&t->params, rows, width, S2S_INIT_ZERO, 0, "p%d", (int)t->params.n);
}

static int rows_of(const tiny *t, s2s_rows rows) {
    return t->batch.stream[rows == S2S_ROWS_SOURCE ? S2S_SOURCE : S2S_TARGET].tokens;
}

s2s_slot tiny_source(tiny *t, s2s_rows rows, int width) {
    s2s_op op = s2s_op_make(&source, s2s_plan_slot(t->plan, rows, width));
    op.param[0] = tiny_param(t, rows_of(t, rows), width);
    return s2s_plan_emit(t->plan, &op, NULL, 0);
}

void tiny_probe(tiny *t, s2s_slot slot) {
    s2s_op op = s2s_op_make(&probe, S2S_NO_SLOT);
    op.in[0] = slot;
    s2s_plan_emit(t->plan, &op, NULL, 0);
}

/* Away from 0, where relu has a corner. */
static void draw_values(tiny *t) {
    s2s_rng rng = s2s_rng_init(TINY_SEED, 0);
    for (size_t i = 0; i < t->params.size; i++) {
        double value = 3 * s2s_rng_uniform(&rng) - 1.5;
        t->params.value[i] = (s2s_real)(fabs(value) < 0.05 ? 0.4 : value);
    }
    for (int s = 0; s < S2S_STREAMS; s++)
        for (int i = 0; i < t->batch.stream[s].tokens; i++)
            t->batch.stream[s].ids[i] = (int32_t)s2s_rng_below(&rng, (uint64_t)t->vocabulary);
    for (int i = 0; i < t->batch.labels_n; i++)
        t->batch.labels[i] = (int32_t)s2s_rng_below(&rng, (uint64_t)t->vocabulary);
}

void tiny_finish(tiny *t) {
    tiny_finish_keeping(t, S2S_KEEP_ALL);
}

void tiny_finish_keeping(tiny *t, s2s_keep keep) {
    s2s_err err = {0};
    const int extra = 3; /* the batch is smaller than the largest one */
    const s2s_stream *streams = t->batch.stream;
    const int max_rows[S2S_ROWS_KINDS] = {
        [S2S_ROWS_SOURCE] = streams[S2S_SOURCE].tokens + extra,
        [S2S_ROWS_TARGET] = streams[S2S_TARGET].tokens + extra,
        [S2S_ROWS_PREDICTED] = t->batch.labels_n + extra,
        [S2S_ROWS_SEQUENCES] = streams[S2S_SOURCE].sequences + extra,
    };
    assert_int_equal(s2s_params_allocate(&t->params, S2S_PARAMS_TRAIN, &err), S2S_OK);
    draw_values(t);
    if (s2s_run_create(&t->run, t->plan, &t->params, keep, max_rows, &err))
        fail_msg("%s", err.message);
    assert_int_equal(s2s_run_bind(t->run, &t->batch, TINY_SEED, &err), S2S_OK);
}

void tiny_step(tiny *t) {
    memset(t->params.gradient, 0, t->params.size * sizeof *t->params.gradient);
    s2s_run_forward(t->run);
    s2s_run_backward(t->run);
}

void tiny_end(tiny *t) {
    s2s_run_free(t->run);
    s2s_plan_free(t->plan);
    s2s_params_release(&t->params);
    for (int s = 0; s < S2S_STREAMS; s++) {
        free(t->batch.stream[s].ids);
        free(t->batch.stream[s].starts);
        free(t->batch.stream[s].positions);
        free(t->batch.stream[s].segments);
    }
    free(t->batch.labels);
    free(t->batch.predicted);
}
