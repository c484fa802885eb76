/* Rotary positions (Su et al. 2021): in each head, the pair (x[i], x[i + half]) is turned by the angle
 * position / 10000^(2i / head_width). Backward turns the gradient back. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "op/op.h"
#include "op/split.h"
#include "tensor/run.h"

/* Pair i's of a position. */
static void sine_and_cosine(const s2s_rotary_options *o, int position, int i, s2s_real *sine,
                            s2s_real *cosine) {
    if (position < o->sinusoids_n) {
        const s2s_real *row = o->sinusoids + (size_t)position * (size_t)o->head_width + i;
        *sine = row[0];
        *cosine = row[o->head_width / 2];
        return;
    }
    double angle = s2s_position_angle(position, i, o->head_width);
    *sine = (s2s_real)sin(angle);
    *cosine = (s2s_real)cos(angle);
}

/* Turns the heads of one row; direction 1 or -1. */
static void turn_row(const s2s_rotary_options *o, s2s_real *row, int position, int direction) {
    int half = o->head_width / 2;
    for (int i = 0; i < half; i++) {
        s2s_real sine, cosine;
        sine_and_cosine(o, position, i, &sine, &cosine);
        if (direction < 0) sine = -sine;
        for (int h = 0; h < o->heads; h++) {
            s2s_real *head = row + (size_t)h * (size_t)o->head_width;
            s2s_real first = head[i], second = head[i + half];
            head[i] = first * cosine - second * sine;
            head[i + half] = second * cosine + first * sine;
        }
    }
}

static void turn(const s2s_op *op, const s2s_run *run, s2s_tensor from, s2s_tensor to,
                 int direction) {
    const s2s_rotary_options *o = op->attributes;
    const s2s_stream *stream = s2s_stream_of(run, s2s_slot_rows(run->plan, op->out));
#pragma omp parallel for schedule(static) if (stream->tokens >= S2S_FEW_ROWS)
    for (int b = 0; b < stream->sequences; b++)
        for (int r = stream->starts[b]; r < stream->starts[b + 1]; r++) {
            s2s_real *row = to.data + (size_t)r * (size_t)to.width;
            if (to.data != from.data)
                memcpy(row, from.data + (size_t)r * (size_t)to.width,
                       (size_t)to.width * sizeof *row);
            turn_row(o, row, stream->positions ? stream->positions[r] : r - stream->starts[b],
                     direction);
        }
}

static void forward(const s2s_op *op, s2s_run *run) {
    turn(op, run, s2s_value(run, op->in[0]), s2s_value(run, op->out), 1);
}

static void backward(const s2s_op *op, s2s_run *run) {
    assert(s2s_run_first(op, 0)); /* what is turned has no other reader */
    turn(op, run, s2s_gradient(run, op->out), s2s_gradient(run, op->in[0]), -1);
}

static const s2s_op_class rotary = {.name = "rotary", .forward = forward, .backward = backward};

s2s_slot s2s_rotary(s2s_plan *plan, s2s_slot x, s2s_rotary_options options) {
    s2s_slot y = s2s_plan_slot(plan, s2s_slot_rows(plan, x), s2s_slot_width(plan, x));
    s2s_op op = s2s_op_make(&rotary, y);
    op.in[0] = x;
    op.again = S2S_AGAIN_COSTLY; /* cheap, but its input would have to be kept for it */
    op.in_place = true;
    op.gradient_in_place = 0;
    return s2s_plan_emit(plan, &op, &options, sizeof options);
}
