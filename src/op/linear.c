/* Linear layer: Y = X W^T + b with X [R x in], W [out x in], b [out].
 *
 * dX = dY W, dW += dY^T X, db += column sums of dY. */
#include "kernel/gemm.h"
#include "kernel/kernels.h"
#include "op/op.h"
#include "op/split.h"
#include "tensor/run.h"

enum { TILE_ROWS = 256, BIAS_COLUMNS = 64 };

static void forward(const s2s_op *op, s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    const s2s_real *bias = s2s_param_value(run->params, op->param[1]);
    const s2s_packed *packed = s2s_param_packed(run->params, op->param[0]);
    if (packed) { /* the product does not depend on what else is in the batch */
        s2s_gemm_packed(x.rows, x.data, x.width, packed, bias, y.data, y.width, run->scratch);
        return;
    }
    const s2s_real *weight = s2s_param_value(run->params, op->param[0]);
    long tiles = s2s_pieces((size_t)x.rows, TILE_ROWS);
#pragma omp parallel for schedule(dynamic, 1)
    for (long i = 0; i < tiles; i++) {
        size_t row = (size_t)i * TILE_ROWS;
        int rows = (int)s2s_piece_size((size_t)x.rows, TILE_ROWS, i);
        s2s_real *out = y.data + row * (size_t)y.width;
        s2s_gemm(false, true, rows, y.width, x.width, x.data + row * (size_t)x.width, x.width,
                 weight, x.width, out, y.width, false);
        if (bias) s2s_kernel()->add_row(out, y.width, bias, rows, y.width);
    }
}

static void bias_gradient(s2s_real *sums, s2s_tensor dy) {
    long pieces = s2s_pieces((size_t)dy.width, BIAS_COLUMNS);
#pragma omp parallel for schedule(static)
    for (long i = 0; i < pieces; i++) {
        size_t column = (size_t)i * BIAS_COLUMNS;
        s2s_kernel()->column_sums(sums + column, dy.data + column, dy.width, dy.rows,
                                  (int)s2s_piece_size((size_t)dy.width, BIAS_COLUMNS, i));
    }
}

static void backward(const s2s_op *op, s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]), dx = s2s_gradient(run, op->in[0]);
    s2s_tensor dy = s2s_gradient(run, op->out);
    const s2s_real *weight = s2s_param_value(run->params, op->param[0]);
    s2s_gemm_parallel(true, false, dy.width, x.width, x.rows, dy.data, dy.width, x.data, x.width,
                      s2s_param_gradient(run->params, op->param[0]), x.width, true);
    if (op->param[1] >= 0) bias_gradient(s2s_param_gradient(run->params, op->param[1]), dy);
    s2s_gemm_parallel(false, false, dy.rows, x.width, dy.width, dy.data, dy.width, weight, x.width,
                      dx.data, x.width, !s2s_run_first(op, 0));
}

static size_t scratch(const s2s_op *op, const s2s_run *run) {
    const s2s_packed *packed = s2s_param_packed(run->params, op->param[0]);
    return packed ? s2s_packed_scratch(packed, run->max_rows[run->plan->slots[op->in[0]].rows]) : 0;
}

static double work(const s2s_op *op, const s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    return (double)x.rows * x.width * y.width;
}

static const s2s_op_class linear = {
    .name = "linear", .forward = forward, .backward = backward, .scratch = scratch, .work = work};

s2s_slot s2s_linear(s2s_plan *plan, s2s_slot x, s2s_param weight, s2s_param bias) {
    if (plan->error.status) return S2S_NO_SLOT;
    s2s_slot y = s2s_plan_slot(plan, s2s_slot_rows(plan, x), plan->params->items[weight].rows);
    s2s_op op = s2s_op_make(&linear, y);
    op.in[0] = x;
    op.param[0] = weight;
    op.param[1] = bias;
    op.backward_reads = S2S_READS_INPUT;
    op.again = S2S_AGAIN_COSTLY;
    return s2s_plan_emit(plan, &op, NULL, 0);
}
