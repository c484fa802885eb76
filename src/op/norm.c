/* Layer norm and RMS norm over rows of width D; the equations stand at s2s_kernels.norm.
 *
 * The gradients of gain and bias are sums over all rows: pieces of rows are summed apart, then added in
 * order, so that threads do not matter. */
#include <string.h>

#include "kernel/kernels.h"
#include "op/op.h"
#include "op/split.h"
#include "tensor/run.h"

typedef struct norm_attributes {
    s2s_real eps;
    bool center;
} norm_attributes;

static void forward(const s2s_op *op, s2s_run *run) {
    const norm_attributes *a = op->attributes;
    s2s_tensor x = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    const s2s_real *gain = s2s_param_value(run->params, op->param[0]);
    const s2s_real *bias = s2s_param_value(run->params, op->param[1]);
    long pieces = s2s_pieces((size_t)x.rows, S2S_PIECE_ROWS);
#pragma omp parallel for schedule(static) if (pieces > 1)
    for (long i = 0; i < pieces; i++) {
        size_t at = (size_t)i * S2S_PIECE_ROWS * (size_t)x.width;
        s2s_kernel()->norm(y.data + at, x.data + at, gain, bias,
                           (int)s2s_piece_size((size_t)x.rows, S2S_PIECE_ROWS, i), x.width, a->eps,
                           a->center);
    }
}

static void add_pieces(s2s_real *gradient, const s2s_real *partial, long pieces, int width) {
    for (long i = 0; gradient && i < pieces; i++)
        s2s_kernel()->add(gradient, gradient, partial + (size_t)(2 * i) * (size_t)width,
                          (size_t)width);
}

static void backward(const s2s_op *op, s2s_run *run) {
    const norm_attributes *a = op->attributes;
    s2s_tensor x = s2s_value(run, op->in[0]);
    s2s_tensor dx = s2s_gradient(run, op->in[0]), dy = s2s_gradient(run, op->out);
    const s2s_real *gain = s2s_param_value(run->params, op->param[0]);
    size_t width = (size_t)x.width;
    long pieces = s2s_pieces((size_t)x.rows, S2S_PIECE_ROWS);
    memset(run->scratch, 0, (size_t)pieces * 2 * width * sizeof *run->scratch);
#pragma omp parallel for schedule(static) if (pieces > 1)
    for (long i = 0; i < pieces; i++) {
        size_t at = (size_t)i * S2S_PIECE_ROWS * width;
        s2s_real *dgain = run->scratch + (size_t)i * 2 * width;
        s2s_kernel()->norm_backward(dx.data + at, dgain, dgain + width, dy.data + at, x.data + at,
                                    gain, (int)s2s_piece_size((size_t)x.rows, S2S_PIECE_ROWS, i),
                                    x.width, a->eps, a->center, !s2s_run_first(op, 0));
    }
    add_pieces(s2s_param_gradient(run->params, op->param[0]), run->scratch, pieces, x.width);
    add_pieces(s2s_param_gradient(run->params, op->param[1]), run->scratch + width, pieces,
               x.width);
}

static size_t scratch(const s2s_op *op, const s2s_run *run) {
    const s2s_slot_info *x = run->plan->slots + op->in[0];
    return (size_t)s2s_pieces((size_t)run->max_rows[x->rows], S2S_PIECE_ROWS) * 2 *
           (size_t)x->width;
}

static const s2s_op_class norm = {
    .name = "norm", .forward = forward, .backward = backward, .scratch = scratch};

s2s_slot s2s_norm(s2s_plan *plan, s2s_slot x, s2s_param gain, s2s_param bias, double eps,
                  bool center) {
    norm_attributes attributes = {(s2s_real)eps, center};
    s2s_slot y = s2s_plan_slot(plan, s2s_slot_rows(plan, x), s2s_slot_width(plan, x));
    s2s_op op = s2s_op_make(&norm, y);
    op.in[0] = x;
    op.param[0] = gain;
    op.param[1] = bias;
    op.backward_reads = S2S_READS_INPUT;
    op.again = S2S_AGAIN_CHEAP;
    op.in_place = true;
    op.gradient_in_place = 0;
    return s2s_plan_emit(plan, &op, &attributes, sizeof attributes);
}
